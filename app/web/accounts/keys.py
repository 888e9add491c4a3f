"""One's keys of programs: which there are, a new one (shown this once), and an end for one that is not needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext

from app.i18n.marks import N_
from app.permissions import KEY_RIGHTS
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.workflows import manage_keys
from app.workflows.manage_keys import HIGHEST_RATE, LONGEST_DAYS, LONGEST_TITLE, KeyFieldError, KeyWish
from geodata.queries import api_keys

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("keys", __name__, url_prefix=f"{PREFIX}/account/keys")
declare_action(blueprint, "work")

DEFAULTS = {"title": "", "days": "90", "per_minute": "300"}
WRONG = {
    "title": N_("Give the key a name of up to 80 characters, so that you find it again."),
    "rights": N_("A key can carry only rights that your account has."),
    "days": N_("A key works for 1 to 365 days."),
    "per_minute": N_("Choose 1 to 6000 requests a minute."),
}
TOO_MANY = N_("You have twenty working keys. Revoke one that is not needed.")


@blueprint.get("")
def index() -> str:
    """List the keys and offer a new one."""
    return _page()


@blueprint.post("")
def make() -> Response:
    """Make a key and show it; the answer is the only place where it is ever seen."""
    session = current_session()
    try:
        secret = manage_keys.make_key(session, g.account_id, g.account_name, g.rights, _read_wish())
    except KeyFieldError as error:
        return Response(_page(wrong_field=error.field, form=request.form), status=422)
    except manage_keys.TooManyKeysError:
        return Response(_page(wrong_field="count", form=request.form), status=409)
    session.commit()
    return Response(_page(secret=secret), status=201)


@blueprint.post("/<int:key_id>/revoke")
def revoke(key_id: int) -> AnyResponse:
    """Refuse a key from the next request on."""
    session = current_session()
    if key_id not in {key.id for key in api_keys.keys_of(session, g.account_id)}:
        raise manage_keys.NoSuchKeyError
    manage_keys.revoke_key(session, key_id, g.account_name)
    session.commit()
    return redirect(url_for("keys.index"), code=303)


def _read_wish() -> KeyWish:
    """Return the wish of the form; raises ``KeyFieldError`` for a number that is none."""
    numbers = {}
    for field in ("days", "per_minute"):
        sent = request.form.get(field, DEFAULTS[field]).strip()
        if not (sent.isascii() and sent.isdigit() and len(sent) <= 6):
            raise KeyFieldError(field)
        numbers[field] = int(sent)
    title = request.form.get("title", "")[: LONGEST_TITLE * 4]
    return KeyWish(title, request.form.getlist("rights")[:50], numbers["days"], numbers["per_minute"])


def _page(*, secret: str | None = None, wrong_field: str | None = None, form: Any = None) -> str:
    keys = api_keys.keys_of(current_session(), g.account_id)
    offered = manage_keys.grantable(g.rights)
    page = {
        "keys": [{"key": key, "rights": [gettext(KEY_RIGHTS[right]) for right in _known(key.rights)]} for key in keys],
        "rights": [(right, gettext(KEY_RIGHTS[right])) for right in KEY_RIGHTS if right in offered],
        "secret": secret,
        "form": DEFAULTS if form is None else form,
        "chosen": [] if form is None else form.getlist("rights"),
        "wrong_field": wrong_field,
        "wrong": None if wrong_field is None else gettext(WRONG.get(wrong_field, TOO_MANY)),
        "host": request.host_url.rstrip("/"),
        "highest": {"days": LONGEST_DAYS, "per_minute": HIGHEST_RATE, "title": LONGEST_TITLE},
    }
    return render_template("accounts/keys.html", page=page)


def _known(rights: tuple[str, ...]) -> list[Any]:
    return [right for right in KEY_RIGHTS if right in rights]
