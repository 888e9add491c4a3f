"""The problems of an import as a table: CSV and XLSX that open in a spreadsheet without running anything."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from app.i18n.marks import N_
from geodata.validation.problems import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geodata.records.table import RowProblem

HEADINGS = ("row", "column", "value", "code", "message")
DANGEROUS = "=+-@\t\r"
SHEET = N_("Problems")


def problem_rows(problems: Iterable[RowProblem], translate: Callable[..., str]) -> Iterator[list[str]]:
    """Yield the heading, then row, column, value, code and message (what and remedy) of each problem.

    Text from the user's file that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    yield list(HEADINGS)
    for problem in problems:
        what, remedy = describe(problem, translate)
        row = "" if problem.row is None else str(problem.row)
        yield [row, safe_text(problem.column), safe_text(problem.value), problem.code, safe_text(f"{what} {remedy}")]


def problems_csv(problems: Iterable[RowProblem], translate: Callable[..., str]) -> Iterator[bytes]:
    """Yield a CSV in blocks: UTF-8 with BOM, RFC 4180."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in problem_rows(problems, translate):
        writer.writerow(row)
        if buffer.tell() > 64_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def problems_xlsx(problems: Iterable[RowProblem], translate: Callable[..., str]) -> bytes:
    """Return a workbook with one sheet; every cell is text."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(translate(SHEET)[:31])
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate((8, 22, 30, 24, 90)):
            sheet.set_column(column, column, width, wrap)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(problem_rows(problems, translate)):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value[:32_000], bold if number == 0 else wrap)
    return stream.getvalue()


def safe_text(text: str | None) -> str:
    """Return ``text`` so that no spreadsheet runs it as a formula; None is empty."""
    if not text:
        return ""
    return f"'{text}" if text.lstrip(" \u00a0")[:1] in DANGEROUS else text
