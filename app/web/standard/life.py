"""The life of editions: legal status, act, who agreed, history, coverage; and the steps for who may take them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.i18n.formats import format_moment
from app.web.errors import problem_of
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session
from app.web.standard import words
from app.web.standard.blueprint import blueprint
from app.web.standard.presenters import word
from app.workflows import manage_edition
from app.workflows.manage_edition import EditionIncompleteError, EditionLifeError
from geodata.queries import edition_life, standard

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 500
ADDRESS = ("http://", "https://")


@blueprint.get("/standard/editions")
def editions() -> str:
    """Show every edition with its legal status, and the way to compare two of them."""
    session = current_session()
    found = standard.list_editions(session)
    rows = [
        {
            "edition": one,
            "status": word(words.LEGAL_STATUSES, one.status),
            "criteria": len(standard.criteria(session, one.id)),
            "coverage": next(iter(edition_life.coverage(session, one.id)), None),
        }
        for one in found
    ]
    return render_template("standard/editions.html", page={"rows": rows, "editions": found})


@blueprint.get("/standard/editions/<code>")
def edition(code: str) -> str:
    """Show the legal life of one edition and how far the country is assessed by it."""
    return render_template("standard/edition.html", page=_page(code))


@blueprint.post("/standard/editions/<code>/status")
@requires("publish")
def move(code: str) -> AnyResponse:
    """Take one step with an edition."""
    form = request.form
    steps = (form.get("seen", ""), form.get("to", ""))
    return _do(code, lambda: manage_edition.move_edition(current_session(), code, *steps, _day("on"), _text("reason")))


@blueprint.post("/standard/editions/<code>/act")
@requires("publish")
def act(code: str) -> AnyResponse:
    """Set the act that an edition rests on."""
    facts: dict[str, Any] = {name: _text(name) or None for name in manage_edition.ACT_FIELDS}
    facts |= {"act_on": _day("act_on"), "act_url": _address("act_url")}
    return _do(code, lambda: manage_edition.set_act(current_session(), code, facts))


@blueprint.post("/standard/editions/<code>/agreements")
@requires("publish")
def agree(code: str) -> AnyResponse:
    """Add a body that agreed."""
    facts: dict[str, Any] = {name: _text(name) or None for name in ("body_ky", "body_ru", "body_en", "document")}
    facts |= {"agreed_on": _day("agreed_on"), "url": _address("url")}
    return _do(code, lambda: manage_edition.add_agreement(current_session(), code, facts))


@blueprint.post("/standard/editions/<code>/agreements/<int:number>/remove")
@requires("publish")
def withdraw(code: str, number: int) -> AnyResponse:
    """Take an agreement out that was entered by mistake."""
    return _do(code, lambda: manage_edition.remove_agreement(current_session(), code, number))


def _do(code: str, job: Callable[[], None]) -> AnyResponse:
    """Do a job and show the edition again, with what was missing where something was."""
    try:
        job()
    except EditionIncompleteError as error:
        current_session().rollback()
        page = _page(code, _(words.MISSING[error.missing]))
        return Response(render_template("standard/edition.html", page=page), status=problem_of(error).status)
    except EditionLifeError:
        current_session().rollback()
        raise
    flash(_("Saved."), "good")
    return redirect(url_for("standard.edition", code=code), code=303)


def _page(code: str, wrong: str = "") -> dict[str, Any]:
    session = current_session()
    found = standard.find_edition(session, code)
    if found is None:
        abort(404)
    may_move = edition_life.may_move(session)
    coverage = edition_life.coverage(session, found.id)
    return {
        "edition": found,
        "status": word(words.LEGAL_STATUSES, found.status),
        "agreements": edition_life.agreements(session, found.id),
        "steps": [
            (one, word(words.LEGAL_STATUSES, one.to_status), format_moment(one.at, current_language()))
            for one in edition_life.steps(session, found.id)
        ],
        "country": next(iter(coverage), None),
        "oblasts": coverage[1:],
        "criteria": len(standard.criteria(session, found.id)),
        "may_move": may_move,
        "moves": [(to, _(words.MOVES[to])) for to in manage_edition.STEPS[found.status]] if may_move else [],
        "wrong": wrong,
        "form": request.form,
        "today": date.today().isoformat(),  # noqa: DTZ011  the server's day, a proposal in the form
    }


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()[:LONGEST]


def _address(name: str) -> str | None:
    """Return an address of the web; anything else is left out, so that no script becomes a link."""
    text = _text(name)
    return text if text.startswith(ADDRESS) else None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(_text(name))
    except ValueError:
        return None
