"""Which schools of a list get money: by the plan of the address, else by the newest one that everybody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort

from app.web.past_day import day_shown
from app.web.remembered import remembered
from geodata.queries import school_money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.school_money import PlanShown
    from geodata.records.priority import ListFilter


@dataclass(frozen=True, slots=True)
class PlanMarks:
    """The plan and the marks of some schools; without a plan nobody is funded and nobody is below a line."""

    plan: PlanShown | None
    funded: frozenset[int] = frozenset()

    @property
    def below_id(self) -> int | None:
        """Return the first school below the line."""
        return self.plan.below_id if self.plan else None


def shown_plan(session: Session, run: Run, plan_hash: str | None) -> PlanShown | None:
    """Return the plan of the address, else the newest public one; 404 for a plan that who asks may not see.

    On a past day it is the one that was public then, and None when there was none yet.
    """
    day = day_shown()
    if day is not None and plan_hash is None:
        plan_hash = school_money.plan_before(session, run.id, day.end)
        if plan_hash is None:
            return None
    plan = remembered(("plan", run.id, plan_hash), lambda: school_money.plan_shown(session, run.id, plan_hash))
    if plan is None and plan_hash is not None:
        abort(404)
    return plan


def marks_of(session: Session, run: Run, wanted: ListFilter, school_ids: Sequence[int]) -> PlanMarks:
    """Return the marks of some schools; one query where the plan is known, two or three else."""
    plan = shown_plan(session, run, wanted.plan)
    if plan is None or not school_ids:
        return PlanMarks(plan)
    if wanted.funded is not None:
        return PlanMarks(plan, frozenset(school_ids) if wanted.funded else frozenset())
    return PlanMarks(plan, school_money.funded_among(session, plan.id, school_ids))
