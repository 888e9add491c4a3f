"""The pipeline of projects: where each stands, its money by source, and sums by stage and area."""
# ruff: noqa: S608  statements are put together from our own text

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from geodata.models import PipelineMoney, PipelineMove, PipelineProject
from geodata.records.pipeline import DROPPED, STAGES, MoneyRow, Move, PipelineRow, StageSums, UnitStages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_STANDS = "NOT EXISTS (SELECT FROM {table} AS later WHERE later.replaces_id = one.id)"
_NOW = f"""
    WITH present AS (
        SELECT DISTINCT ON (project_id) project_id, to_stage, moved_on, step
        FROM pipeline_move
        ORDER BY project_id, step DESC
    ),
    money AS (
        SELECT
            project_id,
            (sum(amount_som) FILTER (WHERE kind = 'planned'))::bigint AS planned_som,
            (sum(amount_som) FILTER (WHERE kind = 'spent'))::bigint AS spent_som
        FROM pipeline_money AS one
        WHERE {_STANDS.format(table="pipeline_money")}
        GROUP BY project_id
    ),
    decided AS (
        SELECT project_id, sum(amount_som)::bigint AS decided_som
        FROM funded_project AS one
        WHERE project_id IS NOT NULL AND {_STANDS.format(table="funded_project")}
        GROUP BY project_id
    )
"""
_FROM = """
    FROM pipeline_project AS project
    JOIN school ON school.id = project.school_id
    JOIN present ON present.project_id = project.id
    LEFT JOIN plan ON plan.id = project.plan_id
    LEFT JOIN money ON money.project_id = project.id
    LEFT JOIN decided ON decided.project_id = project.id
"""
_WHERE = {
    "area": "EXISTS (SELECT FROM school_area JOIN area ON area.id = school_area.area_id "
    "WHERE school_area.school_id = project.school_id AND area.code = :area)",
    "stage": "present.to_stage = :stage",
    "school": "school.code = :school",
    "plan": "plan.hash LIKE :plan || '%'",
    "number": "project.id = :number",
}
_ROW = f"""
    {_NOW}
    SELECT
        project.id, school.id, school.code, school.name_ky, school.name_ru, school.name_en,
        place.code, place.name_ky, place.name_ru, place.name_en,
        project.bundle, plan.hash, project.cost_som, present.to_stage, present.moved_on, present.step,
        money.planned_som, decided.decided_som, money.spent_som, project.is_synthetic
    {_FROM}
    LEFT JOIN LATERAL (
        SELECT area.code, area.name_ky, area.name_ru, area.name_en
        FROM school_area
        JOIN area ON area.id = school_area.area_id
        WHERE school_area.school_id = school.id AND school_area.level = 2 AND area.valid_to IS NULL
        LIMIT 1
    ) AS place ON true
"""


def _asked(wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    found = {name: value for name, value in wanted.items() if value is not None}
    return " AND ".join(["true", *(_WHERE[name] for name in found)]), found


def list_projects(
    session: Session, wanted: Mapping[str, Any], limit: int | None = None, offset: int = 0
) -> list[PipelineRow]:
    """Return projects, the newest move first; ``wanted``: area, stage, school, plan (beginning of its hash) or None."""
    where, values = _asked(wanted)
    order = f"WHERE {where} ORDER BY present.moved_on DESC, project.id DESC LIMIT :limit OFFSET :offset"
    rows = session.execute(text(f"{_ROW} {order}"), values | {"limit": limit, "offset": offset})
    return [PipelineRow(*row) for row in rows]


def find_project(session: Session, number: int) -> PipelineRow | None:
    """Return one project, None where there is none for this reader."""
    found = list_projects(session, {"number": number}, 1) if number < 2**63 else []
    return found[0] if found else None


def sums_by_stage(session: Session, wanted: Mapping[str, Any]) -> list[StageSums]:
    """Return every stage in order, with counts and sums; ``wanted`` as in ``list_projects``, its stage left out."""
    where, values = _asked({name: value for name, value in wanted.items() if name != "stage"})
    statement = text(f"""
        {_NOW}
        SELECT
            present.to_stage, count(*), count(*) FILTER (WHERE project.cost_som IS NULL),
            coalesce(sum(project.cost_som), 0)::bigint, coalesce(sum(money.planned_som), 0)::bigint,
            coalesce(sum(decided.decided_som), 0)::bigint, coalesce(sum(money.spent_som), 0)::bigint
        {_FROM}
        WHERE {where}
        GROUP BY present.to_stage
    """)
    found = {row[0]: StageSums(*row) for row in session.execute(statement, values)}
    return [found.get(stage, StageSums(stage)) for stage in (*STAGES, DROPPED)]


def sums_by_source(session: Session, wanted: Mapping[str, Any]) -> dict[str, tuple[int, int, int]]:
    """Return som planned, decided and spent by source of money, over projects that are not dropped."""
    where, values = _asked({name: value for name, value in wanted.items() if name != "stage"})
    statement = text(f"""
        {_NOW},
        every AS (
            SELECT project_id, money AS source, kind, amount_som FROM pipeline_money AS one
            WHERE {_STANDS.format(table="pipeline_money")}
            UNION ALL
            SELECT project_id, money, 'decided', amount_som FROM funded_project AS one
            WHERE project_id IS NOT NULL AND {_STANDS.format(table="funded_project")}
        )
        SELECT
            every.source,
            coalesce(sum(every.amount_som) FILTER (WHERE every.kind = 'planned'), 0)::bigint,
            coalesce(sum(every.amount_som) FILTER (WHERE every.kind = 'decided'), 0)::bigint,
            coalesce(sum(every.amount_som) FILTER (WHERE every.kind = 'spent'), 0)::bigint
        {_FROM}
        JOIN every ON every.project_id = project.id
        WHERE {where} AND present.to_stage <> '{DROPPED}'
        GROUP BY every.source
    """)
    return {row[0]: tuple(row[1:]) for row in session.execute(statement, values)}


def stages_by_area(session: Session, level: int, above: int | None) -> list[UnitStages]:
    """Return today's areas of ``level`` (directly below the area ``above``, if given) with their projects by stage."""
    statement = text(f"""
        {_NOW}
        SELECT
            area.code, area.name_ky, area.name_ru, area.name_en,
            coalesce(sum(project.cost_som) FILTER (WHERE present.to_stage <> '{DROPPED}'), 0)::bigint, present.to_stage,
            count(project.id)
        FROM area
        LEFT JOIN school_area ON school_area.area_id = area.id
            AND school_area.school_id IN (SELECT school_id FROM pipeline_project)
        LEFT JOIN pipeline_project AS project ON project.school_id = school_area.school_id
        LEFT JOIN present ON present.project_id = project.id
        WHERE area.level = :level AND area.valid_to IS NULL
            AND (CAST(:above AS bigint) IS NULL OR area.parent_id = :above)
        GROUP BY area.id, present.to_stage
        ORDER BY area.code
    """)
    found: dict[str, UnitStages] = {}
    for code, ky, ru, en, cost, stage, count in session.execute(statement, {"level": level, "above": above}):
        former = found.get(code)
        counts = dict(former.counts) if former else {}
        if stage is not None:
            counts[stage] = count
        found[code] = UnitStages(code, ky, ru, en, cost + (former.cost_som if former else 0), counts)
    return list(found.values())


def moves(session: Session, number: int) -> list[Move]:
    """Return the moves of a project in their order."""
    statement = text("""
        SELECT step, from_stage, to_stage, moved_on, reason, document, account_name, recorded_at
        FROM pipeline_move WHERE project_id = :number ORDER BY step
    """)
    return [Move(*row) for row in session.execute(statement, {"number": number})]


def money_rows(session: Session, number: int) -> list[MoneyRow]:
    """Return the money of a project that stands, the oldest first; what was taken back (0 som) is left out."""
    statement = text(f"""
        SELECT id, kind, money, amount_som, on_date, document, document_url FROM pipeline_money AS one
        WHERE project_id = :number AND amount_som > 0 AND {_STANDS.format(table="pipeline_money")}
        UNION ALL
        SELECT id, 'decided', money, amount_som, funded_on, document, document_url FROM funded_project AS one
        WHERE project_id = :number AND {_STANDS.format(table="funded_project")}
        ORDER BY on_date, kind, id
    """)
    return [MoneyRow(*row) for row in session.execute(statement, {"number": number})]


def money_stands(session: Session, number: int, money_id: int) -> bool:
    """Tell whether a row of money is one of this project and was not replaced."""
    statement = text(
        f"SELECT true FROM pipeline_money AS one WHERE id = :id AND project_id = :number "
        f"AND {_STANDS.format(table='pipeline_money')}"
    )
    return bool(session.scalar(statement, {"id": money_id, "number": number}))


def add_project(session: Session, values: Mapping[str, Any]) -> int:
    """Store a project and return its number; its first move makes it visible."""
    number = session.scalar(insert(PipelineProject).values(**values).returning(PipelineProject.id))
    assert number is not None
    return number


def add_move(session: Session, values: Mapping[str, Any]) -> None:
    """Store a move; the database sets step, account and moment.

    Raises IntegrityError where the project is at another stage by now, or has no record of its money.
    """
    session.execute(insert(PipelineMove).values(step=0, **values))


def add_money(session: Session, values: Mapping[str, Any]) -> int:
    """Store planned or spent money and return its number."""
    number = session.scalar(insert(PipelineMoney).values(**values).returning(PipelineMoney.id))
    assert number is not None
    return number
