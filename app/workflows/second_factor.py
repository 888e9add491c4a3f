"""The second factor: codes of an authenticator application, and recovery codes on paper for when it is lost."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app import permissions
from app.workflows.account_errors import WrongCodeError
from app.workflows.account_sessions import count_code, forget_codes
from app.workflows.passwords import ALPHABET
from app.workflows.wrapped_secrets import SEALED, SealBrokenError, hash_codes, kept_form, open_seal, seal
from geodata.queries import account_sessions, accounts, audit

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account

ISSUER = "Koopsuz Mektep"
DIGITS = 6
SKEW_S = 30
"""A clock may be half a minute off: the codes before and after the present one are right as well."""

RECOVERY_CODES = 10
CODE_LETTERS = 10
WRAPPING_ROUNDS = 10
"""Two to this power, of secrets that were wrapped before they were sealed."""


@lru_cache(maxsize=4)
def _former(key: str) -> Any:
    """Reads secrets that were wrapped before they were sealed."""
    from passlib.totp import TOTP, AppWallet

    return TOTP.using(issuer=ISSUER, wallet=AppWallet(secrets={"1": key}, encrypt_cost=WRAPPING_ROUNDS))


def _totp(secret: str, key: str) -> Any:
    """Return what makes the codes of a wrapped secret; raises SealBrokenError for one that was changed at rest."""
    from passlib.totp import TOTP

    if not secret.startswith(SEALED):
        return _former(key).from_source(secret)
    return TOTP.using(issuer=ISSUER)(key=open_seal(secret, key))


def owes(account: Account) -> bool:
    """Tell whether the account may do nothing before a second factor is set up.

    Synthetic accounts of a demonstration are exempt: they are made for looking around, on made-up data.
    """
    roles = [grant.role for grant in account.grants]
    return not account.is_synthetic and permissions.needs_second_factor(roles)


def has(account: Account) -> bool:
    """Tell whether the account has a second factor, which is then asked for at every sign-in."""
    return bool(account.tf_totp_secret)


def new_secret(key: str) -> str:
    """Return a new secret, sealed with the installation's key: so it may go through a browser and be stored."""
    from passlib.totp import TOTP

    return seal(TOTP.new().base32_key, key)


def address_of(secret: str, name: str, key: str) -> str:
    """Return the ``otpauth:`` address that an authenticator application reads from a picture."""
    address: str = _totp(secret, key).to_uri(label=name)
    return address


def written_key(secret: str, key: str) -> str:
    """Return the secret as letters and digits in groups, to be typed where there is no camera."""
    letters: str = _totp(secret, key).pretty_key(sep=" ")
    return letters


def code_at(secret: str, key: str, moment: float | None = None) -> str:
    """Return the code of a moment (seconds since 1970; None: now), as the person's application shows it."""
    code: str = _totp(secret, key).generate(time=moment).token
    return code


def enrol(session: Session, account: Account, secret: str, code: str, key: str) -> list[str]:
    """Store the secret once the person's application shows its code; returns new recovery codes, shown this once.

    Raises:
        WrongCodeError: Nothing was stored.
    """
    counter = _counter(secret, code, key, None)
    if counter is None:
        raise WrongCodeError
    accounts.set_second_factor(session, account.id, secret, counter)
    audit.record(session, "account:second_factor_set", subject=account.name)
    return _make_codes(session, account, key)


def renew_recovery_codes(session: Session, account: Account, key: str) -> list[str]:
    """Replace the recovery codes and return the new ones, shown this once; the old ones stop working."""
    audit.record(session, "account:codes_made", subject=account.name)
    return _make_codes(session, account, key)


def _make_codes(session: Session, account: Account, key: str) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS)) for _ in range(RECOVERY_CODES)]
    accounts.set_recovery_codes(session, account.id, hash_codes(codes, account.id, key))
    return [f"{code[: CODE_LETTERS // 2]}-{code[CODE_LETTERS // 2 :]}" for code in codes]


def recovery_codes_left(account: Account) -> int:
    """Return how many recovery codes were not used."""
    return len(account.mf_recovery_codes or ())


def check_code(session: Session, account: Account, sent: str, address: str, key: str) -> None:
    """Accept a code of the application, each once, or a recovery code, each once.

    The session must act for the account (``account_sessions.act_for``); it is committed on the way, so that a try
    counts whatever happens next.

    Raises:
        TooManyTriesError: More than five tries in a quarter of an hour, from wherever they came.
        WrongCodeError: The code is wrong, or was used before; the try is in the account's history.
    """
    count_code(session, account.name, key)
    session.commit()
    if not (_use_totp(session, account, sent, key) or _use_recovery(session, account, sent, key)):
        account_sessions.record_sign_in(session, account.name, address, "wrong_code")
        session.commit()
        raise WrongCodeError
    forget_codes(session, account.name, key)


def remove(session: Session, account: Account) -> None:
    """Take the second factor and its recovery codes away; who needs one sets a new one up at the next sign-in."""
    accounts.set_second_factor(session, account.id, None, None)
    audit.record(session, "account:second_factor_removed", subject=account.name)


def _counter(secret: str, sent: str, key: str, last: int | None) -> int | None:
    from passlib.exc import TokenError

    digits = "".join(sent.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        match = _totp(secret, key).match(digits, window=SKEW_S, last_counter=last)
    except (TokenError, SealBrokenError):
        return None
    counter: int = match.counter
    return counter


def _use_totp(session: Session, account: Account, sent: str, key: str) -> bool:
    if not account.tf_totp_secret:
        return False
    counter = _counter(account.tf_totp_secret, sent, key, account.tf_last_counter)
    return counter is not None and accounts.use_counter(session, account.id, counter)


def _use_recovery(session: Session, account: Account, sent: str, key: str) -> bool:
    plain = "".join(letter for letter in sent.lower() if letter in ALPHABET)
    if len(plain) != CODE_LETTERS:
        return False
    kept = account.mf_recovery_codes or ()
    return bool(kept) and accounts.use_recovery_code(session, account.id, kept_form(plain, account.id, key, kept))
