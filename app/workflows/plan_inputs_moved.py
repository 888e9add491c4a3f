"""The inputs behind a plan's benefits and costs, each at the middle and both ends of its stated range (method 13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.funding.provenance import Moved
from app.funding.sensitivity import moved_weights
from app.risk.errors import RiskError
from app.risk.measures import effects_of
from app.risk.moved import COLUMNS, ENDS, OTHER, median_ends, status_of, with_hazard, with_medians
from app.workflows.evaluate_bundles import objective_parts
from app.workflows.ranking_offers import OVERHEADS, overhead_of
from app.workflows.run_swings import MODELS, parameters_with
from app.workflows.table_swings import MEDIANS, NAMES
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from app.risk.parameters import RiskParameters
    from app.workflows.drawn_costs import DrawnCosts
    from app.workflows.plan_ground import PlanGround, Raw
    from app.workflows.sensitivity_inputs import Inputs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
OF_FACTS = ("occupancy.", "soil.", "replacement.")
"""Constants that act on people, motions and values of buildings before the engine reads them."""
OF_RISK = ("seismic.", "glosi.", "casualty.", "landslide.", "conformity.", MODELS)
OBJECTIVE = "objective."
PRIOR, MISSING = "prior", "missing"
WEAK_AT_LOW = ("median",)
"""Effects whose low end is the weaker one; of the others it is the high end."""


def benefit_moves(ground: PlanGround, raw: Raw) -> Iterator[Moved]:
    """Yield each input behind the benefits of a plan, with the benefits under it."""
    inputs = ground.inputs
    yield from _constants(ground, raw)
    yield from _medians(ground)
    yield from _hazards(ground, {name.lower() for name in raw.scheme.hazards})
    yield from _effects(ground)
    yield from _own_facts(inputs, ground)


def _places(row: dict[str, str]) -> list[float] | None:
    """Return low, middle and high of a row; None where it states no range."""
    try:
        low, high = float(row["low"]), float(row["high"])
    except ValueError:
        return None
    return [low, (low + high) / 2, high] if low < high else None


def _status(text: str) -> str:
    return status_of([{"status": text}])


def _constants(ground: PlanGround, raw: Raw) -> Iterator[Moved]:
    tables, parameters = read_parameter_tables(), ground.inputs.parameters
    for row in tables.rows["method_constants"]:
        name, places = row["name"], _places(row)
        if places is None or not name.startswith((*OF_FACTS, *OF_RISK, OBJECTIVE)):
            continue
        found = []
        for value in places:
            try:
                changed = _changed(parameters, name, value)
            except RiskError:
                break
            portfolio = ground.portfolio_under(raw, changed) if name.startswith(OF_FACTS) else None
            found.append(ground.benefits(changed, portfolio, with_index=name.startswith("conformity.")))
        if len(found) == len(places):
            yield Moved(name, _status(row["status"]), np.stack(found))


def _changed(parameters: RiskParameters, name: str, value: float) -> RiskParameters:
    """Return the parameters with one constant elsewhere; weights keep their sum."""
    if not name.startswith(OBJECTIVE):
        return parameters_with(read_parameter_tables(), name, value)
    weights = {key: weight for key, weight in parameters.constants.items() if key.startswith(OBJECTIVE)}
    return replace(parameters, constants=dict(parameters.constants) | moved_weights(weights, name, value))


def _medians(ground: PlanGround) -> Iterator[Moved]:
    parameters, rows = ground.inputs.parameters, read_parameter_tables().rows["fragility"]
    factors = median_ends(parameters["uncertainty.median_type_sigma"])
    for at, code in enumerate(parameters.types):
        ends = [ground.benefits(with_medians(parameters, factor, at)) for factor in factors]
        status = status_of([row for row in rows if row["building_type"] == code])
        yield Moved(f"{MEDIANS}.{code}", status, np.stack(ends))
    factors = median_ends(parameters["uncertainty.median_building_sigma"])
    ends = [ground.benefits(with_medians(parameters, factor), is_own=True) for factor in factors]
    yield Moved(f"{MEDIANS}.building", "proposal", np.stack(ends))


def _hazards(ground: PlanGround, counted: set[str]) -> Iterator[Moved]:
    tables = read_parameter_tables()
    for hazard in dict.fromkeys(row["hazard"].lower() for row in tables.rows[OTHER]):
        if hazard not in counted:
            continue
        status = status_of([row for row in tables.rows[OTHER] if row["hazard"].lower() == hazard])
        for what in COLUMNS:
            ends = [ground.benefits(with_hazard(tables, hazard, what, end)) for end in ENDS]
            yield Moved(f"{NAMES[what]}.{hazard}", status, np.stack(ends))


def _effects(ground: PlanGround) -> Iterator[Moved]:
    """Yield the effect of each measure as a whole: at its weak end, in the middle of its ranges, at its strong end."""
    rows, parameters = read_parameter_tables().rows["measure_effects"], ground.inputs.parameters
    for code in dict.fromkeys(row["intervention"] for row in rows):
        ranged = [row for row in rows if row["intervention"] == code and _places(row) and row["target"] != "energy"]
        if not ranged:
            continue
        ends = []
        for place in range(3):
            changed = [{**row, "default": repr(_at(row, place))} if row in ranged else row for row in rows]
            ends.append(ground.benefits(parameters, effects=effects_of(changed)))
        yield Moved(f"effect.{code}", status_of(ranged), np.stack(ends))


def _at(row: dict[str, str], place: int) -> float:
    places = _places(row) or []
    return places[place] if row["target"] in WEAK_AT_LOW else places[2 - place]


def _own_facts(inputs: Inputs, ground: PlanGround) -> Iterator[Moved]:
    """Yield what nobody knows of the schools: types and levels taken by a prior, requirements without an answer."""
    at = ground.bundle, ground.school
    parts = [objective_parts(inputs.today, inputs.portfolio.pupils, inputs.parameters, bound) for bound in (None, 0, 1)]
    life, loss, index = zip(*([part[at] for part in own] for own in parts), strict=True)
    yield Moved(PRIOR, PRIOR, np.stack([np.maximum(life[n] + loss[n] + index[0], 0.0) for n in (1, 2)]))
    yield Moved(MISSING, MISSING, np.stack([np.maximum(life[0] + loss[0] + index[n], 0.0) for n in (1, 2)]))


def cost_moves(inputs: Inputs, costs: DrawnCosts, rows: IntArray) -> Iterator[Moved]:
    """Yield each input behind the costs of a plan: unit costs of measures, and what comes on top of the works."""
    units, stated = costs.by_unit[rows], costs.stated[rows]
    for at, code in enumerate(costs.measures):
        measure = inputs.catalogue.interventions[code]
        local = inputs.portfolio.local_costs.get(code)
        low, unit, high = (
            (measure.low_som, measure.unit_som, measure.high_som) if local is None
            else local[inputs.column[rows]].T
        )  # fmt: skip
        ends = [_moved_cost(stated, units, at, value / unit) for value in (low, (low + high) / 2, high)]
        text = "verified" if measure.status.startswith("cost range verified") else _status(measure.status)
        yield Moved(f"unit_cost.{code}", text, np.stack(ends))
    overhead = overhead_of(inputs.parameters)
    for row in read_parameter_tables().rows["method_constants"]:
        places = _places(row)
        if row["name"] in OVERHEADS and places is not None:
            added = [value - float(row["default"]) for value in places]
            whole = units.sum(axis=1)
            ends = [stated + whole * (1 + overhead + more) / (1 + overhead) for more in added]
            yield Moved(row["name"], _status(row["status"]), np.stack(ends))


def _moved_cost(stated: FloatArray, units: FloatArray, at: int, factor: FloatArray | float) -> FloatArray:
    return np.asarray(stated + units.sum(axis=1) + units[:, at] * (np.nan_to_num(factor, nan=1.0) - 1))
