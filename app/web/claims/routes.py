"""The register of stated numbers: each with its day, its speaker and what it counts; none overwrites another."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.i18n.formats import format_date, format_month
from app.i18n.marks import N_
from app.web.csv_companion import about_table
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.request import current_session
from app.web.shown_run import run_or_none
from geodata.queries import claims
from geodata.readers.claims import COLUMNS

blueprint = Blueprint("claims", __name__, url_prefix=f"{PREFIX}/data")
declare_action(blueprint, "read")

SUBJECTS = {
    "dilapidated_schools": N_("Dilapidated schools"),
    "schools": N_("Schools of the country"),
    "unsafe_share": N_("Share of unsafe schools, %"),
}
OURS = {
    "dilapidated_schools": N_("Schools of the ranking with a building in emergency condition"),
    "schools": N_("Schools of the ranking"),
    "unsafe_share": N_("Schools with grade D or E among those with a grade, %"),
}
SHEET = N_("Stated numbers")


@blueprint.get("/claims")
def index() -> str:
    """Show the claims of each subject, and our own count that names its schools."""
    session, run = current_session(), run_or_none()
    ours = claims.count_ours(session, run.id) if run else {}
    groups = [
        (subject, _(SUBJECTS.get(subject, subject)), _(OURS[subject]) if subject in OURS else "", list(found))
        for subject, found in groupby(claims.list_claims(session), key=lambda claim: claim.subject)
    ]
    page = {"run": run, "groups": groups, "ours": ours, "day": said_on}
    return render_template("claims/index.html", page=page)


def said_on(text: str) -> str:
    """Return a day in the page's way; a year or a month stays as precise as it is."""
    language = current_language()
    year, _sign, rest = text.partition("-")
    if not rest:
        return year
    if len(rest) > len("01"):
        return format_date(date.fromisoformat(text), language)
    return format_month(int(year), int(rest), language)


@blueprint.get("/claims.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/claims.<any(csv, xlsx):extension>")
@requires("export")
def download(extension: str) -> Response:
    """Send the register in the form in which it is taken in."""
    say = translator(current_language())
    rows = ([getattr(claim, name) for name in COLUMNS] for claim in claims.list_claims(current_session()))
    content = table_file(extension, COLUMNS, COLUMNS, rows, say(SHEET), about_table(of_run=False, is_synthetic=False))
    return file_answer(content, f"mektep-claims.{extension}", TYPES[extension])
