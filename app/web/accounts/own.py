"""One's own account: roles and places in words, password, second factor, signed-in browsers, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.web.accounts.pending import Pending
from app.web.accounts.routes import enrol_page, open_browser, sent
from app.web.accounts.sign_in import idle_minutes
from app.web.accounts.words import OUTCOMES, grant_words
from app.web.errors import problem_of
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.workflows import account_sessions, manage_accounts, second_factor
from app.workflows.account_errors import (
    AccountsError,
    TooManyTriesError,
    WeakPasswordError,
    WrongCodeError,
    WrongSignInError,
)
from app.workflows.own_account import change_password, replace_second_factor
from app.workflows.passwords import RULES
from geodata.queries import account_lists, accounts, audit
from geodata.queries import account_sessions as session_queries

if TYPE_CHECKING:
    from app.web.problem import Problem
    from geodata.models.account import Account

blueprint = Blueprint("account", __name__, url_prefix=f"{PREFIX}/account")
declare_action(blueprint, "work")
SETUP = "mektep_setup"


def _own() -> Account:
    account = accounts.account_by_id(current_session(), g.account_id)
    assert account is not None  # it was loaded in this very request
    return account


@blueprint.get("")
def index() -> str:
    """Show who one is here, what one may do where, the signed-in browsers and the last sign-ins."""
    database, account = current_session(), _own()
    browsers = session_queries.browsers_of(database, account.id, idle_minutes())
    page = {
        "account": account,
        "grants": grant_words(account_lists.grants_of(database, [account.id]).get(account.id, ())),
        "browsers": browsers,
        "here": g.browser.reference if "browser" in g else None,
        "history": session_queries.sign_ins_of(database, account.id),
        "outcomes": OUTCOMES,
        "days": session_queries.HISTORY_DAYS,
        "has_factor": second_factor.has(account),
        "owes_factor": second_factor.owes(account),
        "codes_left": second_factor.recovery_codes_left(account),
    }
    return render_template("accounts/account.html", page=page)


@blueprint.get("/password")
def password() -> Response:
    """Show the form for a new password."""
    return _password_form((), None, 200)


@blueprint.post("/password")
def store_password() -> AnyResponse:
    """Store a new password; every other browser is signed out."""
    if sent("password") != sent("again"):
        return _password_form((_("The two passwords are different."),), None, 422)
    account = _own()
    try:
        _check_own_password(account)
        change_password(current_session(), account, sent("password"))
    except WeakPasswordError as error:
        return _password_form(tuple(_(reason) for reason in error.reasons), None, problem_of(error).status)
    except (WrongSignInError, TooManyTriesError) as error:
        problem = problem_of(error)
        return _password_form((), problem, problem.status)
    open_browser(account, has_second_factor=second_factor.has(account))
    current_session().commit()
    flash(_("The new password is stored. Other browsers are signed out."))
    return redirect(url_for("account.index"), code=303)


@blueprint.get("/second-factor")
def factor() -> str:
    """Show whether there is a second factor, and what can be done with it."""
    return render_template("accounts/factor.html", page=_factor_page(None))


@blueprint.post("/second-factor")
def change_factor() -> AnyResponse:
    """After the password once more: begin to set one up, make new recovery codes, or take it away."""
    account, wanted, key = _own(), sent("change"), current_app.config["SECRET_KEY"]
    try:
        _check_own_password(account)
    except (WrongSignInError, TooManyTriesError) as error:
        return _factor_refused(error)
    if wanted == "codes" and second_factor.has(account):
        codes = second_factor.renew_recovery_codes(current_session(), account, key)
        current_session().commit()
        return _show_codes(account, codes)
    if wanted == "remove" and not second_factor.owes(account):
        second_factor.remove(current_session(), account)
        current_session().commit()
        flash(_("The second factor was taken away. The password alone signs you in now."))
    elif wanted == "begin":
        session[SETUP] = second_factor.new_secret(key)
        return redirect(url_for("account.set_up"), code=303)
    return redirect(url_for("account.factor"), code=303)


@blueprint.get("/second-factor/new")
def set_up() -> str | AnyResponse:
    """Show the secret of a second factor that is being set up."""
    if SETUP not in session:
        return redirect(url_for("account.factor"), code=303)
    page = enrol_page(Pending(_own(), "", session[SETUP]))
    return render_template("accounts/set_up.html", page=page)


@blueprint.post("/second-factor/new")
def check_set_up() -> AnyResponse:
    """Store it once its code is right, sign the other browsers out, and show the recovery codes this once."""
    if SETUP not in session:
        return redirect(url_for("account.factor"), code=303)
    account, secret, key = _own(), session[SETUP], current_app.config["SECRET_KEY"]
    try:
        codes = replace_second_factor(current_session(), account, secret, sent("code"), key)
    except WrongCodeError as error:
        problem = problem_of(error)
        page = {**enrol_page(Pending(account, "", secret)), "error": problem}
        return Response(render_template("accounts/set_up.html", page=page), status=problem.status)
    open_browser(account, has_second_factor=True)
    current_session().commit()
    return _show_codes(account, codes)


@blueprint.post("/sessions/end")
def end_sessions() -> AnyResponse:
    """Sign one browser out, or all but this one; only one's own."""
    which = sent("which")
    here = g.browser.reference
    only, but = (None, here) if which == "others" else (which, None)
    if session_queries.end_sessions(current_session(), g.account_id, only=only, but=but):
        audit.record(current_session(), "account:signed_out", subject=g.account_name)
    current_session().commit()
    return redirect(url_for("account.index"), code=303)


@blueprint.post("/session/extend")
def extend() -> Response:
    """Let this browser stay signed in; answers how many seconds it has."""
    until = session_queries.extend_session(
        current_session(),
        g.browser.reference,
        account_sessions.SESSION_HOURS,
        account_sessions.LONGEST_SESSION_HOURS,
    )
    current_session().commit()
    seconds = 0 if until is None else account_sessions.seconds_until(until)
    return jsonify(seconds=seconds, idle=min(seconds, 60 * idle_minutes()) if idle_minutes() else seconds)


def _check_own_password(account: Account) -> None:
    """Raise WrongSignInError or TooManyTriesError unless the form holds the account's present password."""
    database = current_session()
    manage_accounts.count_try(database, account.name, request.remote_addr or "", current_app.config["SECRET_KEY"])
    database.commit()
    manage_accounts.check_password(database, account.name, sent("current"))


def _password_form(wrong: tuple[str, ...], error: Problem | None, status: int) -> Response:
    page = {"rules": RULES.values(), "wrong": wrong, "error": error, "name": g.account_name}
    return Response(render_template("accounts/password.html", page=page), status=status)


def _factor_page(error: Problem | None) -> dict[str, object]:
    account = _own()
    return {
        "has": second_factor.has(account),
        "owes": second_factor.owes(account),
        "codes_left": second_factor.recovery_codes_left(account),
        "error": error,
    }


def _factor_refused(error: AccountsError) -> Response:
    problem = problem_of(error)
    return Response(render_template("accounts/factor.html", page=_factor_page(problem)), status=problem.status)


def _show_codes(account: Account, codes: list[str]) -> Response:
    page = {"codes": codes, "name": account.name, "onward": url_for("account.index")}
    return Response(render_template("accounts/recovery_codes.html", page=page))
