"""Sign in and out. Ten tries a minute for a name from an address; the answer never tells whether a name exists."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.web.accounts.identity import be
from app.web.accounts.sign_in import enter, leave
from app.web.errors import problem_of
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_session
from app.workflows import manage_accounts
from app.workflows.manage_accounts import TooManyTriesError, WrongSignInError
from geodata.queries import audit

blueprint = Blueprint("accounts", __name__, url_prefix=PREFIX)
declare_action(blueprint, "sign_in")
LONGEST = 200


def safe_next(wanted: str | None) -> str:
    """Return an address of ours to go on to: a path with one leading slash, else the front page."""
    home = f"/{current_language()}/"
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return home
    if any(ord(letter) < 33 or letter == "\\" for letter in wanted):
        return home
    return wanted


@blueprint.get("/sign-in")
def sign_in() -> str | AnyResponse:
    """Show the form, or go on when somebody is signed in already."""
    wanted = safe_next(request.args.get("next"))
    if g.account_id is not None:
        return redirect(wanted, code=303)
    return render_template("accounts/sign_in.html", page={"next": wanted, "name": "", "error": None})


@blueprint.post("/sign-in")
def check_sign_in() -> AnyResponse:
    """Check name and password and open the session."""
    name, password = request.form.get("name", "")[:LONGEST], request.form.get("password", "")[:LONGEST]
    wanted = safe_next(request.form.get("next"))
    try:
        _open_session(name.replace("\0", ""), password)
    except (WrongSignInError, TooManyTriesError) as error:
        problem = problem_of(error)
        body = render_template("accounts/sign_in.html", page={"next": wanted, "name": name, "error": problem})
        response = Response(body, status=problem.status)
        if problem.status == 429:
            response.headers["Retry-After"] = "60"
        return response
    return redirect(wanted, code=303)


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """Close the session here and in the database."""
    leave()
    current_session().commit()
    response = redirect(f"/{current_language()}/", code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _open_session(name: str, password: str) -> None:
    database, key = current_session(), current_app.config["SECRET_KEY"]
    address = request.remote_addr or ""
    manage_accounts.count_try(database, name, address, key)
    database.commit()
    account = manage_accounts.check_password(database, name, password)
    secret = manage_accounts.open_account_session(database, account, name, address, key)
    manage_accounts.name_account(database, account)
    enter(account, secret)
    database.flush()
    be(account)
    audit.record(database, "account:signed_in", subject=account.name)
    database.commit()
