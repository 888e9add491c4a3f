"""How firm the ranks of a run are, and second opinions on its buildings: storing and reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from geodata.models import Plan, RunDraws
from geodata.queries.bulk_arrays import stage_arrays
from geodata.records.robustness import ContestedSchool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

STORE_SCHOOLS = text("""
    INSERT INTO school_robustness (
        run_id, school_id, p_top, p_first, p_above_next, label, score_low, score_high, decided_by, decided_share
    )
    SELECT
        :run_id, s.school_id, s.p_top, s.p_first, nullif(s.p_above_next, 'NaN'), label.word,
        s.score_low, s.score_high, factor.word, s.decided_share
    FROM staged_robustness AS s
    JOIN unnest(CAST(:labels AS text[])) WITH ORDINALITY AS label(word, number) ON label.number = s.label + 1
    JOIN unnest(CAST(:factors AS text[])) WITH ORDINALITY AS factor(word, number) ON factor.number = s.decided_by + 1
""")

STORE_SCREENING = text("""
    INSERT INTO building_screening (run_id, building_id, score, items, modifiers, needs_review)
    SELECT
        :run_id, b.building_id, nullif(b.score, 'NaN'),
        ARRAY(
            SELECT word FROM unnest(CAST(:items AS text[])) WITH ORDINALITY AS item(word, number)
            WHERE (b.items >> (number - 1)::int) & 1 = 1 ORDER BY number
        ),
        ARRAY(
            SELECT word FROM unnest(CAST(:modifiers AS text[])) WITH ORDINALITY AS item(word, number)
            WHERE (b.modifiers >> (number - 1)::int) & 1 = 1 ORDER BY number
        ),
        b.needs_review = 1
    FROM staged_screening AS b
""")

CONTESTED = text("""
    SELECT
        school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank, result.rank_low,
        result.rank_high, firm.p_top, firm.label, firm.decided_by, firm.decided_share,
        NOT result.known[array_position(CAST(:factors AS text[]), firm.decided_by)] AS is_unknown
    FROM school_robustness AS firm
    JOIN school_result AS result ON result.run_id = firm.run_id AND result.school_id = firm.school_id
    JOIN school ON school.id = firm.school_id
    WHERE firm.run_id = :run_id AND firm.label IN ('contested', 'likely')
    ORDER BY abs(result.national_rank - :cut), result.national_rank
    LIMIT :limit
""")

LABEL_COUNTS = text("SELECT label, count(*) FROM school_robustness WHERE run_id = :run_id GROUP BY label")


def funded_by_plan(session: Session) -> tuple[str, int] | None:
    """Return hash and number of funded schools of the newest published plan; None without one that funds a school."""
    query = select(Plan.hash, Plan.schools).where(Plan.is_published, Plan.schools > 0)
    row = session.execute(query.order_by(Plan.id.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1])


def add_draws(
    session: Session, run_id: int, draws: int, seed: int, top_count: int, mean_weights: list[float] | None = None
) -> None:
    """Store how a run was drawn."""
    values = {"run_id": run_id, "draws": draws, "seed": seed, "top_count": top_count, "mean_weights": mean_weights}
    session.execute(insert(RunDraws).values(**values))


def store_schools(
    session: Session,
    run_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    labels: Sequence[str],
    factors: Sequence[str],
) -> None:
    """Store ``school_robustness``; ``label`` and ``decided_by`` are indices into the words given."""
    stage_arrays(session, "staged_robustness", columns)
    session.execute(STORE_SCHOOLS, {"run_id": run_id, "labels": list(labels), "factors": list(factors)})


def store_screening(
    session: Session,
    run_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    items: Sequence[str],
    modifiers: Sequence[str],
) -> None:
    """Store ``building_screening``; ``items`` and ``modifiers`` of the columns are bit sets over the words given."""
    stage_arrays(session, "staged_screening", columns)
    session.execute(STORE_SCREENING, {"run_id": run_id, "items": list(items), "modifiers": list(modifiers)})


def find_draws(session: Session, run_id: int) -> RunDraws | None:
    """Return how a run was drawn; None = its intervals are bounds."""
    return session.get(RunDraws, run_id)


def label_counts(session: Session, run_id: int) -> dict[str, int]:
    """Return how many schools have each label."""
    return {str(label): int(count) for label, count in session.execute(LABEL_COUNTS, {"run_id": run_id})}


def contested(
    session: Session, run_id: int, cut: int, factors: Sequence[str], limit: int = 20
) -> list[ContestedSchool]:
    """Return the schools nearest to the cut whose place is not firm, with what would decide it."""
    values = {"run_id": run_id, "cut": cut, "factors": list(factors), "limit": limit}
    return [ContestedSchool(*row) for row in session.execute(CONTESTED, values)]
