"""Small repairs of a run, and what decides in which of the three queues each school stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, text

from geodata.models import SchoolArea
from geodata.queries.bulk_arrays import stage_arrays
from geodata.records.queue import QueueRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

STORE = text("""
    INSERT INTO quick_win_result (run_id, school_id, measure, places, cost_som)
    SELECT :run_id, s.school_id, code.word, s.places, nullif(s.cost_som, 'NaN')::bigint
    FROM staged_quick_win AS s
    JOIN unnest(CAST(:codes AS text[])) WITH ORDINALITY AS code (word, number) ON code.number = s.measure + 1
""")

FACTS = text("""
    WITH works AS (
        SELECT DISTINCT ON (offer.school_id) offer.school_id, offer.bundle, offer.cost_som
        FROM bundle_result AS offer
        WHERE offer.run_id = :run_id AND offer.benefit > 0
            AND string_to_array(offer.bundle, '+') && CAST(:works AS text[])
        ORDER BY offer.school_id, offer.benefit / offer.cost_som DESC NULLS LAST, offer.bundle COLLATE "C"
    ),
    stage AS (
        SELECT DISTINCT ON (move.project_id) move.project_id, move.to_stage
        FROM pipeline_move AS move
        ORDER BY move.project_id, move.step DESC
    ),
    project AS (
        SELECT DISTINCT ON (one.school_id) one.school_id, stage.to_stage, one.bundle, one.cost_som
        FROM pipeline_project AS one
        JOIN stage ON stage.project_id = one.id
        WHERE stage.to_stage <> 'dropped'
        ORDER BY one.school_id, array_position(CAST(:stages AS text[]), stage.to_stage) DESC, one.id DESC
    ),
    figure AS (
        SELECT DISTINCT ON (one.school_id) one.school_id, one.stage, one.measures, one.cost_som
        FROM works_figure AS one
        WHERE one.building_id IS NULL AND one.cost_som IS NOT NULL
            AND NOT EXISTS (SELECT FROM works_figure AS later WHERE later.replaces_id = one.id)
        ORDER BY one.school_id, array_position(CAST(:figure_stages AS text[]), one.stage) DESC, one.id DESC
    ),
    small AS (
        SELECT
            win.school_id, array_agg(win.measure ORDER BY win.measure) AS measures,
            coalesce(sum(win.cost_som), 0)::bigint AS cost_som, count(*) FILTER (WHERE win.cost_som IS NULL) AS unknown
        FROM quick_win_result AS win
        WHERE win.run_id = :run_id
        GROUP BY win.school_id
    )
    SELECT
        school.id, school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank, result.grade,
        result.factor_raw[1], result.pupils, result.oblast_id, result.rayon_id, result.aimak_id,
        works.bundle, works.cost_som, project.to_stage, project.bundle, project.cost_som,
        figure.stage, figure.measures, figure.cost_som,
        coalesce(small.measures, '{}'), coalesce(small.cost_som, 0), coalesce(small.unknown, 0)
    FROM school_result AS result
    JOIN school ON school.id = result.school_id
    LEFT JOIN works ON works.school_id = result.school_id
    LEFT JOIN project ON project.school_id = result.school_id
    LEFT JOIN figure ON figure.school_id = result.school_id
    LEFT JOIN small ON small.school_id = result.school_id
    WHERE result.run_id = :run_id
    ORDER BY result.national_rank
""")
STAGES = ["identified", "design", "approved", "procured", "building", "done"]
FIGURE_STAGES = ["survey", "design", "expertise", "contract"]


def store(session: Session, run_id: int, columns: Mapping[str, tuple[str, NDArray[Any]]], codes: Sequence[str]) -> None:
    """Store the small repairs of a run; ``columns`` as ``STORE`` names them, ``measure`` an index of ``codes``."""
    stage_arrays(session, "staged_quick_win", columns)
    session.execute(STORE, {"run_id": run_id, "codes": list(codes)})


def queue_facts(session: Session, run_id: int, works: Sequence[str]) -> list[QueueRow]:
    """Return what decides at every school of a run, by rank; ``works``: measures that ask for a design."""
    values = {"run_id": run_id, "works": list(works), "stages": STAGES, "figure_stages": FIGURE_STAGES}
    return [QueueRow(*cast("Any", row)) for row in session.execute(FACTS, values)]


def schools_of(session: Session, area_id: int) -> set[int]:
    """Return the ids of the schools in an area of any level and period."""
    return set(session.scalars(select(SchoolArea.school_id).where(SchoolArea.area_id == area_id)))
