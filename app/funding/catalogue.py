"""The measures that can be bought: unit costs, the quantity that a school needs, and the criteria that pass after them.

Tables: ``interventions.csv`` (unit costs in som at the price date of its source), ``measure_rules.csv``,
``measure_crosswalk.csv`` (measure of the standard to intervention), ``retrofit_kinds.csv``: proposals (method 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.funding.errors import CatalogueError
from geodata.readers.parameter_tables import ParameterTables, read_parameter_tables

QUANTITIES = ("area_m2", "pupils_100", "pupils", "site", "building", "school")
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Intervention:
    """What can be bought. Unit costs in som; ``patterns`` of criteria that pass after it, ``!`` takes some out."""

    code: str
    group: str
    names: dict[str, str]
    unit_som: float
    low_som: float
    high_som: float
    quantity: str
    patterns: tuple[str, ...]
    status: str
    basis: str

    def passes(self, criteria: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of ``criteria`` (codes) are met once it is done."""
        wanted = [pattern for pattern in self.patterns if not pattern.startswith("!")]
        without = [pattern[1:] for pattern in self.patterns if pattern.startswith("!")]
        return np.array(
            [
                any(fnmatchcase(code, one) for one in wanted) and not any(fnmatchcase(code, one) for one in without)
                for code in criteria
            ],
            dtype=bool,
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All interventions by code; the retrofit of each building type; interventions by measure of the standard."""

    interventions: dict[str, Intervention]
    retrofit: dict[str, str]
    of_measure: dict[str, tuple[str, ...]]


@cache
def default_catalogue() -> Catalogue:
    """Return the catalogue that ships with the project."""
    return catalogue_of(read_parameter_tables())


def catalogue_of(tables: ParameterTables) -> Catalogue:
    """Return the catalogue of some tables.

    Raises:
        CatalogueError: A table names an intervention or a quantity that is not known.
    """
    rules = {row["intervention"]: row for row in tables.rows["measure_rules"]}
    found = {}
    for row in tables.rows["interventions"]:
        rule = rules.get(row["code"])
        if rule is None:
            continue  # described, but no rule says how much of it a school needs: never offered
        if rule["quantity"] not in QUANTITIES:
            raise CatalogueError(row["code"], rule["quantity"])
        found[row["code"]] = Intervention(
            code=row["code"],
            group=row["group"],
            names={code: row[f"name_{code}"] for code in ("ky", "ru", "en")},
            unit_som=float(row["unit_cost_kgs"]),
            low_som=float(row["cost_low"]),
            high_som=float(row["cost_high"]),
            quantity=rule["quantity"],
            patterns=tuple(rule["passes"].split()),
            status=row["status"],
            basis=row["cost_basis"],
        )
    of_measure: dict[str, list[str]] = {}
    for row in tables.rows["measure_crosswalk"]:
        codes = of_measure.setdefault(row["measure"], [])
        if row["intervention"] == "none":
            continue
        if row["intervention"] not in found:
            raise CatalogueError(row["measure"], row["intervention"])
        codes.append(row["intervention"])
    retrofit = {row["building_type"]: row["retrofit"] for row in tables.rows["retrofit_kinds"]}
    return Catalogue(found, retrofit, {measure: tuple(codes) for measure, codes in of_measure.items()})


def cost_som(intervention: Intervention, quantity: FloatArray, factor: float, overhead: float) -> FloatArray:
    """Return quantity x unit cost x factor x (1 + overhead), each rounded up once to whole som; NaN = unknown."""
    exact = quantity * intervention.unit_som * factor * (1 + overhead)
    return np.ceil(np.round(exact, 4))  # what binary fractions add above a whole som is no som
