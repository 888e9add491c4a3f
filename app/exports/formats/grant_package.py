"""The grant package as PDF/UA-1 and as a workbook, from the same figures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from app.exports import grant
from app.exports.formats.area_brief import qr_svg
from app.exports.problem_list import safe_text
from app.exports.typeset import typeset
from app.i18n.formats import format_date
from app.i18n.marks import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.exports.grant import GrantPackage

Cell = str | int | float | None
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


def write_pdf(package: GrantPackage) -> bytes:
    """Return the PDF."""
    return typeset("grant_package.typ", package_data(package))


def package_data(package: GrantPackage) -> dict[str, Any]:
    """Return what the template is given: text in the language of the package, drawings and photos."""
    say = package.say
    yes, no = say(N_("yes")), say(N_("no"))
    return {
        "lang": package.language,
        "title": package.title,
        "above": " · ".join(package.above),
        "stamps": package.stamps,
        "facts": [[label, value] for label, value in _facts(package)],
        "problem_title": say(N_("Problem")),
        "problem": grant.problem(package),
        "map": package.map_svg or "",
        "map_text": say(N_("Map of the surroundings: the ring marks the school")),
        "no_map": say(N_("The place of the school is unknown, so that there is no map.")),
        "measures_title": say(N_("Proposed measures")),
        "measures": package.measures,
        "money_title": say(N_("Cost and own share, whole som")),
        "money": [[label, grant.som(package, amount), note] for label, amount, note in grant.money_rows(package)],
        "money_note": _money_note(package),
        "examples_title": say(N_("Examples of own shares")),
        "examples": grant.example_words(package),
        "people_title": say(N_("Beneficiaries")),
        "people": [[label, grant.som(package, number)] for label, number in grant.beneficiaries(package)],
        "failed_title": say(N_("Requirements of the Standard that fail")),
        "failed_headings": [say(text) for text in FAILED_HEADINGS],
        "failed": [
            [code, text, yes if critical else no, yes if met else no]
            for code, text, critical, met in grant.failed(package)
        ],
        "failed_none": say(N_("None is known: the school was not assessed, or nothing public fails.")),
        **_rest(package),
        "origin_title": say(N_("Sources and licences")),
        "origin": [list(row) for row in grant.origin(package)],
        "sources": list(package.sources),
        "families": say(FAMILIES),
        "qr": qr_svg(package.address),
        "qr_text": say(N_("QR code of this page")),
        "page": say(N_("Page")),
    }


def _rest(package: GrantPackage) -> dict[str, Any]:
    """Return the budget year, what is missing, and the photos."""
    say = package.say
    return {
        "calendar_title": say(N_("The budget year %(year)s"), year=package.year),
        "calendar_headings": [say(text) for text in CALENDAR_HEADINGS],
        "calendar": [list(row) for row in grant.calendar_rows(package)],
        "missing_title": say(N_("What the application still needs")),
        "missing_note": say(MISSING_NOTE),
        "missing": grant.missing(package),
        "photos_title": say(N_("Photos of the present state")),
        "photos": [
            {
                "jpeg": list(photo.jpeg),
                "text": photo.title or say(N_("Photo of the school")),
                "caption": ", ".join(
                    part
                    for part in (photo.title, format_date(photo.taken_on, package.language) if photo.taken_on else "")
                    if part
                ),
            }
            for photo in package.photos
        ],
        "photos_none": say(N_("There are no public photos of this school.")),
    }


FAILED_HEADINGS = (N_("Code"), N_("Requirement"), N_("Critical requirement"), N_("Met after the works"))
CALENDAR_HEADINGS = (N_("When"), N_("What"), N_("Remark"), N_("Source"))
MISSING_NOTE = N_(
    "The system does not have these and invents none. The list is a proposal: compare it with the form of the "
    "competition."
)
FAMILIES = N_("The own share comes from the local budget. Money of parents and of boards of trustees is not collected.")


def _facts(package: GrantPackage) -> list[tuple[str, str]]:
    say, row = package.say, package.row
    unknown = grant.som(package, None)
    place = f"{row.lat:.5f}, {row.lon:.5f}" if row.lat is not None and row.lon is not None else unknown
    return [
        (say(N_("Applicant")), package.applicant or unknown),
        (say(N_("School code")), row.code),
        (say(N_("Place (latitude, longitude)")), place),
        (say(N_("Year of the works")), str(package.year)),
    ]


def _money_note(package: GrantPackage) -> str:
    say = package.say
    if package.money.cost_som is None:
        return say(N_("A quantity or a unit cost is unknown, so that the cost is unknown too: it is not 0."))
    return say(N_("The own share is rounded up once; the two parts add up to the cost."))


def write_xlsx(package: GrantPackage) -> bytes:
    """Return the workbook: application, requirements, budget year, what is missing, sources."""
    import xlsxwriter

    say, stream = package.say, io.BytesIO()
    yes, no = say(N_("yes")), say(N_("no"))
    application: list[list[Cell]] = [[stamp, None, None] for stamp in package.stamps]
    application += [[label, value, None] for label, value in _facts(package)]
    application += [[say(N_("Problem")), sentence, None] for sentence in grant.problem(package)]
    application += [[say(N_("Proposed measures")), measure, None] for measure in package.measures]
    application += [[label, amount, note] for label, amount, note in grant.money_rows(package)]
    application += [[label, number, None] for label, number in grant.beneficiaries(package)]
    application += [[say(FAMILIES), None, None]]
    sheets: list[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]] = [
        (say(N_("Application")), (say(N_("Field")), say(N_("Value")), say(N_("Remark"))), application),
        (
            say(N_("Requirements")),
            [say(text) for text in FAILED_HEADINGS],
            [[code, text, yes if bad else no, yes if met else no] for code, text, bad, met in grant.failed(package)],
        ),
        (
            say(N_("Budget year")),
            [say(text) for text in CALENDAR_HEADINGS],
            [list(row) for row in grant.calendar_rows(package)],
        ),
        (say(N_("Missing")), (say(MISSING_NOTE),), [[one] for one in grant.missing(package)]),
        (
            say(N_("Sources")),
            (say(N_("What")), say(N_("Value"))),
            [
                *([label, value] for label, value in grant.origin(package)),
                *([say(N_("Examples of own shares")), one] for one in grant.example_words(package)),
                *([say(N_("Source")), one] for one in package.sources),
            ],
        ),
    ]
    with xlsxwriter.Workbook(stream, PLAIN) as book:
        book.set_properties({"title": package.title, "author": "Koopsuz Mektep"})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0", "valign": "top", "align": "left"})
        for name, headings, rows in sheets:
            _sheet(book.add_worksheet(name[:31]), headings, rows, (heading, wrap, money))
    return stream.getvalue()


def _sheet(sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[Cell]], forms: tuple[Any, Any, Any]) -> None:
    heading, wrap, money = forms
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 3, 40)
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(headings):
        sheet.write_string(0, column, text, heading)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, safe_text(cell)[:32_000], wrap)
            elif cell is not None:
                sheet.write_number(number, column, cell, money)
