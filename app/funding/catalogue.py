"""The measures that can be bought: unit costs, the quantity that a school needs, and the criteria that pass after them.

Tables: ``interventions.csv`` (unit costs in som at the price date of its source), ``measure_rules.csv``,
``measure_crosswalk.csv`` (measure of the standard to intervention), ``retrofit_kinds.csv``: proposals (method 9).
What people stated since then stands above the tables (``app.funding.prices``). A unit cost that nobody knows is NaN.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from app.funding.errors import CatalogueError
from geodata.readers.parameter_tables import ParameterTables, of_tables, read_parameter_tables

QUANTITIES = ("area_m2", "pupils_100", "pupils", "site", "building", "school", "unknown")
"""What a unit cost is multiplied by; ``unknown``: nobody computes how much of it a school needs."""

QUICK_WIN, QUICK_SOM = "quick_win", 50_000
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

    @property
    def is_quick(self) -> bool:
        """Return whether one of it costs so little that no plan is needed for it."""
        return self.group == QUICK_WIN and self.unit_som <= QUICK_SOM

    @property
    def is_priced(self) -> bool:
        """Return whether its cost is known at all."""
        return not np.isnan(self.unit_som)

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

    def priced_alone(self, local: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the measures of the standard without an effect on risk whose cost is stated, here or somewhere."""
        anywhere = set(local)
        own = {code for code in self.interventions if code in self.of_measure}
        return tuple(sorted(code for code in own if self.interventions[code].is_priced or code in anywhere))

    def repriced(self, costs: Mapping[str, tuple[float, float, float]]) -> Catalogue:
        """Return the catalogue with other unit costs (low, default, high; NaN = unknown) of some interventions."""
        found = dict(self.interventions)
        for code, (low, default, high) in costs.items():
            found[code] = replace(found[code], low_som=low, unit_som=default, high_som=high)
        return replace(self, interventions=found)


@of_tables
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
            unit_som=float(row["unit_cost_kgs"] or "nan"),
            low_som=float(row["cost_low"] or "nan"),
            high_som=float(row["cost_high"] or "nan"),
            quantity=rule["quantity"],
            patterns=tuple(rule["passes"].split()),
            status=row["status"],
            basis=row["cost_basis"],
        )
    of_measure: dict[str, list[str]] = {}
    for row in tables.rows["measure_crosswalk"]:
        codes = of_measure.setdefault(row["measure"], [])
        if row["intervention"] not in found:
            raise CatalogueError(row["measure"], row["intervention"])
        codes.append(row["intervention"])
    retrofit = {row["building_type"]: row["retrofit"] for row in tables.rows["retrofit_kinds"]}
    return Catalogue(found, retrofit, {measure: tuple(codes) for measure, codes in of_measure.items()})


def cost_som(
    intervention: Intervention,
    quantity: FloatArray,
    factor: float,
    overhead: float,
    unit_som: FloatArray | None = None,
) -> FloatArray:
    """Return quantity x unit cost x factor x (1 + overhead), each rounded up once to whole som; NaN = unknown.

    ``unit_som``: the unit cost at each school, where it differs from place to place.
    """
    exact = quantity * (intervention.unit_som if unit_som is None else unit_som) * factor * (1 + overhead)
    return np.ceil(np.round(exact, 4))  # what binary fractions add above a whole som is no som
