"""What published assessments say, from when on it was known: every answer as arrays, a value an assessment."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select

from geodata.models import Area, Criterion, School
from geodata.queries.assessors import counted_kind
from geodata.queries.bulk_arrays import read_aggregates, read_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

VISITS = f"""
    SELECT
        assessment.id, assessment.school_id, assessment.edition_id,
        (array_position(%(kinds)s::text[], {counted_kind("assessment")}) - 1)::int2,
        assessment.assessed_on - DATE '1970-01-01',
        greatest(assessment.assessed_on, released.day) - DATE '1970-01-01'
    FROM assessment
    LEFT JOIN assessment_releases() AS released ON released.assessment_id = assessment.id
    WHERE assessment.status = 'published'
        AND greatest(assessment.assessed_on, released.day) <= %(day)s
        AND (%(schools)s::int8[] IS NULL OR assessment.school_id = ANY(%(schools)s::int8[]))
"""
VISIT_COLUMNS = {
    "id": "int8",
    "school_id": "int8",
    "edition_id": "int8",
    "kind": "int2",
    "visit_day": "int4",
    "known_day": "int4",
}

ANSWERS = """
    SELECT
        array_agg(
            (assessment_id << 33) | (criterion_id << 9) | CASE WHEN evidence_on IS NULL THEN 0 ELSE 256 END
            | CASE WHEN room_share IS NULL THEN 0 ELSE 128 END | ascii(state)
        ),
        array_agg(coalesce(building_id, 0)),
        array_agg(evidence_on - DATE '1970-01-01') FILTER (WHERE evidence_on IS NOT NULL),
        array_agg(room_share) FILTER (WHERE room_share IS NOT NULL)
    FROM answer
"""
OF_VISITS = f"{ANSWERS} WHERE assessment_id = ANY(%(visits)s::int8[])"
"""All answers in one scan of the table; those of a few assessments by their index."""
ANSWER_COLUMNS = {"packed": "int8", "building_id": "int8", "evidence": "int4", "room_share": "float8"}
LETTER_BITS, HAS_SHARE, HAS_EVIDENCE, CRITERION_SHIFT, VISIT_SHIFT = 0x7F, 1 << 7, 1 << 8, 9, 33
CRITERION_BITS = (1 << (VISIT_SHIFT - CRITERION_SHIFT)) - 1
STATES = ("unknown", "fails", "partly", "meets", "not_applicable")
"""In the order of the codes of answers; each begins with a letter of its own."""


def load_visits(
    session: Session, day: date, kinds: Sequence[str], schools: Sequence[int] | None = None
) -> dict[str, NDArray[Any]]:
    """Return the assessments that were public by the end of ``day``, of any edition, of ``schools`` (None: all).

    ``known_day``: when the assessment was published here, else the day of the visit; ``kind``: index into ``kinds``.
    """
    parameters = {"day": day, "kinds": list(kinds), "schools": None if schools is None else list(schools)}
    return read_arrays(session, VISITS, VISIT_COLUMNS, parameters, in_order=False)


def load_visit_answers(session: Session, visits: dict[str, NDArray[Any]], *, are_all: bool) -> dict[str, NDArray[Any]]:
    """Return every public answer of ``visits`` (``are_all``: they are most of all, so read the table in one scan).

    Columns, a row an answer: ``school_id``, ``building_id`` (0 = the school's), ``criterion_id``, ``code``
    (``app.assessment.answers``), ``room_share`` (NaN), ``kind``, ``day`` of the evidence, ``visit_day``, ``known_day``.
    Days are since 1970-01-01. Rows have no order.
    """
    parameters = {} if are_all else {"visits": visits["id"].tolist()}
    found = read_aggregates(session, ANSWERS if are_all else OF_VISITS, ANSWER_COLUMNS, parameters)
    packed = found["packed"]
    order = np.argsort(visits["id"])
    ids = visits["id"][order]
    wanted = packed >> VISIT_SHIFT
    place = np.minimum(np.searchsorted(ids, wanted), max(len(ids) - 1, 0))
    visit = order[place] if len(ids) else place
    is_chosen = (ids[place] == wanted) if len(ids) else np.zeros(len(packed), dtype=bool)
    of_letter = np.zeros(LETTER_BITS + 1, dtype=np.int8)
    of_letter[[ord(state[0]) for state in STATES]] = range(len(STATES))
    share = np.full(len(packed), np.nan)
    share[(packed & HAS_SHARE) > 0] = found["room_share"]
    day = visits["visit_day"][visit] if len(ids) else np.zeros(len(packed), dtype=np.int32)
    day[(packed & HAS_EVIDENCE) > 0] = found["evidence"]
    rows = np.flatnonzero(is_chosen)
    visit = visit[rows]
    return {
        "school_id": visits["school_id"][visit],
        "building_id": found["building_id"][rows],
        "criterion_id": (packed[rows] >> CRITERION_SHIFT) & CRITERION_BITS,
        "code": of_letter[packed[rows] & LETTER_BITS],
        "room_share": share[rows],
        "kind": visits["kind"][visit],
        "day": day[rows],
        "visit_day": visits["visit_day"][visit],
        "known_day": visits["known_day"][visit],
    }


def public_criterion_codes(session: Session) -> dict[int, str]:
    """Return the codes of the criteria of all editions, without the group protection, by id."""
    query = select(Criterion.id, Criterion.code).where(Criterion.grouping != "protection")
    return {row.id: row.code for row in session.execute(query)}


def label_schools(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """Return code and names of schools by id."""
    query = select(School.id, School.code, School.name_ky, School.name_ru, School.name_en).where(School.id.in_(ids))
    return {row.id: row for row in session.execute(query)}


def label_areas(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """Return code and names of areas by id."""
    query = select(Area.id, Area.code, Area.name_ky, Area.name_ru, Area.name_en).where(Area.id.in_(ids))
    return {row.id: row for row in session.execute(query)}
