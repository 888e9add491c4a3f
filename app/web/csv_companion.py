"""The companion of each CSV file: its address, the header that announces it, and what short tables say of themselves.

A view that sends a table as CSV has a second route that ends in ``.csv-metadata.json`` and answers by the same code:
the same permission, the same filter, the same rows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from app.exports.csvw import MIMETYPE, TableAbout
from app.exports.document import LICENCE_ADDRESS, OWN_LICENCE
from app.i18n.formats import format_date
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.refusals import choice_words, parameter_words
from app.web.request import current_scope, current_session
from app.web.shown_run import shown_run
from geodata.queries import areas

if TYPE_CHECKING:
    from werkzeug.routing import MapAdapter

SUFFIX = "-metadata.json"
SYNTHETIC = N_("Synthetic data for demonstration: no real school.")
NO_FILTER = ("lang", "limit", "offset", "run")
"""Parameters that restrict nothing, or stand apart."""


def own_table() -> str:
    """Return the address of the CSV as its companion sees it, in the language of this answer."""
    asked = request.args.to_dict(flat=False)
    if not request.path.startswith(f"/{current_language()}/"):
        asked["lang"] = [current_language()]
    query = urlencode(asked, doseq=True)
    name = request.path.rpartition("/")[2].removesuffix(SUFFIX)
    return name + (f"?{query}" if query else "")


def about_table(*, of_run: bool = True, is_synthetic: bool | None = None) -> TableAbout:
    """Return what is said of the table of this request: run and its day (``of_run``), filter in words, licence, mark.

    ``is_synthetic``: None where the table's rows are marked like the ranking shown.
    """
    run, language, today = shown_run(), current_language(), datetime.now(UTC).date()
    facts = []
    if run is not None and of_run:
        facts += [("run", _("Run"), run.hash), ("data_date", _("Data as of"), format_date(run.data_date, language))]
    facts += [
        ("made_on", _("File made on"), format_date(today, language)),
        ("filter", _("Filter"), _filter_words() or _("none: the whole table")),
        ("licence", _("Licence of this list"), f"{OWN_LICENCE} ({LICENCE_ADDRESS})"),
    ]
    is_marked = run is not None and run.is_synthetic if is_synthetic is None else is_synthetic
    return TableAbout(own_table(), language, facts, today, _(SYNTHETIC) if is_marked else None)


def _filter_words() -> str:
    said = []
    for name, values in request.args.lists():
        if name in NO_FILTER or not any(values):
            continue
        if name == "area":
            found = areas.find_area(current_session(), values[0])
            words = [local_name(found, current_language()) if found else values[0]]
        else:
            words = [choice_words(name, value) for value in values]
        said.append(f"{parameter_words(name)}: {', '.join(words)}")
    return "; ".join(said)


def companion_answer(content: bytes) -> Response:
    """Return the JSON, kept as long as its CSV."""
    response = Response(content, content_type=MIMETYPE)
    response.headers["Cache-Control"] = "public, max-age=60" if current_scope() == "public" else "private, no-store"
    response.headers["Vary"] = "Accept-Language, Authorization, Cookie"
    return response


def companion_of(path: str) -> str | None:
    """Return the path of the companion of a CSV at ``path``, None where there is none."""
    adapter: MapAdapter = current_app.url_map.bind("")
    found = path + SUFFIX
    return found if path.endswith(".csv") and adapter.test(found, "GET") else None


def init_app(app: Flask) -> None:
    """Announce the companion of every CSV that has one by the header ``Link`` (RFC 8288)."""

    @app.after_request
    def _announce(response: Response) -> Response:
        if response.mimetype == "text/csv" and response.status_code == 200:
            companion = companion_of(request.path)
            if companion is not None:
                query = "?" + quote(request.query_string, safe="%=&?/:+,;@!$'()*~-._") if request.query_string else ""
                link = f'<{request.script_root}{companion}{query}>; rel="describedby"; type="{MIMETYPE}"'
                response.headers.add("Link", link)
        return response
