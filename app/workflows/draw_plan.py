"""How often a list is drawn, and N of "among the first N": what a plan funds, else a share of the list (method 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.prioritisation.stability import MOST_RANKS, top_count
from app.risk.parameters import RiskParameters


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """How often is drawn, with which seed, and N of "among the first N"; ``plan``: the plan that funds so many."""

    draws: int
    seed: int
    top: int
    plan: str | None = None


class Top(NamedTuple):
    """N of "among the first N"; ``plan``: the plan that funds so many."""

    schools: int
    plan: str | None


def top_of(schools: int, parameters: RiskParameters, funded: tuple[str, int] | None = None) -> Top:
    """Return N; ``funded``: hash of the plan in force and how many schools it funds, None: N is a share of the list."""
    plan, count = funded or (None, top_count(schools, parameters["uncertainty.top_share"]))
    return Top(min(max(count, 1), schools), plan)


def plan_draws(draws: int | None, schools: int, parameters: RiskParameters, top: Top) -> DrawPlan | None:
    """Return how the list is drawn, None for no draws.

    ``draws`` None asks for the interactive number where so many fit into memory, else for none.
    """
    if draws is None:
        wanted = int(parameters["uncertainty.draws_interactive"])
        draws = wanted if wanted * schools <= MOST_RANKS else 0
    if draws <= 0:
        return None
    return DrawPlan(draws, int(parameters["uncertainty.seed"]), top.schools, top.plan)
