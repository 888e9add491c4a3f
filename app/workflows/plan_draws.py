"""How often each school gets money under a plan's rules and money while what they rest on is drawn (method 8).

Each draw exchanges costs and benefits of all offers together and is solved by the preview of the plan; what the preview
does not know (rayons, contractors, the limit on unevenness) is left out in draws too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.funding.funded_draws import Funded, probability_of_money
from app.i18n.marks import N_
from app.risk.parameters import default_parameters
from app.risk.risk_draws import default_laws
from app.workflows import (
    allocate_budget,
    drawn_bundles,
    drawn_costs,
    plan_ground,
    plan_inputs_moved,
    plan_ledger,
    sensitivity_inputs,
)
from app.workflows.choose_plan import preview_of
from app.workflows.drawn_costs import DrawnCosts
from app.workflows.plan_problem import load_table, problem_of
from app.workflows.plan_wish import AllocationError
from app.workflows.sensitivity_variants import NoSuchPlanError, Standing, standing_of
from geodata.queries import audit, plan_draws, plans, runs, sensitivity

if TYPE_CHECKING:
    from app.workflows.sensitivity_inputs import Inputs
    from geodata.database import Session
    from geodata.records.plan import PlanFacts

IntArray = NDArray[np.int64]
Report = Callable[[float, str], None]
DRAWING, SOLVING = N_("Drawing costs and benefits"), N_("Choosing the schools of each draw")
MOVING = N_("Moving each value of the method to the ends of its range")


class InputsChangedError(AllocationError):
    """The data do not give the benefits of the plan any more: nothing of it can be drawn honestly."""


class NothingSolvedError(AllocationError):
    """The rules of the plan could be kept in no draw."""


@dataclass(frozen=True, slots=True)
class DrawsSummary:
    """``draws`` that were solved; ``firm``: of the ``schools`` of the plan, those with money in nine of ten of them."""

    plan_hash: str
    draws: int
    refused: int
    schools: int
    firm: int
    is_new: bool


def draw_plan(
    session: Session,
    plan_hash: str,
    *,
    draws: int | None = None,
    account_id: int | None = None,
    report: Report | None = None,
) -> DrawsSummary:
    """Draw a stored plan, and store how often each school gets money and on what benefit and cost rest; once a plan.

    The same inputs give the same bytes.

    Args:
        session: National scope with the right to rank; the caller commits.
        draws: How many; None as the table of constants says.

    Raises:
        NoSuchPlanError, InputsChangedError, NothingSolvedError: See there.
    """
    say = report or (lambda _pct, _step: None)
    plan = plans.find_plan(session, plan_hash)
    run = runs.published_run(session, plan.run_hash) if plan else None
    table = load_table(session, run.id) if run else None
    if plan is None or run is None or table is None:
        raise NoSuchPlanError(plan_hash)
    known = plan_draws.find_draws(session, plan.id)
    if known is not None:
        return _summary(session, plan, known.draws, known.refused, is_new=False)
    say(2, N_("Reading what the plan rests on"))
    standing = standing_of(plan, table, sensitivity.items_of(session, plan.id))
    inputs = sensitivity_inputs.load_inputs(session, table, str(run.scheme))
    if inputs is None:
        raise InputsChangedError(plan_hash)
    seed = int(inputs.parameters["uncertainty.seed"])
    found = _drawn(standing, inputs, draws or int(inputs.parameters["uncertainty.draws_plan"]), seed, say)
    if not found.solved:
        raise NothingSolvedError(plan_hash)
    say(65, N_("Storing how often each school gets money"))
    values = {"plan_id": plan.id, "seed": seed, "account_id": account_id}
    _store(session, values, standing, found)
    plan_ledger.store_ledger(
        session, plan.id, standing, inputs, str(run.scheme), lambda done: say(66 + 33 * done, MOVING)
    )
    audit.record(session, "plan:drawn", subject=plan.hash, details={"draws": found.solved})
    say(100, N_("Done"))
    return _summary(session, plan, found.solved, found.refused, is_new=True)


def _drawn(standing: Standing, inputs: Inputs, draws: int, seed: int, say: Report) -> Funded:
    rng = np.random.Generator(np.random.PCG64(seed))
    benefit = drawn_bundles.draw_benefits(inputs, default_laws(), draws, rng, lambda done: say(12 + 40 * done, DRAWING))
    costs = DrawnCosts(inputs)
    sigma = inputs.parameters["uncertainty.unit_cost_sigma"]
    factor = np.exp(sigma * rng.standard_normal((draws, len(costs.measures))))

    def solve(draw: int) -> IntArray:
        drawn = replace(standing.table, cost_som=costs.costs(factor[draw]), benefit=benefit[:, draw].astype(float))
        return preview_of(problem_of(drawn, standing.wish)).plan.chosen

    def each() -> Iterator[Callable[[], IntArray]]:
        for draw in range(draws):
            if draw % 25 == 0:
                say(52 + 12 * draw / draws, SOLVING)
            yield partial(solve, draw)

    return probability_of_money(problem_of(standing.table, standing.wish).offers, standing.row, each())


def _store(session: Session, values: dict[str, Any], standing: Standing, found: Funded) -> None:
    counts = {"draws": found.solved, "refused": found.refused, "code_version": code_version()}
    plan_draws.add_draws(session, values | counts, _schools(standing, found))


def _schools(standing: Standing, found: Funded) -> list[dict[str, Any]]:
    ids = standing.table.school_id
    return [
        {
            "school_id": int(ids[at]),
            "p_funded": float(found.share[at]),
            "p_kept": None if np.isnan(found.kept[at]) else float(found.kept[at]),
        }
        for at in np.flatnonzero(~np.isnan(found.share)).tolist()
    ]


def _summary(session: Session, plan: PlanFacts, draws: int, refused: int, *, is_new: bool) -> DrawsSummary:
    drawn = plan_draws.drawn_plan(session, plan.id, (default_parameters()["uncertainty.label_robust"],), 0)
    firm = sum(count for planned, place, count in drawn.counts if planned and place) if drawn else 0
    return DrawsSummary(plan.hash, draws, refused, plan.schools, firm, is_new)


@cache
def code_version() -> str:
    """Return the SHA-256 over the rules of allocation and of these draws."""
    digest = hashlib.sha256(allocate_budget.code_version().encode())
    for module in (drawn_bundles, drawn_costs, plan_ground, plan_inputs_moved, plan_ledger, sensitivity_inputs):
        digest.update(Path(str(module.__file__)).read_bytes() + b"\0")
    digest.update(Path(__file__).read_bytes() + b"\0")
    return digest.hexdigest()
