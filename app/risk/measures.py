"""What a measure changes in the inputs of the risk engine: risk after it is computed by the same rules (method 9).

Effects are rows of ``measure_effects.csv``; several measures on one building act together, never one after another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from app.risk.building_risk import BuildingInputs
from app.risk.errors import UnknownMeasureError
from app.risk.parameters import STATES, FloatArray, OtherHazard, RiskParameters
from geodata.readers.parameter_tables import of_tables, read_parameter_tables

INJURIES = 2
"""Severities S1 and S2, the first two."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one measure changes. Factors are 1 and steps 0 where it changes nothing."""

    medians: FloatArray = field(default_factory=lambda: np.ones(len(STATES)))
    collapse: float = 1.0
    index_step: float = 0.0
    building_type: str | None = None
    levels: dict[str, int] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    deaths: dict[str, float] = field(default_factory=dict)
    losses: FloatArray = field(default_factory=lambda: np.ones(len(STATES)))
    injuries: FloatArray = field(default_factory=lambda: np.ones(len(STATES)))
    energy: float = 1.0


@of_tables
def default_effects() -> dict[str, Effect]:
    """Return the effects of the measures that ship with the project, by code of the intervention."""
    return effects_of(read_parameter_tables().rows["measure_effects"])


def effects_of(rows: Sequence[Mapping[str, str]]) -> dict[str, Effect]:
    """Return the effects of the measures of a table, by code of the intervention."""
    found: dict[str, Effect] = {}
    for row in rows:
        effect = found.setdefault(row["intervention"], Effect())
        found[row["intervention"]] = _with(effect, row["target"], row["name"], float(row["default"]))
    return found


def _with(effect: Effect, target: str, name: str, value: float) -> Effect:
    match target:
        case "median":
            return replace(effect, medians=_at_state(effect.medians, name, value))
        case "loss":
            return replace(effect, losses=_at_state(effect.losses, name, value))
        case "injury":
            return replace(effect, injuries=_at_state(effect.injuries, name, value))
        case "collapse":
            return replace(effect, collapse=value)
        case "vulnerability_index":
            return replace(effect, index_step=value)
        case "building_type":
            return replace(effect, building_type=name)
        case "level":
            return replace(effect, levels=effect.levels | {name: int(value)})
        case "rate":
            return replace(effect, rates=effect.rates | {name: value})
        case "death":
            return replace(effect, deaths=effect.deaths | {name: value})
        case "energy":
            return replace(effect, energy=value)
    raise UnknownMeasureError(target)


def _at_state(values: FloatArray, state: str, value: float) -> FloatArray:
    found = values.copy()
    found[STATES.index(state)] = value
    return found


def treat(
    inputs: BuildingInputs,
    measures: Sequence[str],
    parameters: RiskParameters,
    stated: Mapping[str, Effect] | None = None,
) -> tuple[BuildingInputs, RiskParameters]:
    """Return inputs and parameters of the engine after ``measures`` (codes of interventions) on every building.

    ``stated``: effects in the place of those that ship with the project.

    A new building (another type) has no known irregularity. A code without effects on risk changes nothing.

    Raises:
        UnknownMeasureError: A type that the parameters do not know.
    """
    known = default_effects() if stated is None else stated
    effects = [known[code] for code in measures if code in known]
    kinds = [effect.building_type for effect in effects if effect.building_type]
    levels = {name: level for effect in effects for name, level in effect.levels.items()}
    treated = inputs
    if kinds:
        if kinds[-1] not in parameters.types:
            raise UnknownMeasureError(kinds[-1])
        count = len(inputs.a475_g)
        treated = replace(
            treated,
            building_type=np.full(count, parameters.types.index(kinds[-1]), dtype=np.int64),
            modifiers=np.zeros(count, dtype=np.int64),
        )
    if levels:
        own = {
            name: np.full_like(values, levels[name]) if name in levels else values
            for name, values in inputs.levels.items()
        }
        curves = {name: loss for name, loss in inputs.annual_loss.items() if name not in levels}
        treated = replace(treated, levels=own, annual_loss=curves)
    if treated.annual_loss:
        rarer = {
            name: loss * float(np.prod([effect.rates.get(name, 1.0) for effect in effects]))
            for name, loss in treated.annual_loss.items()
        }
        treated = replace(treated, annual_loss=rarer)
    if stated is None:
        return treated, treated_parameters(parameters, tuple(measures))
    return treated, _treated(parameters, effects)


@lru_cache(maxsize=64)
def treated_parameters(parameters: RiskParameters, measures: tuple[str, ...]) -> RiskParameters:
    """Return the parameters of buildings after ``measures``; the same object for the same measures, for its caches."""
    return _treated(parameters, [default_effects()[code] for code in measures if code in default_effects()])


def _treated(parameters: RiskParameters, effects: Sequence[Effect]) -> RiskParameters:
    medians = np.prod([effect.medians for effect in effects], axis=0) if effects else 1.0
    losses = np.prod([effect.losses for effect in effects], axis=0) if effects else 1.0
    injuries = np.prod([effect.injuries for effect in effects], axis=0) if effects else np.ones(len(STATES))
    collapse = float(np.prod([effect.collapse for effect in effects])) * parameters.collapse
    casualties = parameters.casualties.copy()
    casualties[:, -1] = parameters.standing + collapse[:, None] * (parameters.fallen - parameters.standing)
    grades = parameters.casualties_macroseismic.copy()
    casualties[:, :, :INJURIES] *= injuries[None, :, None]
    grades[:, : len(STATES) - 1, :INJURIES] *= injuries[None, : len(STATES) - 1, None]
    loss_grades = parameters.loss_grades.copy()
    loss_grades[: len(STATES) - 2] *= np.broadcast_to(losses, len(STATES))[: len(STATES) - 2]
    return replace(
        parameters,
        medians={model: values * medians for model, values in parameters.medians.items()},
        vulnerability_index=parameters.vulnerability_index + sum(effect.index_step for effect in effects),
        loss_states=parameters.loss_states * losses,
        loss_grades=loss_grades,
        casualties=casualties,
        casualties_macroseismic=grades,
        hazards={name: _hazard(name, row, effects) for name, row in parameters.hazards.items()},
    )


def _hazard(name: str, row: OtherHazard, effects: Sequence[Effect]) -> OtherHazard:
    rate = float(np.prod([effect.rates.get(name, 1.0) for effect in effects]))
    death = float(np.prod([effect.deaths.get(name, 1.0) for effect in effects]))
    if rate == 1.0 and death == 1.0:
        return row
    return replace(
        row, rate=row.rate * rate, rate_low=row.rate_low * rate, rate_high=row.rate_high * rate, death=row.death * death
    )
