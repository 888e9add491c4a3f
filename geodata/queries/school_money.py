"""Plans as one school, one area and the list see them: who is funded, by which plan, and who is next below the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, text

from geodata.models import Plan, PlanItem
from geodata.records.plan import DRAFT_ABOVE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def shown_plan(run_id: int, plan_hash: str | None) -> Select:
    """Return the SELECT of the id of one plan that who asks may see: the named one, else the newest public one.

    A public plan of the run itself stands before newer ones of other runs.
    """
    if plan_hash is not None:
        return select(Plan.id).where(Plan.hash.startswith(plan_hash, autoescape=True)).limit(1)
    newest = select(Plan.id).where(Plan.is_published)
    return newest.order_by((Plan.run_id == run_id).desc(), Plan.id.desc()).limit(1)


def funded_schools(run_id: int, plan_hash: str | None) -> Select:
    """Return the SELECT of the ids of the schools that get money in a plan; see ``shown_plan``."""
    return select(PlanItem.school_id).where(PlanItem.plan_id == shown_plan(run_id, plan_hash).scalar_subquery())


def is_plan_there(session: Session, run_id: int, plan_hash: str | None) -> bool:
    """Return whether who asks may see the plan of ``shown_plan``."""
    return session.scalar(shown_plan(run_id, plan_hash)) is not None


def plan_before(session: Session, run_id: int, moment: datetime) -> str | None:
    """Return the hash of the plan that ``shown_plan`` gave the public at a past moment; None: there was none yet."""
    newest = select(Plan.hash).where(Plan.is_published, Plan.published_at < moment)
    return session.scalar(newest.order_by((Plan.run_id == run_id).desc(), Plan.id.desc()).limit(1))


class PlanShown(NamedTuple):
    """The plan whose money a page shows. ``below_id``: the best school without money; None: none is left."""

    id: int
    hash: str
    run_id: int
    run_hash: str
    budget_som: int
    cost_som: int
    schools: int
    shadow_price: float
    proposal_share: float
    is_published: bool
    below_id: int | None
    below_code: str | None
    canonical: str

    @property
    def is_draft(self) -> bool:
        """Return whether the plan is stamped "draft - not for allocation"."""
        return self.proposal_share > DRAFT_ABOVE


_SHOWN = text("""
    SELECT
        plan.id, plan.hash, plan.run_id, run.hash, plan.budget_som, plan.cost_som, plan.schools, plan.shadow_price,
        coalesce(
            (SELECT share FROM plan_provenance AS rests WHERE rests.plan_id = plan.id AND rests.value = 'benefit'
            AND rests.place = 0 AND rests.status = 'proposal'), plan.proposal_share
        ),
        plan.is_published, below.school_id, below.code, plan.canonical
    FROM plan
    JOIN run ON run.id = plan.run_id
    LEFT JOIN LATERAL (
        SELECT offer.school_id, school.code
        FROM bundle_result AS offer
        JOIN school ON school.id = offer.school_id
        WHERE offer.run_id = plan.run_id AND offer.cost_som IS NOT NULL AND offer.benefit > 0
            AND NOT EXISTS (SELECT FROM plan_item AS item WHERE item.plan_id = plan.id AND item.school_id = school.id)
        ORDER BY offer.benefit / offer.cost_som DESC, offer.school_id
        LIMIT 1
    ) AS below ON true
    WHERE plan.id = (
        SELECT one.id FROM plan AS one
        WHERE CASE WHEN CAST(:hash AS text) IS NULL THEN one.is_published ELSE starts_with(one.hash, :hash) END
        ORDER BY one.run_id = :run_id DESC, one.id DESC
        LIMIT 1
    )
""")


def plan_shown(session: Session, run_id: int, plan_hash: str | None = None) -> PlanShown | None:
    """Return the plan that a page about ``run_id`` shows; None: there is none that who asks may see."""
    row = session.execute(_SHOWN, {"run_id": run_id, "hash": plan_hash}).first()
    return None if row is None else PlanShown(*row)


def funded_among(session: Session, plan_id: int, school_ids: Sequence[int]) -> frozenset[int]:
    """Return which of some schools get money in a plan."""
    wanted = select(PlanItem.school_id).where(PlanItem.plan_id == plan_id, PlanItem.school_id.in_(school_ids))
    return frozenset(session.scalars(wanted))


_FUNDED = text("""
    SELECT school.code
    FROM plan_item AS item
    JOIN school ON school.id = item.school_id
    WHERE item.plan_id = :plan_id
    ORDER BY school.code
""")


def funded_codes(session: Session, plan_id: int) -> list[str]:
    """Return the codes of the schools that get money in a plan, for the marks on the map."""
    return list(session.scalars(_FUNDED, {"plan_id": plan_id}))


class MeasureOffer(NamedTuple):
    """One bundle at a school in a run. Money in whole som; None is unknown; ``estimate_som`` only beside a figure."""

    bundle: str
    cost_som: int | None
    cost_low_som: int | None
    cost_high_som: int | None
    estimate_som: int | None
    is_figure: bool
    benefit: float
    fatalities_avoided: float | None
    loss_avoided_som: float | None
    index_gained: float | None


class WorksRule(NamedTuple):
    """What the rule between retrofit, replacement and relocation rested on; som None = unknown or not possible."""

    retrofit_som: int | None
    replacement_som: int | None
    is_condemned: bool
    is_on_slide: bool
    is_in_flow: bool
    choice: str | None


class PlannedMoney(NamedTuple):
    """What a plan gives a school; ``payments``: (source, som), none in a plan of one source without a name."""

    bundle: str
    cost_som: int
    year: int | None
    payments: list[tuple[str, int]]


class Chance(NamedTuple):
    """How often a school gets money in draws of a plan; None: nothing can be bought for it at a known cost."""

    draws: int
    p_funded: float | None


class SchoolMoney(NamedTuple):
    """All that a school's money page reads of a run and a plan."""

    offers: list[MeasureOffer]
    rule: WorksRule | None
    item: PlannedMoney | None
    must_act: tuple[str, str] | None
    """Why the plan had to act on the school, and what came of it."""
    chance: Chance | None = None
    """None: the plan was not drawn."""


_MONEY = text("""
    SELECT
        (SELECT json_agg(json_build_array(
            bundle, cost_som, cost_low_som, cost_high_som, estimate_som, is_figure, benefit, fatalities_avoided,
            loss_avoided_som, index_gained
        ) ORDER BY cost_som NULLS LAST, bundle COLLATE "C")
        FROM bundle_result WHERE run_id = :run_id AND school_id = :school_id),
        (SELECT json_build_array(
            retrofit_som, replacement_som, is_condemned, is_on_slide, is_in_flow, choice
        ) FROM school_works WHERE run_id = :run_id AND school_id = :school_id),
        (SELECT json_build_array(bundle, cost_som, year) FROM plan_item
        WHERE plan_id = :plan_id AND school_id = :school_id),
        (SELECT json_agg(json_build_array(source, amount_som) ORDER BY amount_som DESC, source) FROM plan_payment
        WHERE plan_id = :plan_id AND school_id = :school_id),
        (SELECT json_build_array(reason, outcome) FROM plan_must_act
        WHERE plan_id = :plan_id AND school_id = :school_id),
        (SELECT json_build_array(drawn.draws, one.p_funded) FROM plan_draws AS drawn
        LEFT JOIN plan_draw_school AS one ON one.plan_id = drawn.plan_id AND one.school_id = :school_id
        WHERE drawn.plan_id = :plan_id)
""")


def money_of_school(session: Session, run_id: int, plan_id: int | None, school_id: int) -> SchoolMoney:
    """Return the bundles of a school in a run, the rule it fell under, and its money in a plan; one query."""
    values = {"run_id": run_id, "plan_id": plan_id, "school_id": school_id}
    offers, rule, item, payments, must, chance = session.execute(_MONEY, values).one()
    paid = [(source, int(som)) for source, som in payments or ()]
    return SchoolMoney(
        [MeasureOffer(*one) for one in offers or ()],
        WorksRule(*rule) if rule else None,
        PlannedMoney(item[0], item[1], item[2], paid) if item else None,
        (must[0], must[1]) if must else None,
        Chance(*chance) if chance else None,
    )
