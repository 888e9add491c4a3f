"""Accounts, sessions and sign-in tries.

The web role reaches a row only by naming it first (``app.credential``, see migration 0004); the functions
that make and change accounts need the worker role with the national scope.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text, update

from geodata.models.account import Account, AccountSession, Role, SignInTry

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    session: Session, name: str, password_hash: str, roles: Sequence[str], *, is_synthetic: bool = False
) -> int | None:
    """Add an account and return its id, None when the name is taken; raises ``LookupError`` for an unknown role."""
    folded = name.strip().lower()
    if session.execute(select(Account.id).where(Account.name == folded)).scalar_one_or_none() is not None:
        return None
    found = list(session.execute(select(Role).where(Role.name.in_(roles))).scalars())
    unknown = set(roles) - {role.name for role in found}
    if unknown:
        raise LookupError(f"no role {', '.join(sorted(unknown))}")
    account = Account(
        name=folded, password=password_hash, fs_uniquifier=uuid.uuid4().hex, is_synthetic=is_synthetic, roles=found
    )
    session.add(account)
    session.flush()
    return account.id


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
