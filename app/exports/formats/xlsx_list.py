"""XLSX: the list, filter and run, formula, columns in three languages, sources and licences.

XlsxWriter makes the workbook with an empty list; the rows are then streamed into its first sheet.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.exports import words
from app.exports.column import Column
from app.exports.document import ListDocument
from app.exports.exporter import Exporter
from app.exports.formula import HEADINGS, Formula
from app.exports.sheet_xml import column_letters, rows_xml
from app.i18n.catalogue import translator
from app.i18n.languages import LANGUAGES
from app.i18n.marks import N_

LIST_SHEET = "xl/worksheets/sheet1.xml"
EXCEL_EPOCH = date(1899, 12, 30)
MOST_ROWS = 1_048_575
WIDTHS = {
    "text": 16, "choice": 18, "integer": 10, "money": 16, "decimal": 11, "share": 11, "degrees": 11, "date": 12,
    "boolean": 10,
}  # fmt: skip
FORMATS = {
    "integer": "#,##0", "money": "#,##0", "decimal": "0.0", "share": "0%", "degrees": "0.00000", "date": "yyyy-mm-dd",
}  # fmt: skip
HEADING = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f3f1ea"}
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ROW_BLOCK = 200
NUMBERS = range(2, 5)
"""Columns of the sheet of the formula that hold numbers: weight and anchors."""
COLUMN = re.compile(r'<col min="(\d+)" max="(\d+)"([^>]*)/>')
STYLE = re.compile(r'style="(\d+)"')


def write(document: ListDocument, path: Path) -> None:
    """Write the workbook; the list's heading is in the language of the file, its text cells are text."""
    buffer = io.BytesIO()
    _write_workbook(document, buffer)
    with (
        zipfile.ZipFile(buffer) as made,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target,
    ):
        for part in made.infolist():
            if part.filename == LIST_SHEET:
                _stream_sheet(document, made.read(part).decode(), target)
            else:
                target.writestr(part.filename, made.read(part))


def _stream_sheet(document: ListDocument, sheet: str, target: zipfile.ZipFile) -> None:
    styles = column_styles(sheet)
    head, _, tail = sheet.partition("</sheetData>")
    last = f"{column_letters(len(document.columns) - 1)}{document.count + 1}"
    head = head.replace('<dimension ref="A1"/>', f'<dimension ref="A1:{last}"/>')
    entry = zipfile.ZipInfo(LIST_SHEET, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with target.open(entry, "w", force_zip64=True) as file:
        file.write(head.encode())
        block: list[str] = []
        for row in rows_xml(document.columns, styles, _choices(document), _records(document), 2):
            block.append(row)
            if len(block) == ROW_BLOCK:
                file.write("".join(block).encode())
                block.clear()
        file.write("".join(block).encode())
        file.write(b"</sheetData>" + tail.encode())


def _choices(document: ListDocument) -> list[dict[str, str] | None]:
    say = document.translate
    unknown = say(words.UNKNOWN)
    return [
        None if column.choices is None else {"": unknown} | {code: say(word) for code, word in column.choices.items()}
        for column in document.columns
    ]


def _records(document: ListDocument) -> Iterator[list[str]]:
    dates = [position for position, column in enumerate(document.columns) if column.kind == "date"]
    for record in document.records():
        for position in dates:
            if record[position]:
                record[position] = str((date.fromisoformat(record[position]) - EXCEL_EPOCH).days)
        yield record


def column_styles(sheet: str) -> list[int]:
    """Return the number of each column's cell format, as the writer put it into ``<cols>``."""
    found: list[int] = []
    for first, last, rest in COLUMN.findall(sheet):
        style = STYLE.search(rest)
        found += [int(style.group(1)) if style else 0] * (int(last) - int(first) + 1)
    return found


def _write_workbook(document: ListDocument, buffer: io.BytesIO) -> None:
    """Write everything but the rows."""
    import xlsxwriter

    say = document.translate
    with xlsxwriter.Workbook(
        buffer, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f3f1ea"}
        )
        text = book.add_format({"num_format": "@"})
        of_kind = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        small = book.add_format({"num_format": "0.0E+00"})
        formats = [_format_of(column, text, of_kind, small) for column in document.columns]
        book.set_properties(
            {"title": f"{document.area_name}: {document.run_hash[:12]}", "author": "Koopsuz Mektep"}
            | ({"comments": document.synthetic_mark} if document.is_synthetic else {})
        )
        _list_sheet(document, book.add_worksheet(say(N_("List"))), heading, formats)
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _about_sheet(document, book.add_worksheet(say(N_("Filter and run"))), heading, wrap)
        if document.formula:
            _formula_sheet(
                document, document.formula, book.add_worksheet(say(N_("Formula and weights"))), heading, wrap
            )
        _columns_sheet(document, book.add_worksheet(say(N_("Columns"))), heading, wrap)
        _sources_sheet(document, book.add_worksheet(say(N_("Sources and licences"))), heading, wrap)


def _format_of(column: Column, text: Any, of_kind: dict[str, Any], small: Any) -> Any:
    if column.key in ("c1_value", "c2_value", "c3_value"):
        return small
    return of_kind.get(column.kind, text)


def _list_sheet(document: ListDocument, sheet: Any, heading: Any, formats: list[Any]) -> None:
    say = document.translate
    sheet.set_row(0, 62)
    for position, (column, form) in enumerate(zip(document.columns, formats, strict=True)):
        width = 34 if column.key.startswith("name_") else WIDTHS[column.kind]
        sheet.set_column(position, position, width, form)
        sheet.write_string(0, position, say(column.label), heading)
    code = [column.key for column in document.columns].index("code")
    sheet.freeze_panes(1, code + 1)
    sheet.autofilter(0, 0, document.count, len(document.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)


def _about_sheet(document: ListDocument, sheet: Any, heading: Any, wrap: Any) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    for row, (_key, label, value) in enumerate(document.about()):
        sheet.write_string(row, 0, label, heading)
        sheet.write_string(row, 1, value, wrap)


def _formula_sheet(document: ListDocument, formula: Formula, sheet: Any, heading: Any, wrap: Any) -> None:
    say = document.translate
    for column, width in enumerate((34, 60, 10, 12, 12, 18, 60)):
        sheet.set_column(column, column, width)
    for column, title in enumerate(HEADINGS):
        sheet.write_string(0, column, say(title), heading)
    rows = formula.rows(say)
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if NUMBERS.start <= column < NUMBERS.stop:
                sheet.write_number(row, column, float(cell), wrap)
            else:
                sheet.write_string(row, column, cell, wrap)
    for row, sentence in enumerate(formula.sentences(say, document.language), len(rows) + 2):
        sheet.write_string(row, 0, sentence)


def _columns_sheet(document: ListDocument, sheet: Any, heading: Any, wrap: Any) -> None:
    say = document.translate
    titles = (N_("Name"), N_("Unit"), N_("Meaning"))
    says = [(language.code, translator(language.code)) for language in LANGUAGES]
    sheet.write_string(0, 0, say(N_("Key")), heading)
    sheet.set_column(0, 0, 18)
    for place, (code, own) in enumerate(says):
        for offset, title in enumerate(titles):
            sheet.write_string(0, 1 + 3 * place + offset, f"{own(title)} ({code})", heading)
        sheet.set_column(1 + 3 * place, 2 + 3 * place, 26)
        sheet.set_column(3 + 3 * place, 3 + 3 * place, 60)
    for row, column in enumerate(document.columns, 1):
        sheet.write_string(row, 0, column.key)
        for place, (_code, own) in enumerate(says):
            for offset, msgid in enumerate((column.label, column.unit, column.description)):
                sheet.write_string(row, 1 + 3 * place + offset, own(msgid), wrap)
    sheet.freeze_panes(1, 1)


def _sources_sheet(document: ListDocument, sheet: Any, heading: Any, wrap: Any) -> None:
    say = document.translate
    for position, title in enumerate((N_("Source"), N_("Publisher"), N_("Licence"))):
        sheet.write_string(0, position, say(title), heading)
        sheet.set_column(position, position, 44)
    for row, cells in enumerate(document.source_words(), 1):
        for position, cell in enumerate(cells):
            sheet.write_string(row, position, cell, wrap)


EXPORTER = Exporter(
    "xlsx",
    N_("Table for Excel (XLSX)"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write,
    most_rows=MOST_ROWS,
    order=1,
)
