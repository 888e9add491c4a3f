"""Who accounts are at OpenID Connect providers. The web role reaches a row by naming issuer and subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from geodata.models.account import Account
from geodata.models.api_key import AccountIdentity

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def account_id_of(session: Session, issuer: str, subject: str) -> int | None:
    """Return the account that is bound to a subject of an issuer, None when there is none."""
    session.execute(text("SELECT set_config('app.credential', :named, true)"), {"named": f"{issuer} {subject}"})
    query = select(AccountIdentity.account_id).where(
        AccountIdentity.issuer == issuer, AccountIdentity.subject == subject
    )
    return session.execute(query).scalar_one_or_none()


def active_account(session: Session, account_id: int) -> Account | None:
    """Return an account that the session may see, None when it is disabled."""
    return session.execute(select(Account).where(Account.id == account_id, Account.active)).scalar_one_or_none()


def bind(session: Session, account_id: int, issuer: str, subject: str, *, bound_by: int | None) -> bool:
    """Bind an account to a subject; False when the subject is bound already."""
    added = session.execute(
        insert(AccountIdentity)
        .values(account_id=account_id, issuer=issuer, subject=subject, bound_by=bound_by)
        .on_conflict_do_nothing()
        .returning(AccountIdentity.id)
    )
    return added.scalar_one_or_none() is not None


def unbind(session: Session, account_id: int, issuer: str) -> bool:
    """Take an account's subjects of an issuer away; False when there are none."""
    gone = delete(AccountIdentity).where(AccountIdentity.account_id == account_id, AccountIdentity.issuer == issuer)
    return bool(session.execute(gone.returning(AccountIdentity.id)).all())
