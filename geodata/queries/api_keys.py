"""Keys of programs: found by the hash of their secret, listed and revoked by the account that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, text, update

from geodata.models.account import Account
from geodata.models.api_key import ApiKey
from geodata.records.api_key import KeyRecord

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

USED_EVERY_S = 60
"""A key's last use is noted at most so often: a busy program must not write with every request."""

IS_LIVE = ApiKey.revoked_at.is_(None) & (ApiKey.expires_at > func.now())


def _find(session: Session, *conditions: ColumnElement[bool]) -> list[KeyRecord]:
    """Return the keys that meet the conditions: those that work first, the newest first."""
    query = select(ApiKey, IS_LIVE.label("is_live")).where(*conditions)
    query = query.order_by(IS_LIVE.desc(), ApiKey.created_at.desc(), ApiKey.id.desc())
    names = [name for name in KeyRecord.__dataclass_fields__ if name not in ("rights", "is_live")]
    return [
        KeyRecord(**{name: getattr(key, name) for name in names}, rights=tuple(key.rights), is_live=is_live)
        for key, is_live in session.execute(query, execution_options={"populate_existing": True})
    ]


def key_by_secret(session: Session, secret_sha256: str) -> KeyRecord | None:
    """Return the key of this secret if it has neither ended nor been revoked; None otherwise."""
    session.execute(text("SELECT set_config('app.credential', :secret, true)"), {"secret": secret_sha256})
    return next(iter(_find(session, ApiKey.secret_sha256 == secret_sha256, IS_LIVE)), None)


def account_of_key(session: Session, key: KeyRecord) -> Account | None:
    """Return the active account of a key, in a transaction whose account it is; None when it was disabled."""
    query = select(Account).where(Account.id == key.account_id, Account.active)
    return session.execute(query).scalar_one_or_none()


def name_of_account(session: Session, key: KeyRecord) -> str:
    """Return the name of the account of a key that the session may see."""
    return session.execute(select(Account.name).where(Account.id == key.account_id)).scalar_one()


def note_use(session: Session, key: KeyRecord) -> bool:
    """Note that the key is used, at most once in ``USED_EVERY_S`` and never on a read-only server; True when noted."""
    if session.execute(text("SELECT current_setting('transaction_read_only')")).scalar_one() == "on":
        return False
    before = func.now() - func.make_interval(0, 0, 0, 0, 0, 0, USED_EVERY_S)
    is_due = ApiKey.last_used_at.is_(None) | (ApiKey.last_used_at < before)
    noted = update(ApiKey).where(ApiKey.id == key.id, is_due).values(last_used_at=func.now()).returning(ApiKey.id)
    return session.execute(noted).scalar_one_or_none() is not None


def add_key(
    session: Session,
    account_id: int,
    *,
    title: str,
    prefix: str,
    secret_sha256: str,
    rights: list[str],
    per_minute: int,
    days: int,
) -> int:
    """Keep a new key that ends after ``days`` and return its id."""
    return session.execute(
        insert(ApiKey)
        .values(
            account_id=account_id,
            title=title,
            prefix=prefix,
            secret_sha256=secret_sha256,
            rights=rights,
            per_minute=per_minute,
            expires_at=func.now() + func.make_interval(0, 0, 0, days),
        )
        .returning(ApiKey.id)
    ).scalar_one()


def keys_of(session: Session, account_id: int) -> list[KeyRecord]:
    """Return the keys of an account: those that work first, the newest first."""
    return _find(session, ApiKey.account_id == account_id)


def keys_by_prefix(session: Session, prefix: str) -> list[KeyRecord]:
    """Return the keys whose secrets begin so, whoever made them, as far as the session may see them."""
    return _find(session, ApiKey.prefix == prefix)


def revoke(session: Session, key_id: int) -> KeyRecord | None:
    """Refuse a key from now on and return it; None when there is none to revoke in the session's sight."""
    changed = update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=func.now())
    if session.execute(changed.returning(ApiKey.id)).scalar_one_or_none() is None:
        return None
    return next(iter(_find(session, ApiKey.id == key_id)), None)
