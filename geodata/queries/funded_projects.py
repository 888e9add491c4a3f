"""Funded projects and what they passed by: records, the schools before them in the list, rates by oblast and year."""
# ruff: noqa: S608  statements are put together from our own text

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, text

from geodata.models import FundedProject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

STANDS = "NOT EXISTS (SELECT FROM funded_project AS later WHERE later.replaces_id = project.id)"
"""A correction takes the place of the record that it names."""


class Passed(NamedTuple):
    """How the school stands, how many better-ranked schools have no money, and the best of them."""

    rank: int
    number: int
    school_id: int | None
    code: str | None
    best_rank: int | None


_PASSED = text(f"""
    WITH own AS (
        SELECT national_rank, oblast_id FROM school_result WHERE run_id = :run_id AND school_id = :school_id
    ),
    before AS (
        SELECT result.school_id, result.national_rank
        FROM school_result AS result
        JOIN own ON result.national_rank < own.national_rank
        WHERE result.run_id = :run_id AND (NOT :within OR result.oblast_id IS NOT DISTINCT FROM own.oblast_id)
            AND NOT EXISTS (
                SELECT FROM funded_project AS project
                WHERE project.school_id = result.school_id AND project.funded_on <= :day AND {STANDS}
            )
    ),
    best AS (SELECT * FROM before ORDER BY national_rank LIMIT 1)
    SELECT own.national_rank, (SELECT count(*) FROM before), best.school_id, school.code, best.national_rank
    FROM own
    LEFT JOIN best ON true
    LEFT JOIN school ON school.id = best.school_id
""")


def schools_passed(session: Session, run_id: int, school_id: int, day: date, *, within_oblast: bool) -> Passed | None:
    """Return what money for a school on a day passes by; None when the list does not hold the school."""
    values = {"run_id": run_id, "school_id": school_id, "day": day, "within": within_oblast}
    row = session.execute(_PASSED, values).first()
    return None if row is None else Passed(*row)


def add_project(session: Session, values: Mapping[str, Any]) -> int:
    """Store a funded project and return its number."""
    number = session.scalar(insert(FundedProject).values(**values).returning(FundedProject.id))
    assert number is not None
    return number


def hold_projects(session: Session) -> None:
    """Let one project at a time be recorded, until the transaction ends: each counts for the next."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('funded_project'))"))


class Project(NamedTuple):
    """One funded project as the public log shows it."""

    id: int
    run_hash: str
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    national_rank: int | None
    oblast_code: str | None
    oblast_name_ky: str | None
    oblast_name_ru: str | None
    oblast_name_en: str | None
    amount_som: int
    money: str
    funded_on: date
    document: str
    document_url: str | None
    document_sha256: str | None
    passed_count: int
    passed_code: str | None
    passed_name_ky: str | None
    passed_name_ru: str | None
    passed_name_en: str | None
    passed_rank: int | None
    reason_code: str | None
    reason_ky: str | None
    reason_ru: str | None
    recorded_at: datetime
    school_id: int
    project_id: int | None


_PROJECTS = f"""
    FROM funded_project AS project
    JOIN run ON run.id = project.run_id
    JOIN school ON school.id = project.school_id
    LEFT JOIN school_result AS result ON result.run_id = project.run_id AND result.school_id = project.school_id
    LEFT JOIN area AS oblast ON oblast.id = result.oblast_id
    LEFT JOIN school AS passed ON passed.id = project.passed_school_id
    LEFT JOIN school_result AS before
        ON before.run_id = project.run_id AND before.school_id = project.passed_school_id
    WHERE {STANDS}
"""
_SELECT = f"""
    SELECT
        project.id, run.hash, school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank,
        oblast.code, oblast.name_ky, oblast.name_ru, oblast.name_en,
        project.amount_som, project.money, project.funded_on, project.document, project.document_url,
        project.document_sha256, project.passed_count, passed.code, passed.name_ky, passed.name_ru, passed.name_en,
        before.national_rank, project.reason_code, project.reason_ky, project.reason_ru, project.recorded_at, school.id,
        project.project_id
    {_PROJECTS}
"""


def list_projects(
    session: Session, *, only_deviations: bool, limit: int | None = None, offset: int = 0
) -> list[Project]:
    """Return the records that stand, the newest money first."""
    where = " AND project.passed_count > 0" if only_deviations else ""
    order = f"{where} ORDER BY project.funded_on DESC, project.id DESC LIMIT :limit OFFSET :offset"
    return [Project(*row) for row in session.execute(text(_SELECT + order), {"limit": limit, "offset": offset})]


def find_project(session: Session, number: int) -> Project | None:
    """Return a record that stands."""
    row = session.execute(text(_SELECT + " AND project.id = :number"), {"number": number}).first()
    return None if row is None else Project(*row)


class Rate(NamedTuple):
    """How many projects of an oblast and a year were out of order, and how much money that was."""

    year: int
    code: str | None
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    projects: int
    deviations: int
    amount_som: int
    deviating_som: int


_RATES = text(f"""
    SELECT
        extract(year FROM project.funded_on)::int, oblast.code, oblast.name_ky, oblast.name_ru, oblast.name_en,
        count(*), count(*) FILTER (WHERE project.passed_count > 0), sum(project.amount_som)::bigint,
        coalesce(sum(project.amount_som) FILTER (WHERE project.passed_count > 0), 0)::bigint
    {_PROJECTS}
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1 DESC, 2 NULLS LAST
""")


def rates(session: Session) -> list[Rate]:
    """Return the rates by year and oblast; an oblast without money in a year has no row, which is not a rate of 0."""
    return [Rate(*row) for row in session.execute(_RATES)]
