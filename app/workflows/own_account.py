"""What people change on their own account: password and second factor; other browsers are signed out by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.workflows import second_factor
from app.workflows.passwords import hash_password
from geodata.queries import account_sessions, accounts, audit

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account


def change_password(session: Session, account: Account, password: str) -> None:
    """Store a new password; the session that holds the account's key of before ends too, as all others do.

    Raises:
        WeakPasswordError: Nothing was changed.
    """
    accounts.set_password(session, account.id, hash_password(password, account.name))
    session.refresh(account)
    audit.record(session, "account:password_changed", subject=account.name)


def replace_second_factor(session: Session, account: Account, secret: str, code: str, key: str) -> list[str]:
    """Set a second factor up in place of none or an older one; returns new recovery codes, shown this once.

    Raises:
        WrongCodeError: Nothing was changed.
    """
    codes = second_factor.enrol(session, account, secret, code, key)
    account_sessions.end_sessions(session, account.id)
    session.refresh(account)
    return codes
