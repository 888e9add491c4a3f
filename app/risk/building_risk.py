"""The annual risk of buildings and of their schools: C1-C3 of the priority (method 4, 5, 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.hazard_curve import curve_rates, intensity_of_motion, motion_grid
from app.risk.other_hazards import EARTHQUAKE, LevelArray, sum_hazards
from app.risk.parameters import MODIFIERS, FloatArray, RiskParameters
from app.risk.vulnerability import coefficients, mixed_bounds, modifier_factor, unit_outputs, with_bounds

IntArray = NDArray[np.int64]
BLOCK = 16_384
"""Buildings at a time, so that the arrays of a step stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class BuildingInputs:
    """One row a building. NaN is unknown.

    ``building_type``: index into the parameters' types, and their number for the unknown type.
    ``modifiers``: bit set over ``MODIFIERS``, a bit = known to be present. ``a475_g``: at the surface.
    ``curve_g``: motions at the surface of a hazard curve, shape (buildings, points), or None; a row of NaN falls
    back to ``a475_g``. ``persons``: mean persons present in the building. ``presence``: f_p of a first-shift pupil.
    """

    building_type: IntArray
    modifiers: IntArray
    a475_g: FloatArray
    levels: Mapping[str, LevelArray]
    counted: Sequence[str]
    persons: FloatArray
    presence: FloatArray
    curve_g: FloatArray | None = None
    curve_rate: FloatArray | None = None
    annual_loss: Mapping[str, FloatArray] = field(default_factory=dict)
    """Per hazard told by maps of depth: loss ratio of a year, NaN = by level."""
    type_share: FloatArray | None = None
    """Shape (buildings, types): what a building of unknown type may be, by a table of priors (``type_priors``).
    None: no table is in force, all types alike.
    """


class BuildingRisk(NamedTuple):
    """Shape (buildings, 5), last axis ``app.risk.vulnerability.BOUNDS``; NaN where the seismic hazard (or, for
    ``equivalent_fatalities``, the number of people) is unknown. Per year.
    """

    individual_risk: FloatArray
    equivalent_fatalities: FloatArray
    loss_ratio: FloatArray


class SchoolRisk(NamedTuple):
    """C1, C2 and C3 of schools; shape (schools, 5); NaN = unknown."""

    individual_risk: FloatArray
    equivalent_fatalities: FloatArray
    loss_ratio: FloatArray


def seismic_outputs(inputs: BuildingInputs, parameters: RiskParameters) -> FloatArray:
    """Return loss ratio, equivalent fatalities and deaths per person a year by shaking, shape (buildings, 3, 5)."""
    kinds = len(parameters.types) + 1
    if EARTHQUAKE not in inputs.counted:
        return np.zeros((len(inputs.a475_g), 3, 5))
    combinations = 1 << len(MODIFIERS)
    present = np.flatnonzero(np.bincount(inputs.modifiers, minlength=combinations))
    table = np.zeros((combinations, kinds, 3, 5))
    for bits in present:
        table[bits] = with_bounds(unit_outputs(parameters, modifier_factor(int(bits), parameters)), parameters)
    found = table[inputs.modifiers, inputs.building_type]
    if inputs.type_share is not None:
        _mix(found, inputs, parameters, inputs.type_share)
    found *= (inputs.a475_g ** parameters["seismic.k"])[:, None, None]
    if inputs.curve_g is not None and inputs.curve_rate is not None:
        has_curve = np.flatnonzero(~np.isnan(inputs.curve_g).any(axis=1))
        if len(has_curve):
            found[has_curve] = _by_curve(inputs, has_curve, parameters)
    return found


def _mix(found: FloatArray, inputs: BuildingInputs, parameters: RiskParameters, share: FloatArray) -> None:
    """Put the mixture of each building of unknown type into ``found``, for a475 = 1 g."""
    unknown = np.flatnonzero(inputs.building_type == len(parameters.types))
    for bits in np.unique(inputs.modifiers[unknown]):
        rows = unknown[inputs.modifiers[unknown] == bits]
        by_model = unit_outputs(parameters, modifier_factor(int(bits), parameters))
        found[rows] = mixed_bounds(by_model, share[rows], parameters)


def _by_curve(inputs: BuildingInputs, rows: IntArray, parameters: RiskParameters) -> FloatArray:
    assert inputs.curve_g is not None
    assert inputs.curve_rate is not None
    rates = curve_rates(motion_grid(parameters), inputs.curve_g[rows], inputs.curve_rate)
    found = np.zeros((len(rows), 3, 5))
    for bits in np.unique(inputs.modifiers[rows]):
        own = np.flatnonzero(inputs.modifiers[rows] == bits)
        factors = coefficients(parameters, modifier_factor(int(bits), parameters))
        by_model, kind = np.tensordot(rates[own], factors, axes=(1, 0)), inputs.building_type[rows][own]
        found[own] = with_bounds(by_model, parameters)[np.arange(len(own)), kind]
        mixed = np.flatnonzero(kind == len(parameters.types))
        if inputs.type_share is not None and len(mixed):
            found[own[mixed]] = mixed_bounds(by_model[mixed], inputs.type_share[rows[own[mixed]]], parameters)
    return found


def assess_buildings(inputs: BuildingInputs, parameters: RiskParameters) -> BuildingRisk:
    """Return the annual risk of each building by all hazards that are counted."""
    count = len(inputs.a475_g)
    if count <= BLOCK:
        return _assess_block(inputs, parameters)
    found = BuildingRisk(*(np.empty((count, 5)) for _ in range(3)))
    for start in range(0, count, BLOCK):
        rows = slice(start, start + BLOCK)
        for whole, part in zip(found, _assess_block(part_of(inputs, rows), parameters), strict=True):
            whole[rows] = part
    return found


def part_of(inputs: BuildingInputs, rows: slice | IntArray) -> BuildingInputs:
    """Return some of the buildings."""
    return replace(
        inputs,
        building_type=inputs.building_type[rows],
        modifiers=inputs.modifiers[rows],
        a475_g=inputs.a475_g[rows],
        levels={name: level[rows] for name, level in inputs.levels.items()},
        persons=inputs.persons[rows],
        presence=inputs.presence[rows],
        curve_g=None if inputs.curve_g is None else inputs.curve_g[rows],
        annual_loss={name: loss[rows] for name, loss in inputs.annual_loss.items()},
        type_share=None if inputs.type_share is None else inputs.type_share[rows],
    )


def _assess_block(inputs: BuildingInputs, parameters: RiskParameters) -> BuildingRisk:
    seismic = seismic_outputs(inputs, parameters)
    msk = intensity_of_motion(inputs.a475_g, parameters)
    others = sum_hazards(inputs.levels, inputs.counted, msk, parameters, inputs.annual_loss)
    spread = [0, 1, 2, 0, 0]  # the other hazards have one model: its central value stands in both model bounds
    loss = seismic[:, 0] + others.loss_ratio[:, spread]
    deaths = others.deaths_per_person[:, spread]
    return BuildingRisk(
        individual_risk=(seismic[:, 2] + deaths) * inputs.presence[:, None],
        equivalent_fatalities=(seismic[:, 1] + deaths) * inputs.persons[:, None],
        loss_ratio=loss,
    )


def assess_schools(
    school: IntArray, risk: BuildingRisk, share: FloatArray, replacement_som: FloatArray, schools: int
) -> SchoolRisk:
    """Return C1-C3 of each school from its buildings.

    Args:
        school: Index of the school of each building.
        share: Share of the school's pupils, without NaN (``app.risk.people.shares_of_pupils``).
        replacement_som: NaN = unknown; such a building weighs in C3 like the school's mean, else like any other.

    Returns:
        C1 = pupils-weighted mean; C2 = sum; C3 = sum of losses over sum of values. A school without buildings, or
        with one building of unknown risk among those that count, is unknown (NaN).
    """
    number = np.bincount(school, minlength=schools).astype(float)
    pupils = np.bincount(school, share, schools)
    weight = np.where((pupils > 0)[school], share, 1.0)
    known = ~np.isnan(replacement_som)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(school, np.where(known, replacement_som, 0.0), schools) / np.bincount(
            school, known.astype(float), schools
        )
    value = np.where(known, replacement_som, np.where(np.isnan(mean), 1.0, mean)[school])
    return SchoolRisk(
        _mean(school, risk.individual_risk, weight, schools),
        np.where(number[:, None] > 0, _sum(school, risk.equivalent_fatalities, schools), np.nan),
        _mean(school, risk.loss_ratio, value, schools),
    )


def _sum(school: IntArray, values: FloatArray, schools: int) -> FloatArray:
    return np.stack([np.bincount(school, values[:, column], schools) for column in range(values.shape[1])], axis=1)


def _mean(school: IntArray, values: FloatArray, weight: FloatArray, schools: int) -> FloatArray:
    """A building of weight 0 says nothing, even if its risk is unknown."""
    weighted = np.where(weight[:, None] > 0, values * weight[:, None], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _sum(school, weighted, schools) / np.bincount(school, weight, schools)[:, None]
