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

from app.funding.allocation import allocate
from app.funding.catalogue import default_catalogue
from app.funding.portfolio import NO_LIMIT, Offers, Plan, Rules
from app.funding.preview import Preview, preview
from app.i18n.marks import N_
from app.workflows.canonical import canonical_hash, canonical_json
from geodata.database import Session
from geodata.queries import audit, plans, runs
from geodata.readers.parameter_tables import read_parameter_tables
from geodata.records.plan import OfferTable

ROOT = Path(__file__).resolve().parents[2]
RULES = ("app/funding", "app/workflows/allocate_budget.py")
GAP, SECONDS, SEED = 1e-4, 60.0, 0
FLOOR_SHARE = 0.5
"""A region is sure of this share of what its need alone would bring it (method 10)."""

Report = Callable[[float, str], None]


class AllocationError(Exception):
    """Base of what can be wrong with a plan before the solver is asked."""


class NoSuchRunError(AllocationError):
    """There is no published run whose hash begins so."""


class NoOffersError(AllocationError):
    """Nothing was evaluated for this run: it is older than the measures, or larger than a country."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a planner asks for. ``floor_share`` 0: no floors; ``gini_most`` None: no limit on unevenness."""

    budget_som: int
    floor_share: float = FLOOR_SHARE
    gini_most: float | None = None


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


def offers_of(table: OfferTable) -> Offers:
    """Return the offers as the solver reads them; every bundle counts as a safety measure."""
    return Offers(
        school=table.school,
        cost_som=table.cost_som,
        benefit=table.benefit,
        is_safety=np.ones(len(table.school), dtype=bool),
        schools=len(table.school_id),
    )


def need_of_regions(table: OfferTable) -> NDArray[np.float64]:
    """Return pupils x (100 - index) of each region; a school of which nothing is known adds nothing."""
    need = np.nan_to_num(table.pupils * table.gap_points)
    return np.bincount(table.region, need, len(table.regions)).astype(float)


def rules_of(table: OfferTable, wish: Wish) -> Rules:
    """Return the rules of ``wish``: floors by need, lowered where a region's measures cost less."""
    regions = len(table.regions)
    need = need_of_regions(table)
    asked = np.floor(wish.floor_share * wish.budget_som * need / (need.sum() or 1.0)).astype(np.int64)
    dearest = np.zeros(len(table.school_id), dtype=np.int64)
    np.maximum.at(dearest, table.school, table.cost_som)
    possible = np.zeros(regions, dtype=np.int64)
    np.add.at(possible, table.region, dearest)
    return Rules(
        budget_som=wish.budget_som,
        region=table.region,
        pupils=np.bincount(table.region, np.nan_to_num(table.pupils), regions).astype(float),
        floor_som=np.minimum(asked, possible),
        ceiling_som=np.full(regions, NO_LIMIT),
        gini_most=wish.gini_most,
    )


def preview_budget(table: OfferTable, wish: Wish) -> Preview:
    """Return the preview of a wish; the limit on unevenness is left to the proven plan."""
    return preview(offers_of(table), rules_of(table, wish))


def preview_hash(run_hash: str, wish: Wish) -> str:
    """Return the hash of what a preview rests on: the same run and wish show the same figures."""
    return canonical_hash(_content(run_hash, wish, 0.0) | {"schema": "koopsuz-preview/1"})


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
        FundingError: The rules contradict themselves, conflict, or no plan was found in time.
    """
    say = report or (lambda _pct, _step: None)
    say(5, N_("Reading what can be funded"))
    run = runs.published_run(session, run_hash)
    if run is None:
        raise NoSuchRunError(run_hash)
    table = plans.load_offers(session, run.id)
    if table is None:
        raise NoOffersError(run_hash)
    content = _content(run.hash, wish, seconds)
    plan_hash = canonical_hash(content)
    existing = plans.find_plan(session, plan_hash)
    if existing is not None:
        gap = max(0.0, 1 - existing.benefit / existing.bound) if existing.bound > 0 else 0.0
        return PlanSummary(
            plan_hash, existing.cost_som, existing.benefit, gap, existing.schools, existing.is_proven, is_new=False
        )
    say(15, N_("Choosing the best measures"))
    rules, offers = rules_of(table, wish), offers_of(table)
    made = allocate(offers, rules, table.rank, gap=GAP, seconds=seconds, seed=SEED)
    say(90, N_("Storing the plan"))
    price = preview(offers, rules).shadow_price
    values = _row(content, run, wish, made, price, proposal_share(table, made.chosen)) | {"account_id": account_id}
    plan_id = plans.add_plan(session, values, _items(table, made), table.codes)
    audit.record(session, "plan:made", subject=plan_hash, details={"budget_som": wish.budget_som})
    if publish:
        plans.publish_plan(session, plan_id)
    say(100, N_("Done"))
    return PlanSummary(plan_hash, made.cost_som, made.benefit, made.gap, len(made.chosen), made.is_proven, is_new=True)


def _row(content: dict[str, Any], run: Any, wish: Wish, made: Plan, price: float, proposed: float) -> dict[str, Any]:
    return {
        "hash": canonical_hash(content),
        "canonical": canonical_json(content),
        "status": made.status,
        "code_version": code_version(),
        "run_id": run.id,
        "budget_som": wish.budget_som,
        "cost_som": made.cost_som,
        "benefit": made.benefit,
        "bound": max(made.bound, made.benefit),
        "shadow_price": price,
        "proposal_share": 0.0 if np.isnan(proposed) else proposed,
        "schools": len(made.chosen),
        "is_proven": made.is_proven,
        "is_unique": made.is_unique,
        "is_synthetic": run.is_synthetic,
    }


def _items(table: OfferTable, made: Plan) -> dict[str, NDArray[Any]]:
    rows = made.chosen
    return {
        "school_id": table.school_id[table.school[rows]],
        "bundle": table.bundle[rows],
        "cost_som": table.cost_som[rows],
        "benefit": table.benefit[rows],
    }


def _content(run_hash: str, wish: Wish, seconds: float) -> dict[str, Any]:
    """Return what a plan rests on: the text whose hash is its name (method 14)."""
    return {
        "schema": "koopsuz-plan/1",
        "run": run_hash,
        "budget_som": wish.budget_som,
        "floor_share": wish.floor_share,
        "gini_most": wish.gini_most,
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
