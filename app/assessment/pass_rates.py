"""How often surveyed buildings meet a requirement, by district, type and decade: the prior of what is open.

Arithmetic only. ``count_rates`` makes the table of a version from the answers that count (method 6); ``PassRates`` is
such a table, frozen, and finds the rates of any building in it. Rates are never made from rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import MISSING, NOT_APPLICABLE, SCORE_OF_CODE, CodeArray
from app.assessment.standard import FloatArray

IntArray = NDArray[np.int64]
COUNTRY = ""
"""The code of the country in a table of priors; a rate over all types and decades has type ``ANY_TYPE``."""
ANY_TYPE, ANY_DECADE = "", -1
YEAR_UNKNOWN = 0
RAYON, OBLAST, GROUP, ALL = "rayon_decade", "oblast_decade", "country_decade", "country"
BASES = (RAYON, OBLAST, GROUP, ALL)
"""What a rate was counted over; each stands in for the one before it where too few buildings are surveyed."""

Names = Sequence[str] | NDArray[np.str_]


class RatePool(NamedTuple):
    """The rate of one requirement in a group of buildings. ``met``: sum of scores 0, 0.5 and 1 of the ``surveyed``."""

    area: str
    decade: int
    building_type: str
    basis: str
    criterion: int
    surveyed: int
    met: float
    rate: float


def count_rates(
    codes: CodeArray,
    kind: Names,
    decade: IntArray,
    rayon: Names,
    oblast: Names,
    least: int,
) -> Iterator[RatePool]:
    """Yield the rates of groups in which ``least`` buildings or more have an answer, the country's first.

    A rate is (sum of scores + 1) / (answers + 2): Dirichlet(1) over meets and fails. An answer that is missing or does
    not apply is not counted.

    Args:
        codes: Shape (buildings, criteria), see ``app.assessment.answers``: what counts in each building.
        kind: Code of each building's type, the unknown type among them; ``decade``: 0 = year unknown.
        rayon: Code of its district; "" = unknown. ``oblast`` the same.
    """
    own = np.stack([np.asarray(kind, str), decade.astype(str)])
    places = {RAYON: np.asarray(rayon, str), OBLAST: np.asarray(oblast, str), GROUP: np.full(len(decade), COUNTRY)}
    every = np.stack([np.full(len(decade), part) for part in (COUNTRY, ANY_TYPE, str(ANY_DECADE))])
    yield from _rates(codes, every, ALL, least)
    for basis in (GROUP, OBLAST, RAYON):
        rows = np.flatnonzero((places[basis] != COUNTRY) | (basis == GROUP))
        yield from _rates(codes[rows], np.stack([places[basis], *own])[:, rows], basis, least)


def _rates(codes: CodeArray, keys: NDArray[np.str_], basis: str, least: int) -> Iterator[RatePool]:
    if not len(codes):
        return
    groups, number = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(number.reshape(-1), kind="stable")
    starts = np.searchsorted(number.reshape(-1)[order], np.arange(groups.shape[1]))
    sorted_codes = codes[order]
    known = (sorted_codes != MISSING) & (sorted_codes != NOT_APPLICABLE)
    surveyed = np.add.reduceat(known.astype(np.int64), starts, axis=0)
    met = np.add.reduceat(np.nan_to_num(SCORE_OF_CODE[sorted_codes]), starts, axis=0)
    for group, criterion in zip(*np.nonzero(surveyed >= max(least, 1)), strict=True):
        area, kind, decade = groups[:, group]
        count, total = int(surveyed[group, criterion]), float(met[group, criterion])
        rate = (total + 1) / (count + 2)
        yield RatePool(str(area), int(decade), str(kind), basis, int(criterion), count, total, rate)


@dataclass(frozen=True, slots=True, eq=False)
class PassRates:
    """A frozen table of rates, shape (groups + 1, criteria), NaN = too few answers; the last row says nothing.

    ``place``: the row of an area, a decade and a type.
    """

    criteria: tuple[str, ...]
    rate: FloatArray
    place: Mapping[tuple[str, int, str], int]

    @classmethod
    def read(cls, rows: Sequence[Mapping[str, Any]]) -> PassRates:
        """Return a table from its rows (area, decade, building_type, criterion, rate).

        Raises ValueError and KeyError where the rows are no such table.
        """
        criteria = tuple(dict.fromkeys(row["criterion"] for row in rows))
        column = {code: at for at, code in enumerate(criteria)}
        keys = [(row["area"], int(row["decade"]), row["building_type"]) for row in rows]
        place = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        rate = np.full((len(place) + 1, len(criteria)), np.nan)
        for key, row in zip(keys, rows, strict=True):
            rate[place[key], column[row["criterion"]]] = float(row["rate"])
        return cls(criteria, rate, place)

    def cells_of(self, rayon: Names, oblast: Names, kind: Names, decade: IntArray) -> tuple[IntArray, FloatArray]:
        """Return the cell of each building, and the rates of cells, shape (cells, criteria); NaN = nothing is counted.

        Each requirement takes the narrowest group that has a rate of it.
        """
        parts = [np.asarray(part, str) for part in (rayon, oblast, kind)]
        cells, number = np.unique(np.stack([*parts, decade.astype(str)]), axis=1, return_inverse=True)
        nothing = len(self.rate) - 1
        table = np.full((cells.shape[1], len(self.criteria)), np.nan)
        for row, (own, wider, built, start) in enumerate(cells.T):
            areas = [str(area) for area in (own, wider) if area != COUNTRY] + [COUNTRY]
            keys = [(area, int(start), str(built)) for area in areas] + [(COUNTRY, ANY_DECADE, ANY_TYPE)]
            for key in reversed(keys):
                found = self.rate[self.place.get(key, nothing)]
                table[row] = np.where(np.isnan(found), table[row], found)
        return number.reshape(-1), table

    def columns_for(self, criteria: Sequence[str], table: FloatArray) -> FloatArray:
        """Return the rates of cells in the order of ``criteria``; NaN where nothing is counted."""
        column = {code: at for at, code in enumerate(self.criteria)}
        wide = np.concatenate([table, np.full((len(table), 1), np.nan)], axis=1)
        return np.asarray(wide[:, [column.get(code, -1) for code in criteria]])


def filled(rates: FloatArray | None, default: float) -> FloatArray | float:
    """Return the prior of a missing answer: its rate, else the method's own (``conformity.prior_pass_rate``)."""
    return default if rates is None else np.where(np.isnan(rates), default, rates)
