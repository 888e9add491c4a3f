"""The best measures for a budget: the preview while a slider moves, and the proven plan beside CP-SAT."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from app.funding.allocation import allocate
from app.funding.portfolio import NO_LIMIT, Offers, Rules
from app.funding.preview import preview
from scripts.benches import SIZES, Figure, bench, best_of, cpsat, stopwatch

BUILDINGS, REGIONS = 7_000, 9
OPTIONS, MOST_OPTIONS = 4, 24
BUDGET_SHARE, FLOOR_SHARE = 0.1, 0.9
"""The budget pays for a tenth of the dearest measures; floors take nine tenths of it, so that some of them bind."""

GAP, SECONDS = 1e-4, 60.0


@bench("allocate", sizes=(SIZES[0], SIZES[-1]))
def allocation(n: int) -> Iterator[Figure]:
    """Preview of a budget at 7,000 buildings with 4 and 24 measures each, the proven plan, the largest system."""
    if n == SIZES[-1]:
        offers, rules = make_offers(n, OPTIONS)
        made = preview(offers, rules)
        yield Figure(
            "preview, 4 measures each", n, best_of(3, partial(preview, offers, rules)), goal="<= 10 s and <= 1 GB",
            details={"gap": made.plan.gap},
        )  # fmt: skip
        return
    for options, goal in ((OPTIONS, "<= 50 ms"), (MOST_OPTIONS, "<= 150 ms")):
        offers, rules = make_offers(BUILDINGS, options)
        made = preview(offers, rules)
        seconds = best_of(5, partial(preview, offers, rules))
        details: dict[str, float | str] = {"gap": made.plan.gap, "funded": float(len(made.plan.chosen))}
        yield Figure(f"preview, {options} measures each", BUILDINGS, seconds, goal=goal, details=details)
    yield _proven(*make_offers(BUILDINGS, OPTIONS))


def _proven(offers: Offers, rules: Rules) -> Figure:
    rank = np.arange(1, offers.schools + 1)
    with stopwatch() as seconds:
        plan = allocate(offers, rules, rank, gap=GAP, seconds=SECONDS)
    peer = cpsat.solve(offers, rules, GAP, SECONDS)
    details: dict[str, float | str] = {
        "gap": plan.gap, "status": plan.status, "unique": str(plan.is_unique), "benefit": plan.benefit,
    }  # fmt: skip
    details |= {f"peer_{name}": value for name, value in peer.items()}
    return Figure(
        "proven plan, made unique", offers.schools, seconds[0], goal="<= 60 s, gap <= 1e-4",
        peer=None if "error" in peer else f"CP-SAT {peer['version']}, 2 workers, without making it unique",
        ratio=None if "error" in peer else round(seconds[0] / float(peer["seconds"]), 3),
        details=details,
    )  # fmt: skip


def make_offers(schools: int, options: int) -> tuple[Offers, Rules]:
    """Return measures of rising cost and falling return, and a budget with floors by need; always the same."""
    rng = np.random.default_rng(schools * options)
    cost = np.cumsum(rng.lognormal(15.5, 1.0, (schools, options)), axis=1)
    worth = rng.lognormal(0.0, 1.0, (schools, 1)) * rng.uniform(0.5, 1.5, (schools, options))
    benefit = worth * np.sqrt(cost)
    region = rng.integers(0, REGIONS, schools)
    offers = Offers(
        school=np.repeat(np.arange(schools), options),
        cost_som=np.ceil(cost).astype(np.int64).ravel(),
        benefit=(benefit / benefit.max(axis=1).sum()).ravel(),
        is_safety=np.ones(schools * options, dtype=bool),
        schools=schools,
    )
    budget = int(BUDGET_SHARE * cost[:, -1].sum())
    need = rng.dirichlet(np.full(REGIONS, 3.0))
    rules = Rules(
        budget_som=budget,
        region=region,
        pupils=np.bincount(region, minlength=REGIONS).astype(float),
        floor_som=np.floor(FLOOR_SHARE * budget * need).astype(np.int64),
        ceiling_som=np.full(REGIONS, NO_LIMIT),
    )
    return offers, rules
