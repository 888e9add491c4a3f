"""Signed-in browsers, tries to sign in, and the history of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select, text, update

from geodata.models.account import Account, AccountSession, SignInRecord, SignInTry
from geodata.queries.accounts import name_credential

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

HISTORY_DAYS = 180
"""How long sign-ins and refused tries are kept."""


@dataclass(frozen=True)
class Browser:
    """A signed-in browser. ``reference`` is the hash of its secret; times are UTC, ``address`` is its network's.

    ``seen_at``: when it last asked for something, to the minute.
    """

    reference: str
    created_at: datetime
    expires_at: datetime
    has_second_factor: bool
    address: str | None
    browser: str | None
    seen_at: datetime


@dataclass(frozen=True)
class SignIn:
    """One sign-in or refused try: ``outcome`` is ``signed_in``, ``wrong_password`` or ``wrong_code``."""

    at: datetime
    address: str
    outcome: str


_BROWSER = (
    AccountSession.secret_sha256,
    AccountSession.created_at,
    AccountSession.expires_at,
    AccountSession.has_second_factor,
    AccountSession.address,
    AccountSession.browser,
    AccountSession.seen_at,
)
"""In the order of the fields of ``Browser``."""


def _is_signed_in(account_id: int, idle_minutes: int) -> ColumnElement[bool]:
    """Return the condition that a browser of an account is signed in; 0: however long it asks for nothing."""
    still = and_(AccountSession.account_id == account_id, AccountSession.expires_at > func.now())
    if not idle_minutes:
        return still
    return and_(still, AccountSession.seen_at > func.now() - func.make_interval(0, 0, 0, 0, 0, idle_minutes))


def add_session(
    session: Session,
    account_id: int,
    secret_sha256: str,
    hours: int,
    *,
    has_second_factor: bool = False,
    address: str | None = None,
    browser: str | None = None,
) -> None:
    """Remember a signed-in browser for ``hours``."""
    name_credential(session, secret_sha256)
    session.execute(
        insert(AccountSession).values(
            secret_sha256=secret_sha256,
            account_id=account_id,
            expires_at=func.now() + func.make_interval(0, 0, 0, 0, hours),
            has_second_factor=has_second_factor,
            address=address,
            browser=browser,
        )
    )


def find_session(session: Session, account_id: int, secret_sha256: str, idle_minutes: int = 0) -> Browser | None:
    """Return this browser when it is still signed in as this account and was not left alone so long, else None."""
    name_credential(session, secret_sha256)
    row = session.execute(
        select(*_BROWSER).where(AccountSession.secret_sha256 == secret_sha256, _is_signed_in(account_id, idle_minutes))
    ).one_or_none()
    return None if row is None else Browser(*row)


def extend_session(session: Session, secret_sha256: str, hours: int, longest_hours: int) -> datetime | None:
    """Let a browser stay ``hours`` from now, ``longest_hours`` after its sign-in at most; None when it is out."""
    name_credential(session, secret_sha256)
    until = func.least(
        func.now() + func.make_interval(0, 0, 0, 0, hours),
        AccountSession.created_at + func.make_interval(0, 0, 0, 0, longest_hours),
    )
    return session.execute(
        update(AccountSession)
        .where(AccountSession.secret_sha256 == secret_sha256, AccountSession.expires_at > func.now())
        .values(expires_at=until)
        .returning(AccountSession.expires_at)
    ).scalar_one_or_none()


def note_request(session: Session, secret_sha256: str) -> None:
    """Note that a signed-in browser asks for something now; its secret was named by ``find_session``."""
    session.execute(
        update(AccountSession).where(AccountSession.secret_sha256 == secret_sha256).values(seen_at=func.now())
    )


def browsers_of(session: Session, account_id: int, idle_minutes: int = 0) -> list[Browser]:
    """Return the signed-in browsers of an account, the newest first."""
    rows = session.execute(
        select(*_BROWSER)
        .where(_is_signed_in(account_id, idle_minutes))
        .order_by(AccountSession.created_at.desc())
        .limit(100)
    )
    return [Browser(*row) for row in rows]


def remove_session(session: Session, secret_sha256: str) -> None:
    """Sign one browser out."""
    name_credential(session, secret_sha256)
    session.execute(delete(AccountSession).where(AccountSession.secret_sha256 == secret_sha256))


def end_sessions(session: Session, account_id: int, *, only: str | None = None, but: str | None = None) -> list[str]:
    """Sign browsers of an account out: one (``only``), all but one (``but``), or all; returns their references."""
    query = delete(AccountSession).where(AccountSession.account_id == account_id)
    if only is not None:
        query = query.where(AccountSession.secret_sha256 == only)
    if but is not None:
        query = query.where(AccountSession.secret_sha256 != but)
    return list(session.scalars(query.returning(AccountSession.secret_sha256)))


def count_try(session: Session, key: str, window_s: int) -> int:
    """Note a try under ``key`` and return how many there were in the last ``window_s`` seconds, this one included.

    Tries under one key count one after another, so that parallel ones cannot slip through.
    """
    name_credential(session, key)
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": key})
    since = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, window_s)
    session.execute(delete(SignInTry).where(SignInTry.key == key, SignInTry.at < since))
    session.execute(insert(SignInTry).values(key=key))
    return session.execute(select(func.count()).select_from(SignInTry).where(SignInTry.key == key)).scalar_one()


def recent_tries(session: Session, key: str, window_s: int) -> int:
    """Return how many tries there were under ``key`` in the last ``window_s`` seconds."""
    name_credential(session, key)
    since = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, window_s)
    query = select(func.count()).select_from(SignInTry).where(SignInTry.key == key, SignInTry.at >= since)
    return session.execute(query).scalar_one()


def forget_tries(session: Session, key: str) -> None:
    """Forget the tries under ``key``: the right password came."""
    name_credential(session, key)
    session.execute(delete(SignInTry).where(SignInTry.key == key))


def record_sign_in(session: Session, name: str, address: str, outcome: str) -> None:
    """Add a line to the history of ``name``; for a name that does not exist, a line of nobody (the same work)."""
    folded = name.strip().lower()
    name_credential(session, folded)
    account_id = select(Account.id).where(Account.name == folded).scalar_subquery()
    session.execute(  # without RETURNING: a line of nobody is not for the web role to read
        insert(SignInRecord).inline().values(account_id=account_id, address=address[:100], outcome=outcome)
    )


def sign_ins_of(session: Session, account_id: int, limit: int = 50) -> list[SignIn]:
    """Return the latest lines of an account's history, newest first."""
    rows = session.execute(
        select(SignInRecord.at, SignInRecord.address, SignInRecord.outcome)
        .where(SignInRecord.account_id == account_id)
        .order_by(SignInRecord.at.desc())
        .limit(limit)
    )
    return [SignIn(*row) for row in rows]


def remove_expired(session: Session) -> None:
    """Forget sessions that ended, tries that no longer count, and history past its time."""
    session.execute(delete(AccountSession).where(AccountSession.expires_at < func.now()))
    session.execute(delete(SignInTry).where(SignInTry.at < func.now() - text("interval '1 day'")))
    oldest = func.now() - func.make_interval(0, 0, 0, HISTORY_DAYS)
    session.execute(delete(SignInRecord).where(SignInRecord.at < oldest))
