"""The pages of the parameter tables: which there are, and the rows of one with marks, languages and who answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.risk.parameter_checks import number_of
from app.web.parameters.columns import COLUMNS
from app.web.parameters.words import MARKS, TABLES, About, licence_of, mark_of
from geodata.queries import parameter_decisions
from geodata.readers.parameter_tables import in_use_instead, read_parameter_tables, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.queries.parameter_decisions import Decision

MOST_ROWS = 200
"""Rows that a page shows; the file has all."""
STATUS = ("status", "mapping_status")
LANGUAGES = ("ky", "ru", "en")


@dataclass(frozen=True, slots=True)
class Listed:
    """One table in the list. ``marks``: rows by mark of their status; ``decision`` put it in use, None = shipped."""

    name: str
    about: About
    rows: int
    marks: list[tuple[str, int]]
    licence: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the file has it; ``language`` of its words, None for a number; ``mark`` of a status."""

    text: str
    language: str | None
    mark: str | None = None


def tables_page(session: Session) -> dict[str, Any]:
    """Return the list of tables as this process uses them."""
    decisions = parameter_decisions.list_decisions(session)
    return {
        "tables": [_listed(name, decisions) for name in names()],
        "marks": MARKS,
        "decisions": [one for one in decisions if one.file_name.removesuffix(".csv") in TABLES],
    }


def names() -> list[str]:
    """Return the names of the tables in the order of the page; one without words stands at the end."""
    there = [name.removesuffix(".csv") for name in read_parameter_tables().files]
    return [name for name in TABLES if name in there] + [name for name in there if name not in TABLES]


def table_page(session: Session, name: str) -> dict[str, Any]:
    """Return one table: at most ``MOST_ROWS`` of its rows, and the decisions on it."""
    decisions = parameter_decisions.list_decisions(session, f"{name}.csv")
    rows = rows_of(read_parameter_tables().files[f"{name}.csv"])
    columns = list(rows[0]) if rows else []
    return {
        "table": _listed(name, decisions),
        "sha256": read_parameter_tables().sha256[f"{name}.csv"],
        "columns": [(column, COLUMNS.get(column, column)) for column in columns],
        "rows": [[_cell(column, row[column]) for column in columns] for row in rows[:MOST_ROWS]],
        "marks": MARKS,
        "decisions": decisions,
    }


def _cell(column: str, text: str) -> Cell:
    if not text or number_of(text) is not None:
        return Cell(text, None)
    named = column.rpartition("_")[2]
    language = named if named in LANGUAGES else "en"
    return Cell(text, language, mark_of(text) if column in STATUS else None)


def _listed(name: str, decisions: Sequence[Decision]) -> Listed:
    rows = rows_of(read_parameter_tables().files[f"{name}.csv"])
    column = next((one for one in STATUS if rows and one in rows[0]), None)
    counts = Counter(mark_of(row[column]) for row in rows) if column else Counter()
    used = in_use_instead().get(f"{name}.csv")
    decision = next((one for one in decisions if one.sha256 == used and one.file_name == f"{name}.csv"), None)
    licence = (decision.licence if decision else None) or licence_of(name)
    marks = [(mark, counts[mark]) for mark in MARKS if counts[mark]]
    return Listed(name, TABLES.get(name, About(name)), len(rows), marks, licence, decision)
