"""Secrets of second factors as they rest: seeds encrypted and sealed, recovery codes as slow salted hashes.

Seeds: AES-256-GCM (NIST SP 800-38D) with a random nonce and a key that HKDF-SHA-256 makes of the installation's key;
what was changed at rest, or wrapped under another key, is refused. Recovery codes: argon2id with the parameters that
RFC 9106 names for memory-poor machines, over a keyed digest, with a random salt for each set. Both carry a word for
how they were made, so that a later one can be read beside them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEALED = "gcm1:"
SLOW = "a2id1"
_PURPOSE = b"koopsuz-mektep second factor"
_NONCE_BYTES, _SALT_BYTES, _HASH_BYTES = 12, 16, 32
_TIME_COST, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4


class SealBrokenError(Exception):
    """A wrapped secret was changed at rest, or belongs to another installation's key."""


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode()))


def seal(secret: str, key: str) -> str:
    """Return a secret encrypted under the installation's key, with a code of authenticity."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return SEALED + base64.urlsafe_b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), _PURPOSE)).decode()


def open_seal(sealed: str, key: str) -> str:
    """Return the secret of ``seal``.

    Raises:
        SealBrokenError: It is not what was sealed with this key.
    """
    try:
        content = base64.urlsafe_b64decode(sealed.removeprefix(SEALED))
        return _cipher(key).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], _PURPOSE).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error


def hash_codes(codes: Sequence[str], account_id: int, key: str) -> list[str]:
    """Return what is kept of a set of codes: one salt for the set, so that a code is checked by one slow hash."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return [_slow(code, account_id, key, salt) for code in codes]


def kept_form(code: str, account_id: int, key: str, kept: Sequence[str]) -> str:
    """Return the form in which a code would stand among ``kept``; a set that was made before has no salt."""
    made = next((one.split("$") for one in kept if one.startswith(f"{SLOW}$")), None)
    return _keyed(code, account_id, key) if made is None else _slow(code, account_id, key, bytes.fromhex(made[1]))


def _keyed(code: str, account_id: int, key: str) -> str:
    return hmac.new(key.encode(), f"recovery\0{account_id}\0{code}".encode(), hashlib.sha256).hexdigest()


def _slow(code: str, account_id: int, key: str, salt: bytes) -> str:
    keyed = _keyed(code, account_id, key).encode()
    made = hash_secret_raw(keyed, salt, _TIME_COST, _MEMORY_KIB, _LANES, _HASH_BYTES, Type.ID)
    return f"{SLOW}${salt.hex()}${made.hex()}"
