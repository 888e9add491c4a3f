"""Kits of runs: the ZIP from which a run can be made again, kept with the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, select, text

from geodata.models import RunKit
from geodata.queries.bulk_arrays import copy_rows_text
from geodata.queries.scoring import CANONICAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


class KitFacts(NamedTuple):
    """A kit without its bytes."""

    sha256: str
    size_bytes: int
    made_at: datetime


def kit_facts(session: Session, run_id: int) -> KitFacts | None:
    """Return size and hash of a run's kit; None when there is none."""
    query = select(RunKit.sha256, RunKit.size_bytes, RunKit.made_at).where(RunKit.run_id == run_id)
    row = session.execute(query).first()
    return None if row is None else KitFacts(*row)


def kit_content(session: Session, run_id: int) -> bytes | None:
    """Return the ZIP of a run."""
    return session.scalar(select(RunKit.content).where(RunKit.run_id == run_id))


def add_kit(session: Session, run_id: int, content: bytes, sha256: str) -> None:
    """Keep the kit of a run; there is one, for the same run gives the same bytes."""
    session.execute(insert(RunKit).values(run_id=run_id, content=content, sha256=sha256, size_bytes=len(content)))


def input_tables(session: Session, edition_id: int, day: date) -> dict[str, bytes]:
    """Return the canonical input tables of a ranking as CSV: their hashes are those that a run names."""
    values = {"day": day, "edition": edition_id}
    return {name: copy_rows_text(session, query, values) for name, query in CANONICAL.items()}


_HIDDEN = text("""
    SELECT
        (SELECT count(*) FROM school WHERE NOT is_published AND (closed_on IS NULL OR closed_on > :day)),
        (
            SELECT count(*) FROM building JOIN school ON school.id = building.school_id
            WHERE NOT building.is_published AND (school.closed_on IS NULL OR school.closed_on > :day)
        ),
        (SELECT count(*) FROM hazard_layer WHERE is_current AND NOT is_public AND code = ANY(:layers))
""")


def count_hidden(session: Session, day: date, layers: Sequence[str]) -> tuple[int, int, int]:
    """Return how many schools, buildings and layers of a ranking are not public."""
    schools, buildings, hidden = session.execute(_HIDDEN, {"day": day, "layers": list(layers)}).one()
    return int(schools), int(buildings), int(hidden)


_RESULTS = text("""
    SELECT
        school.code, oblast.code, rayon.code, aimak.code,
        result.national_rank, result.oblast_rank, result.rayon_rank, result.aimak_rank,
        result.grade, result.conformity_class,
        result.priority_lower, result.priority_central, result.priority_upper,
        result.index_lower, result.index_central, result.index_upper, result.completeness,
        result.contribution, result.factor_raw,
        result.rank_low, result.rank_high, firm.p_top, firm.label, result.confidence, result.safety_rank,
        result.gap_rank, result.benefit_cost, result.benefit_rank, result.top_by_weights, result.top_moves
    FROM school_result AS result
    JOIN school ON school.id = result.school_id
    LEFT JOIN area AS oblast ON oblast.id = result.oblast_id
    LEFT JOIN area AS rayon ON rayon.id = result.rayon_id
    LEFT JOIN area AS aimak ON aimak.id = result.aimak_id
    LEFT JOIN school_robustness AS firm ON firm.run_id = result.run_id AND firm.school_id = result.school_id
    WHERE result.run_id = :run_id
    ORDER BY school.code COLLATE "C"
""")


def list_results(session: Session, run_id: int) -> Sequence[Any]:
    """Return the results of a run as a kit lists them, in the order of codes; columns as in the statement."""
    return session.execute(_RESULTS, {"run_id": run_id}).all()
