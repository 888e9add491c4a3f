"""How often the schools of a plan get money while costs and benefits are drawn, for the plan's page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.i18n.names import local_name
from app.prioritisation.stability import LABELS
from app.risk.parameters import default_parameters
from app.web.language import current_language
from app.web.plans.ledger_section import plan_ledger
from app.web.plans.words import CHANCES
from geodata.queries import plan_draws

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.plan import PlanFacts

SHOWN = 15
UNSEEN = ("gini_most", "limits", "works_most")
"""Rules of a plan that the preview, and so its draws, do not know."""


@dataclass(frozen=True)
class ChanceLine:
    """How many schools are funded so often: of those in the plan, and of the others."""

    words: str
    planned: int
    others: int


@dataclass(frozen=True)
class NearLine:
    """A school without money in the plan that gets some in many draws."""

    code: str
    name: str
    rank: int
    chance_pct: float


def draws_section(session: Session, plan: PlanFacts) -> dict[str, Any]:
    """Return the draws of a plan; ``found`` None: it was not drawn."""
    parameters, language = default_parameters(), current_language()
    cuts = [parameters[f"uncertainty.label_{name}"] for name in LABELS[1:]]
    found = plan_draws.drawn_plan(session, plan.id, cuts, SHOWN)
    if found is None:
        return {"found": None}
    by_place = {(planned, place): count for planned, place, count in found.counts}
    return {
        "found": found,
        "planned": sum(count for planned, _place, count in found.counts if planned),
        "firm": by_place.get((True, len(cuts)), 0),
        "lines": [
            ChanceLine(CHANCES[LABELS[place]], by_place.get((True, place), 0), by_place.get((False, place), 0))
            for place in reversed(range(len(LABELS)))
        ],
        "near": [
            NearLine(one.code, local_name(one, language) or one.code, one.national_rank, 100 * one.p_funded)
            for one in found.near
        ],
        "near_least_pct": 100 * cuts[0],
        "near_most": SHOWN,
        "ledger": plan_ledger(found.provenance),
        "leaves_out": any(_asked(plan.canonical, name) for name in UNSEEN),
    }


def _asked(canonical: str, name: str) -> bool:
    content = json.loads(canonical)
    return bool(content.get("wish", content).get(name))
