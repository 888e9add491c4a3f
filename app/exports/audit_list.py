"""The audit as a table, one row a changed field or event: CSV and XLSX that run nothing when they are opened."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from app.exports.audit_words import ACTIONS, EVENTS, TABLES, field_label, value_text
from app.exports.exporter import ListTooLongError
from app.exports.problem_list import safe_text
from app.i18n.marks import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from app.exports.audit_words import Say
    from geodata.records.audit import AuditEntry, RecordChange

COLUMNS = (
    ("link", N_("No.")),
    ("time", N_("Time")),
    ("account", N_("Who")),
    ("request", N_("Request")),
    ("reason", N_("Why")),
    ("event", N_("Event")),
    ("table", N_("What")),
    ("record", N_("Record")),
    ("action", N_("Action")),
    ("field", N_("Field")),
    ("old", N_("Former value")),
    ("new", N_("New value")),
    ("sha256", "SHA-256"),
)
"""Keys of the CSV and headings of the workbook (msgids)."""

SYSTEM = N_("the system")
MOST_ROWS = 1_048_575
LONGEST_CELL = 32_000
SHEET = N_("Audit")
WIDTHS = (8, 24, 18, 18, 24, 24, 20, 30, 12, 24, 30, 30, 20)

Names = dict[tuple[str, int], str]


def entry_rows(entry: AuditEntry, say: Say) -> Iterator[list[str]]:
    """Yield the rows of a link's events; one row without an event when there is none and no change to show."""
    for event in entry.events:
        subject = f"{say(EVENTS.get(event.tag, event.tag))} {event.subject or ''}".strip()
        yield [*_head(entry, say), subject, "", "", "", "", "", "", entry.sha256]
    if not entry.events and not entry.records:
        yield [*_head(entry, say), "", "", "", "", "", "", "", entry.sha256]


def change_rows(entry: AuditEntry, changes: Iterable[RecordChange], names: Names, say: Say) -> Iterator[list[str]]:
    """Yield one row for each field that ``changes`` of ``entry`` touched."""
    head = _head(entry, say)
    for change in changes:
        record = names.get((change.table, change.record_id), f"#{change.record_id}")
        what = [say(TABLES.get(change.table, change.table)), record, say(ACTIONS[change.action])]
        for name in dict.fromkeys((*change.new, *change.old)):
            old, new = (_side(side, name, say) for side in (change.old, change.new))
            yield [*head, "", *what, field_label(change.table, name, say), old, new, entry.sha256]


def _head(entry: AuditEntry, say: Say) -> list[str]:
    who = entry.account_name or (say(SYSTEM) if entry.account_id is None else f"#{entry.account_id}")
    return [
        str(entry.position),
        entry.at.isoformat(timespec="seconds"),
        who,
        entry.request_id or "",
        entry.reason or "",
    ]


def _side(side: Mapping[str, object], name: str, say: Say) -> str:
    return value_text(name, side[name], say) if name in side else ""


def write_csv(rows: Iterable[list[str]], path: Path) -> None:
    """Write UTF-8 with BOM, RFC 4180, the keys as heading."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([key for key, _label in COLUMNS])
        writer.writerows([safe_text(cell) for cell in row] for row in rows)


def write_xlsx(rows: Iterable[list[str]], path: Path, say: Say) -> None:
    """Write a workbook of one sheet; every cell is text. Raises ``ListTooLongError``."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(say(SHEET)[:31])
        bold = book.add_format({"bold": True})
        for column, (width, (_key, label)) in enumerate(zip(WIDTHS, COLUMNS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, say(label), bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise ListTooLongError("xlsx", MOST_ROWS)
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, safe_text(cell)[:LONGEST_CELL])
