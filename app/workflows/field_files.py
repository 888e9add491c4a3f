"""Read a file of filled-in forms that somebody sends: JSON of an API, or the XLSX, CSV or zipped CSV of an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exports.field.workbook import label_names
from geodata.queries import field_lists, standard
from geodata.readers.limits import refuse
from geodata.readers.odk_archive import from_central, is_odk_archive, unpacked_tables
from geodata.readers.sandbox import read_in_sandbox
from geodata.readers.submissions import join_tables, read_json, read_submission
from geodata.records.field import BLOCK, FormContents
from geodata.records.submission import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.database import Session
    from geodata.records.table import RawTable

JSON_STARTS = (b"{", b"[", b"<")
ROW = "row of the file"
"""Key under which a row of a table keeps its number."""
OTHER_SHEETS = "sheets_other"
"""What a table of one sheet warns of; here the other sheets are the buildings."""
REPEAT_COLUMNS = {"_parent_index", "PARENT_KEY"}


def form_labels(session: Session) -> dict[str, str]:
    """Return {label: name} of the questions of all editions, in all languages; exports may carry labels for names."""
    found: dict[str, str] = {}
    for edition in standard.list_editions(session):
        criteria = field_lists.form_criteria(session, edition.id)
        titles = (edition.title_ky, edition.title_ru, edition.title_en)
        domains = field_lists.form_domains(session, edition.id)
        contents = FormContents(edition.code, "", titles, domains, criteria, is_prefilled=True)
        found = label_names(contents) | found
    return found


def read_delivery(path: Path, labels: dict[str, str]) -> Delivery:
    """Return the forms of a kept file; call it outside of a transaction, it may take long.

    Raises:
        FileRefusedError: The file is no JSON of forms and no table, or breaks a limit.
    """
    with path.open("rb") as stream:
        start = stream.read(400).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in JSON_STARTS or not start:
        return read_json(path.read_bytes())
    if is_odk_archive(path):
        return _read_archive(path, labels)
    main = read_in_sandbox(path)
    repeats: list[dict[str, str]] = []
    for sheet in main.sheets:
        if sheet != main.sheet:
            repeats += _repeat(read_in_sandbox(path, sheet=sheet))
    return _delivery(main, repeats, labels)


def _read_archive(path: Path, labels: dict[str, str]) -> Delivery:
    """Return the forms of ODK Central's zipped CSV: the table without parents, and the repeats that belong to it."""
    with unpacked_tables(path) as tables:
        read = [read_in_sandbox(one) for one in tables]
    mains = [one for one in read if not REPEAT_COLUMNS & set(one.columns)]
    if not mains or "KEY" not in mains[0].columns:
        refuse("archive_without_forms")
    repeats = [row for one in read if one not in mains for row in _repeat(one)]
    return _delivery(mains[0], repeats, labels)


def _delivery(main: RawTable, repeats: list[dict[str, str]], labels: dict[str, str]) -> Delivery:
    rows = join_tables(_rows(main), repeats)
    found = []
    for row in rows:
        number = int(row.pop(ROW))
        block = [from_central(one) for one in row.pop(BLOCK)]
        found.append(read_submission({**from_central(row), BLOCK: block}, number, labels))
    return Delivery(found, [one for one in main.problems if one.severity != "note" and one.code != OTHER_SHEETS])


def _repeat(table: RawTable) -> list[dict[str, str]]:
    return _rows(table) if REPEAT_COLUMNS & set(table.columns) else []


def _rows(table: RawTable) -> list[dict[str, str]]:
    """Return the rows as {heading: cell} without empty cells, each with its number in the file."""
    return [
        {column: cell for column, cell in zip(table.columns, row.cells, strict=False) if cell} | {ROW: str(row.number)}
        for row in table.rows
    ]
