"""Take costs by engineers from a table, CSV or a workbook: every row is right or none is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.workflows.record_works import (
    SentFigure,
    WorksError,
    WorksIncompleteError,
    measure_of,
    place_of,
    record_figure,
    wrong_fields,
)
from geodata.queries import past, works
from geodata.readers.sandbox import read_in_sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.database import Session
    from geodata.records.table import RawTable

COLUMNS = ("school", "building", "measures", "cost", "document", "documented_on", "priced_on", "stage")
"""Headings of the file; ``building`` may be left out."""
NEEDED = frozenset(COLUMNS) - {"building"}
MOST_ROWS, LARGEST_FILE = 5_000, 5 * 1024 * 1024
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True, slots=True)
class FigureFault:
    """What is wrong in a row of a file, by its number there; ``field`` names a column or what is wrong with it."""

    row: int
    school: str
    field: str
    value: str


class RefusedFiguresError(WorksError):
    """A file with faulty rows; nothing of it was taken."""

    def __init__(self, faults: list[FigureFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def record_figures(session: Session, path: Path) -> int:
    """Record every row of a file and return how many there were; the caller commits.

    A row takes the place of the cost that is in force for its measure and place.

    Raises:
        FileRefusedError: The file cannot be read; see ``geodata.readers.sandbox``.
        WorksIncompleteError: Columns are missing (``fields`` names them), or there are too many rows or none ("rows").
        RefusedFiguresError: Rows are wrong: unknown school or measure, a cost that is not above zero, a place outside
            of the account's territory, the same measure twice.
    """
    table = read_in_sandbox(path)
    heads = [name.strip().lower() for name in table.columns]
    missing = sorted(NEEDED - set(heads))
    if missing:
        raise WorksIncompleteError(tuple(missing))
    if not 0 < len(table.rows) <= MOST_ROWS:
        raise WorksIncompleteError(("rows",))
    rows = _rows(table, heads)
    places = works.places_of(session, sorted({school for _, school, _ in rows}))
    faults = _faults(session, rows, places)
    if faults:
        raise RefusedFiguresError(faults)
    for _, school, sent in rows:
        place = places[school]
        building = place.buildings[sent.building] if sent.building else None
        stands = place_of(works.figures_at(session, place.school_id), sent.measures, building)
        record_figure(session, place.school_id, sent, place.buildings, stands.id if stands else None)
    return len(rows)


def _rows(table: RawTable, heads: list[str]) -> list[tuple[int, str, SentFigure]]:
    found = []
    for row in table.rows:
        cells = {name: (row.cells[at] or "").strip() for at, name in enumerate(heads) if at < len(row.cells)}
        school = cells.pop("school", "")
        for name in ("documented_on", "priced_on"):
            cells[name] = DAY.sub(lambda day: f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}", cells.get(name, ""))
        cells["measures"] = measure_of(cells.get("measures", ""))
        sent = SentFigure(**{name: cells.get(name, "") for name in SentFigure.__dataclass_fields__})
        found.append((row.number, school, sent))
    return found


def _faults(
    session: Session, rows: list[tuple[int, str, SentFigure]], places: dict[str, works.WorksPlace]
) -> list[FigureFault]:
    today = past.today_in_country(session)
    seen: set[tuple[str, str, str]] = set()
    faults = []
    for number, school, sent in rows:
        place = places.get(school)
        if place is None:
            faults.append(FigureFault(number, school, "school", school))
            continue
        if not place.may_estimate:
            faults.append(FigureFault(number, school, "territory", school))
        for name in wrong_fields(sent, place.buildings, today):
            value = getattr(sent, "cost" if name == "cost_zero" else name)
            faults.append(FigureFault(number, school, name, value))
        key = (school, sent.building, sent.measures)
        if key in seen:
            faults.append(FigureFault(number, school, "repeated", sent.measures))
        seen.add(key)
    return faults
