"""Engineers' costs of works and decided works: what is in force, its history, and what a run's rule rested on."""
# ruff: noqa: S608  statements are put together from our own text

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from geodata.models import Building, School, SchoolWorks, WorksChoice, WorksFigure
from geodata.queries.bulk_arrays import stage_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

STANDS = "NOT EXISTS (SELECT FROM {0} AS later WHERE later.replaces_id = one.id)"


class FigureInForce(NamedTuple):
    """A cost that counts in a ranking. ``building_id`` None: of the whole school."""

    school_id: int
    building_id: int | None
    measures: str
    cost_som: int
    key: str
    """School, building and figure by their codes and words: the same key, the same input."""


_FIGURES = text(f"""
    SELECT one.school_id, one.building_id, one.measures, one.cost_som,
        concat_ws('|', school.code, coalesce(building.code, ''), one.measures, one.cost_som, one.priced_on, one.stage)
    FROM works_figure AS one
    JOIN school ON school.id = one.school_id
    LEFT JOIN building ON building.id = one.building_id
    WHERE one.cost_som IS NOT NULL AND {STANDS.format("works_figure")}
""")


def figures_in_force(session: Session) -> list[FigureInForce]:
    """Return every cost that is in force, in the order of the keys."""
    return sorted((FigureInForce(*row) for row in session.execute(_FIGURES)), key=lambda one: one.key)


class ChoiceInForce(NamedTuple):
    """A decision that counts in a ranking: retrofit, replace or relocate."""

    school_id: int
    choice: str
    key: str


_CHOICES = text(f"""
    SELECT one.school_id, one.choice, concat_ws('|', school.code, one.choice)
    FROM works_choice AS one
    JOIN school ON school.id = one.school_id
    WHERE one.choice IS NOT NULL AND {STANDS.format("works_choice")}
""")


def choices_in_force(session: Session) -> list[ChoiceInForce]:
    """Return every decision that is in force, in the order of the keys."""
    return sorted((ChoiceInForce(*row) for row in session.execute(_CHOICES)), key=lambda one: one.key)


def school_codes(session: Session) -> dict[int, str]:
    """Return the codes of all schools by their ids."""
    return {int(row.id): str(row.code) for row in session.execute(select(School.id, School.code))}


def building_codes(session: Session) -> dict[int, str]:
    """Return the codes of all buildings by their ids; a code is one of its school."""
    return {int(row.id): str(row.code) for row in session.execute(select(Building.id, Building.code))}


class Figure(NamedTuple):
    """One stated cost of a school, in force (``stands``) or history. ``cost_som`` None: taken back."""

    id: int
    building_id: int | None
    building_code: str | None
    building_name: str | None
    measures: str
    cost_som: int | None
    document: str
    documented_on: date
    priced_on: date
    stage: str
    created_at: datetime
    stands: bool


_AT_SCHOOL = text(f"""
    SELECT one.id, one.building_id, building.code, building.name, one.measures, one.cost_som, one.document,
        one.documented_on, one.priced_on, one.stage, one.created_at, {STANDS.format("works_figure")} AS stands
    FROM works_figure AS one
    LEFT JOIN building ON building.id = one.building_id
    WHERE one.school_id = :school_id
    ORDER BY one.id DESC
""")


def figures_at(session: Session, school_id: int) -> list[Figure]:
    """Return all costs stated for a school and its buildings, the newest first."""
    return [Figure(*row) for row in session.execute(_AT_SCHOOL, {"school_id": school_id})]


class Choice(NamedTuple):
    """One decision on a school; ``choice`` None gives the word back to the rule."""

    id: int
    choice: str | None
    reason: str
    document: str
    created_at: datetime


def choices_at(session: Session, school_id: int) -> list[Choice]:
    """Return the decisions on a school, the newest, which is in force, first."""
    columns = (WorksChoice.id, WorksChoice.choice, WorksChoice.reason, WorksChoice.document, WorksChoice.created_at)
    query = select(*columns).where(WorksChoice.school_id == school_id).order_by(WorksChoice.id.desc())
    return [Choice(*row) for row in session.execute(query)]


def add_figure(session: Session, values: Mapping[str, Any]) -> int | None:
    """Store a cost and return its number; None: somebody else has replaced the same row, or stated the first one."""
    statement = insert(WorksFigure).values(**values).on_conflict_do_nothing().returning(WorksFigure.id)
    return session.scalar(statement)


def add_choice(session: Session, values: Mapping[str, Any]) -> int | None:
    """Store a decision and return its number; None as ``add_figure``."""
    statement = insert(WorksChoice).values(**values).on_conflict_do_nothing().returning(WorksChoice.id)
    return session.scalar(statement)


_STORE = text("""
    INSERT INTO school_works (
        run_id, school_id, retrofit_som, replacement_som, is_condemned, is_on_slide, is_in_flow, choice
    )
    SELECT
        :run_id, s.school_id, nullif(s.retrofit_som, 'NaN')::bigint, nullif(s.replacement_som, 'NaN')::bigint,
        s.is_condemned = 1, s.is_on_slide = 1, s.is_in_flow = 1, (CAST(:choices AS text[]))[s.choice]
    FROM staged_works AS s
""")


def store_rule(
    session: Session, run_id: int, columns: Mapping[str, tuple[str, NDArray[Any]]], choices: list[str]
) -> None:
    """Store what the rule rested on at each school of a run; ``choice`` is a place in ``choices`` from 1, 0 = none."""
    stage_arrays(session, "staged_works", columns)
    session.execute(_STORE, {"run_id": run_id, "choices": choices})


def rule_at(session: Session, run_id: int, school_id: int) -> SchoolWorks | None:
    """Return what the rule rested on at a school; None: the run is older than this."""
    return session.get(SchoolWorks, (run_id, school_id))


_PLACES = text("""
    SELECT school.code, school.id, coalesce(json_object_agg(building.code, building.id)
        FILTER (WHERE building.id IS NOT NULL), '{}'), app_scope() IN ('area', 'national')
        AND (app_everywhere('estimate') OR app_in_territory(school.id, 'estimate'))
    FROM school
    LEFT JOIN building ON building.school_id = school.id
    WHERE school.code = ANY (:codes)
    GROUP BY school.id
""")


class WorksPlace(NamedTuple):
    """A school with its buildings by code, and whether the session may state costs there."""

    school_id: int
    buildings: dict[str, int]
    may_estimate: bool


def places_of(session: Session, codes: list[str]) -> dict[str, WorksPlace]:
    """Return the schools of some codes that who asks may see, by code."""
    return {code: WorksPlace(*rest) for code, *rest in session.execute(_PLACES, {"codes": codes})}
