"""An edition of the standard as a file that the importer takes back unchanged: CSV and XLSX, one criterion a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.exports.problem_list import safe_text
from geodata.records.standard import FIELDS

SHEET = "standard"
WIDE = 40


def standard_rows(edition: str, criteria: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Yield the heading (names of fields), then one row a criterion; what is not stated is empty.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, which the importer takes away.
    """
    yield list(FIELDS)
    for criterion in criteria:
        yield [_cell(edition if name == "edition" else criterion.get(name)) for name in FIELDS]


def standard_csv(edition: str, criteria: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the CSV: UTF-8 with BOM, RFC 4180."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([safe_text(cell) for cell in row] for row in standard_rows(edition, criteria))
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def standard_xlsx(edition: str, criteria: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a workbook with one sheet; every cell is text, so that norms and codes stay as they are written."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for column, name in enumerate(FIELDS):
            sheet.set_column(column, column, WIDE if name[-3:] in ("_ky", "_ru", "_en") else 14, wrap)
        sheet.freeze_panes(1, 2)
        for number, row in enumerate(standard_rows(edition, criteria)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, bold if number == 0 else wrap)
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(value, ".12g")
    return str(value)
