"""Who stays among the first N of a ranking while each weight moves up and down, and what the run's hash says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.prioritisation.scheme import weight_bounds
from app.prioritisation.weight_steps import WeightMoves, move_weights, units_of
from app.prioritisation.weights import UNITS, Bounds

if TYPE_CHECKING:
    from app.prioritisation.scheme import Scheme
    from app.risk.parameters import RiskParameters
    from app.workflows.draw_plan import Top
    from app.workflows.ranking_scores import Ranked
    from geodata.readers.parameter_tables import ParameterTables

STEP = "uncertainty.weight_step"


def told_of_moves(parameters: RiskParameters, top: Top) -> dict[str, Any]:
    """Return what a run's hash says of the moves: the share by which a weight moves, N, and the plan that funds N."""
    told: dict[str, Any] = {"step": parameters[STEP], "top": top.schools}
    return {"weights_moved": told if top.plan is None else told | {"plan": top.plan}}


def moves_of(
    ranked: Ranked, scheme: Scheme, parameters: RiskParameters, top: int, tables: ParameterTables | None = None
) -> WeightMoves:
    """Return what the moves do to the first ``top`` schools; ``tables``: whose bounds hold, None: those installed."""
    low, high = (tuple(round(UNITS * float(v)) for v in bound) for bound in weight_bounds(scheme, tables))
    return move_weights(
        ranked.priorities.value,
        units_of(scheme.weight_array),
        Bounds(scheme.factors, low, high),
        parameters[STEP],
        ranked.national,
        top,
        parameters["priority.unknown_value"],
        ranked.school_risk.individual_risk[:, 0],
        ranked.school_risk.equivalent_fatalities[:, 0],
    )
