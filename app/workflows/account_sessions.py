"""Signed-in browsers, the throttle of tries, and the history of sign-ins."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.workflows.account_errors import TooManyTriesError
from geodata.database import open_session, set_scope
from geodata.queries import account_links, account_sessions, accounts
from geodata.records.rights import NO_RIGHTS

if TYPE_CHECKING:
    from geodata.database import Engine, Session
    from geodata.models.account import Account
    from geodata.queries.account_sessions import Browser

TRIES_A_MINUTE = 10
WINDOW_S = 60
CODE_TRIES, CODE_WINDOW_S = 5, 15 * 60
"""For codes of the second factor, whatever the address: who gets so far has the password."""

SESSION_HOURS, LONGEST_SESSION_HOURS = 12, 24
"""A sign-in lasts twelve hours; who is warned and goes on may stay up to twenty-four."""


NOTED_EVERY_S = 60
"""A request of a signed-in browser is noted when the last note is so old: one small write a minute."""


def secret_hash(secret: str) -> str:
    """Return what the database keeps of a session's or a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def try_key(name: str, address: str, key: str) -> str:
    """Return the keyed hash under which tries for a name from an address are counted."""
    return hmac.new(key.encode(), f"{name.strip().lower()}\0{address}".encode(), hashlib.sha256).hexdigest()


def count_try(session: Session, name: str, address: str, key: str) -> None:
    """Count a try; raises ``TooManyTriesError`` above ten a minute for this name from this address.

    Commit before the password is checked: a try counts whatever happens next.
    """
    if account_sessions.count_try(session, try_key(name, address, key), WINDOW_S) > TRIES_A_MINUTE:
        raise TooManyTriesError


def count_code(session: Session, name: str, key: str) -> None:
    """Count a try with a code; raises ``TooManyTriesError`` above five in a quarter of an hour for this account.

    Commit before the code is checked.
    """
    if account_sessions.count_try(session, _code_key(name, key), CODE_WINDOW_S) > CODE_TRIES:
        raise TooManyTriesError


def forget_codes(session: Session, name: str, key: str) -> None:
    """Forget the tries with codes: a right one came."""
    account_sessions.forget_tries(session, _code_key(name, key))


def _code_key(name: str, key: str) -> str:
    return try_key(name, "\0second factor", key)


def open_account_session(
    session: Session,
    account: Account,
    name: str,
    address: str,
    key: str,
    *,
    has_second_factor: bool = False,
    browser: str | None = None,
) -> str:
    """Remember this browser and return the secret that its cookie holds; its tries are forgotten."""
    secret = secrets.token_urlsafe(32)
    account_sessions.add_session(
        session,
        account.id,
        secret_hash(secret),
        SESSION_HOURS,
        has_second_factor=has_second_factor,
        address=address,
        browser=browser,
    )
    account_sessions.forget_tries(session, try_key(name, address, key))
    account_sessions.record_sign_in(session, account.name, address, "signed_in")
    return secret


def name_account(session: Session, account: Account) -> None:
    """Make the account's own row changeable in this transaction again (its last sign-in is noted there)."""
    accounts.account_by_key(session, account.fs_uniquifier)


def act_for(session: Session, account_id: int) -> None:
    """Let the session reach this one account's rows, and add to the audit log; nothing else that is not public."""
    set_scope(session, "area", account_id, NO_RIGHTS)


def forget_expired(engine: Engine) -> None:
    """Forget sessions, tries, links and history past their time, in a transaction of its own; for the worker."""
    with open_session(engine, "national") as session:
        account_sessions.remove_expired(session)
        account_links.remove_old_links(session)


def note_request(session: Session, browser: Browser) -> None:
    """Note that a signed-in browser is in use, once a minute; this commits the open transaction."""
    if browser.seen_at < datetime.now(UTC) - timedelta(seconds=NOTED_EVERY_S):
        account_sessions.note_request(session, browser.reference)
        session.commit()


def idle_seconds(browser: Browser, idle_minutes: int) -> int:
    """Return for how many seconds a browser that asks for nothing stays signed in, from a request that came just now.

    0 minutes: until the session ends anyway.
    """
    left = seconds_until(browser.expires_at)
    return min(left, 60 * idle_minutes) if idle_minutes else left


def seconds_until(moment: datetime) -> int:
    """Return how many whole seconds are left until a moment, never less than none."""
    return max(0, int((moment - datetime.now(UTC)).total_seconds()))
