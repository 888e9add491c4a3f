"""What works cost in a ranking, as one table: unit costs, costs by engineers, and decided works.

A run names the hash of this table and its kit holds it, so that the offers can be evaluated again elsewhere.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.workflows.cost_bundles import Figures

if TYPE_CHECKING:
    from app.funding.catalogue import Catalogue

FloatArray = NDArray[np.float64]
HEADING = ("kind", "school", "building", "measures", "low_som", "som", "high_som")
UNIT, LOCAL, FIGURE, CHOICE = "unit", "local", "figure", "choice"


@dataclass(frozen=True, slots=True, eq=False)
class WorksCosts:
    """``catalogue`` with the unit costs in force; the others as ``evaluate_bundles.Portfolio`` has them."""

    catalogue: Catalogue
    local: Mapping[str, FloatArray]
    figures: Figures
    choice: NDArray[np.str_]


def write_costs(costs: WorksCosts, schools: Sequence[str], buildings: Sequence[tuple[str, str]]) -> bytes:
    """Return the table: UTF-8, RFC 4180, ``HEADING`` first; an unknown cost is an empty cell.

    Args:
        schools: Codes in the order of the rows. ``buildings``: codes of school and building, "" for a stand-in.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(HEADING)
    for code, one in sorted(costs.catalogue.interventions.items()):
        writer.writerow((UNIT, "", "", code, *map(_cell, (one.low_som, one.unit_som, one.high_som))))
    for code, som in sorted(costs.local.items()):
        writer.writerows((LOCAL, *row) for row in _rows(code, [(school, "") for school in schools], som))
    for code, stated in sorted(costs.figures.school.items()):
        writer.writerows((FIGURE, *row) for row in _figures(code, [(school, "") for school in schools], stated))
    for code, stated in sorted(costs.figures.building.items()):
        writer.writerows((FIGURE, *row) for row in _figures(code, buildings, stated))
    for row in np.flatnonzero(costs.choice != "").tolist():
        writer.writerow((CHOICE, schools[row], "", costs.choice[row], "", "", ""))
    return buffer.getvalue().encode()


def _rows(code: str, places: Iterable[tuple[str, str]], som: FloatArray) -> Iterator[tuple[str, ...]]:
    for (school, building), values in zip(places, som.tolist(), strict=True):
        yield school, building, code, *map(_cell, values)


def _figures(code: str, places: Sequence[tuple[str, str]], som: FloatArray) -> Iterator[tuple[str, ...]]:
    known = np.flatnonzero(~np.isnan(som))
    for row in known.tolist():
        yield *places[row], code, "", _cell(som[row]), ""


def _cell(value: float) -> str:
    return "" if math.isnan(value) else repr(float(value))


def read_costs(
    text: bytes, catalogue: Catalogue, schools: Sequence[str], buildings: Sequence[tuple[str, str]]
) -> WorksCosts:
    """Read the table again; ``catalogue``: the one of the parameter tables. Arguments as in ``write_costs``.

    Raises:
        KeyError, ValueError: A row names a school, building or measure that is not there, or holds no number.
    """
    number_of, place_of = ({key: row for row, key in enumerate(keys)} for keys in (schools, buildings))
    unit: dict[str, tuple[float, float, float]] = {}
    local: dict[str, FloatArray] = {}
    by_school: dict[str, FloatArray] = {}
    by_building: dict[str, FloatArray] = {}
    choice = np.full(len(schools), "", dtype="<U8")
    for row in csv.DictReader(io.StringIO(text.decode("utf-8"))):
        kind, school, measures = row["kind"], row["school"], row["measures"]
        low, som, high = (float(row[name]) if row[name] else math.nan for name in ("low_som", "som", "high_som"))
        if kind == UNIT:
            unit[measures] = (low, som, high)
        elif kind == LOCAL:
            local.setdefault(measures, np.full((len(schools), 3), np.nan))[number_of[school]] = low, som, high
        elif kind == CHOICE:
            choice[number_of[school]] = measures
        elif kind == FIGURE and row["building"]:
            place = place_of[school, row["building"]]
            by_building.setdefault(measures, np.full(len(buildings), np.nan))[place] = som
        elif kind == FIGURE:
            by_school.setdefault(measures, np.full(len(schools), np.nan))[number_of[school]] = som
        else:
            raise ValueError(f"no such kind of cost: {kind!r}")
    return WorksCosts(catalogue.repriced(unit), local, Figures(by_school, by_building), choice)
