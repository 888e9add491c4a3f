"""Accounts: make, disable and reset one from the command line; check a password at the sign-in page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.permissions import COUNTRY, ROLES, SCHOOL
from geodata.database import ACCOUNT_KEY
from geodata.queries import accounts, audit

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account

SHORTEST_PASSWORD = 12
TRIES_A_MINUTE = 10
WINDOW_S = 60
SESSION_HOURS = 12
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when a password is read out."""


class AccountsError(Exception):
    """Base of every error of accounts."""


class NameTakenError(AccountsError):
    """An account of this name exists."""


class NoSuchAccountError(AccountsError):
    """There is no account of this name."""


class UnknownRoleError(AccountsError):
    """The role is not one that an account can have."""


class UnknownPlaceError(AccountsError):
    """There is no area and no school of this code."""


class WrongPlaceError(AccountsError):
    """The role is not given for places of this level: a school role is for one school, a planner for the country."""


class WeakPasswordError(AccountsError):
    """The password is too short."""


class WrongSignInError(AccountsError):
    """Name or password is wrong, or the account is disabled; which one is not said."""


class TooManyTriesError(AccountsError):
    """Ten tries in a minute for this account from this address."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Return the hash that a password is checked against when there is no account: the same work."""
    return _hasher().hash(secrets.token_urlsafe(24))


def make_password() -> str:
    """Return a random password of 20 letters and digits (99 bits) in groups of five."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(20))
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPasswordError(f"a password needs at least {SHORTEST_PASSWORD} characters")
    return _hasher().hash(password)


def add_account(
    session: Session,
    name: str,
    password: str,
    role: str = "planner",
    place: str | None = None,
    *,
    is_synthetic: bool = False,
) -> int:
    """Make an account with a first grant and return its id.

    Args:
        place: Code of the area or the school that the role is for; None: the whole country.

    Raises:
        NameTakenError, UnknownRoleError, WeakPasswordError, UnknownPlaceError, WrongPlaceError: Nothing was made.
    """
    if role not in ROLES:
        raise UnknownRoleError(role)
    account_id = accounts.add_account(session, name, _hash(password), is_synthetic=is_synthetic)
    if account_id is None:
        raise NameTakenError(name)
    audit.record(session, "account:added", subject=name.strip().lower())
    grant_role(session, name, role, place)
    return account_id


def grant_role(session: Session, name: str, role: str, place: str | None = None) -> None:
    """Give an account one more role at a place (code of an area or a school; None: the country).

    Raises:
        NoSuchAccountError, UnknownRoleError, UnknownPlaceError: One of the three does not exist.
        WrongPlaceError: The role is not given for places of this level.
    """
    if role not in ROLES:
        raise UnknownRoleError(role)
    account_id = accounts.account_id_of(session, name)
    if account_id is None:
        raise NoSuchAccountError(name)
    level, area_id, school_id = _place(session, place)
    if level not in ROLES[role].levels:
        raise WrongPlaceError(role, place)
    granted_by = session.info.get(ACCOUNT_KEY)
    if accounts.add_grant(session, account_id, role, area_id=area_id, school_id=school_id, granted_by=granted_by):
        details = {"role": role, "place": place}
        audit.record(session, "account:granted", subject=name.strip().lower(), details=details)


def _place(session: Session, code: str | None) -> tuple[int, int | None, int | None]:
    """Return level, area and school of a code; the country is neither area nor school."""
    if not code:
        return COUNTRY, None, None
    area = accounts.area_of(session, code)
    if area is not None:
        area_id, level = area
        return level, (None if level == COUNTRY else area_id), None
    school_id = accounts.school_of(session, code)
    if school_id is None:
        raise UnknownPlaceError(code)
    return SCHOOL, None, school_id


def disable_account(session: Session, name: str) -> None:
    """Refuse the account from the next request on; raises NoSuchAccountError."""
    if accounts.change_account(session, name, active=False) is None:
        raise NoSuchAccountError(name)
    audit.record(session, "account:disabled", subject=name)


def reset_account(session: Session, name: str, password: str) -> None:
    """Give the account a new password, enable it and end its sessions; raises NoSuchAccountError."""
    if accounts.change_account(session, name, password_hash=_hash(password), active=True) is None:
        raise NoSuchAccountError(name)
    audit.record(session, "account:reset", subject=name)


def count_try(session: Session, name: str, address: str, key: str) -> None:
    """Count a try; raises ``TooManyTriesError`` above ten a minute for this name from this address.

    Commit before the password is checked: a try counts whatever happens next.
    """
    if accounts.count_try(session, _try_key(name, address, key), WINDOW_S) > TRIES_A_MINUTE:
        raise TooManyTriesError


def check_password(session: Session, name: str, password: str) -> Account:
    """Return the active account of this name and password; raises ``WrongSignInError``.

    Known, unknown and disabled names take the same work: one hash is always computed.
    """
    account = accounts.account_by_name(session, name)
    stored = account.password if account is not None and account.password else _nobody()
    if not _matches(stored, password) or account is None or not account.active:
        raise WrongSignInError
    return account


def check_key(session: Session, name: str, password: str, address: str, key: str) -> Account:
    """Return the account of a name and password that come with every request of a program.

    Only failures count as tries, so that many right requests at once pass.

    Raises:
        WrongSignInError, TooManyTriesError: As on the sign-in page.
    """
    if accounts.recent_tries(session, _try_key(name, address, key), WINDOW_S) >= TRIES_A_MINUTE:
        raise TooManyTriesError
    try:
        return check_password(session, name, password)
    except WrongSignInError:
        count_try(session, name, address, key)
        session.commit()
        raise


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def open_account_session(session: Session, account: Account, name: str, address: str, key: str) -> str:
    """Remember this browser and return the secret that its cookie holds; its tries are forgotten."""
    secret = secrets.token_urlsafe(32)
    accounts.add_session(session, account.id, secret_hash(secret), SESSION_HOURS)
    accounts.forget_tries(session, _try_key(name, address, key))
    return secret


def name_account(session: Session, account: Account) -> None:
    """Make the account's own row changeable in this transaction again (its last sign-in is noted there)."""
    accounts.account_by_key(session, account.fs_uniquifier)


def secret_hash(secret: str) -> str:
    """Return what the database keeps of a session's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _try_key(name: str, address: str, key: str) -> str:
    return hmac.new(key.encode(), f"{name.strip().lower()}\0{address}".encode(), hashlib.sha256).hexdigest()
