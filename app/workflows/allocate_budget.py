"""The best set of measures for a budget: offers of a run, rules of fairness, the solver, and a plan stored for good."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.funding.catalogue import default_catalogue
from app.funding.errors import InfeasibleError
from app.funding.preview import Preview, preview
from app.i18n.marks import N_
from app.workflows.canonical import canonical_hash, canonical_json
from app.workflows.choose_plan import Chosen, choose
from app.workflows.plan_problem import Problem, load_table, need_of_regions, offers_of, problem_of, rules_of
from app.workflows.plan_wish import AllocationError, Wish, wish_content
from geodata.database import Session
from geodata.queries import audit, plans, runs
from geodata.readers.parameter_tables import read_parameter_tables
from geodata.records.plan import OfferTable, PlanFacts

__all__ = [
    "AllocationError", "NoOffersError", "NoSuchRunError", "PlanSummary", "Wish", "allocate_budget",
    "cut_by_rank", "is_superseded", "load_table", "need_of_regions", "offers_of", "preview_budget", "preview_hash",
    "proposal_share", "rules_of",
]  # fmt: skip

ROOT = Path(__file__).resolve().parents[2]
RULES = (
    "app/funding", "app/workflows/allocate_budget.py", "app/workflows/choose_plan.py", "app/workflows/plan_problem.py",
    "app/workflows/plan_wish.py",
)  # fmt: skip
GAP, SECONDS, SEED = 1e-4, 60.0, 0

Report = Callable[[float, str], None]


class NoSuchRunError(AllocationError):
    """There is no published run whose hash begins so."""


class NoOffersError(AllocationError):
    """Nothing was evaluated for this run: it is older than the measures, or larger than a country."""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What an allocation did; ``is_new`` is False when the same plan existed."""

    hash: str
    cost_som: int
    benefit: float
    gap: float
    funded: int
    is_proven: bool
    is_new: bool
    must_act_left: int = 0
    """Schools that must be acted on and stay without."""
    is_superseded: bool = False
    """The plan rests on a ranking that is not the one in force any more."""


def preview_budget(table: OfferTable, wish: Wish) -> Preview:
    """Return the preview of a wish as if all its money were of one year and source, without must-act schools."""
    return preview(offers_of(table), rules_of(table, wish))


def preview_hash(run_hash: str, wish: Wish) -> str:
    """Return the hash of what a preview rests on: the same run and wish show the same figures."""
    return canonical_hash(_content(run_hash, wish, 0.0) | {"schema": "koopsuz-preview/2"})


def is_superseded(session: Session, run_hash: str) -> bool:
    """Return whether another ranking is the one in force."""
    now = runs.published_run(session)
    return now is not None and now.hash != run_hash


def cut_by_rank(table: OfferTable, budget_som: int) -> NDArray[np.int64]:
    """Return the rows that a simple cut would fund: by rank, each school's best bundle that still fits."""
    chosen, left = [], budget_som
    order = np.lexsort((table.cost_som, -table.benefit, table.school))
    starts = np.flatnonzero(np.diff(table.school[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        fitting = rows[table.cost_som[rows] <= left]
        if fitting.size:
            chosen.append(int(fitting[0]))
            left -= int(table.cost_som[fitting[0]])
    return np.array(sorted(chosen), dtype=np.int64)


def proposal_share(table: OfferTable, chosen: NDArray[np.int64]) -> float:
    """Return the share of the benefit that comes from measures whose cost or effect is a proposal; NaN without any."""
    measures = default_catalogue().interventions
    proposed = {code for code, found in measures.items() if "proposal" in found.status}
    rests = np.array(
        [any(part in proposed or part == "RET" for part in code.split("+")) for code in table.codes], dtype=bool
    )
    total = float(table.benefit[chosen].sum())
    return float(table.benefit[chosen][rests[table.bundle[chosen]]].sum() / total) if total > 0 else float("nan")


def allocate_budget(
    session: Session,
    run_hash: str,
    wish: Wish,
    *,
    seconds: float = SECONDS,
    publish: bool = False,
    account_id: int | None = None,
    report: Report | None = None,
) -> PlanSummary:
    """Choose the best measures within the money and store the plan; the same inputs give the same hash.

    Args:
        session: National scope; the caller commits. ``seconds``: time for each step of the solver.

    Raises:
        NoSuchRunError, NoOffersError: See there.
        FundingError: The rules contradict themselves, conflict (then the smallest set is named, by codes of areas),
            or no plan was found in time.
    """
    say = report or (lambda _pct, _step: None)
    say(5, N_("Reading what can be funded"))
    run = runs.published_run(session, run_hash)
    if run is None:
        raise NoSuchRunError(run_hash)
    is_old = is_superseded(session, run.hash)
    table = load_table(session, run.id)
    if table is None:
        raise NoOffersError(run_hash)
    content = _content(run.hash, wish, seconds)
    existing = plans.find_plan(session, canonical_hash(content))
    if existing is not None:
        return _again(existing, is_superseded=is_old)
    say(15, N_("Choosing the best measures"))
    problem = problem_of(table, wish)
    made = _choose(table, problem, seconds)
    say(90, N_("Storing the plan"))
    values = _row(content, run, table, wish, problem, made) | {"account_id": account_id}
    plan_id = plans.add_plan(session, values, _items(table, made), table.codes)
    plans.add_plan_parts(session, plan_id, *_parts(table, problem, made))
    audit.record(session, "plan:made", subject=values["hash"], details={"budget_som": wish.budget_som})
    if publish:
        plans.publish_plan(session, plan_id)
    say(100, N_("Done"))
    plan = made.plan
    return PlanSummary(
        values["hash"], plan.cost_som, plan.benefit, plan.gap, len(made.row), plan.is_proven, is_new=True,
        must_act_left=made.left, is_superseded=is_old,
    )  # fmt: skip


def _choose(table: OfferTable, problem: Problem, seconds: float) -> Chosen:
    try:
        return choose(problem, table.rank, gap=GAP, seconds=seconds, seed=SEED)
    except InfeasibleError as error:
        raise InfeasibleError(tuple(rule_of_area(table, name) for name in error.conflict)) from error


def rule_of_area(table: OfferTable, name: str) -> str:
    """Return the name of a rule with the code of its area instead of the position of its region."""
    kind, _colon, at = name.partition(":")
    if kind not in ("floor", "ceiling", "capacity"):
        return name
    return f"{kind}:{table.area_code.get(table.regions[int(at)], '')}"


def _again(plan: PlanFacts, *, is_superseded: bool) -> PlanSummary:
    gap = max(0.0, 1 - plan.benefit / plan.bound) if plan.bound > 0 else 0.0
    return PlanSummary(
        plan.hash, plan.cost_som, plan.benefit, gap, plan.schools, plan.is_proven,
        is_new=False, must_act_left=plan.must_act_left, is_superseded=is_superseded,
    )  # fmt: skip


def _row(
    content: dict[str, Any], run: Any, table: OfferTable, wish: Wish, problem: Problem, made: Chosen
) -> dict[str, Any]:
    plan, proposed = made.plan, proposal_share(table, made.row)
    return {
        "hash": canonical_hash(content),
        "canonical": canonical_json(content),
        "status": plan.status,
        "code_version": code_version(),
        "run_id": run.id,
        "budget_som": wish.budget_som,
        "cost_som": plan.cost_som,
        "benefit": plan.benefit,
        "bound": max(plan.bound, plan.benefit),
        "shadow_price": preview(problem.offers, problem.base).shadow_price,
        "proposal_share": 0.0 if np.isnan(proposed) else proposed,
        "schools": len(made.row),
        "is_proven": plan.is_proven,
        "is_unique": plan.is_unique,
        "is_synthetic": run.is_synthetic,
        "first_year": problem.years[0] or None,
        "years": len(problem.years),
        "must_act_left": made.left,
        "result_sha256": canonical_hash(_result(table, made)),
    }


def _result(table: OfferTable, made: Chosen) -> dict[str, Any]:
    """Return what was chosen as plain values: the text whose hash stands beside the plan's own."""
    code = table.school_code
    return {
        "schema": "koopsuz-plan-result/1",
        "items": [
            [code[int(table.school[row])], table.codes[int(table.bundle[row])], int(table.cost_som[row]), int(year)]
            for row, year in zip(made.row, made.year, strict=True)
        ],
        "payments": [[code[int(table.school[one.row])], one.source, one.year, one.som] for one in made.payments],
        "must_act": [[code[at], what] for at, what in made.outcome.items()],
    }


def _items(table: OfferTable, made: Chosen) -> dict[str, NDArray[Any]]:
    rows = made.row
    return {
        "school_id": table.school_id[table.school[rows]],
        "bundle": table.bundle[rows],
        "cost_som": table.cost_som[rows],
        "benefit": table.benefit[rows],
        "year": made.year,
    }


def _parts(table: OfferTable, problem: Problem, made: Chosen) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    payments = [
        {
            "school_id": int(table.school_id[table.school[one.row]]),
            "source": one.source,
            "year": one.year,
            "amount_som": one.som,
        }
        for one in made.payments
    ]
    must_act = [
        {"school_id": int(table.school_id[at]), "reason": problem.reasons[at], "outcome": what}
        for at, what in made.outcome.items()
    ]
    return payments, must_act


def _content(run_hash: str, wish: Wish, seconds: float) -> dict[str, Any]:
    """Return what a plan rests on: the text whose hash is its name (method 14)."""
    return {
        "schema": "koopsuz-plan/2",
        "run": run_hash,
        **wish_content(wish),
        "parameters": read_parameter_tables().sha256,
        "solver": {"name": "HiGHS", "version": version("highspy"), "gap": GAP, "seconds": seconds, "seed": SEED},
        "code": code_version(),
    }


@cache
def code_version() -> str:
    """Return the SHA-256 over the names and the source of the rules of allocation."""
    digest = hashlib.sha256()
    for name in RULES:
        path = ROOT / name
        for found in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(found.relative_to(ROOT).as_posix().encode() + b"\0" + found.read_bytes() + b"\0")
    return digest.hexdigest()
