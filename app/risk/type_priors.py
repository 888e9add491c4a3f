"""Which type a building is of that nobody knows: shares of types among surveyed buildings, by district and decade.

Arithmetic only. ``count_types`` makes the table of a version from what was surveyed (method 8, 14a); ``TypePriors`` is
such a table, frozen, and finds the shares of any building in it. Shares are never made from shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.errors import UnknownBuildingTypeError
from app.risk.parameters import FloatArray, IntArray

COUNTRY = ""
"""The code of the country in a table of priors."""
YEAR_UNKNOWN = 0
RAYON, OBLAST, DECADE, ALL, EQUAL = "rayon_decade", "oblast_decade", "country_decade", "country", "equal"
BASES = (RAYON, OBLAST, DECADE, ALL, EQUAL)
"""What shares were counted over; each stands in for the one before it where too few buildings are surveyed."""

Names = Sequence[str] | NDArray[np.str_]


class TypePool(NamedTuple):
    """Shares of types in one area and decade. ``surveyed``: buildings counted; ``counted``: of each type."""

    area: str
    decade: int
    basis: str
    surveyed: int
    counted: IntArray
    weight: FloatArray


def decades_of(year: IntArray, first: int, last: int) -> IntArray:
    """Return the decade of each year, 0 where it is unknown (0); older and later ones count with the ends."""
    found = np.clip(year // 10 * 10, first, last)
    return np.where(year == YEAR_UNKNOWN, YEAR_UNKNOWN, found).astype(np.int64)


def count_types(
    kind: IntArray,
    decade: IntArray,
    rayon: Names,
    oblast: Names,
    first_year: IntArray,
    decades: Sequence[int],
    least: int,
) -> list[TypePool]:
    """Return the shares of types for the country in every decade, and for areas with ``least`` buildings of one.

    A type is admissible in a decade that its first year lies in or before, or of which one was surveyed. Shares are
    (n + 1) / (N + admissible types): Dirichlet(1).

    Args:
        kind: Of each surveyed building: its type, 0..types - 1. ``decade``: 0 = year unknown.
        rayon: Code of its district; "" = unknown. ``oblast`` the same.
        first_year: Of each type; 0 = built at any time.
        decades: Decades of the table, ascending, without 0.
        least: Fewer buildings say nothing (parameter ``prior.least_buildings``).
    """
    types, rows = len(first_year), [YEAR_UNKNOWN, *decades]
    place = np.searchsorted(rows, decade)
    country = _counts(np.zeros(len(kind), dtype=np.int64), place, kind, (1, len(rows), types))[0]
    ends = np.array([np.iinfo(np.int64).max, *(start + 9 for start in decades)])
    admissible = (first_year[None, :] <= ends[:, None]) | (country > 0)
    found = [_of_country(country, row, start, admissible[row], least) for row, start in enumerate(rows)]
    for codes, basis in ((oblast, OBLAST), (rayon, RAYON)):
        names, number = np.unique(np.asarray(codes, dtype=str), return_inverse=True)
        counts = _counts(number.reshape(-1), place, kind, (len(names), len(rows), types))
        enough = (counts.sum(axis=2) >= least) & (names != COUNTRY)[:, None]
        found += [
            _pool(str(names[area]), rows[row], basis, counts[area, row], admissible[row])
            for area, row in zip(*np.nonzero(enough), strict=True)
        ]
    return found


def _counts(area: IntArray, decade: IntArray, kind: IntArray, shape: tuple[int, int, int]) -> IntArray:
    return np.bincount(np.ravel_multi_index((area, decade, kind), shape), minlength=np.prod(shape)).reshape(shape)


def _of_country(country: IntArray, row: int, decade: int, admissible: NDArray[np.bool_], least: int) -> TypePool:
    if country[row].sum() >= least:
        return _pool(COUNTRY, decade, DECADE, country[row], admissible)
    every = np.where(admissible, country.sum(axis=0), 0)
    if every.sum() >= least:
        return _pool(COUNTRY, decade, ALL, every, admissible)
    weight = admissible / admissible.sum()
    return TypePool(COUNTRY, decade, EQUAL, int(every.sum()), every, weight)


def _pool(area: str, decade: int, basis: str, counted: IntArray, admissible: NDArray[np.bool_]) -> TypePool:
    weight = np.where(admissible, counted + 1.0, 0.0) / (counted.sum() + admissible.sum())
    return TypePool(area, int(decade), basis, int(counted.sum()), counted, weight)


@dataclass(frozen=True, slots=True, eq=False)
class TypePriors:
    """A frozen table of shares, shape (pools, types); ``place``: the pool of an area and a decade."""

    weight: FloatArray
    place: Mapping[tuple[str, int], int]
    decades: tuple[int, ...]
    """Decades of the country, ascending, without 0."""

    @classmethod
    def read(cls, rows: Sequence[Mapping[str, Any]], types: Sequence[str]) -> TypePriors:
        """Return a table from its rows (area, decade, building_type, weight), its types in the order of ``types``.

        Raises:
            UnknownBuildingTypeError: A type that the parameters do not know has a share.
            ValueError, KeyError: The rows are no such table.
        """
        column = {code: at for at, code in enumerate(types)}
        unknown = {row["building_type"] for row in rows} - column.keys()
        if unknown:
            raise UnknownBuildingTypeError(f"priors: {', '.join(sorted(unknown))}")
        place: dict[tuple[str, int], int] = {}
        for row in rows:
            place.setdefault((row["area"], int(row["decade"])), len(place))
        weight = np.zeros((len(place), len(types)))
        for row in rows:
            weight[place[row["area"], int(row["decade"])], column[row["building_type"]]] = float(row["weight"])
        return cls(weight, place, tuple(sorted(decade for area, decade in place if area == COUNTRY and decade)))

    def shares_of(self, rayon: Names, oblast: Names, year: IntArray) -> FloatArray:
        """Return the shares of types of each building, shape (buildings, types): of its district, else wider.

        ``year`` 0 and the code "" are unknown.
        """
        decade = decades_of(year, self.decades[0], self.decades[-1])
        cells, number = np.unique(
            np.stack([np.asarray(rayon, str), np.asarray(oblast, str), decade.astype(str)]), axis=1, return_inverse=True
        )
        pools = [self._pool(str(own), str(wider), int(start)) for own, wider, start in cells.T]
        return self.weight[np.array(pools, dtype=np.int64)[number.reshape(-1)]]

    def _pool(self, rayon: str, oblast: str, decade: int) -> int:
        found = (self.place.get((area, decade)) for area in (rayon, oblast) if area != COUNTRY)
        return next((pool for pool in found if pool is not None), self.place[COUNTRY, decade])
