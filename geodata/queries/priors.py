"""Tables of priors: which version is in force, its rows in the form that a hash is over, and what is surveyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, select, text

from geodata.models import AnswerPrior, Area, Criterion, PriorDecision, PriorVersion, StandardEdition, TypePrior
from geodata.queries.bulk_arrays import copy_rows_text, read_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

TABLES = {
    "type_priors": """
        SELECT area, decade, basis, surveyed, building_type, counted, weight
        FROM type_prior WHERE version_id = %(version)s
        ORDER BY area COLLATE "C", decade, building_type COLLATE "C"
    """,
    "answer_priors": """
        SELECT area, decade, building_type, basis, criterion, surveyed, met, rate
        FROM answer_prior WHERE version_id = %(version)s
        ORDER BY area COLLATE "C", decade, building_type COLLATE "C", criterion COLLATE "C"
    """,
}
"""Both tables of a version in their canonical form: the SHA-256 of a version and of a run is over this CSV."""

MEASURED = """
    SELECT id FROM building
    WHERE building_type <> 'KG-UNK'
        AND coalesce(provenance -> 'building_type' ->> 'quality', 'declared') IN ('measured', 'declared')
"""

DECIDED = text("""
    SELECT version.number, decision.decided_at
    FROM prior_decision AS decision LEFT JOIN prior_version AS version ON version.id = decision.version_id
    ORDER BY decision.id
""")


PLACES = text("""
    WITH place AS (
        SELECT
            max(area.code) FILTER (WHERE area.level = 2) AS rayon,
            max(area.code) FILTER (WHERE area.level = 1) AS oblast
        FROM school_area JOIN area ON area.id = school_area.area_id
        WHERE school_area.school_id = :school AND area.valid_to IS NULL
    )
    SELECT NULL AS building_id, NULL AS building_type, NULL AS year_built, rayon, oblast FROM place
    UNION ALL
    SELECT building.id, building.building_type, building.year_built, rayon, oblast
    FROM building CROSS JOIN place WHERE building.school_id = :school
""")
"""The buildings of one school, and a row without a building for the school itself."""


class Version(NamedTuple):
    """A version with the code of the edition that its rates are of."""

    version: PriorVersion
    edition: str


class Decision(NamedTuple):
    """From when on a version is in force; ``number`` None: none is."""

    number: int | None
    decided_at: datetime


class ShareRow(NamedTuple):
    """Share of one type in an area and decade; ``surveyed``: buildings counted, ``counted``: of the type."""

    decade: int
    building_type: str
    basis: str
    surveyed: int
    counted: int
    weight: float


class RateRow(NamedTuple):
    """Pass rate of one requirement in a group, with its text; ``met``: sum of scores of the ``surveyed``."""

    criterion: str
    text_ky: str | None
    text_ru: str | None
    text_en: str | None
    surveyed: int
    met: float
    rate: float


def in_force(session: Session) -> Version | None:
    """Return the version that rankings use now; None: none is in force."""
    newest = select(func.max(PriorDecision.id)).scalar_subquery()
    query = _versions().join(PriorDecision, PriorDecision.version_id == PriorVersion.id)
    row = session.execute(query.where(PriorDecision.id == newest)).first()
    return None if row is None else Version(*row)


def find_version(session: Session, number: int) -> Version | None:
    """Return a version by its number."""
    row = session.execute(_versions().where(PriorVersion.number == number)).first()
    return None if row is None else Version(*row)


def list_versions(session: Session) -> list[Version]:
    """Return all versions, the newest first."""
    return [Version(*row) for row in session.execute(_versions().order_by(PriorVersion.number.desc()))]


def decisions(session: Session) -> list[Decision]:
    """Return which version was put in force when, the first decision first."""
    return [Decision(*row) for row in session.execute(DECIDED)]


def _versions() -> Any:
    return select(PriorVersion, StandardEdition.code).join(
        StandardEdition, StandardEdition.id == PriorVersion.edition_id
    )


def table_text(session: Session, version_id: int, name: str) -> bytes:
    """Return a table of a version as CSV; ``name``: a key of ``TABLES``."""
    return copy_rows_text(session, TABLES[name], {"version": version_id})


def add_version(
    session: Session, facts: Mapping[str, Any], types: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]
) -> PriorVersion:
    """Store a version with its rows; the numbers count from 1. Row security refuses it to who may not rank."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('prior_version'))"))
    number = (session.scalar(select(func.max(PriorVersion.number))) or 0) + 1
    version = PriorVersion(number=number, **facts)
    session.add(version)
    session.flush()
    for table, rows in ((TypePrior, types), (AnswerPrior, answers)):
        if rows:
            session.execute(insert(table), [{"version_id": version.id, **row} for row in rows])
    return version


def put_in_force(session: Session, version_id: int | None, account_id: int | None) -> None:
    """Decide that a version counts from now on; None: none does."""
    session.execute(insert(PriorDecision).values(version_id=version_id, account_id=account_id))


def measured_buildings(session: Session) -> NDArray[Any]:
    """Return the ids of buildings whose type somebody measured or declared; an estimate or a prior is none."""
    return read_arrays(session, MEASURED, {"id": "int8"}, in_order=False)["id"]


def area_codes(session: Session) -> dict[int, str]:
    """Return the codes of oblasts and rayons by their ids."""
    return {row.id: row.code for row in session.execute(select(Area.id, Area.code).where(Area.level.in_((1, 2))))}


def areas_of(session: Session, version_id: int) -> list[str]:
    """Return the codes of areas that have shares of their own; "" is the country."""
    query = select(TypePrior.area).where(TypePrior.version_id == version_id).distinct()
    return sorted(session.scalars(query))


def area_names(session: Session) -> dict[str, Area]:
    """Return oblasts and rayons by their codes."""
    return {area.code: area for area in session.scalars(select(Area).where(Area.level.in_((1, 2))))}


def shares_of(session: Session, version_id: int, area: str) -> list[ShareRow]:
    """Return the shares of an area by decade and type."""
    one = TypePrior
    columns = (one.decade, one.building_type, one.basis, one.surveyed, one.counted, one.weight)
    query = select(*columns).where(one.version_id == version_id, one.area == area)
    return [ShareRow(*row) for row in session.execute(query.order_by(one.decade, one.building_type))]


def groups_of(session: Session, version_id: int) -> list[tuple[str, int, str]]:
    """Return area, decade and type of the groups that have pass rates; those of all buildings first."""
    one = AnswerPrior
    columns = (one.area, one.decade, one.building_type)
    query = select(*columns).where(one.version_id == version_id).distinct().order_by(*columns)
    return [(row.area, row.decade, row.building_type) for row in session.execute(query)]


def rates_of(session: Session, version: PriorVersion, group: tuple[str, int, str]) -> list[RateRow]:
    """Return the pass rates of a group in the order of the edition."""
    one, area, decade, kind = AnswerPrior, *group
    texts = (Criterion.text_ky, Criterion.text_ru, Criterion.text_en)
    query = (
        select(one.criterion, *texts, one.surveyed, one.met, one.rate)
        .join(Criterion, (Criterion.code == one.criterion) & (Criterion.edition_id == version.edition_id))
        .where(one.version_id == version.id, one.area == area, one.decade == decade, one.building_type == kind)
        .order_by(Criterion.position, Criterion.code)
    )
    return [RateRow(*row) for row in session.execute(query)]


def places_of_buildings(session: Session, school_id: int) -> Sequence[Any]:
    """Return type, year and areas of each building of a school, and its areas alone with building NULL."""
    return session.execute(PLACES, {"school": school_id}).all()
