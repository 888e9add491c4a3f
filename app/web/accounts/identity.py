"""Who asks, for the rest of the request: the account's grants become roles, rights and the scope of its session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g

from app.permissions import Grant, rights_of, scope_of
from app.web.request import current_session
from app.workflows.demonstration_accounts import refuse_demonstration
from geodata.database import set_scope
from geodata.queries.jobs import ONLY_KEY
from geodata.records.rights import NO_RIGHTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.settings import Settings
    from geodata.models.account import Account


def be_visitor() -> None:
    """Ask as nobody: published facts only."""
    g.account_id, g.account_name, g.grants, g.roles = None, None, (), ()
    g.scope, g.rights = "public", NO_RIGHTS


def be(account: Account, *, only: Collection[str] | None = None) -> None:
    """Ask as ``account`` from here on, in the open transaction and in all later ones of this request.

    ``only`` are the rights of the program's key that came with the request: what the account does not hold is not
    had by the key either, and jobs that it starts get no more.

    Raises:
        RealSchoolsError: The account is one of the demonstration, and there are real schools.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.demonstration_accounts == "closed":
        refuse_demonstration(current_session(), account)
    g.account_id, g.account_name = account.id, account.name
    g.grants = tuple(Grant(grant.role, grant.area_id, grant.school_id) for grant in account.grants)
    g.roles = tuple(sorted({grant.role for grant in g.grants}))
    g.rights = rights_of(g.grants)
    session = current_session()
    if only is not None:
        g.rights = g.rights.only(only)
        session.info[ONLY_KEY] = sorted(only)
    g.scope = scope_of(g.rights)
    set_scope(session, g.scope, g.account_id, g.rights)
