"""How often a list is drawn, and N of "among the first N": what a plan funds, else a share of the list (method 8)."""

from __future__ import annotations

from dataclasses import dataclass

from app.prioritisation.stability import MOST_RANKS, top_count
from app.risk.parameters import RiskParameters


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """How often is drawn, with which seed, and N of "among the first N"; ``plan``: the plan that funds so many."""

    draws: int
    seed: int
    top: int
    plan: str | None = None


def plan_draws(
    draws: int | None, schools: int, parameters: RiskParameters, funded: tuple[str, int] | None = None
) -> DrawPlan | None:
    """Return how the list is drawn, None for no draws.

    ``draws`` None asks for the interactive number where so many fit into memory, else for none. ``funded``: hash of the
    plan in force and how many schools it funds, which is N; without one N is a share of the list.
    """
    if draws is None:
        wanted = int(parameters["uncertainty.draws_interactive"])
        draws = wanted if wanted * schools <= MOST_RANKS else 0
    if draws <= 0:
        return None
    plan, count = funded or (None, top_count(schools, parameters["uncertainty.top_share"]))
    return DrawPlan(draws, int(parameters["uncertainty.seed"]), min(max(count, 1), schools), plan)
