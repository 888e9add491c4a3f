"""Secrets of second factors at rest: sealed, salted and slow, and readable from before."""

import base64
import hashlib
import hmac

import pytest
from passlib.totp import TOTP, AppWallet

from app.workflows import second_factor, wrapped_secrets
from app.workflows.wrapped_secrets import SealBrokenError, hash_codes, kept_form, open_seal, seal

KEY, OTHER = "an installation's key, long enough", "the key of another installation"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODES = [f"abcdefghj{letter}" for letter in "kmnpqrstuv"]


def test_a_seed_is_read_with_its_key_alone_and_never_rests_twice_alike():
    first, second = seal(SEED, KEY), seal(SEED, KEY)

    assert open_seal(first, KEY) == open_seal(second, KEY) == SEED
    assert first != second
    assert SEED not in first
    with pytest.raises(SealBrokenError):
        open_seal(first, OTHER)


@pytest.mark.parametrize("place", [0, 5, 12, 20, -1])
def test_a_seed_that_was_changed_at_rest_is_refused(place):
    sealed = seal(SEED, KEY)
    content = bytearray(base64.urlsafe_b64decode(sealed.removeprefix(wrapped_secrets.SEALED)))
    content[place] ^= 1

    with pytest.raises(SealBrokenError):
        open_seal(wrapped_secrets.SEALED + base64.urlsafe_b64encode(bytes(content)).decode(), KEY)


@pytest.mark.parametrize("text", ["gcm1:", "gcm1:AAAA", "gcm1:not base 64 at all!"])
def test_what_is_no_seal_is_refused(text):
    with pytest.raises(SealBrokenError):
        open_seal(text, KEY)


def test_codes_of_a_sealed_seed_are_those_of_the_standard():
    # RFC 6238, appendix B: the SHA-1 key "12345678901234567890" shows 94287082 at second 59; six digits are its last
    seed = base64.b32encode(b"12345678901234567890").decode()

    assert second_factor.code_at(seal(seed, KEY), KEY, 59) == "287082"


def test_a_seed_that_was_wrapped_before_still_shows_its_codes():
    wallet = AppWallet(secrets={"1": KEY}, encrypt_cost=10)
    former = TOTP.using(issuer="x", wallet=wallet)(key=SEED).to_json(encrypt=True)

    assert second_factor.code_at(former, KEY, 59) == second_factor.code_at(seal(SEED, KEY), KEY, 59)


def test_recovery_codes_rest_salted_and_are_found_by_one_hash():
    kept, again = hash_codes(CODES, 7, KEY), hash_codes(CODES, 7, KEY)

    assert kept_form(CODES[3], 7, KEY, kept) == kept[3]
    assert kept_form("zzzzzzzzzz", 7, KEY, kept) not in kept
    assert not set(kept) & set(again), "each set has a salt of its own"
    assert len({one.split("$")[1] for one in kept}) == 1
    assert len(bytes.fromhex(kept[0].split("$")[1])) == 16
    assert kept_form(CODES[3], 8, KEY, kept) not in kept, "codes belong to their account"


def test_recovery_codes_of_before_still_work():
    former = [hmac.new(KEY.encode(), f"recovery\0{7}\0{code}".encode(), hashlib.sha256).hexdigest() for code in CODES]

    assert kept_form(CODES[0], 7, KEY, former) == former[0]
