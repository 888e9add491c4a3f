"""Runs with results: the smallest ranked list that a view can show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from geodata.models import Run, SchoolResult, StandardEdition

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.models import School


def make_run(session: Session, run_hash: str = "a" * 64, *, published: bool = True, **values: object) -> Run:
    """Add a run on an edition of its own; ``values`` override the defaults."""
    edition = StandardEdition(
        code=f"test-{run_hash[:8]}",
        title_ky="Стандарт",
        title_ru="Стандарт.",
        title_en="Standard",
        status="draft",
        sha256="0",
    )
    session.add(edition)
    session.flush()
    facts: dict[str, object] = {
        "canonical": "{}",
        "scheme": "default",
        "data_date": date(2026, 11, 1),
        "code_version": "test",
        "school_count": 0,
        "ranked_count": 0,
    } | values
    run = Run(hash=run_hash, edition_id=edition.id, is_published=published, **facts)
    session.add(run)
    session.flush()
    return run


def make_result(session: Session, run: Run, school: School, rank: int, **values: object) -> SchoolResult:
    """Add ``school`` to ``run`` at ``rank``; ``values`` override the defaults."""
    facts: dict[str, object] = {
        "grade": "D",
        "conformity_class": "critical",
        "index_lower": 20.0,
        "index_central": 30.0,
        "index_upper": 40.0,
        "completeness": 0.9,
        "priority_lower": 50.0,
        "priority_central": 60.0,
        "priority_upper": 70.0,
        "factor_raw": [1e-5, None, 0.01, 0.7, 0.5, 1.5, None, 0.3],
        "factor_value": [0.6, None, 0.5, 0.7, 0.5, 0.3, None, 0.3],
        "contribution": [18.0, 7.5, 4.0, 14.0, 5.0, 2.1, 2.5, 1.5],
        "known": [True, False, True, True, True, True, False, True],
        "national_rank": rank,
        "rank_low": max(1, rank - 2),
        "rank_high": rank + 2,
        "confidence": 3,
        "hazard_levels": {"flood": 3, "mudflow": None},
    } | values
    result = SchoolResult(run_id=run.id, school_id=school.id, **facts)
    session.add(result)
    session.flush()
    return result
