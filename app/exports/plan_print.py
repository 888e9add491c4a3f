"""The plan for a meeting: PDF/UA-1 with its sums, its stamps on every page, and the origin of every number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from app.exports.exporter import Exporter, UnknownFormatError, load_exporters
from app.exports.formats.pdf_list import origin_data
from app.exports.plan_columns import PLAN_COLUMNS
from app.exports.plan_document import PlanDocument
from app.exports.typeset import typeset
from app.i18n.formats import format_number
from app.i18n.marks import N_

if TYPE_CHECKING:
    from app.exports.document import ListDocument

MOST_ROWS = 3_000
AT = {column.key: position for position, column in enumerate(PLAN_COLUMNS)}
OFFERED = ("xlsx", "csv", "gpkg", "geojson", "pdf", "parquet")


def write(document: ListDocument, path: Path) -> None:
    """Typeset the plan on landscape pages."""
    path.write_bytes(typeset("plan_list.typ", plan_data(cast("PlanDocument", document))))


def plan_data(document: PlanDocument) -> dict[str, Any]:
    """Return what the template is given: words and rows as text in the language of the file."""
    say = document.translate
    marks = [document.synthetic_mark] if document.is_synthetic else []
    headings = (
        N_("Rank"), N_("School"), N_("Place"), N_("Grade"), N_("Pupils"), N_("Year"), N_("Measures"), N_("Cost, som"),
    )  # fmt: skip
    return {
        "lang": document.language,
        "title": document.title,
        "marks": [*marks, *document.stamps],
        "run": say(N_("Plan %(plan)s of run %(run)s"), plan=document.plan_hash[:16], run=document.run_hash[:16]),
        "page": say(N_("Page")),
        "headings": [say(heading) for heading in headings],
        "rows": [_cells(document, row) for row in document.records()],
        "total": [say(N_("Together")), format_number(document.cost_som, document.language)],
        **origin_data(document),
    }


def _cells(document: PlanDocument, row: list[str]) -> list[str]:
    language = document.language
    names = (row[AT[f"name_{code}"]] for code in dict.fromkeys((language, "ky", "ru", "en")))
    name, code = next((name for name in names if name), ""), row[AT["code"]]
    place = ", ".join(dict.fromkeys(row[AT[key]] for key in ("rayon", "aimak") if row[AT[key]]))
    unknown = format_number(None, language)

    def number(key: str) -> str:
        return format_number(int(row[AT[key]]), language) if row[AT[key]] else unknown

    return [
        number("national_rank"),
        f"{name} ({code})" if name else code,
        place or unknown,
        row[AT["grade"]] or unknown,
        number("pupils"),
        row[AT["year"]] or "",
        row[AT["measures"]],
        number("cost_som"),
    ]


PLAN_PDF = Exporter("pdf", N_("Plan for printing (PDF)"), "application/pdf", write, MOST_ROWS, order=6)


def plan_exporters() -> dict[str, Exporter]:
    """Return the formats of a plan by key, in the order in which they are offered."""
    every = {**load_exporters(), PLAN_PDF.key: PLAN_PDF}
    return {key: every[key] for key in OFFERED}


def find_plan_exporter(key: str) -> Exporter:
    """Return the exporter of ``key`` for a plan; raises UnknownFormatError."""
    try:
        return plan_exporters()[key]
    except KeyError:
        raise UnknownFormatError(key) from None
