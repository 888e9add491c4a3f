"""Write what forms from the field say: submissions, their versions, assessments and answers, many at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from geodata.database import copy_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from geodata.records.submission import FieldAnswer

TABLES = {False: "answer", True: "restricted_answer"}
"""Answers of the protection group are restricted: never public, on any channel."""
ANSWER_COLUMNS = (
    "assessment_id", "criterion_id", "building_id", "state", "value", "room_share", "note", "evidence_on",
)  # fmt: skip

ADD_SUBMISSIONS = text("""
    INSERT INTO submission (instance_id, school_id, connection_id, is_protected, status, problems)
    SELECT given.instance_id, given.school_id, CAST(:connection_id AS bigint), given.is_protected, given.status,
        given.problems
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
        instance_id text, school_id bigint, is_protected boolean, status text, problems jsonb
    )
    ON CONFLICT (instance_id) DO NOTHING
    RETURNING instance_id, id
""")
ADD_VERSIONS = text("""
    INSERT INTO submission_version (
        submission_id, number, content_sha256, raw, form_version, submitted_at, started_at, ended_at, submitted_by,
        origin, received_by
    )
    SELECT
        given.submission_id, given.number, given.content_sha256, given.raw, given.form_version, given.submitted_at,
        given.started_at, given.ended_at, given.submitted_by, CAST(:origin AS text), app_account()
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
        submission_id bigint, number integer, content_sha256 text, raw jsonb, form_version text,
        submitted_at timestamptz, started_at timestamptz, ended_at timestamptz, submitted_by text
    )
""")
CHANGE = text("""
    UPDATE submission SET
        version = given.version, status = given.status, problems = given.problems,
        school_id = coalesce(given.school_id, submission.school_id),
        is_protected = submission.is_protected OR given.is_protected, updated_at = now()
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
        id bigint, version integer, status text, problems jsonb, school_id bigint, is_protected boolean
    )
    WHERE submission.id = given.id
""")
ADD_VISITS = text("""
    INSERT INTO assessment (
        school_id, edition_id, kind, assessed_on, assessor, status, source, source_date, is_synthetic
    )
    SELECT given.school_id, given.edition_id, given.kind, given.assessed_on, given.assessor, 'submitted',
        CAST(:origin AS text), given.assessed_on, school.is_synthetic
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
        school_id bigint, edition_id bigint, kind text, assessed_on date, assessor text
    )
    JOIN school ON school.id = given.school_id
    RETURNING school_id, edition_id, kind, assessed_on, id
""")
LINK = text("""
    UPDATE submission SET assessment_id = given.assessment_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id bigint, assessment_id bigint)
    WHERE submission.id = given.id
""")
AGAIN = text("""
    UPDATE assessment AS visit SET
        status = CASE WHEN visit.status = 'returned' AND app_everywhere('edit') THEN 'submitted' ELSE visit.status END,
        assessor = coalesce(given.assessor, visit.assessor), updated_at = now()
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id bigint, assessor text)
    WHERE visit.id = given.id
""")
MORE_PROBLEMS = text("""
    UPDATE submission SET problems = submission.problems || given.problems
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id bigint, problems jsonb)
    WHERE submission.id = given.id
""")
EMPTY = "DELETE FROM {table} WHERE assessment_id = ANY (:ids)"
REMOVE_VISITS = text("""
    DELETE FROM assessment AS visit
    WHERE visit.id = ANY (:ids) AND visit.status IN ('submitted', 'returned')
        AND NOT EXISTS (SELECT FROM answer WHERE assessment_id = visit.id)
        AND visit.id NOT IN (SELECT assessment_id FROM restricted_answer_keys())
""")


class VisitKey(NamedTuple):
    """What makes two forms tell of the same visit."""

    school_id: int
    edition_id: int
    kind: str
    assessed_on: date


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, default=str)


def add_submissions(session: Session, rows: Sequence[Mapping[str, Any]], connection_id: int | None) -> dict[str, int]:
    """Add submissions and return {instance id: number}; an id that is there already is not among them."""
    given = {"rows": _json(rows), "connection_id": connection_id}
    return {row[0]: row[1] for row in session.execute(ADD_SUBMISSIONS, given)}


def add_versions(session: Session, rows: Sequence[Mapping[str, Any]], origin: str) -> None:
    """Add versions as they were received."""
    session.execute(ADD_VERSIONS, {"rows": _json(rows), "origin": origin})


def change_submissions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Say which version counts and what became of it. What was protected once stays protected."""
    session.execute(CHANGE, {"rows": _json(rows)})


def add_visits(session: Session, visits: Mapping[VisitKey, str | None], origin: str) -> dict[VisitKey, int]:
    """Add assessments of status submitted, each with its assessor, and return their numbers."""
    rows = [key._asdict() | {"assessor": assessor} for key, assessor in visits.items()]
    made = session.execute(ADD_VISITS, {"rows": _json(rows), "origin": origin})
    return {VisitKey(*row[:4]): row[4] for row in made}


def link_visits(session: Session, links: Mapping[int, int | None]) -> None:
    """Tie submissions to the assessments that hold their answers."""
    session.execute(LINK, {"rows": _json({"id": id_, "assessment_id": visit} for id_, visit in links.items())})


def submit_again(session: Session, assessors: Mapping[int, str | None]) -> None:
    """Note that assessments were answered anew; one that was returned is submitted again."""
    session.execute(AGAIN, {"rows": _json({"id": id_, "assessor": name} for id_, name in assessors.items())})


def add_problems(session: Session, problems: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Note further problems of submissions, beside those that are there."""
    rows = [{"id": id_, "problems": list(found)} for id_, found in problems.items()]
    session.execute(MORE_PROBLEMS, {"rows": _json(rows)})


def remove_answers(session: Session, visits: Sequence[int], *, is_protected: bool) -> None:
    """Remove the answers that a former version of a form gave."""
    session.execute(text(EMPTY.format(table=TABLES[is_protected])), {"ids": list(visits)})


def remove_empty_visits(session: Session, visits: Sequence[int]) -> None:
    """Remove assessments that are left without any answer, unless somebody has verified them."""
    session.execute(REMOVE_VISITS, {"ids": list(visits)})


def add_answers(
    session: Session,
    answers: Iterable[tuple[int, Mapping[str, int], FieldAnswer]],
    buildings: Mapping[str, int],
    *,
    is_protected: bool,
) -> None:
    """Add answers of assessments: (assessment, {criterion code: id}, answer), in one go."""
    rows = (
        (
            visit,
            criteria[one.criterion_code],
            buildings[one.building_code] if one.building_code else None,
            one.state,
            one.value,
            one.room_share,
            one.note,
            one.evidence_on,
        )
        for visit, criteria, one in answers
    )
    copy_rows(session, TABLES[is_protected], ANSWER_COLUMNS, rows)
