"""A short table as a file: CSV and XLSX that open in a spreadsheet without running anything."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.exports.csvw import EXTENSION, MIMETYPE, TableAbout, table_metadata
from app.exports.problem_list import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TYPES = {
    "csv": "text/csv; charset=utf-8",
    EXTENSION: MIMETYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_CELL = 32_000
WIDTH = 22

Cell = str | int | float | None
"""None is unknown: an empty cell."""


def table_file(
    extension: str,
    keys: Sequence[str],
    labels: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    sheet: str,
    about: TableAbout | None = None,
) -> bytes:
    """Return the table: the CSV (UTF-8 with BOM, RFC 4180) under its keys, the workbook under its labels.

    With ``csv-metadata.json`` it is the companion of the CSV, for which ``about`` is needed.
    """
    if extension == EXTENSION and about is not None:
        return table_metadata(about, sheet, keys, labels, rows)
    if extension == "csv":
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow(keys)
        writer.writerows([safe_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
        return b"\xef\xbb\xbf" + buffer.getvalue().encode()
    return _workbook(labels, rows, sheet)


def _workbook(labels: Sequence[str], rows: Iterable[Sequence[Cell]], sheet: str) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold = book.add_format({"bold": True})
        page.set_column(0, len(labels) - 1, WIDTH)
        page.freeze_panes(1, 0)
        for column, label in enumerate(labels):
            page.write_string(0, column, label, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, column, safe_text(cell)[:LONGEST_CELL])
                elif cell is not None:
                    page.write_number(number, column, cell)
    return stream.getvalue()
