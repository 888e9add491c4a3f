"""Offers of a run and the plans that rest on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from sqlalchemy import func, insert, select, text, update

from geodata.models import Area, BundleResult, Plan, PlanItem, PlanMustAct, PlanPayment, Run, School, SchoolResult
from geodata.queries.bulk_arrays import read_arrays, stage_arrays
from geodata.queries.provenance import proposal_share
from geodata.records.plan import MustAct, OfferTable, PlanFacts, PlanRow, SchoolOffer, Spending

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

STORE = text("""
    INSERT INTO bundle_result (
        run_id, school_id, bundle, cost_som, benefit, fatalities_avoided, loss_avoided_som, index_gained,
        cost_low_som, cost_high_som, estimate_som, is_figure
    )
    SELECT
        :run_id, s.school_id, code.word, nullif(s.cost_som, 'NaN')::bigint, s.benefit,
        nullif(s.fatalities_avoided, 'NaN'), nullif(s.loss_avoided_som, 'NaN'), nullif(s.index_gained, 'NaN'),
        nullif(s.cost_low_som, 'NaN')::bigint, nullif(s.cost_high_som, 'NaN')::bigint,
        CASE WHEN s.is_figure = 1 THEN nullif(s.estimate_som, 'NaN')::bigint END, s.is_figure = 1
    FROM staged_bundle AS s
    JOIN unnest(CAST(:codes AS text[])) WITH ORDINALITY AS code (word, number) ON code.number = s.bundle + 1
""")

SCHOOLS = """
    SELECT
        result.school_id, result.national_rank, coalesce(result.oblast_id, 0), coalesce(result.rayon_id, 0),
        coalesce(result.pupils::float8, 'NaN'), coalesce(100 - result.index_central, 'NaN'),
        (result.grade = 'E' AND flagged.found)::int::int2,
        coalesce(
            NOT flagged.found AND structure.index_central >= %(conforms)s AND structure.completeness >= %(complete)s,
            false
        )::int::int2
    FROM school_result AS result
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(starts_with(flag, %(domain)s || '-')), false) AS found
        FROM unnest(result.red_flags) AS flag
    ) AS flagged
    LEFT JOIN domain_result AS structure
        ON structure.run_id = result.run_id
        AND structure.school_id = result.school_id
        AND structure.domain_code = %(domain)s
    WHERE result.run_id = %(run)s
    ORDER BY result.national_rank
"""
SCHOOL_COLUMNS = {
    "school_id": "int8", "rank": "int4", "oblast_id": "int8", "rayon_id": "int8", "pupils": "float8", "gap": "float8",
    "is_flagged": "int2", "is_safe": "int2",
}  # fmt: skip
STRUCTURE = "STR"
"""Domain of the structure of buildings, and the beginning of its criteria's codes."""

OFFERS = """
    SELECT
        result.national_rank, (array_position(%(codes)s::text[], offer.bundle) - 1)::int2, offer.cost_som, offer.benefit
    FROM bundle_result AS offer
    JOIN school_result AS result ON result.run_id = offer.run_id AND result.school_id = offer.school_id
    WHERE offer.run_id = %(run)s AND offer.cost_som IS NOT NULL
    ORDER BY result.national_rank, offer.bundle COLLATE "C"
"""
OFFER_COLUMNS = {"rank": "int4", "bundle": "int2", "cost_som": "int8", "benefit": "float8"}


def store_offers(
    session: Session, run_id: int, columns: Mapping[str, tuple[str, NDArray[Any]]], codes: Sequence[str]
) -> None:
    """Store the offered bundles of a run; ``columns`` as ``STORE`` names them, ``bundle`` an index of ``codes``."""
    stage_arrays(session, "staged_bundle", columns)
    session.execute(STORE, {"run_id": run_id, "codes": list(codes)})


def load_offers(session: Session, run_id: int, conforms: float = 80.0, complete: float = 0.8) -> OfferTable | None:
    """Return what can be funded in a run, schools in the order of their ranks; None where nothing was evaluated.

    ``conforms``, ``complete``: index and completeness from which the structure of a school is known to be safe.
    """
    codes = list(
        session.scalars(select(BundleResult.bundle).where(BundleResult.run_id == run_id).distinct().order_by("bundle"))
    )
    if not codes:
        return None
    asked = {"run": run_id, "domain": STRUCTURE, "conforms": conforms, "complete": complete}
    schools = read_arrays(session, SCHOOLS, SCHOOL_COLUMNS, asked)
    offers = read_arrays(session, OFFERS, OFFER_COLUMNS, {"run": run_id, "codes": codes})
    regions, region = np.unique(schools["oblast_id"], return_inverse=True)
    rayons, rayon = np.unique(schools["rayon_id"], return_inverse=True)
    ids = [int(one) for one in (*regions, *rayons)]
    named = select(School.code).join(SchoolResult, SchoolResult.school_id == School.id)
    return OfferTable(
        bundle=offers["bundle"].astype(np.int64),
        codes=tuple(codes),
        school=np.searchsorted(schools["rank"], offers["rank"]).astype(np.int64),
        cost_som=offers["cost_som"],
        benefit=offers["benefit"],
        school_id=schools["school_id"],
        rank=schools["rank"].astype(np.int64),
        region=region.astype(np.int64),
        pupils=schools["pupils"],
        gap_points=schools["gap"],
        regions=tuple(int(one) for one in regions),
        rayon=rayon.astype(np.int64),
        rayons=tuple(int(one) for one in rayons),
        area_code={row.id: row.code for row in session.execute(select(Area.id, Area.code).where(Area.id.in_(ids)))},
        school_code=tuple(
            session.scalars(named.where(SchoolResult.run_id == run_id).order_by(SchoolResult.national_rank))
        ),
        is_safe=schools["is_safe"] > 0,
        is_flagged=schools["is_flagged"] > 0,
    )


def offers_of_school(session: Session, run_id: int, school_id: int) -> list[SchoolOffer]:
    """Return the bundles of one school, the cheapest first, those of unknown cost last."""
    columns = (
        BundleResult.bundle, BundleResult.cost_som, BundleResult.benefit, BundleResult.fatalities_avoided,
        BundleResult.loss_avoided_som, BundleResult.index_gained,
    )  # fmt: skip
    query = select(*columns).where(BundleResult.run_id == run_id, BundleResult.school_id == school_id)
    order = (BundleResult.cost_som.asc().nulls_last(), BundleResult.bundle)
    return [SchoolOffer(*cast("Any", row)) for row in session.execute(query.order_by(*order))]


def add_plan(
    session: Session, values: Mapping[str, Any], items: Mapping[str, NDArray[Any]], codes: Sequence[str]
) -> int:
    """Store a plan and return its id.

    ``items``: school_id, bundle (index of ``codes``), cost_som, benefit, and year (0 = without a name).
    """
    plan_id = session.scalar(insert(Plan).values(**values).returning(Plan.id))
    rows = [
        {
            "plan_id": plan_id,
            "school_id": int(items["school_id"][n]),
            "bundle": codes[int(items["bundle"][n])],
            "cost_som": int(items["cost_som"][n]),
            "benefit": float(items["benefit"][n]),
            "year": int(items["year"][n]) or None,
        }
        for n in range(len(items["school_id"]))
    ]
    if rows:
        session.execute(insert(PlanItem), rows)
    return int(plan_id or 0)


def add_plan_parts(
    session: Session, plan_id: int, payments: Sequence[Mapping[str, Any]], must_act: Sequence[Mapping[str, Any]]
) -> None:
    """Store who pays what, and the schools that must be acted on with what came of them."""
    if payments:
        session.execute(insert(PlanPayment), [{"plan_id": plan_id} | dict(row) for row in payments])
    if must_act:
        session.execute(insert(PlanMustAct), [{"plan_id": plan_id} | dict(row) for row in must_act])


_FACTS = (
    Plan.id, Plan.hash, Run.hash, Plan.budget_som, Plan.cost_som, Plan.benefit, Plan.bound, Plan.shadow_price,
    proposal_share().label("proposal_share"), Plan.schools, Plan.status, Plan.is_proven, Plan.is_unique,
    Plan.is_published, Plan.is_synthetic, Plan.created_at, Plan.canonical, Plan.first_year, Plan.years,
    Plan.must_act_left, Plan.result_sha256, Plan.state_version,
)  # fmt: skip


def find_plan(session: Session, plan_hash: str) -> PlanFacts | None:
    """Return the plan whose hash begins so, None where there is none or more than one."""
    query = select(*_FACTS).join(Run, Run.id == Plan.run_id).where(Plan.hash.startswith(plan_hash, autoescape=True))
    rows = session.execute(query.limit(2)).all()
    return PlanFacts(*cast("Any", rows[0])) if len(rows) == 1 else None


def list_plans(session: Session, run_id: int, limit: int = 20) -> list[PlanFacts]:
    """Return the plans of a run, the newest first."""
    query = select(*_FACTS).join(Run, Run.id == Plan.run_id).where(Plan.run_id == run_id)
    return [PlanFacts(*cast("Any", row)) for row in session.execute(query.order_by(Plan.id.desc()).limit(limit))]


def plan_rows(session: Session, plan_id: int, limit: int, offset: int = 0) -> list[PlanRow]:
    """Return the funded schools of a plan in the order of their ranks."""
    columns = (
        School.id, School.code, School.name_ky, School.name_ru, School.name_en, SchoolResult.oblast_id,
        SchoolResult.national_rank, SchoolResult.grade, SchoolResult.pupils, PlanItem.bundle, PlanItem.cost_som,
        PlanItem.benefit, PlanItem.year,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Plan, Plan.id == PlanItem.plan_id)
        .join(School, School.id == PlanItem.school_id)
        .join(SchoolResult, (SchoolResult.run_id == Plan.run_id) & (SchoolResult.school_id == PlanItem.school_id))
        .where(PlanItem.plan_id == plan_id)
        .order_by(SchoolResult.national_rank)
    )
    return [PlanRow(*cast("Any", row)) for row in session.execute(query.limit(limit).offset(offset))]


def schools_named(session: Session, run_id: int, school_ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Return code, names, grade and rank of some schools of a run, by id."""
    columns = (
        School.id, School.code, School.name_ky, School.name_ru, School.name_en, SchoolResult.grade,
        SchoolResult.national_rank,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(SchoolResult, SchoolResult.school_id == School.id)
        .where(SchoolResult.run_id == run_id, School.id.in_(school_ids))
    )
    return {row[0]: tuple(row[1:]) for row in session.execute(query)}


def newest_item(session: Session, run_id: int, school_id: int) -> tuple[PlanFacts, str | None, int | None] | None:
    """Return the newest plan of a run that who asks may see, with the school's bundle and cost in it, if any."""
    found = list_plans(session, run_id, 1)
    if not found:
        return None
    item = session.execute(
        select(PlanItem.bundle, PlanItem.cost_som).where(
            PlanItem.plan_id == found[0].id, PlanItem.school_id == school_id
        )
    ).first()
    return (found[0], item.bundle, item.cost_som) if item else (found[0], None, None)


_SPENDING = text("""
    SELECT source, year, sum(amount_som)::bigint, count(*)
    FROM plan_payment WHERE plan_id = :plan GROUP BY source, year
    UNION ALL
    SELECT '', year, sum(cost_som)::bigint, count(*)
    FROM plan_item WHERE plan_id = :plan AND year IS NOT NULL GROUP BY year
    ORDER BY 2, 1
""")


def spending(session: Session, plan_id: int) -> list[Spending]:
    """Return what a plan costs in each year (source '') and what each source pays of it; empty without years."""
    return [Spending(*row) for row in session.execute(_SPENDING, {"plan": plan_id})]


def must_act_schools(session: Session, plan_id: int) -> list[MustAct]:
    """Return the schools that a plan had to act on, those that stay without first."""
    columns = (
        School.code, School.name_ky, School.name_ru, School.name_en, PlanMustAct.reason, PlanMustAct.outcome,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(PlanMustAct, PlanMustAct.school_id == School.id)
        .where(PlanMustAct.plan_id == plan_id)
        .order_by(PlanMustAct.outcome == "funded", PlanMustAct.outcome.desc(), School.code)
    )
    return [MustAct(*cast("Any", row)) for row in session.execute(query)]


def show_plan(session: Session, plan_id: int, *, is_published: bool, seen: int | None = None) -> bool:
    """Publish or withdraw a plan; False where its state is not ``seen`` any more: somebody else was faster.

    ``seen`` None asks only that the plan is not so already.
    """
    values = {
        "is_published": is_published,
        "published_at": func.clock_timestamp() if is_published else None,
        "state_version": Plan.state_version + 1,
    }
    change = update(Plan).where(Plan.id == plan_id, Plan.is_published.is_not(is_published))
    if seen is not None:
        change = change.where(Plan.state_version == seen)
    return session.scalar(change.values(**values).returning(Plan.id)) is not None


def publish_plan(session: Session, plan_id: int) -> None:
    """Let everybody see a plan."""
    show_plan(session, plan_id, is_published=True)
