"""Accounts: make, disable and reset one, give it roles in places; check a password at the sign-in page."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from app.permissions import COUNTRY, ROLES, SCHOOL
from app.workflows import manage_keys
from app.workflows.account_errors import (
    AccountsError,
    InvalidNameError,
    NameTakenError,
    NoSuchAccountError,
    TooManyTriesError,
    UnknownPlaceError,
    UnknownRoleError,
    WeakPasswordError,
    WrongPlaceError,
    WrongSignInError,
)
from app.workflows.account_sessions import (
    SESSION_HOURS,
    TRIES_A_MINUTE,
    WINDOW_S,
    count_try,
    name_account,
    open_account_session,
    secret_hash,
    try_key,
)
from app.workflows.passwords import SHORTEST_PASSWORD, hash_password, is_password, make_password
from geodata.database import ACCOUNT_KEY
from geodata.queries import account_sessions, accounts, audit

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account

__all__ = [
    "SESSION_HOURS",
    "SHORTEST_PASSWORD",
    "AccountsError",
    "NameTakenError",
    "NoSuchAccountError",
    "TooManyTriesError",
    "UnknownPlaceError",
    "UnknownRoleError",
    "WeakPasswordError",
    "WrongPlaceError",
    "WrongSignInError",
    "add_account",
    "check_key",
    "check_password",
    "count_try",
    "disable_account",
    "grant_role",
    "make_password",
    "name_account",
    "open_account_session",
    "place_of",
    "plain_name",
    "reset_account",
    "secret_hash",
]

NAME = re.compile(r"\w[\w.@-]{1,63}")


def plain_name(name: str) -> str:
    """Return an account's name in its one form (NFC, lower case); raises ``InvalidNameError``.

    Two to 64 letters, digits and ``. _ - @``, no spaces.
    """
    plain = unicodedata.normalize("NFC", name).strip().lower()
    if not NAME.fullmatch(plain):
        raise InvalidNameError(name)
    return plain


def add_account(
    session: Session,
    name: str,
    password: str | None,
    role: str = "planner",
    place: str | None = None,
    *,
    display_name: str | None = None,
    is_synthetic: bool = False,
) -> int:
    """Make an account with a first grant and return its id.

    Args:
        password: None: nobody can sign in before a link was used (``account_links``).
        place: Code of the area or the school that the role is for; None: the whole country.

    Raises:
        NameTakenError, InvalidNameError, UnknownRoleError, WeakPasswordError, UnknownPlaceError, WrongPlaceError:
            Nothing was made.
    """
    if role not in ROLES:
        raise UnknownRoleError(role)
    plain = plain_name(name)
    hashed = None if password is None else hash_password(password, plain)
    account_id = accounts.add_account(session, plain, hashed, display_name=display_name, is_synthetic=is_synthetic)
    if account_id is None:
        raise NameTakenError(name)
    audit.record(session, "account:added", subject=plain)
    grant_role(session, plain, role, place)
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
    level, area_id, school_id = place_of(session, place)
    if level not in ROLES[role].levels:
        raise WrongPlaceError(role, place)
    granted_by = session.info.get(ACCOUNT_KEY)
    if accounts.add_grant(session, account_id, role, area_id=area_id, school_id=school_id, granted_by=granted_by):
        details = {"role": role, "place": place}
        audit.record(session, "account:granted", subject=name.strip().lower(), details=details)


def place_of(session: Session, code: str | None) -> tuple[int, int | None, int | None]:
    """Return level, area and school of a code; the country is neither area nor school.

    Raises:
        UnknownPlaceError: There is no area and no school of this code, or it is not for this session to see.
    """
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
    audit.record(session, "account:disabled", subject=name.strip().lower())


def reset_account(session: Session, name: str, password: str) -> None:
    """Give the account a new password, enable it, end its sessions and revoke its keys.

    Raises:
        NoSuchAccountError, WeakPasswordError: Nothing was changed.
    """
    account_id = accounts.change_account(session, name, password_hash=hash_password(password, name), active=True)
    if account_id is None:
        raise NoSuchAccountError(name)
    manage_keys.revoke_all(session, account_id, name.strip().lower())
    audit.record(session, "account:reset", subject=name.strip().lower())


def check_password(session: Session, name: str, password: str) -> Account:
    """Return the active account of this name and password; raises ``WrongSignInError``.

    Known, unknown and disabled names take the same work: one hash is always computed.
    """
    account = accounts.account_by_name(session, name)
    is_right = is_password(account.password if account is not None else None, password)
    if not is_right or account is None or not account.active:
        raise WrongSignInError
    return account


def check_key(session: Session, name: str, password: str, address: str, key: str) -> Account:
    """Return the account of a name and password that come with every request of a program.

    Only failures count as tries, so that many right requests at once pass.

    Raises:
        WrongSignInError, TooManyTriesError: As on the sign-in page.
    """
    if account_sessions.recent_tries(session, try_key(name, address, key), WINDOW_S) >= TRIES_A_MINUTE:
        raise TooManyTriesError
    try:
        return check_password(session, name, password)
    except WrongSignInError:
        count_try(session, name, address, key)
        account_sessions.record_sign_in(session, name, address, "wrong_password")
        session.commit()
        raise
