"""Travel from schools: what a file of travel times states, and other open schools near a school."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from geodata.models import School, TravelTime
from geodata.queries.hazard_conflicts import Settled
from geodata.records.school import ExposureFacts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from geodata.readers.travel import TravelRow

_NEAR = text("""
    WITH here AS (
        SELECT
            id, location,
            (
                SELECT jsonb_build_array(CAST(layer.created_at AS date), layer.source)
                FROM school_distance AS own
                JOIN travel_layer AS layer ON layer.id = own.layer_id
                WHERE own.school_id = school.id
            ) AS roads,
            (SELECT jsonb_agg(to_jsonb(travel_time)) FROM travel_time WHERE school_id = school.id) AS times,
            (
                SELECT jsonb_agg(
                    jsonb_build_array(
                        layer.code, layer.version, layer.hazard, layer.manifest, exposure.value, exposure.level,
                        exposure.status, layer.is_synthetic, measuring.created_at
                    )
                    ORDER BY layer.hazard, layer.code
                )
                FROM exposure
                JOIN exposure_run AS measuring ON measuring.id = exposure.run_id AND measuring.is_current
                JOIN hazard_layer AS layer ON layer.id = measuring.layer_id AND layer.is_current
                WHERE exposure.school_id = school.id AND exposure.building_id IS NULL
            ) AS exposures,
            (
                SELECT jsonb_agg(
                    jsonb_build_array(
                        settled.hazard, settled.layer_code, settled.reason, settled.document, settled.approver,
                        settled.decided_at, CASE WHEN settled.school_id = school.id THEN school.code END
                    )
                    ORDER BY settled.id DESC
                )
                FROM hazard_resolution AS settled
                WHERE settled.school_id = school.id OR settled.school_id IS NULL
            ) AS settled
        FROM school
        WHERE id = :school_id
    ),
    way AS (
        SELECT pair.other_id, pair.km
        FROM here
        JOIN school_distance AS known ON known.school_id = here.id
        CROSS JOIN LATERAL unnest(known.other_ids, known.km) AS pair (other_id, km)
    ),
    near AS (
        SELECT
            other.code, other.name_ky, other.name_ru, other.name_en, other.kind, other.languages, other.seats,
            other.pupils, other.shifts, other.shift_pupils, result.grade, other.straight_km,
            way.km AS known_km,
            here.roads IS NOT NULL AND way.km IS NULL AND EXISTS (
                SELECT FROM school_distance AS own WHERE own.school_id = other.id
            ) AS is_too_far
        FROM here
        LEFT JOIN LATERAL (  -- by the index of places; row security alone would read the whole table
            SELECT
                school.*,
                ST_Distance(school.location::geography, here.location::geography) / 1000 AS straight_km
            FROM school_in_box(  -- a degree is at least 110 km from south to north, and 80 km across up to 43.9 N
                ST_Expand(here.location, :most_km / 80.0, :most_km / 110.0)
            ) AS boxed (id)
            CROSS JOIN LATERAL (  -- by the key, one by one: the planner expects a thousand and may read all schools
                SELECT * FROM school WHERE id = boxed.id OFFSET 0
            ) AS school
            WHERE school.id <> here.id AND (school.closed_on IS NULL OR school.closed_on > current_date)
            OFFSET 0  -- each distance once
        ) AS other ON other.straight_km <= CASE WHEN here.roads IS NULL THEN :most_km / :detour ELSE :most_km END
        LEFT JOIN way ON way.other_id = other.id
        LEFT JOIN LATERAL (  -- by the key, one by one: the planner expects few and would read all results for each
            SELECT school_result.grade
            FROM school_result
            WHERE school_result.run_id = :run_id AND school_result.school_id = other.id
            LIMIT 1
        ) AS result ON true
    )
    SELECT  -- what is of the school itself stands in the first row alone: it is long, and a city has many rows
        near.*,
        CASE WHEN row_number() OVER place = 1 THEN (SELECT times FROM here) END AS times,
        CASE WHEN row_number() OVER place = 1 THEN (SELECT roads FROM here) END AS roads,
        CASE WHEN row_number() OVER place = 1 THEN (SELECT exposures FROM here) END AS exposures,
        CASE WHEN row_number() OVER place = 1 THEN (SELECT settled FROM here) END AS settled
    FROM near
    WINDOW place AS (ORDER BY straight_km, code)
    ORDER BY straight_km, code
""")


class Surroundings(NamedTuple):
    """Open schools near a school, the nearest first, its imported travel times by target, and its hazards.

    ``exposures`` as ``geodata.queries.schools.exposures`` returns them; ``settled`` are the decisions about sources of
    one hazard, its own and those for everywhere, the newest first.
    """

    schools: list[Any]
    times: dict[str, TravelTime]
    exposures: list[ExposureFacts]
    settled: list[Settled]
    roads_day: date | None
    """The day of the road file that reaches the school; None: distances are straight lines."""
    roads_source: str | None


def surroundings(session: Session, school_id: int, run_id: int | None, most_km: float, detour: float) -> Surroundings:
    """Return what is within ``most_km`` of a school in one query; no schools without coordinates.

    By the road file where it reaches the school (``known_km``); a school that no road reaches stays with its straight
    line. Without such a file: straight lines of at most ``most_km / detour``.
    """
    values = {"school_id": school_id, "run_id": run_id, "most_km": most_km, "detour": detour}
    rows = session.execute(_NEAR, values).all()
    first = rows[0] if rows else None
    told, measured, settled = (first.times, first.exposures, first.settled) if first else (None, None, None)
    roads = first.roads if first else None
    times = [TravelTime(**(one | {"source_date": date.fromisoformat(one["source_date"])})) for one in told or ()]
    return Surroundings(
        [row for row in rows if row.code is not None and not row.is_too_far],
        {one.target: one for one in times},
        [_exposure(facts) for facts in measured or ()],
        [_settled(facts) for facts in settled or ()],
        date.fromisoformat(roads[0]) if roads else None,
        roads[1] if roads else None,
    )


def _exposure(facts: list[Any]) -> ExposureFacts:
    values: list[Any] = [*facts[:-1], datetime.fromisoformat(facts[-1])]
    return ExposureFacts(*values)


def _settled(facts: list[Any]) -> Settled:
    values: list[Any] = [*facts[:-2], datetime.fromisoformat(facts[-2]), facts[-1]]
    return Settled(*values)


def times_of(session: Session, school_id: int) -> dict[str, TravelTime]:
    """Return the imported travel times of a school by target."""
    rows = session.scalars(select(TravelTime).where(TravelTime.school_id == school_id))
    return {row.target: row for row in rows}


def known_codes(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Return the ids of the schools among ``codes``."""
    query = select(School.code, School.id).where(School.code.in_(list(codes)))
    return {row.code: row.id for row in session.execute(query)}


def store_times(session: Session, rows: Sequence[TravelRow], ids: dict[str, int]) -> int:
    """Store travel times; a later file replaces the time of the same school and target. Returns how many."""
    values = [{**row._asdict(), "school_id": ids[row.code]} for row in rows]
    for value in values:
        del value["code"]
    if values:
        statement = insert(TravelTime).values(values)
        changed = {name: statement.excluded[name] for name in values[0] if name not in ("school_id", "target")}
        session.execute(statement.on_conflict_do_update(index_elements=["school_id", "target"], set_=changed))
    return len(values)
