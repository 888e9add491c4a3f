"""Storing a run: its row, and the results of schools, buildings, domains and areas, in bulk.

Arrays go by COPY into temporary tables; texts that repeat (red flags, failed criteria, hazard levels) go once
into a dictionary; one INSERT each puts them together under row security.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import func, insert, select, text, update

from geodata.models import AreaResult, Run
from geodata.queries.bulk_arrays import stage_arrays
from geodata.records.priority import FACTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

RISK_PARTS = (
    "individual_risk", "equivalent_fatalities", "eal_som", "replacement_som", "day_unusable", "day_severe", "day_death",
)  # fmt: skip
RISK_BOUNDS = ("central", "lower", "upper", "model_low", "model_high")

_NUMBERS = range(1, len(FACTORS) + 1)


def _array(prefix: str, *, nullable: bool) -> str:
    parts = (f"nullif(s.{prefix}_{n}, 'NaN')" if nullable else f"s.{prefix}_{n}" for n in _NUMBERS)
    return f"ARRAY[{', '.join(parts)}]"


STORE_SCHOOLS = text(f"""
    INSERT INTO school_result (
        run_id, school_id, grade, conformity_class, index_lower, index_central, index_upper, completeness, red_flags,
        priority_lower, priority_central, priority_upper, factor_raw, factor_value, contribution, known,
        national_rank, rank_low, rank_high, oblast_rank, rayon_rank, aimak_rank, confidence,
        pupils, seats, shifts, peak_pupils, oblast_id, rayon_id, aimak_id, hazard_levels, assessed_on,
        safety_rank, gap_points, gap_rank, benefit_cost, benefit_rank, top_by_weights, top_moves
    )
    SELECT
        :run_id, s.school_id, grade.word, class.word, s.index_lower, nullif(s.index_central, 'NaN'), s.index_upper,
        s.completeness, flags.words,
        s.priority_lower, s.priority_central, s.priority_upper,
        {_array("raw", nullable=True)}, {_array("value", nullable=True)}, {_array("points", nullable=False)},
        ARRAY[{", ".join(f"(s.known >> {n - 1}) & 1 = 1" for n in _NUMBERS)}],
        s.national_rank, s.rank_low, s.rank_high,
        nullif(s.oblast_rank, 0), nullif(s.rayon_rank, 0), nullif(s.aimak_rank, 0), s.confidence,
        nullif(s.pupils, 'NaN')::int, nullif(s.seats, 'NaN')::int, nullif(s.shifts, 'NaN')::int,
        nullif(s.peak_pupils, 'NaN')::int,
        nullif(s.oblast_id, 0), nullif(s.rayon_id, 0), nullif(s.aimak_id, 0),
        levels.content,
        CASE WHEN s.assessed_day > -100000 THEN DATE '1970-01-01' + s.assessed_day END,
        nullif(s.safety_rank, 0), nullif(s.gap_points, 'NaN'), nullif(s.gap_rank, 0), nullif(s.benefit_cost, 'NaN'),
        nullif(s.benefit_rank, 0), standing.word,
        CASE WHEN s.moves = 0 THEN '{{}}' ELSE ARRAY(
            SELECT word FROM unnest(CAST(:moves AS text[])) WITH ORDINALITY AS move(word, number)
            WHERE (s.moves >> (number - 1)::int) & 1 = 1 ORDER BY number
        ) END
    FROM staged_school AS s
    LEFT JOIN unnest(CAST(:grades AS text[])) WITH ORDINALITY AS grade(word, number) ON grade.number = s.grade + 1
    JOIN unnest(CAST(:classes AS text[])) WITH ORDINALITY AS class(word, number) ON class.number = s.class + 1
    JOIN unnest(CAST(:standings AS text[])) WITH ORDINALITY AS standing(word, number)
        ON standing.number = s.standing + 1
    JOIN staged_words AS flags ON flags.key = s.flags_key
    JOIN staged_json AS levels ON levels.key = s.levels_key
""")  # noqa: S608  built from our own names


def _risk(part: str) -> str:
    pairs = ", ".join(f"'{bound}', nullif(b.{part}_{bound}, 'NaN')" for bound in RISK_BOUNDS)
    return f"'{part}', CASE WHEN b.{part}_upper <> 'NaN' THEN jsonb_build_object({pairs}) END"


STORE_BUILDINGS = text(f"""
    INSERT INTO building_result (
        run_id, building_id, school_id, index_lower, index_central, index_upper, completeness, conformity_class,
        red_flags, risk
    )
    SELECT
        :run_id, b.building_id, b.school_id,
        nullif(b.index_lower, 'NaN'), nullif(b.index_central, 'NaN'), nullif(b.index_upper, 'NaN'),
        nullif(b.completeness, 'NaN'), class.word, flags.words,
        jsonb_build_object({", ".join(map(_risk, RISK_PARTS))})
            || jsonb_build_object('motion_g', nullif(b.motion_g, 'NaN'), 'share', b.share)
    FROM staged_building AS b
    JOIN unnest(CAST(:classes AS text[])) WITH ORDINALITY AS class(word, number) ON class.number = b.class + 1
    JOIN staged_words AS flags ON flags.key = b.flags_key
""")  # noqa: S608  built from our own names

STORE_DOMAINS = text("""
    INSERT INTO domain_result (
        run_id, school_id, domain_code, index_lower, index_central, index_upper, completeness, failed
    )
    SELECT
        :run_id, d.school_id, domain.word, d.index_lower, d.index_central, d.index_upper, d.completeness, failed.words
    FROM staged_domain AS d
    JOIN unnest(CAST(:domains AS text[])) WITH ORDINALITY AS domain(word, number) ON domain.number = d.domain + 1
    JOIN staged_words AS failed ON failed.key = d.failed_key
""")

STORE_AREAS = text("""
    INSERT INTO area_result (
        run_id, area_id, level, schools, assessed, covered, is_rankable, pupils, peak_pupils, pupils_at_risk,
        grade_counts, mean_priority, mean_index_lower, mean_index, mean_index_upper, worst_rank, median_altitude_m
    )
    WITH altitude AS (
        SELECT exposure.school_id, avg(exposure.value) AS altitude_m
        FROM exposure
        JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
        JOIN hazard_layer AS layer
            ON layer.id = exposure_run.layer_id AND layer.is_current AND layer.hazard = 'altitude'
        WHERE exposure.building_id IS NULL AND exposure.value IS NOT NULL
        GROUP BY exposure.school_id
    )
    SELECT
        :run_id,
        area.id,
        area.level,
        count(*),
        count(*) FILTER (WHERE result.completeness > 0),
        count(*) FILTER (WHERE result.completeness >= :completeness),
        count(*) FILTER (WHERE result.completeness >= :completeness) >= :coverage * count(*),
        sum(result.pupils),
        sum(result.peak_pupils),
        CASE
            WHEN count(result.pupils) > 0
            THEN coalesce(sum(result.pupils) FILTER (WHERE result.grade IN ('D', 'E')), 0)
        END,
        jsonb_build_object(
            'A', count(*) FILTER (WHERE result.grade = 'A'),
            'B', count(*) FILTER (WHERE result.grade = 'B'),
            'C', count(*) FILTER (WHERE result.grade = 'C'),
            'D', count(*) FILTER (WHERE result.grade = 'D'),
            'E', count(*) FILTER (WHERE result.grade = 'E'),
            'unknown', count(*) FILTER (WHERE result.grade IS NULL)
        ),
        avg(result.priority_central),
        avg(result.index_lower) FILTER (WHERE result.completeness > 0),
        avg(result.index_central) FILTER (WHERE result.completeness > 0),
        avg(result.index_upper) FILTER (WHERE result.completeness > 0),
        min(result.national_rank),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY altitude.altitude_m)
    FROM school_result AS result
    JOIN school_area ON school_area.school_id = result.school_id
    JOIN area ON area.id = school_area.area_id
    LEFT JOIN altitude ON altitude.school_id = result.school_id
    WHERE result.run_id = :run_id
    GROUP BY area.id
""")


@dataclass(frozen=True, slots=True)
class Words:
    """A dictionary of word lists for one column: ``keys`` per row, ``lists`` per key."""

    keys: NDArray[np.int64]
    lists: list[list[str]]


def words_of_masks(masks: NDArray[np.bool_], codes: Sequence[str]) -> Words:
    """Return, for each row of a boolean matrix, which codes are set, as a dictionary of the lists that occur."""
    packed = np.packbits(masks, axis=1)
    rows = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, first, keys = np.unique(rows, return_index=True, return_inverse=True)
    return Words(keys, [[code for code, is_set in zip(codes, masks[row], strict=True) if is_set] for row in first])


def _stage_words(session: Session, lists: Sequence[Sequence[str]]) -> None:
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_words"))
    session.execute(text("CREATE TEMP TABLE staged_words (key int PRIMARY KEY, words text[] NOT NULL) ON COMMIT DROP"))
    rows = [{"key": key, "words": list(words)} for key, words in enumerate(lists)]
    if rows:
        session.execute(text("INSERT INTO staged_words VALUES (:key, CAST(:words AS text[]))"), rows)


def find_run(session: Session, run_hash: str) -> Run | None:
    """Return the run of exactly this hash."""
    return session.scalars(select(Run).where(Run.hash == run_hash)).first()


def add_run(session: Session, values: Mapping[str, Any]) -> int:
    """Store the row of a run and return its id."""
    run_id = session.scalar(insert(Run).values(**values).returning(Run.id))
    assert run_id is not None
    return run_id


def mark_run(session: Session, run_id: int, *, published: bool) -> None:
    """Publish a run; that is never taken back here.

    Publishing a run that was published before makes it the newest again: data that were taken back have the
    hash of the run that stood before them.
    """
    if published:
        session.execute(
            update(Run).where(Run.id == run_id).values(is_published=True, published_at=func.clock_timestamp())
        )


def store_schools(
    session: Session,
    run_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    flags: Words,
    levels: tuple[NDArray[np.int64], Sequence[Mapping[str, int | None]]],
    words: Mapping[str, Sequence[str | None]],
) -> None:
    """Store ``school_result``; ``columns`` are those that ``STORE_SCHOOLS`` names, ``levels`` keys and their JSON."""
    keys, contents = levels
    _stage_words(session, flags.lists)
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_json"))
    session.execute(text("CREATE TEMP TABLE staged_json (key int PRIMARY KEY, content jsonb NOT NULL) ON COMMIT DROP"))
    rows = [{"key": key, "content": json.dumps(content)} for key, content in enumerate(contents)]
    if rows:
        session.execute(text("INSERT INTO staged_json VALUES (:key, CAST(:content AS jsonb))"), rows)
    staged = dict(columns) | {"flags_key": ("int4", flags.keys), "levels_key": ("int4", keys)}
    stage_arrays(session, "staged_school", staged)
    session.execute(STORE_SCHOOLS, {"run_id": run_id} | {name: list(found) for name, found in words.items()})


def store_buildings(
    session: Session,
    run_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    flags: Words,
    classes: Sequence[str],
) -> None:
    """Store ``building_result``; ``columns`` are those that ``STORE_BUILDINGS`` names."""
    _stage_words(session, flags.lists)
    stage_arrays(session, "staged_building", dict(columns) | {"flags_key": ("int4", flags.keys)})
    session.execute(STORE_BUILDINGS, {"run_id": run_id, "classes": list(classes)})


def store_domains(
    session: Session,
    run_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    failed: Words,
    domains: Sequence[str],
) -> None:
    """Store ``domain_result``; ``columns`` are those that ``STORE_DOMAINS`` names."""
    _stage_words(session, failed.lists)
    stage_arrays(session, "staged_domain", dict(columns) | {"failed_key": ("int4", failed.keys)})
    session.execute(STORE_DOMAINS, {"run_id": run_id, "domains": list(domains)})


def store_areas(session: Session, run_id: int, *, completeness: float, coverage: float) -> int:
    """Aggregate ``school_result`` over every area, of any level and period, that has schools; return how many."""
    session.execute(STORE_AREAS, {"run_id": run_id, "completeness": completeness - 1e-12, "coverage": coverage})
    count = session.scalar(select(func.count()).select_from(AreaResult).where(AreaResult.run_id == run_id))
    return int(count or 0)
