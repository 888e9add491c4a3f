"""The form of a footprint: a file or a pasted text, a title, a source; at its end the call list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.i18n.marks import N_
from app.web.guard import requires
from app.web.request import current_session
from app.web.security import PASTED_MB
from app.workflows.import_options import FileTooLargeError, KeptFile, keep_file
from app.workflows.run_scenario import NothingShakenError, ScenarioExistsError, publish_scenario
from app.workflows.send_footprint import EventWords, UnknownTextError, keep_pasted, run_sent_footprint
from geodata.errors import FileRefusedError, FootprintRefusedError
from geodata.readers.footprint_values import INSIDE, UNITS
from geodata.validation.problems import describe

if TYPE_CHECKING:
    from app.settings import Settings

UNPROCESSABLE = 422
LONGEST = 300
UNIT_WORDS = {
    "g": N_("g (acceleration)"),
    "pct_g": N_("percent of g"),
    "cm_s2": N_("cm/s²"),
    "m_s2": N_("m/s²"),
    "msk": N_("degrees of MSK-64"),
    "inside": N_("no degree: the area of a storm or of a warning"),
}
Wrong = dict[str, str]


def add_routes(blueprint: Blueprint) -> None:
    """Add the form and what it does; "new" is no code of a scenario."""
    blueprint.get("/new")(requires("rank")(new))
    blueprint.post("/new")(requires("rank")(send))
    blueprint.post("/<code>/publish")(requires("rank")(publish))


def new() -> str:
    """Show the form of a footprint."""
    return render_template("scenarios/new.html", page=_page({}))


def send() -> AnyResponse:
    """Compute the event of a footprint and go to its call list, or say what is wrong."""
    words = _words()
    wrong: Wrong = {}
    if not any(words.titles.values()):
        wrong["title"] = _("Give the event a title in one language at least.")
    if not words.source:
        wrong["source"] = _("Say who made the footprint, and when.")
    if words.unit is not None and words.unit not in UNITS:
        wrong["unit"] = _("Choose one of the units.")
    kept = _kept(wrong)
    if wrong or kept is None:
        return _again(wrong)
    try:
        made = run_sent_footprint(current_session(), kept, words)
    except ScenarioExistsError as error:
        flash(_("This footprint was sent today already: here is its list."))
        return redirect(url_for("scenarios.scenario", code=str(error)), code=303)
    except FootprintRefusedError as error:
        reason = _(error.template, **error.params)
        return _again({"footprint": _("The footprint is refused: %(reason)s.", reason=reason)})
    except FileRefusedError as error:
        return _again({"footprint": " ".join(describe(error.problem, _))})
    except NothingShakenError:
        if words.unit == INSIDE:
            return _again({"footprint": _("No school lies inside the area.")})
        return _again({"footprint": _("No school lies where the shaking has intensity 5 and more.")})
    current_session().commit()
    return redirect(url_for("scenarios.scenario", code=made.code), code=303)


def publish(code: str) -> AnyResponse:
    """Let everybody see a scenario; telephones stay with who may see them."""
    session = current_session()
    publish_scenario(session, code)
    session.commit()
    return redirect(url_for("scenarios.scenario", code=code), code=303)


def _words() -> EventWords:
    given = {name: request.form.get(name, "").replace("\0", "").strip()[:LONGEST] for name in EventWords.__slots__}
    return EventWords(
        given["title_ky"],
        given["title_ru"],
        given["title_en"],
        given["source"],
        given["licence"] or None,
        given["unit"] or None,
        given["field"] or None,
        given["is_synthetic"] == "1",
    )


def _kept(wrong: Wrong) -> KeptFile | None:
    settings: Settings = current_app.extensions["settings"]
    sent, text = request.files.get("file"), request.form.get("text", "")
    has_file = sent is not None and bool(sent.filename)
    if has_file == bool(text.strip()):
        wrong["footprint"] = _("Send a file or paste a text, one of the two.")
        return None
    try:
        if sent is not None and sent.filename:
            stream: Any = sent.stream
            return keep_file(settings.upload_dir, stream, sent.filename, settings.upload_limit_mb)
        return keep_pasted(settings.upload_dir, text, settings.upload_limit_mb)
    except FileTooLargeError:
        wrong["footprint"] = _("The file is larger than %(limit)s MB.", limit=settings.upload_limit_mb)
    except UnknownTextError:
        wrong["footprint"] = _("The text is neither a ShakeMap grid.xml nor GeoJSON: copy it whole.")
    return None


def _again(wrong: Wrong) -> Response:
    current_session().rollback()
    return Response(render_template("scenarios/new.html", page=_page(wrong)), status=UNPROCESSABLE)


def _page(wrong: Wrong) -> dict[str, Any]:
    units = [("", _("as the file says (ShakeMap)")), *((unit, _(UNIT_WORDS[unit])) for unit in UNITS)]
    settings: Settings = current_app.extensions["settings"]
    limits = {"limit": settings.upload_limit_mb, "pasted": PASTED_MB}
    return {"wrong": wrong, "units": units, "form": request.form, **limits}
