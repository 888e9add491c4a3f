"""Submissions of forms from the field, for reading: what is there already, what waits, one with all its versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select, text

from geodata.models import Building, Criterion, School, SchoolCode, StandardEdition, Submission, SubmissionVersion
from geodata.queries.field_lists import form_criterion
from geodata.records.field import edition_mark
from geodata.records.table import RowProblem
from geodata.validation.submissions import KnownEdition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from geodata.queries.writes_submissions import VisitKey

KNOWN = text("""
    SELECT submission.instance_id, submission.id, submission.version, submission.status, submission.assessment_id,
        submission.is_protected, visit.status AS visit_status,
        array_agg(one.content_sha256 ORDER BY one.number) AS hashes
    FROM submission
    JOIN submission_version AS one ON one.submission_id = submission.id
    LEFT JOIN assessment AS visit ON visit.id = submission.assessment_id
    WHERE submission.instance_id = ANY (:ids)
    GROUP BY submission.id, visit.status
""")
VERSIONS_OF = text("""
    SELECT one.version_id, submission.instance_id
    FROM submission
    JOIN (
        SELECT submission_id, coalesce(raw ->> '_uuid', replace(raw ->> 'meta/instanceID', 'uuid:', '')) AS version_id
        FROM submission_version
    ) AS one ON one.submission_id = submission.id
    WHERE one.version_id = ANY (:ids)
""")
PROTECTED_SCHOOLS = text("""
    SELECT wanted FROM unnest(CAST(:ids AS bigint[])) AS wanted
    WHERE app_everywhere('see_restricted') OR app_in_territory(wanted, 'see_restricted')
""")
VISITS = text("""
    SELECT visit.school_id, visit.edition_id, visit.kind, visit.assessed_on, visit.id, visit.status,
        submission.id AS submission_id, coalesce(submission.is_protected, false) AS is_protected
    FROM assessment AS visit
    JOIN jsonb_to_recordset(CAST(:keys AS jsonb)) AS wanted (
        school_id bigint, edition_id bigint, kind text, assessed_on date
    ) ON (visit.school_id, visit.edition_id, visit.kind, visit.assessed_on)
        = (wanted.school_id, wanted.edition_id, wanted.kind, wanted.assessed_on)
    LEFT JOIN submission ON submission.assessment_id = visit.id
    ORDER BY visit.id, submission.id
""")


class Known(NamedTuple):
    """A submission that is there. ``hashes`` are of all versions, oldest first."""

    instance_id: str
    id: int
    version: int
    status: str
    assessment_id: int | None
    is_protected: bool
    visit_status: str | None
    hashes: list[str]


class StandingVisit(NamedTuple):
    """An assessment that is there for a key, and the forms that it came from."""

    id: int
    status: str
    forms: tuple[tuple[int, bool], ...]


class Places(NamedTuple):
    """Schools and buildings by code."""

    schools: dict[str, int]
    aliases: dict[str, str]
    buildings: dict[str, int]
    building_schools: dict[str, str]


class WaitingSubmission(NamedTuple):
    """One line of the list."""

    id: int
    instance_id: str
    status: str
    version: int
    is_protected: bool
    school_code: str | None
    school_name_ky: str | None
    school_name_ru: str | None
    school_name_en: str | None
    problems: list[dict[str, Any]]
    updated_at: datetime


def known_submissions(session: Session, instance_ids: Sequence[str]) -> dict[str, Known]:
    """Return the submissions of these ids that the reader may see."""
    return {row[0]: Known(*row) for row in session.execute(KNOWN, {"ids": list(instance_ids)})}


def instances_of_versions(session: Session, version_ids: Sequence[str]) -> dict[str, str]:
    """Return {id of a version: id of the submission that it is a version of}; older servers name only the former."""
    if not version_ids:
        return {}
    return {row[0]: row[1] for row in session.execute(VERSIONS_OF, {"ids": list(version_ids)})}


def standing_visits(session: Session, keys: Sequence[VisitKey]) -> dict[VisitKey, StandingVisit]:
    """Return the assessments that are there for these keys, with the forms that they came from."""
    import json

    from geodata.queries.writes_submissions import VisitKey

    found: dict[VisitKey, StandingVisit] = {}
    given = json.dumps([key._asdict() for key in keys], default=str)
    for row in session.execute(VISITS, {"keys": given}):
        key = VisitKey(*row[:4])
        forms = found[key].forms if key in found else ()
        if row.submission_id is not None:
            forms = (*forms, (row.submission_id, row.is_protected))
        found[key] = StandingVisit(row.id, row.status, forms)
    return found


def frozen_visits(session: Session, visit_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these assessments a closed campaign counted."""
    statement = text("SELECT DISTINCT assessment_id FROM campaign_visit WHERE assessment_id = ANY(:ids)")
    return frozenset(session.scalars(statement, {"ids": list(visit_ids)}))


def known_editions(session: Session) -> tuple[dict[str, KnownEdition], dict[str, tuple[int, dict[str, int]]]]:
    """Return {code: edition} with its criteria, and {code: (number, {criterion code: number})}."""
    editions: dict[str, KnownEdition] = {}
    numbers: dict[str, tuple[int, dict[str, int]]] = {}
    for edition in session.scalars(select(StandardEdition)):
        query = select(Criterion).where(Criterion.edition_id == edition.id).order_by(Criterion.position)
        criteria = session.scalars(query).all()
        asked = {one.code: form_criterion(one) for one in criteria}
        editions[edition.code] = KnownEdition(edition.code, edition_mark(edition.code, asked.values()), asked)
        numbers[edition.code] = (edition.id, {one.code: one.id for one in criteria})
    return editions, numbers


def known_places(session: Session) -> Places:
    """Return schools and buildings by code; a code of another register counts where one school alone has it."""
    schools: dict[str, int] = {}
    aliases: dict[str, str] = {}
    for id_, code in session.execute(select(School.id, School.code)):
        schools[code] = id_
        aliases[code] = code
    others: dict[str, set[str]] = {}
    for other, code in session.execute(
        select(SchoolCode.code, School.code).join(School, School.id == SchoolCode.school_id)
    ):
        others.setdefault(other, set()).add(code)
    for other, owners in others.items():
        if len(owners) == 1:
            aliases.setdefault(other, next(iter(owners)))
    buildings: dict[str, int] = {}
    owners_of: dict[str, str] = {}
    query = select(Building.id, Building.code, School.code).join(School, School.id == Building.school_id)
    for id_, code, school in session.execute(query):
        buildings[code] = id_
        owners_of[code] = school
    return Places(schools, aliases, buildings, owners_of)


def protected_schools(session: Session, school_ids: Sequence[int]) -> frozenset[int]:
    """Return those of the schools where the transaction may enter answers of the protection group."""
    return frozenset(session.scalars(PROTECTED_SCHOOLS, {"ids": list(school_ids)}))


def may_see_all_protected(session: Session) -> bool:
    """Tell whether the transaction holds that right for the whole country."""
    return bool(session.scalar(text("SELECT app_everywhere('see_restricted')")))


def moment(session: Session) -> datetime:
    """Return the time of the database, which alone tells what lies in the future."""
    now: datetime = session.scalar(select(func.now()))  # type: ignore[assignment]
    return now


def list_submissions(
    session: Session, status: str | None = None, limit: int = 50, offset: int = 0
) -> list[WaitingSubmission]:
    """Return submissions that the reader may see, the newest first."""
    query = (
        select(
            Submission.id, Submission.instance_id, Submission.status, Submission.version, Submission.is_protected,
            School.code, School.name_ky, School.name_ru, School.name_en, Submission.problems, Submission.updated_at,
        )
        .outerjoin(School, School.id == Submission.school_id)
        .order_by(Submission.updated_at.desc(), Submission.id.desc())
    )  # fmt: skip
    if status is not None:
        query = query.where(Submission.status == status)
    return [WaitingSubmission(*row) for row in session.execute(query.limit(limit).offset(offset))]


def count_by_status(session: Session) -> dict[str, int]:
    """Return how many submissions of each status the reader may see."""
    query = select(Submission.status, func.count()).group_by(Submission.status)
    return {row[0]: row[1] for row in session.execute(query)}


def find_submission(session: Session, submission_id: int, *, lock: bool = False) -> Submission | None:
    """Return a submission that the reader may see."""
    query = select(Submission).where(Submission.id == submission_id)
    return session.scalars(query.with_for_update() if lock else query).first()


def versions(session: Session, submission_id: int) -> list[SubmissionVersion]:
    """Return all versions of a submission, the newest first."""
    query = select(SubmissionVersion).where(SubmissionVersion.submission_id == submission_id)
    return list(session.scalars(query.order_by(SubmissionVersion.number.desc())))


def stored_problems(rows: Sequence[dict[str, Any]]) -> list[RowProblem]:
    """Return problems from their stored form."""
    return [
        RowProblem(one["row"], one["column"], one["value"], one["code"], one["severity"], one.get("params") or {})
        for one in rows
    ]


def problem_json(problem: RowProblem) -> dict[str, Any]:
    """Return a problem as it is stored."""
    params = {
        key: value.isoformat() if isinstance(value, date) else value if isinstance(value, int | float) else str(value)
        for key, value in problem.params.items()
    }
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "severity": problem.severity,
        "params": params,
    }
