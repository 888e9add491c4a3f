"""Invitations and resets: a one-time link by which a person chooses the password that nobody else ever knows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.workflows import manage_keys
from app.workflows.account_errors import LinkGoneError, NoSuchAccountError
from app.workflows.account_sessions import act_for, secret_hash
from app.workflows.manage_accounts import add_account
from app.workflows.passwords import hash_password
from geodata.database import ACCOUNT_KEY
from geodata.queries import account_links, accounts, audit

if TYPE_CHECKING:
    from datetime import datetime

    from geodata.database import Session

Kind = Literal["invitation", "reset"]
HOURS: dict[Kind, int] = {"invitation": 7 * 24, "reset": 2}
"""How long a link works."""


@dataclass(frozen=True)
class OpenLink:
    """A link that works: for whom, for what, and until when (UTC)."""

    account_id: int
    account_name: str
    display_name: str | None
    kind: str
    expires_at: datetime


@dataclass(frozen=True)
class NewLink:
    """A link that was just made; nothing keeps its token."""

    token: str
    kind: Kind


def invite(
    session: Session, name: str, role: str, place: str | None = None, *, display_name: str | None = None
) -> tuple[int, str]:
    """Make an account without a password; returns its id and the token of its link, which nothing keeps.

    Raises:
        AccountsError: As ``manage_accounts.add_account``; nothing was made.
    """
    account_id = add_account(session, name, None, role, place, display_name=display_name)
    return account_id, make_link(session, account_id).token


def make_link(session: Session, account_id: int) -> NewLink:
    """Return a new link: an invitation while there is no password, else a reset.

    The password of before works until the link is used; an earlier link stops working now.

    Raises:
        NoSuchAccountError: There is none, or it is disabled.
    """
    account = accounts.account_by_id(session, account_id)
    if account is None or not account.active:
        raise NoSuchAccountError(account_id)
    kind: Kind = "invitation" if account.password is None else "reset"
    token = secrets.token_urlsafe(32)
    by = session.info.get(ACCOUNT_KEY)
    account_links.add_link(session, account_id, kind, secret_hash(token), HOURS[kind], by)
    tag = "account:invited" if kind == "invitation" else "account:link_made"
    audit.record(session, tag, subject=account.name)
    return NewLink(token, kind)


def look_up(session: Session, token: str) -> OpenLink:
    """Return what a link is for, without using it; raises ``LinkGoneError``.

    The session acts for the link's account from here on.
    """
    link = account_links.find_link(session, secret_hash(token))
    if link is None:
        raise LinkGoneError
    act_for(session, link.account_id)
    account = accounts.account_by_id(session, link.account_id)
    if account is None or not account.active:
        raise LinkGoneError
    return OpenLink(account.id, account.name, account.display_name, link.kind, link.expires_at)


def choose_password(session: Session, token: str, password: str) -> str:
    """Use the link up, store the password, end every session and key of the account; returns the account's name.

    Raises:
        WeakPasswordError: The link still works.
        LinkGoneError: The link is unknown, used or too old.
    """
    link = look_up(session, token)
    hashed = hash_password(password, link.account_name)
    if account_links.use_link(session, secret_hash(token)) is None:
        raise LinkGoneError
    accounts.set_password(session, link.account_id, hashed)
    account_links.remove_links(session, link.account_id)
    manage_keys.revoke_all(session, link.account_id, link.account_name)
    audit.record(session, "account:password_chosen", subject=link.account_name, details={"by": link.kind})
    return link.account_name
