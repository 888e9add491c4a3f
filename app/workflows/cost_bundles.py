"""What a bundle of measures costs at each school: quantity by unit cost, and above it what an engineer has stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.funding.bundles import RETROFIT, Bundle
from app.funding.catalogue import Catalogue, Intervention, cost_som

if TYPE_CHECKING:
    from app.risk.parameters import RiskParameters
    from app.workflows.evaluate_bundles import Portfolio

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
NO_RETROFIT = "none"
LOW, DEFAULT, HIGH = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole som that engineers have stated, NaN = none, by the code of a bundle or a measure.

    ``school``: for all of a school, shape (schools,). ``building``: for one building, shape (buildings,).
    """

    school: Mapping[str, FloatArray] = field(default_factory=dict)
    building: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """Whole som of bundles at each school, shape (bundles, schools) or (schools,); NaN = unknown.

    ``low_som`` and ``high_som`` are by the bounds of the unit costs; a figure has none but itself. ``estimate_som``
    is what the cost would be without figures, and ``is_figure`` says where one counts, for a part at least.
    """

    som: FloatArray
    low_som: FloatArray
    high_som: FloatArray
    estimate_som: FloatArray
    is_figure: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class CostParts:
    """Costs by what they rest on, whole som: ``stated`` by engineers, and by the unit cost of each measure.

    Shapes (bundles, schools); NaN = a quantity is unknown. Both together are the cost of the bundle.
    """

    stated_som: FloatArray
    unit_som: Mapping[str, FloatArray]


def cost_parts(
    portfolio: Portfolio,
    bundles: tuple[Bundle, ...],
    retrofit: NDArray[np.str_],
    catalogue: Catalogue,
    parameters: RiskParameters,
    overhead: float,
) -> CostParts:
    """Return the costs of ``bundles`` by what they rest on; see ``cost_bundles``."""
    total = _Reckoner(portfolio, retrofit, catalogue, parameters["cost.area_factor"], overhead)
    stated = np.zeros((len(bundles), portfolio.schools))
    units: dict[str, FloatArray] = {}
    for number, bundle in enumerate(bundles):
        stated[number], own = total.parts(bundle)
        for code, som in own.items():
            units.setdefault(code, np.zeros_like(stated))[number] = som
    return CostParts(stated, units)


def cost_bundles(
    portfolio: Portfolio,
    bundles: tuple[Bundle, ...],
    retrofit: NDArray[np.str_],
    catalogue: Catalogue,
    parameters: RiskParameters,
    overhead: float,
) -> Costs:
    """Return the costs of ``bundles``; each item is rounded up once, then items are added.

    A figure for a building takes the place of its part of a measure, one for the school that of the whole measure, and
    one for the bundle that of everything. ``retrofit``: the full retrofit of each building's type.
    """
    total = _Reckoner(portfolio, retrofit, catalogue, parameters["cost.area_factor"], overhead)
    found = [total.costs(bundle) for bundle in bundles]
    names = ("som", "low_som", "high_som", "estimate_som", "is_figure")
    return Costs(*(np.stack([getattr(one, name) for one in found]) for name in names))


@dataclass(frozen=True, slots=True, eq=False)
class _Reckoner:
    portfolio: Portfolio
    retrofit: NDArray[np.str_]
    catalogue: Catalogue
    factor: float
    overhead: float

    def costs(self, bundle: Bundle) -> Costs:
        figures = self.portfolio.figures
        whole = figures.school.get(bundle.code)
        sums = [self._sum(bundle, bound, figures) for bound in (DEFAULT, LOW, HIGH)]
        if whole is not None:
            sums = [np.where(np.isnan(whole), one, whole) for one in sums]
        is_figure = np.zeros(self.portfolio.schools, dtype=bool) if whole is None else ~np.isnan(whole)
        for code in bundle.measures:
            is_figure |= self._has_figure(code, figures)
        estimate = self._sum(bundle, DEFAULT, Figures()) if is_figure.any() else sums[0]
        return Costs(sums[0], sums[1], sums[2], estimate, is_figure)

    def parts(self, bundle: Bundle) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Return what engineers stated of a bundle at each school, and the rest by the measure it is reckoned by."""
        figures, nothing = self.portfolio.figures, np.full(self.portfolio.schools, np.nan)
        whole = figures.school.get(bundle.code, nothing)
        stated, units = np.nan_to_num(whole), {}
        for code in bundle.measures:
            of_school, priced = figures.school.get(code, nothing), figures.building.get(code)
            is_open = np.isnan(whole) & np.isnan(of_school)
            stated += np.where(np.isnan(whole), np.nan_to_num(of_school), 0.0)
            if priced is not None:
                stated += np.where(is_open, self._stated(priced), 0.0)
            for kind, som in self._by_kind(code, DEFAULT, priced).items():
                units[kind] = np.where(is_open, som, 0.0)
        return stated, units

    def _stated(self, priced: FloatArray) -> FloatArray:
        portfolio = self.portfolio
        return np.bincount(portfolio.school, np.nan_to_num(priced), portfolio.schools).astype(float)

    def _has_figure(self, code: str, figures: Figures) -> BoolArray:
        found = np.zeros(self.portfolio.schools, dtype=bool)
        if code in figures.school:
            found |= ~np.isnan(figures.school[code])
        if code in figures.building:
            counts = ~np.isnan(figures.building[code])
            found |= np.bincount(self.portfolio.school, counts, self.portfolio.schools) > 0
        return found

    def _sum(self, bundle: Bundle, bound: int, figures: Figures) -> FloatArray:
        total = np.zeros(self.portfolio.schools)
        for code in bundle.measures:
            item = self._item(code, bound, figures.building.get(code))
            whole = figures.school.get(code)
            total += item if whole is None else np.where(np.isnan(whole), item, whole)
        return total

    def _item(self, code: str, bound: int, priced: FloatArray | None) -> FloatArray:
        """Return one measure at each school; ``priced`` buildings cost what was stated, the others by quantity."""
        total = sum(self._by_kind(code, bound, priced).values(), np.zeros(self.portfolio.schools))
        return total if priced is None else total + self._stated(priced)

    def _by_kind(self, code: str, bound: int, priced: FloatArray | None) -> dict[str, FloatArray]:
        """Return the buildings that nobody priced, by quantity; a full retrofit by the kinds that buildings need."""
        school = self.portfolio.school
        others = np.ones(len(school), dtype=bool) if priced is None else np.isnan(priced)
        found = {}
        for kind in np.unique(self.retrofit[self.retrofit != NO_RETROFIT]) if code == RETROFIT else [code]:
            measure = self.catalogue.interventions[str(kind)]
            where = others & (self.retrofit == kind) if code == RETROFIT else others
            quantity = _quantity(self.portfolio, measure.quantity, where)
            unit_som = self._unit_som(measure, bound)
            found[str(kind)] = cost_som(measure, quantity, self.factor, self.overhead, unit_som)
        return found

    def _unit_som(self, measure: Intervention, bound: int) -> FloatArray:
        local = self.portfolio.local_costs.get(measure.code)
        if local is not None:
            return np.asarray(local[:, bound])
        return np.asarray((measure.low_som, measure.unit_som, measure.high_som)[bound])


def _quantity(portfolio: Portfolio, rule: str, where: BoolArray) -> FloatArray:
    match rule:
        case "area_m2":
            area = np.where(where, portfolio.area_m2, 0.0)
            return np.bincount(portfolio.school, area, portfolio.schools).astype(float)
        case "building":
            return np.bincount(portfolio.school, where, portfolio.schools).astype(float)
        case "pupils_100":
            return portfolio.pupils / 100
        case "pupils":
            return portfolio.pupils
        case "unknown":
            return np.full(portfolio.schools, np.nan)
    return np.ones(portfolio.schools)
