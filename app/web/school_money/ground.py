"""What the explanations of all schools of one plan rest on: made once a plan, as runs and plans never change."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from flask import current_app

from app.funding.why_funded import Ground, Why, explain, ground_of
from app.workflows.plan_problem import load_table, offers_of, rules_of
from app.workflows.plan_wish import Wish, wish_from

if TYPE_CHECKING:
    from app.funding.portfolio import Rules
    from geodata.database import Session
    from geodata.queries.school_money import PlannedMoney, PlanShown
    from geodata.records.plan import OfferTable

KEPT = 3
_lock = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class PlanGround:
    """The offers of a plan's run and the ground of its explanations."""

    table: OfferTable
    ground: Ground

    def bundle(self, row: int) -> str:
        """Return the bundle of a row of the offers."""
        return self.table.codes[int(self.table.bundle[row])]

    def cost_som(self, row: int) -> int:
        """Return its cost."""
        return int(self.table.cost_som[row])


def why_of(session: Session, plan: PlanShown, school_id: int, item: PlannedMoney | None) -> tuple[PlanGround, Why]:
    """Return why a school is funded or not in a plan; a school that the plan's run has nothing for has no cost."""
    found = _ground(session, plan)
    place = np.flatnonzero(found.table.school_id == school_id)
    if not place.size:
        return found, Why("no_cost")
    row = _row_of(found, int(place[0]), item) if item else None
    return found, explain(found.ground, int(place[0]), row)


def _row_of(found: PlanGround, school: int, item: PlannedMoney) -> int | None:
    own = np.flatnonzero(found.table.school == school)
    return next((int(row) for row in own if found.bundle(int(row)) == item.bundle), None)


def _ground(session: Session, plan: PlanShown) -> PlanGround:
    if not plan.is_published:
        return _make(session, plan)
    kept: dict[int, PlanGround] = current_app.extensions.setdefault("plan_grounds", {})
    with _lock:
        if plan.id in kept:
            return kept[plan.id]
    made = _make(session, plan)
    with _lock:
        kept[plan.id] = made
        while len(kept) > KEPT:
            kept.pop(next(iter(kept)))
    return made


def _make(session: Session, plan: PlanShown) -> PlanGround:
    table = load_table(session, plan.run_id)
    assert table is not None, "a plan rests on offers"
    wish = _wish(json.loads(plan.canonical), plan.budget_som)

    def rules_at(budget_som: int) -> Rules:
        return rules_of(table, replace(wish, budget_som=budget_som, envelopes=()))

    free = replace(wish, floor_share=0.0, limits=(), envelopes=())
    offers = offers_of(table)
    return PlanGround(table, ground_of(offers, rules_at, rules_of(table, free), plan.budget_som, plan.shadow_price))


def _wish(content: dict[str, Any], budget_som: int) -> Wish:
    """Return the wish in a plan's text; of a text without one its budget under the floors of the method."""
    if "floor_share" not in content:
        return Wish(budget_som)
    shares = {
        name: None if content.get(name) is None else float(content[name]) for name in ("floor_share", "gini_most")
    }
    return wish_from(content | shares)
