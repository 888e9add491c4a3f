"""Draws of a plan: stored once, read with the plan and with its schools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, text

from geodata.models import PlanDraws, PlanDrawSchool
from geodata.queries.provenance import ProvenanceRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


class NearMoney(NamedTuple):
    """A school without money in a plan that gets some in draws of it."""

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    national_rank: int
    p_funded: float


class DrawnPlan(NamedTuple):
    """The draws of a plan for its page. ``counts``: (is in the plan, class of its share, schools)."""

    draws: int
    refused: int
    seed: int
    created_at: datetime
    counts: list[tuple[bool, int, int]]
    near: list[NearMoney]
    provenance: list[ProvenanceRow]


_DRAWN = text("""
    WITH drawn AS (
        SELECT one.school_id, one.p_funded, item.school_id IS NOT NULL AS is_planned
        FROM plan_draw_school AS one
        LEFT JOIN plan_item AS item ON item.plan_id = one.plan_id AND item.school_id = one.school_id
        WHERE one.plan_id = :plan_id
    ),
    counted AS (
        SELECT is_planned, width_bucket(p_funded + 1e-12, CAST(:cuts AS float8[])) AS place, count(*) AS schools
        FROM drawn
        GROUP BY 1, 2
    ),
    near AS (
        SELECT school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank, drawn.p_funded
        FROM drawn
        JOIN school ON school.id = drawn.school_id
        JOIN plan ON plan.id = :plan_id
        JOIN school_result AS result ON result.run_id = plan.run_id AND result.school_id = drawn.school_id
        WHERE NOT drawn.is_planned AND drawn.p_funded >= :least
        ORDER BY drawn.p_funded DESC, result.national_rank
        LIMIT :limit
    )
    SELECT
        draws, refused, seed, created_at,
        (SELECT json_agg(json_build_array(is_planned, place, schools)) FROM counted),
        (SELECT json_agg(json_build_array(code, name_ky, name_ru, name_en, national_rank, p_funded)
            ORDER BY p_funded DESC, national_rank) FROM near),
        (SELECT json_agg(json_build_array(value, place, name, status, share) ORDER BY value, place, share DESC, name)
        FROM plan_provenance WHERE plan_id = :plan_id)
    FROM plan_draws
    WHERE plan_id = :plan_id
""")


def find_draws(session: Session, plan_id: int) -> PlanDraws | None:
    """Return how a plan was drawn; None: it was not."""
    return session.get(PlanDraws, plan_id)


def add_draws(session: Session, values: Mapping[str, Any], schools: Sequence[Mapping[str, Any]]) -> None:
    """Store the draws of a plan with its schools; there is one set a plan."""
    session.execute(insert(PlanDraws).values(**values))
    if schools:
        session.execute(insert(PlanDrawSchool), [{"plan_id": values["plan_id"], **row} for row in schools])


def drawn_plan(session: Session, plan_id: int, cuts: Sequence[float], limit: int) -> DrawnPlan | None:
    """Return the draws of a plan, None where it was not drawn; one query.

    ``cuts``: rising shares from which a class begins. Near are the schools without money in the plan that get some in
    a share of the draws of at least the first cut, most often first.
    """
    values = {"plan_id": plan_id, "cuts": list(cuts), "least": cuts[0], "limit": limit}
    row = session.execute(_DRAWN, values).first()
    if row is None:
        return None
    draws, refused, seed, created_at, counts, near, rests = row
    places = [(bool(is_planned), int(place), int(schools)) for is_planned, place, schools in counts or ()]
    return DrawnPlan(
        draws, refused, seed, created_at, places, [NearMoney(*one) for one in near or ()],
        [ProvenanceRow(*one) for one in rests or ()],
    )  # fmt: skip
