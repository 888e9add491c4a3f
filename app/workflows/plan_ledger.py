"""On what a plan's benefit and cost rest: stored with its draws, by input and by status (method 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.funding.provenance import Moved, item_shares, shares_by_status, total_shares
from app.workflows.drawn_costs import DrawnCosts
from app.workflows.plan_ground import PlanGround, load_raw
from app.workflows.plan_inputs_moved import benefit_moves, cost_moves
from geodata.queries import provenance

if TYPE_CHECKING:
    from app.workflows.sensitivity_inputs import Inputs
    from app.workflows.sensitivity_variants import Standing
    from geodata.database import Session

FloatArray = NDArray[np.float64]
SHOWN = 8
"""Inputs that are kept, those on which most of the total depends."""
LEAST = 0.0005
EXPECTED = 72
"""About so many inputs are moved; only the progress that is told hangs on it."""


def store_ledger(
    session: Session,
    plan_id: int,
    standing: Standing,
    inputs: Inputs,
    scheme_name: str,
    report: Callable[[float], None],
) -> None:
    """Work out and store the provenance of a plan whose benefits ``inputs`` give again."""
    ground = PlanGround(inputs, standing.row)
    raw = load_raw(session, scheme_name, inputs.parameters)
    benefit, moves = ground.benefits(inputs.parameters), []
    for one in benefit_moves(ground, raw):
        moves.append(one)
        report(min(len(moves) / EXPECTED, 1.0))
    cost = standing.table.cost_som[standing.row].astype(float)
    costs = list(cost_moves(inputs, DrawnCosts(inputs), standing.row))
    rows = [*_rows("benefit", benefit, moves), *_rows("cost", cost, costs)]
    ids = standing.table.school_id[standing.table.school[standing.row]]
    items = [
        {"school_id": int(school), "status": status, "share": float(share)}
        for status, shares in item_shares(benefit, moves).items()
        for school, share in zip(ids, shares, strict=True)
        if not np.isnan(share)
    ]
    provenance.add_provenance(session, plan_id, rows, items)


def _rows(value: str, base: FloatArray, moves: list[Moved]) -> list[dict[str, Any]]:
    """Return the sums by status, and the inputs that matter most; nothing where the total is 0."""
    found = [
        {"value": value, "place": 0, "name": status, "status": status, "share": share}
        for status, share in shares_by_status(base, moves).items()
        if not np.isnan(share)
    ]
    shares = total_shares(base, moves)
    order = sorted(range(len(moves)), key=lambda at: (-np.nan_to_num(shares[at]), moves[at].name))[:SHOWN]
    for place, at in enumerate(order, 1):
        if shares[at] >= LEAST:
            one = moves[at]
            found.append({"value": value, "place": place, "name": one.name, "status": one.status, "share": shares[at]})
    return found
