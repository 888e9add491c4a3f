"""PDF: the list for a meeting, PDF/UA-1, with the origin of every number on the last page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.exports.columns import KEYS, LIST_SEPARATOR
from app.exports.document import ListDocument
from app.exports.exporter import Exporter
from app.exports.formula import HEADINGS
from app.exports.typeset import typeset
from app.exports.words import CONFIDENCE
from app.i18n.formats import format_number, format_percent
from app.i18n.marks import N_

MOST_ROWS = 3_000
AT = {key: position for position, key in enumerate(KEYS)}


def write(document: ListDocument, path: Path) -> None:
    """Typeset the list on landscape pages."""
    path.write_bytes(typeset("pdf_list.typ", list_data(document)))


def list_data(document: ListDocument) -> dict[str, Any]:
    """Return what the template is given: words and rows as text in the language of the file."""
    say = document.translate
    headings = (
        N_("Rank"),
        N_("School"),
        N_("Place"),
        N_("Grade"),
        N_("Priority"),
        N_("Conformity index"),
        N_("Assessed"),
        N_("Pupils"),
        N_("Confidence"),
        N_("Critical requirements broken"),
    )
    return {
        "lang": document.language,
        "title": document.title,
        "mark": document.synthetic_mark if document.is_synthetic else "",
        "run": say(N_("Run %(hash)s"), hash=document.run_hash[:16]),
        "page": say(N_("Page")),
        "headings": [say(heading) for heading in headings],
        "rows": [_cells(document, row) for row in document.records()],
        **_formula_data(document),
        **origin_data(document),
    }


def origin_data(document: ListDocument) -> dict[str, Any]:
    """Return what stands after the rows: what the file is, what its columns mean, and where the data come from."""
    say = document.translate
    return {
        "about_title": say(N_("About this list")),
        "about": [[label, value] for _key, label, value in document.about()],
        "columns_title": say(N_("Columns")),
        "columns": [[say(column.label), say(column.description)] for column in document.columns if column.in_brief],
        "sources_title": say(N_("Sources and licences")),
        "sources": [f"{what}: {publisher} ({licence})" for what, publisher, licence in document.source_words()],
    }


def _formula_data(document: ListDocument) -> dict[str, Any]:
    """Return the formula's block; without one the template leaves the block out."""
    say, formula = document.translate, document.formula
    if formula is None:
        return {"formula_title": "", "formula": [], "formula_headings": [], "formula_rows": []}
    return {
        "formula_title": say(N_("Formula and weights")),
        "formula": formula.sentences(say, document.language),
        "formula_headings": [say(heading) for heading in HEADINGS],
        "formula_rows": [list(row) for row in formula.rows(say)],
    }


def _cells(document: ListDocument, row: list[str]) -> list[str]:
    language = document.language
    names = (row[AT[f"name_{code}"]] for code in dict.fromkeys((language, "ky", "ru", "en")))
    name = next((name for name in names if name), "")
    place = ", ".join(dict.fromkeys(row[AT[key]] for key in ("rayon", "aimak") if row[AT[key]]))
    unknown = format_number(None, language)

    def number(key: str, decimals: int = 0) -> str:
        text = row[AT[key]]
        return format_number(float(text), language, decimals) if text else unknown

    completeness = row[AT["completeness"]]
    index, lower, upper = number("index_central"), number("index_lower"), number("index_upper")
    if lower != upper:
        index += f" ({lower}–{upper})"
    rank, first, last = number("national_rank"), number("rank_low"), number("rank_high")
    cells = (
        rank if first == last else f"{rank} ({first}–{last})",
        f"{name} ({row[AT['code']]})" if name else row[AT["code"]],
        place or unknown,
        row[AT["grade"]] or unknown,
        f"{number('priority_central', 1)} ({number('priority_lower')}–{number('priority_upper')})",
        index if completeness and float(completeness) > 0 else unknown,
        format_percent(100 * float(completeness), language) if completeness else unknown,
        number("pupils"),
        document.translate(CONFIDENCE[row[AT["confidence"]]]) if row[AT["confidence"]] in CONFIDENCE else unknown,
        row[AT["red_flags"]].replace(LIST_SEPARATOR, ", "),
    )
    return list(cells)


EXPORTER = Exporter("pdf", N_("List for printing (PDF)"), "application/pdf", write, MOST_ROWS, order=6)
