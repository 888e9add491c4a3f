"""Sign in and out: name and password, then the second factor where one is set up or needed.

Ten tries a minute for a name from an address, five codes in a quarter of an hour for an account; the answer never tells
whether a name exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.i18n.formats import format_moment
from app.web.accounts import pending
from app.web.accounts.browser_name import browser_name
from app.web.accounts.identity import be
from app.web.accounts.landing import landing
from app.web.accounts.qr import qr_svg
from app.web.accounts.sign_in import enter, leave
from app.web.errors import problem_of
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_session
from app.workflows import account_sessions, manage_accounts, second_factor
from app.workflows.account_errors import AccountsError, TooManyTriesError, WrongCodeError, WrongSignInError
from geodata.queries import account_sessions as session_queries
from geodata.queries import audit

if TYPE_CHECKING:
    from datetime import datetime

    from app.web.accounts.pending import Pending
    from geodata.models.account import Account

blueprint = Blueprint("accounts", __name__, url_prefix=PREFIX)
declare_action(blueprint, "sign_in")
LONGEST = 200


@blueprint.app_template_filter("moment")
def moment(value: datetime | None) -> str:
    """Return a day and its time in the language of the page."""
    return format_moment(value, current_language())


def safe_next(wanted: str | None) -> str:
    """Return an address of ours to go on to: a path with one leading slash; else nothing."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return ""
    if any(ord(letter) < 33 or letter == "\\" for letter in wanted):
        return ""
    return wanted


def sent(field: str) -> str:
    """Return a field of the form, cut to its longest, without the one character that no text may hold."""
    return request.form.get(field, "")[:LONGEST].replace("\0", "")


@blueprint.errorhandler(pending.NobodyAtTheDoorError)
def begin_anew(error: pending.NobodyAtTheDoorError) -> AnyResponse:
    """Lead back to name and password, with no way back here that could lead round in circles."""
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.get("/sign-in")
def sign_in() -> str | AnyResponse:
    """Show the form, or go on when somebody is signed in already."""
    wanted = safe_next(request.args.get("next"))
    if g.account_id is not None:
        return redirect(wanted or landing(), code=303)
    return render_template("accounts/sign_in.html", page={"next": wanted, "name": "", "error": None})


@blueprint.post("/sign-in")
def check_sign_in() -> AnyResponse:
    """Check name and password; open the session, or go on to the second factor."""
    name, wanted = sent("name"), safe_next(request.form.get("next"))
    try:
        account = _check(name, sent("password"))
    except (WrongSignInError, TooManyTriesError) as error:
        return _again("accounts/sign_in.html", error, {"next": wanted, "name": name})
    return go_on(account, wanted)


def go_on(account: Account, wanted: str) -> AnyResponse:
    """Open the session of who has shown to be ``account``, or go on to the second factor."""
    if second_factor.has(account):
        pending.begin(account, wanted)
        return redirect(url_for("accounts.code"), code=303)
    if second_factor.owes(account):
        pending.begin(account, wanted, second_factor.new_secret(current_app.config["SECRET_KEY"]))
        return redirect(url_for("accounts.enrol"), code=303)
    return _finish(account, wanted)


@blueprint.get("/sign-in/code")
def code() -> str:
    """Ask for the code of the second factor."""
    pending.pending()
    return render_template("accounts/code.html", page={"error": None})


@blueprint.post("/sign-in/code")
def check_code() -> AnyResponse:
    """Check the code, or a recovery code, and open the session."""
    door = pending.pending()
    address, key = request.remote_addr or "", current_app.config["SECRET_KEY"]
    try:
        second_factor.check_code(current_session(), door.account, sent("code"), address, key)
    except (WrongCodeError, TooManyTriesError) as error:
        return _again("accounts/code.html", error, {})
    return _finish(door.account, door.wanted, has_second_factor=True)


@blueprint.get("/sign-in/second-factor")
def enrol() -> str:
    """Show the secret as a picture and as letters, and ask for the first code."""
    return render_template("accounts/enrol.html", page=enrol_page(_setting_up()))


@blueprint.post("/sign-in/second-factor")
def check_enrol() -> AnyResponse:
    """Store the second factor, open the session, and show the recovery codes this once."""
    door = _setting_up()
    assert door.secret is not None
    key = current_app.config["SECRET_KEY"]
    try:
        codes = second_factor.enrol(current_session(), door.account, door.secret, sent("code"), key)
    except WrongCodeError as error:
        return _again("accounts/enrol.html", error, enrol_page(door))
    onward = _finish(door.account, door.wanted, has_second_factor=True)
    page = {"codes": codes, "name": door.account.name, "onward": onward.headers["Location"]}
    return Response(render_template("accounts/recovery_codes.html", page=page))


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """Close the session here and in the database."""
    leave()
    current_session().commit()
    response = redirect(f"/{current_language()}/", code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def enrol_page(door: Pending) -> dict[str, Any]:
    """Return what the page of setting up shows: the picture, the letters, and no error."""
    assert door.secret is not None
    name, key = door.account.name, current_app.config["SECRET_KEY"]
    return {
        "picture": qr_svg(second_factor.address_of(door.secret, name, key), name),
        "letters": second_factor.written_key(door.secret, key),
        "error": None,
    }


def _again(template: str, error: AccountsError, page: dict[str, Any]) -> Response:
    """Return the form once more, with what was wrong."""
    problem = problem_of(error)
    response = Response(render_template(template, page={**page, "error": problem}), status=problem.status)
    if problem.status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _setting_up() -> Pending:
    """Return who is at the door and sets a second factor up; nobody else comes here."""
    door = pending.pending()
    if door.secret is None or second_factor.has(door.account):
        raise pending.NobodyAtTheDoorError("sign_in")
    return door


def _check(name: str, password: str) -> Account:
    database, address = current_session(), request.remote_addr or ""
    manage_accounts.count_try(database, name, address, current_app.config["SECRET_KEY"])
    database.commit()
    try:
        return manage_accounts.check_password(database, name, password)
    except WrongSignInError:
        session_queries.record_sign_in(database, name, address, "wrong_password")
        database.commit()
        raise


def _finish(account: Account, wanted: str, *, has_second_factor: bool = False) -> AnyResponse:
    """Open the session and go to where the person wanted to go, else to their own place."""
    open_browser(account, has_second_factor=has_second_factor)
    audit.record(current_session(), "account:signed_in", subject=account.name)
    current_session().commit()
    return redirect(wanted or landing(), code=303)


def open_browser(account: Account, *, has_second_factor: bool) -> None:
    """Give this browser a new session of ``account``, in the database and in a new cookie; nothing is committed."""
    database, key = current_session(), current_app.config["SECRET_KEY"]
    secret = account_sessions.open_account_session(
        database,
        account,
        account.name,
        request.remote_addr or "",
        key,
        has_second_factor=has_second_factor,
        browser=browser_name(request.headers.get("User-Agent", "")),
    )
    account_sessions.name_account(database, account)
    enter(account, secret, has_second_factor=has_second_factor)
    database.flush()
    be(account)
