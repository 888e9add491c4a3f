"""What administrators change on other people's accounts; each change is an event of the audit log.

Nobody changes their own roles nor shuts themselves out, and the last administrator stays: one person alone must not
gain rights unseen, nor leave the country without anybody who can give them. The command line, which acts as nobody,
may change every account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.workflows import second_factor
from app.workflows.account_errors import LastAdministratorError, NoSuchAccountError, OwnAccountError
from app.workflows.account_links import NewLink, invite, make_link
from app.workflows.manage_accounts import disable_account, grant_role
from geodata.database import ACCOUNT_KEY
from geodata.queries import account_links, account_sessions, accounts, audit

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models.account import Account

__all__ = ["disable", "enable", "grant", "invite", "new_link", "remove_second_factor", "revoke", "sign_out"]


def _other(session: Session, account_id: int) -> Account:
    """Return an account that is not one's own; raises OwnAccountError, NoSuchAccountError."""
    if account_id == session.info.get(ACCOUNT_KEY):
        raise OwnAccountError
    account = accounts.account_by_id(session, account_id)
    if account is None:
        raise NoSuchAccountError(account_id)
    return account


def grant(session: Session, account_id: int, role: str, place: str | None) -> None:
    """Give another account a role at a place (code; None: the country).

    Raises:
        OwnAccountError, NoSuchAccountError, UnknownRoleError, UnknownPlaceError, WrongPlaceError: Nothing was given.
    """
    grant_role(session, _other(session, account_id).name, role, place)


def revoke(session: Session, account_id: int, grant_id: int) -> None:
    """Take one grant away from another account; a grant that is gone already is no error.

    Raises:
        OwnAccountError, NoSuchAccountError, LastAdministratorError: Nothing was taken away.
    """
    account = _other(session, account_id)
    held = next((one for one in account.grants if one.id == grant_id), None)
    if held is None:
        return
    _keep_an_administrator(session, account, held.role)
    details = {"role": held.role, "area_id": held.area_id, "school_id": held.school_id}
    accounts.remove_grant(session, grant_id)
    session.expire(account, ["grants"])
    audit.record(session, "account:revoked", subject=account.name, details=details)


def disable(session: Session, account_id: int) -> None:
    """Refuse another account from the next request on; its links stop working.

    Raises:
        OwnAccountError, NoSuchAccountError, LastAdministratorError: Nothing was changed.
    """
    account = _other(session, account_id)
    for held in account.grants:
        _keep_an_administrator(session, account, held.role)
    account_links.remove_links(session, account_id)
    disable_account(session, account.name)


def enable(session: Session, account_id: int) -> None:
    """Let another account sign in again; raises OwnAccountError, NoSuchAccountError."""
    account = _other(session, account_id)
    accounts.change_account(session, account.name, active=True)
    audit.record(session, "account:enabled", subject=account.name)


def new_link(session: Session, account_id: int) -> NewLink:
    """Return a link for another account; raises OwnAccountError, NoSuchAccountError."""
    return make_link(session, _other(session, account_id).id)


def remove_second_factor(session: Session, account_id: int) -> None:
    """Take another account's second factor away (telephone and paper are lost) and sign its browsers out.

    Raises:
        OwnAccountError, NoSuchAccountError: Nothing was changed.
    """
    account = _other(session, account_id)
    second_factor.remove(session, account)
    account_sessions.end_sessions(session, account_id)


def sign_out(session: Session, account_id: int) -> None:
    """End all sessions of another account; raises OwnAccountError, NoSuchAccountError."""
    account = _other(session, account_id)
    account_sessions.end_sessions(session, account_id)
    audit.record(session, "account:signed_out", subject=account.name)


def _keep_an_administrator(session: Session, account: Account, role: str) -> None:
    """Raise LastAdministratorError when ``account`` is the only one left that could administer."""
    if role != "administrator" or not account.active:
        return
    accounts.hold_administrators(session)
    if accounts.other_administrators(session, account.id) == 0:
        raise LastAdministratorError
