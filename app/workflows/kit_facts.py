"""The facts of a kit by their keys, and what tells whether a later kit's facts are reality or knowledge."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.workflows.kit_format import Kit

DATA, REALITY, UNDIVIDED = CAUSES = ("data", "reality", "undivided")
SCHOOLS, BUILDINGS, AREAS = "inputs/schools.csv", "inputs/buildings.csv", "inputs/areas.csv"
CRITERIA = "inputs/criteria.csv"

Row = dict[str, str]
Key = tuple[str, str]
"""A school and the code of its building; "" stands for a school without buildings."""


@dataclass(slots=True)
class Evidence:
    """What tells reality from knowledge: the day of the former list's data, and the days of later evidence.

    A school or building without a day has none; its changes are knowledge.
    """

    former_day: date
    of_school: Mapping[str, date]
    of_building: Mapping[Key, date]

    def is_later(self, day: date | None) -> bool:
        """Return whether evidence is from after the former list's data."""
        return day is not None and day > self.former_day


@dataclass(slots=True)
class Facts:
    """One kit, read: rows by key, in the order of the kit."""

    kit: Kit
    schools: dict[str, Row]
    buildings: dict[Key, Row]
    areas: dict[str, list[Row]]
    places: list[Key]
    """School and code of each row of layers and answers; a school without buildings has one place without a code."""


def facts_of(kit: Kit) -> Facts:
    """Read the tables of a kit."""
    schools = {row["code"]: row for row in rows_in(kit, SCHOOLS)}
    buildings = {(row["school"], row["code"]): row for row in rows_in(kit, BUILDINGS)}
    areas: dict[str, list[Row]] = {}
    for row in rows_in(kit, AREAS):
        areas.setdefault(row["school"], []).append(row)
    return Facts(kit, schools, buildings, areas, places_of(list(schools), buildings))


def places_of(schools: list[str], buildings: Mapping[Key, Any]) -> list[Key]:
    """Return the rows of layers and answers in their order: buildings by school, one stand-in where there is none."""
    own: dict[str, list[Key]] = {}
    for key in buildings:
        own.setdefault(key[0], []).append(key)
    return [key for code in schools for key in own.get(code, [(code, "")])]


def rows_in(kit: Kit, name: str) -> list[Row]:
    """Return the rows of one table of a kit."""
    return list(csv.DictReader(io.StringIO(kit.files[name].decode("utf-8"))))


def table_text(rows: Sequence[Row], others: Mapping[Any, Row]) -> bytes:
    """Return a table as a kit holds it; ``others``: rows whose columns it has where there are no rows."""
    columns = list(rows[0]) if rows else list(next(iter(others.values()), {"school": ""}))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def rows_of(wanted: Sequence[Any], held: Sequence[Any]) -> NDArray[np.int64]:
    """Return the row of each wanted key among those held; -1 where it is absent."""
    number = {key: row for row, key in enumerate(held)}
    return np.array([number.get(key, -1) for key in wanted], dtype=np.int64)
