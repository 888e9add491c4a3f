"""One-time links by which somebody chooses a password: invitations and resets, kept by their hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from geodata.models.account import AccountLink
from geodata.queries.accounts import name_credential

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class LinkFacts:
    """What a link is for: the account, ``invitation`` or ``reset``, and until when (UTC)."""

    account_id: int
    kind: str
    expires_at: datetime


def add_link(
    session: Session, account_id: int, kind: str, token_sha256: str, hours: int, created_by: int | None
) -> None:
    """Add a link that works for ``hours``; earlier ones of the account stop working."""
    remove_links(session, account_id)
    session.execute(
        insert(AccountLink)
        .inline()
        .values(
            token_sha256=token_sha256,
            account_id=account_id,
            kind=kind,
            created_by=created_by,
            expires_at=func.now() + func.make_interval(0, 0, 0, 0, hours),
        )
    )


def find_link(session: Session, token_sha256: str) -> LinkFacts | None:
    """Return a link that still works; None for one that is unknown, used or too old."""
    name_credential(session, token_sha256)
    row = session.execute(
        select(AccountLink.account_id, AccountLink.kind, AccountLink.expires_at).where(
            AccountLink.token_sha256 == token_sha256,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > func.now(),
        )
    ).one_or_none()
    return None if row is None else LinkFacts(*row)


def use_link(session: Session, token_sha256: str) -> int | None:
    """Use a link up and return its account; None when it does not work (any more). Of two at once one wins."""
    name_credential(session, token_sha256)
    return session.execute(
        update(AccountLink)
        .where(
            AccountLink.token_sha256 == token_sha256,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(AccountLink.account_id)
    ).scalar_one_or_none()


def open_link_of(session: Session, account_id: int) -> LinkFacts | None:
    """Return the account's link that still works, None when there is none."""
    row = session.execute(
        select(AccountLink.account_id, AccountLink.kind, AccountLink.expires_at)
        .where(AccountLink.account_id == account_id, AccountLink.used_at.is_(None), AccountLink.expires_at > func.now())
        .order_by(AccountLink.expires_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LinkFacts(*row)


def remove_links(session: Session, account_id: int) -> None:
    """Take the account's links away that were not used."""
    session.execute(delete(AccountLink).where(AccountLink.account_id == account_id, AccountLink.used_at.is_(None)))


def remove_old_links(session: Session) -> None:
    """Forget links that no longer work."""
    session.execute(delete(AccountLink).where(AccountLink.expires_at < func.now()))
