"""The table of priors that a ranking uses: read from its frozen text, and found for each building.

A version is read from the same CSV in a ranking and in a kit, so that both compute with the same numbers.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.pass_rates import PassRates
from app.risk.parameters import UNKNOWN_TYPE, RiskParameters
from app.risk.type_priors import TypePriors, decades_of
from geodata.queries import priors as queries

if TYPE_CHECKING:
    from app.workflows.ranking_inputs import Schools
    from geodata.database import Session

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
TYPES, ANSWERS = TABLES = tuple(queries.TABLES)


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """A version of the tables. ``edition``: code of the edition whose requirements have rates."""

    number: int
    edition: str
    types: TypePriors
    rates: PassRates
    sha256: Mapping[str, str]
    """Of both tables by their names; a part of what a run rests on."""

    @property
    def content(self) -> dict[str, Any]:
        """What a run says of the version beside the hashes of its tables."""
        return {"version": self.number, "edition": self.edition}


class PriorsOfSchools(NamedTuple):
    """A version, and the codes of each school's rayon and oblast; "" = unknown."""

    priors: Priors
    rayon: NDArray[np.str_]
    oblast: NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPriors:
    """What a version says of each building."""

    priors: Priors
    type_share: FloatArray
    """Shape (buildings, types): what a building of unknown type may be."""
    cell: IntArray
    table: FloatArray
    """Pass rates of the cells that occur; ``cell``: that of each building."""

    def rates(self, edition: str, criteria: Sequence[str], rows: slice | IntArray = slice(None)) -> FloatArray | None:
        """Return pass rates of some buildings, shape (buildings, criteria), NaN = nothing is counted.

        None for another edition than the one that was counted: a code may ask another thing there.
        """
        if edition != self.priors.edition:
            return None
        return self.priors.rates.columns_for(criteria, self.table)[self.cell[rows]]

    def part(self, rows: IntArray) -> PlacedPriors:
        """Return what the version says of some of the buildings."""
        return PlacedPriors(self.priors, self.type_share[rows], self.cell[rows], self.table)


def read_priors(number: int, edition: str, files: Mapping[str, bytes], types: Sequence[str]) -> Priors:
    """Read a version from the text of its tables.

    Raises:
        RiskError, ValueError, KeyError: The tables are not of this form, or of types that the parameters do not know.
    """
    rows = {name: list(csv.DictReader(io.StringIO(files[name].decode("utf-8")))) for name in TABLES}
    sha256 = {name: hashlib.sha256(files[name]).hexdigest() for name in TABLES}
    return Priors(number, edition, TypePriors.read(rows[TYPES], types), PassRates.read(rows[ANSWERS]), sha256)


def priors_in_force(session: Session, schools: Schools, parameters: RiskParameters) -> PriorsOfSchools | None:
    """Return the version in force and where the schools lie; None: no version is in force."""
    found = version_in_force(session, parameters)
    return None if found is None else PriorsOfSchools(found, *area_codes_of(session, schools))


def version_in_force(session: Session, parameters: RiskParameters) -> Priors | None:
    """Return the version in force; None: there is none."""
    found = queries.in_force(session)
    if found is None:
        return None
    files = {name: queries.table_text(session, found.version.id, name) for name in TABLES}
    return read_priors(found.version.number, found.edition, files, parameters.types)


def area_codes_of(session: Session, schools: Schools) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Return the codes of rayon and oblast of each school; "" = unknown."""
    codes = queries.area_codes(session)
    rayon, oblast = (
        np.array([codes.get(int(number), "") for number in schools.columns[f"{level}_id"]], dtype=str)
        for level in ("rayon", "oblast")
    )
    return rayon, oblast


def type_codes(kind: NDArray[Any], parameters: RiskParameters) -> NDArray[np.str_]:
    """Return the codes of building types; the number after the last is the unknown type."""
    return np.array([*parameters.types, UNKNOWN_TYPE])[kind.astype(np.int64)]


def place(
    found: PriorsOfSchools, school: IntArray, columns: Mapping[str, NDArray[Any]], parameters: RiskParameters
) -> PlacedPriors:
    """Return what a version says of each building; ``school``: the row of its school."""
    priors, rayon, oblast = found.priors, found.rayon[school], found.oblast[school]
    year = columns["year_built"].astype(np.int64)
    decades = priors.types.decades
    decade = decades_of(year, decades[0], decades[-1])
    cell, table = priors.rates.cells_of(rayon, oblast, type_codes(columns["type"], parameters), decade)
    return PlacedPriors(priors, priors.types.shares_of(rayon, oblast, year), cell, table)


def name_priors(content: dict[str, Any], placed: PlacedPriors | None) -> None:
    """Name the version in the text that a run rests on; without one in force the text is as it always was."""
    if placed is not None:
        content["priors"] = placed.priors.content
        content["inputs"] |= placed.priors.sha256
