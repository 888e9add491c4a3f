"""Accounts for administrators: find, invite, give and take roles, disable, hand out links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.permissions import ROLES
from app.web.accounts.words import OUTCOMES, grant_words, rights_of_role
from app.web.administration.forms import GrantForm, read_grant, read_invitation, resolve, words_of
from app.web.assess.words import LEVELS
from app.web.filters import read_page
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.workflows import account_links, administer_accounts, assessor_levels
from app.workflows.account_errors import AccountsError
from geodata.queries import account_links as link_queries
from geodata.queries import account_lists, assessors
from geodata.queries import account_sessions as session_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.workflows.account_links import NewLink

blueprint = Blueprint("administration", __name__, url_prefix=f"{PREFIX}/admin/accounts")
declare_action(blueprint, "administer")
LONGEST_SEARCH = 100
INVALID = 422


@blueprint.get("")
def index() -> Response:
    """Show the accounts that match, and the form for a new one."""
    return _list_page({}, None, [])


@blueprint.post("")
def invite() -> AnyResponse:
    """Make an account with its first role and show its link this once."""
    form, session = read_invitation(request.form), current_session()
    try:
        place, candidates = resolve(session, form.grant)
        if candidates:
            return _list_page(request.form, ("place", _("Choose one of the places.")), candidates)
        person = form.person or None
        account_id, token = administer_accounts.invite(session, form.name, form.grant.role, place, display_name=person)
    except AccountsError as error:
        session.rollback()
        return _list_page(request.form, words_of(error), [])
    session.commit()
    return _account_page(account_id, link=account_links.NewLink(token, "invitation"))


@blueprint.get("/<int:account_id>")
def account(account_id: int) -> Response:
    """Show one account and what can be done with it."""
    return _account_page(account_id)


@blueprint.post("/<int:account_id>/grants")
def grant(account_id: int) -> AnyResponse:
    """Give one more role."""
    form, session = read_grant(request.form), current_session()
    try:
        place, candidates = resolve(session, form)
        if candidates:
            return _account_page(account_id, form, ("place", _("Choose one of the places.")), candidates)
        administer_accounts.grant(session, account_id, form.role, place)
    except AccountsError as error:
        session.rollback()
        return _account_page(account_id, form, words_of(error))
    return _done(account_id, _("The role was given. It holds from the next page that the person opens."))


@blueprint.post("/<int:account_id>/grants/<int:grant_id>/revoke")
def revoke(account_id: int, grant_id: int) -> AnyResponse:
    """Take one role away."""
    administer_accounts.revoke(current_session(), account_id, grant_id)
    return _done(account_id, _("The role was taken away, from the next page that the person opens."))


@blueprint.post("/<int:account_id>/level")
def level(account_id: int) -> AnyResponse:
    """Give a level as an assessor."""
    form, session = request.form, current_session()
    given = [form.get(name, "").replace("\0", "") for name in ("level", "valid_until", "basis")]
    try:
        assessor_levels.give_level(session, account_id, *given)
    except AccountsError as error:
        session.rollback()
        return _account_page(account_id, wrong=words_of(error))
    return _done(account_id, _("The level was recorded. It holds from now on."))


@blueprint.post("/<int:account_id>/link")
def link(account_id: int) -> Response:
    """Make a link by which the person chooses a password, and show it this once."""
    made = administer_accounts.new_link(current_session(), account_id)
    current_session().commit()
    return _account_page(account_id, link=made)


@blueprint.post("/<int:account_id>/disable")
def disable(account_id: int) -> AnyResponse:
    """Refuse the account from now on."""
    administer_accounts.disable(current_session(), account_id)
    return _done(account_id, _("The account is disabled; its browsers are signed out."))


@blueprint.post("/<int:account_id>/enable")
def enable(account_id: int) -> AnyResponse:
    """Let the account sign in again."""
    administer_accounts.enable(current_session(), account_id)
    return _done(account_id, _("The account can sign in again."))


@blueprint.post("/<int:account_id>/sign-out")
def sign_out(account_id: int) -> AnyResponse:
    """End the account's sessions."""
    administer_accounts.sign_out(current_session(), account_id)
    return _done(account_id, _("All its browsers are signed out."))


@blueprint.post("/<int:account_id>/second-factor/remove")
def remove_second_factor(account_id: int) -> AnyResponse:
    """Take a lost second factor away."""
    administer_accounts.remove_second_factor(current_session(), account_id)
    return _done(
        account_id, _("The second factor was taken away; whose role needs one sets it up at the next sign-in.")
    )


def _done(account_id: int, words: str) -> AnyResponse:
    current_session().commit()
    flash(words)
    return redirect(url_for("administration.account", account_id=account_id), code=303)


def _roles() -> list[tuple[str, str, str]]:
    return [(role, _(found.title), rights_of_role(role)) for role, found in ROLES.items()]


def _list_page(form: Mapping[str, str], wrong: tuple[str, str] | None, candidates: list[Any]) -> Response:
    session = current_session()
    q = request.args.get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip()
    role = request.args.get("role") if request.args.get("role") in ROLES else None
    limit, offset = read_page(request.args)
    total = account_lists.count_accounts(session, q, role)
    rows = account_lists.select_accounts(session, q, role, limit, offset)
    page = {
        "rows": [(row, grant_words(row.grants)) for row in rows],
        "pages": page_of(_address_of(q, role), total, limit, offset),
        "q": q,
        "role": role,
        "roles": _roles(),
        "form": form,
        "wrong": wrong,
        "candidates": candidates,
    }
    return Response(render_template("administration/accounts.html", page=page), status=INVALID if wrong else 200)


def _address_of(q: str, role: str | None) -> Callable[..., str]:
    def address(offset: int | None) -> str:
        wanted = {"q": q, "role": role, "offset": offset}
        return url_for("administration.index", **{key: value for key, value in wanted.items() if value})  # type: ignore[arg-type]

    return address


def _account_page(
    account_id: int,
    form: GrantForm | None = None,
    wrong: tuple[str, str] | None = None,
    candidates: list[Any] | None = None,
    *,
    link: NewLink | None = None,
) -> Response:
    session = current_session()
    row = account_lists.find_account(session, account_id)
    if row is None:
        abort(404)
    page = {
        "account": row,
        "grants": grant_words(row.grants),
        "is_own": account_id == g.account_id,
        "roles": _roles(),
        "form": form,
        "wrong": wrong,
        "candidates": candidates or [],
        "link": link and url_for("links.choose", token=link.token, _external=True),
        "kind": link and link.kind,
        "open_link": link_queries.open_link_of(session, account_id),
        "history": session_queries.sign_ins_of(session, account_id, 20),
        "outcomes": OUTCOMES,
        "levels": assessors.levels_of(session, account_id),
        "level_words": LEVELS,
        "level_choices": [(code, _(word)) for code, word in LEVELS.items()],
    }
    return Response(render_template("administration/account.html", page=page), status=INVALID if wrong else 200)
