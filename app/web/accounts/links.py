"""The page behind a one-time link: the invited person, or who lost the password, chooses a new one."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.web.accounts.routes import sent
from app.web.errors import problem_of
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.workflows.account_errors import WeakPasswordError
from app.workflows.account_links import OpenLink, choose_password, look_up
from app.workflows.passwords import RULES

blueprint = Blueprint("links", __name__, url_prefix=PREFIX)
declare_action(blueprint, "sign_in")


@blueprint.get("/welcome/<token>")
def choose(token: str) -> Response:
    """Show the form; the link is not used by looking at it, so that nothing that fetches it spoils it."""
    return _form(look_up(current_session(), token), (), 200)


@blueprint.post("/welcome/<token>")
def store(token: str) -> AnyResponse:
    """Store the password and lead to signing in with it."""
    session = current_session()
    if sent("password") != sent("again"):
        return _form(look_up(session, token), (_("The two passwords are different."),), 422)
    try:
        choose_password(session, token, sent("password"))
    except WeakPasswordError as error:
        session.rollback()
        wrong = tuple(_(reason) for reason in error.reasons)
        return _form(look_up(session, token), wrong, problem_of(error).status)
    session.commit()
    flash(_("The password is stored. Sign in with it."))
    return redirect(url_for("accounts.sign_in"), code=303)


def _form(link: OpenLink, wrong: tuple[str, ...], status: int) -> Response:
    page = {"link": link, "rules": RULES.values(), "wrong": wrong}
    response = Response(render_template("accounts/choose_password.html", page=page), status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
