"""Packages for the competition of shared grants: one's own schools, what can be chosen, and the files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from app.exports import grant
from app.exports.formats.grant_package import write_pdf, write_xlsx
from app.exports.measure_words import bundle_text
from app.exports.plain_table import TYPES
from app.i18n.names import local_name
from app.web.checked_filter import check_area
from app.web.filters import read_page
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.workflows import grant_package
from geodata.queries import schools

if TYPE_CHECKING:
    from app.exports.grant import GrantPackage
    from geodata.models import Run

blueprint = Blueprint("grants", __name__, url_prefix=PREFIX)
declare_action(blueprint, "see")


def _run() -> Run:
    run = run_or_none()
    if run is None:
        abort(404)
    return run


@blueprint.get("/money/grants")
def index() -> str:
    """Show the schools of the reader's own territory, those with money in the newest plan marked."""
    session, run, language = current_session(), _run(), current_language()
    code = request.args.get("area") or None
    if code is not None:
        check_area(code)
    limit, offset = read_page(request.args)
    rows, total = grant_package.own_schools(session, run, code, limit, offset)

    def address(offset: int | None) -> str:
        return url_for("grants.index", area=code, offset=offset, limit=limit if limit != 50 else None)

    page = {
        "rows": [
            {"facts": row, "name": local_name(row, language),
             "measures": bundle_text(row.bundle, language) if row.bundle else None}
            for row in rows
        ],
        "pages": page_of(address, total, limit, offset),
    }  # fmt: skip
    return render_template("grants/index.html", page=page)


def _package(code: str) -> tuple[GrantPackage, dict[str, Any]]:
    session, run, language = current_session(), _run(), current_language()
    school = schools.find_school(session, code)
    if school is None:
        abort(404)
    offered = grant_package.choices(session, run, school.id, language)
    asked = {name: request.args.get(name, "") for name in ("bundle", "share", "year")}
    chosen, wish = grant_package.read_wish(offered, asked["bundle"], asked["share"], asked["year"])
    address = url_for("schools.school", code=code, run=run.hash[:16], _external=True)
    made = grant_package.pack_grant(session, run, code, chosen, wish, language, address=address)
    return made, {"school": school, "choices": offered, "wish": wish}


@blueprint.get("/schools/<code>/grant")
def package(code: str) -> str:
    """Show what a package would hold, and let the measures, the own share and the year be chosen."""
    made, more = _package(code)
    wish = more["wish"]
    page = more | {
        "package": made,
        "name": local_name(made.row, made.language),
        "money": grant.money_rows(made),
        "problem": grant.problem(made),
        "people": grant.beneficiaries(made),
        "failed": grant.failed(made),
        "calendar": grant.calendar_rows(made),
        "missing": grant.missing(made),
        "examples": grant.example_words(made),
        "files": {"bundle": wish.bundle, "share": wish.own_pct, "year": wish.year},
    }
    return render_template("grants/package.html", page=page)


def _with_photos(code: str) -> GrantPackage:
    made, more = _package(code)
    folder = current_app.extensions["settings"].evidence_dir
    return replace(made, photos=grant_package.public_photos(current_session(), more["school"].id, folder))


def _file_name(made: GrantPackage, extension: str) -> str:
    mark = "-synthetic" if made.is_synthetic else ""
    return f"mektep-grant-{made.row.code}-{made.run_hash[:12]}-{made.language}{mark}.{extension}"


@blueprint.get("/schools/<code>/grant.pdf")
def printed(code: str) -> Response:
    """Send the package with its public photos as PDF."""
    made = _with_photos(code)
    return file_answer(write_pdf(made), _file_name(made, "pdf"), "application/pdf")


@blueprint.get("/schools/<code>/grant.xlsx")
def workbook(code: str) -> Response:
    """Send the figures of the package as a workbook."""
    made = _with_photos(code)
    return file_answer(write_xlsx(made), _file_name(made, "xlsx"), TYPES["xlsx"])
