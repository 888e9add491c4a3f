"""Accounts, sessions and sign-in tries.

The web role reaches a row only by naming it first (``app.credential``, see migration 0004); the functions
that make and change accounts need the worker role with the national scope.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from geodata.models.account import Account, AccountGrant, AccountSession, SignInTry
from geodata.models.area import Area
from geodata.models.school import School

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _name_credential(session: Session, credential: str) -> None:
    session.execute(text("SELECT set_config('app.credential', :credential, true)"), {"credential": credential})


def account_by_name(session: Session, name: str) -> Account | None:
    """Return the account that signs in as ``name`` (any case), None when absent."""
    folded = name.strip().lower()
    _name_credential(session, folded)
    return session.execute(select(Account).where(Account.name == folded)).scalar_one_or_none()


def account_by_key(session: Session, key: str) -> Account | None:
    """Return the account whose sessions hold ``key`` (``fs_uniquifier``), None when absent."""
    _name_credential(session, key)
    return session.execute(select(Account).where(Account.fs_uniquifier == key)).scalar_one_or_none()


def add_session(session: Session, account_id: int, secret_sha256: str, hours: int) -> None:
    """Remember a signed-in browser for ``hours``; forget what has expired under the same name."""
    _name_credential(session, secret_sha256)
    session.execute(
        insert(AccountSession).values(
            secret_sha256=secret_sha256,
            account_id=account_id,
            expires_at=func.now() + func.make_interval(0, 0, 0, 0, hours),
        )
    )


def has_session(session: Session, account_id: int, secret_sha256: str) -> bool:
    """Tell whether this browser is still signed in as this account."""
    _name_credential(session, secret_sha256)
    return (
        session.execute(
            select(AccountSession.account_id).where(
                AccountSession.secret_sha256 == secret_sha256,
                AccountSession.account_id == account_id,
                AccountSession.expires_at > func.now(),
            )
        ).scalar_one_or_none()
        is not None
    )


def remove_session(session: Session, secret_sha256: str) -> None:
    """Sign one browser out."""
    _name_credential(session, secret_sha256)
    session.execute(delete(AccountSession).where(AccountSession.secret_sha256 == secret_sha256))


def count_try(session: Session, key: str, window_s: int) -> int:
    """Note a try under ``key`` and return how many there were in the last ``window_s`` seconds, this one included.

    Tries under one key count one after another, so that parallel ones cannot slip through.
    """
    _name_credential(session, key)
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": key})
    since = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, window_s)
    session.execute(delete(SignInTry).where(SignInTry.key == key, SignInTry.at < since))
    session.execute(insert(SignInTry).values(key=key))
    return session.execute(select(func.count()).select_from(SignInTry).where(SignInTry.key == key)).scalar_one()


def recent_tries(session: Session, key: str, window_s: int) -> int:
    """Return how many tries there were under ``key`` in the last ``window_s`` seconds."""
    _name_credential(session, key)
    since = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, 0, window_s)
    query = select(func.count()).select_from(SignInTry).where(SignInTry.key == key, SignInTry.at >= since)
    return session.execute(query).scalar_one()


def forget_tries(session: Session, key: str) -> None:
    """Forget the tries under ``key``: the right password came."""
    _name_credential(session, key)
    session.execute(delete(SignInTry).where(SignInTry.key == key))


def add_account(
    session: Session,
    name: str,
    password_hash: str | None,
    *,
    display_name: str | None = None,
    is_synthetic: bool = False,
) -> int | None:
    """Add an account without any grant and return its id, None when the name is taken."""
    return session.execute(
        pg_insert(Account)
        .values(
            name=name.strip().lower(),
            display_name=display_name,
            password=password_hash,
            fs_uniquifier=uuid.uuid4().hex,
            is_synthetic=is_synthetic,
        )
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(Account.id)
    ).scalar_one_or_none()


def grants_of(session: Session, account_id: int) -> list[tuple[str, int | None, int | None]]:
    """Return (role, area, school) of each grant of an active account; none for one that is disabled."""
    rows = session.execute(
        select(AccountGrant.role, AccountGrant.area_id, AccountGrant.school_id)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(Account.id == account_id, Account.active)
    )
    return [(role, area_id, school_id) for role, area_id, school_id in rows]


def account_id_of(session: Session, name: str) -> int | None:
    """Return the id of the account of this name (any case), None when absent or not for this session to see."""
    return session.execute(select(Account.id).where(Account.name == name.strip().lower())).scalar_one_or_none()


def area_of(session: Session, code: str) -> tuple[int, int] | None:
    """Return id and level of the area of this code, None when absent."""
    row = session.execute(select(Area.id, Area.level).where(Area.code == code)).one_or_none()
    return None if row is None else (row.id, row.level)


def school_of(session: Session, code: str) -> int | None:
    """Return the id of the school of this code, None when absent or not for this session to see."""
    return session.execute(select(School.id).where(School.code == code)).scalar_one_or_none()


def add_grant(
    session: Session,
    account_id: int,
    role: str,
    *,
    area_id: int | None = None,
    school_id: int | None = None,
    granted_by: int | None = None,
) -> bool:
    """Give an account a role in a territory (neither area nor school: the country); False when it has it already."""
    added = session.execute(
        pg_insert(AccountGrant)
        .values(account_id=account_id, role=role, area_id=area_id, school_id=school_id, granted_by=granted_by)
        .on_conflict_do_nothing()
        .returning(AccountGrant.id)
    )
    return added.scalar_one_or_none() is not None


def remove_grant(session: Session, grant_id: int) -> int | None:
    """Take a grant away; returns whose it was, None when there is none."""
    return session.execute(
        delete(AccountGrant).where(AccountGrant.id == grant_id).returning(AccountGrant.account_id)
    ).scalar_one_or_none()


def change_account(
    session: Session, name: str, *, password_hash: str | None = None, active: bool | None = None
) -> int | None:
    """Set password or activity, and end every session of the account; None when there is no such account."""
    values: dict[str, object] = {"fs_uniquifier": uuid.uuid4().hex, "updated_at": func.now()}
    if password_hash is not None:
        values["password"] = password_hash
    if active is not None:
        values["active"] = active
    account_id = session.execute(
        update(Account).where(Account.name == name.strip().lower()).values(**values).returning(Account.id)
    ).scalar_one_or_none()
    if account_id is not None:
        session.execute(delete(AccountSession).where(AccountSession.account_id == account_id))
    return account_id


def list_accounts(session: Session) -> list[Account]:
    """Return all accounts by name; empty for the web role."""
    return list(session.execute(select(Account).order_by(Account.name)).scalars())


def remove_expired(session: Session) -> None:
    """Forget sessions that ended and tries that no longer count."""
    session.execute(delete(AccountSession).where(AccountSession.expires_at < func.now()))
    session.execute(delete(SignInTry).where(SignInTry.at < func.now() - text("interval '1 day'")))
