"""The standard: browse and search an edition, its criteria, guidance for printing, two editions compared, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.exports.guidance_book import write_guidance
from app.exports.standard_list import standard_csv, standard_xlsx
from app.web.language import current_language
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.web.standard import books, life, presenters, rescoring
from app.web.standard.blueprint import blueprint
from app.web.standard.comparison import compare_editions
from app.web.standard.list_page import list_page
from app.web.standard.search import read_wish
from geodata.queries import standard, standard_editions

if TYPE_CHECKING:
    from geodata.models import StandardEdition

__all__ = ["blueprint", "life", "rescoring"]

FILES = {
    "csv": ("text/csv; charset=utf-8", standard_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", standard_xlsx),
}


@blueprint.get("/standard")
def index() -> str:
    """Show an edition (``edition=``), else the current one: a domain (``domain=``), or what search and filters find."""
    session = current_session()
    wanted = request.args.get("edition") or None
    edition = standard.find_edition(session, wanted)
    if edition is None:
        if wanted:
            abort(404)
        return render_template("standard/none.html")
    page = list_page(session, edition, read_wish(request.args), is_named=wanted is not None)
    return render_template("standard/index.html", page=page)


@blueprint.get("/standard/<edition>/<criterion>")
def criterion(edition: str, criterion: str) -> str:
    """Show everything about one criterion, and how many schools pass it by the run shown."""
    session = current_session()
    found = find(edition)
    one = next(iter(standard.criteria(session, found.id, [criterion])), None)
    if one is None:
        abort(404)
    page = presenters.criterion_page(session, found, one, run_or_none())
    return render_template("standard/criterion.html", page=page)


@blueprint.get("/standard/criteria/<criterion>")
def any_criterion(criterion: str) -> AnyResponse:
    """Lead to a criterion in the edition of the ranking shown, else in the current one; other pages link here."""
    session, run = current_session(), run_or_none()
    edition = standard.edition_by_id(session, run.edition_id) if run else standard.find_edition(session)
    if edition is None:
        abort(404)
    return redirect(url_for("standard.criterion", edition=edition.code, criterion=criterion))


@blueprint.get("/standard/<edition>/guidance")
def guidance(edition: str) -> str:
    """Show the guidance of one domain (``domain=``) or of the whole edition, made for printing."""
    page = books.guidance_book(current_session(), find(edition), request.args.get("domain", ""))
    return render_template("standard/guidance.html", page=page)


@blueprint.get("/standard/<edition>/guidance.pdf")
def guidance_pdf(edition: str) -> Response:
    """Send the same as a PDF."""
    found = find(edition)
    book = books.guidance_book(current_session(), found, request.args.get("domain", ""))
    name = f"standard-{found.code}-{book['chosen'].code if book['chosen'] else 'all'}-{current_language()}.pdf"
    response = Response(write_guidance(books.printed_book(book)), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response


@blueprint.get("/standard/<edition>/file.<any(csv, xlsx):extension>")
def file(edition: str, extension: str) -> Response:
    """Send the edition as a file that the importer takes back unchanged."""
    found = find(edition)
    kind, write = FILES[extension]
    response = Response(
        write(found.code, standard_editions.record_rows(current_session(), found.id)), content_type=kind
    )
    response.headers.set("Content-Disposition", "attachment", filename=f"standard-{found.code}.{extension}")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.get("/standard/compare")
def compare() -> str:
    """Show what differs between two editions (``from=``, ``to=``), criterion by criterion, field by field."""
    session = current_session()
    page: dict[str, Any] = {"editions": standard.list_editions(session), "from": None, "to": None, "difference": None}
    codes = request.args.get("from", ""), request.args.get("to", "")
    if all(codes):
        page["from"], page["to"] = find(codes[0]), find(codes[1])
        page["difference"] = compare_editions(session, page["from"], page["to"])
    return render_template("standard/compare.html", page=page)


def find(code: str) -> StandardEdition:
    """Return the edition of a code, or answer that there is none."""
    edition = standard.find_edition(current_session(), code)
    if edition is None:
        abort(404)
    return edition
