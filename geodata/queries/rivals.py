"""Schools around the cut of a drawn run: stored with the run, read for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import insert, text

from geodata.models import CutPair, CutSchool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


class RivalRow(NamedTuple):
    """One school near the cut. Weights by the scheme's factors, None where no draw has it there.

    ``mean_weights``: of all draws. ``above``: share of draws in which it stands above each other one, by its code.
    """

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    national_rank: int
    p_top: float
    top_weights: list[float] | None
    confidence: float | None
    first_draws: int
    first_weights: list[float] | None
    mean_weights: list[float] | None
    above: dict[str, float]


_RIVALS = text("""
    SELECT
        school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank, firm.p_top,
        near.top_weights, near.confidence, near.first_draws, near.first_weights,
        draws.mean_weights,
        (SELECT json_object_agg(other.code, pair.p_above)
        FROM cut_pair AS pair
        JOIN school AS other ON other.id = pair.rival_id
        WHERE pair.run_id = near.run_id AND pair.school_id = near.school_id)
    FROM cut_school AS near
    JOIN run_draws AS draws ON draws.run_id = near.run_id
    JOIN school ON school.id = near.school_id
    JOIN school_result AS result ON result.run_id = near.run_id AND result.school_id = near.school_id
    JOIN school_robustness AS firm ON firm.run_id = near.run_id AND firm.school_id = near.school_id
    WHERE near.run_id = :run_id
    ORDER BY near.place
""")


def add_rivals(
    session: Session, run_id: int, schools: Sequence[Mapping[str, Any]], pairs: Sequence[Mapping[str, Any]]
) -> None:
    """Store the schools near the cut of a run and their pairs."""
    if schools:
        session.execute(insert(CutSchool), [{"run_id": run_id, **row} for row in schools])
    if pairs:
        session.execute(insert(CutPair), [{"run_id": run_id, **row} for row in pairs])


def rivals_of(session: Session, run_id: int) -> list[RivalRow]:
    """Return the schools near the cut of a run, by rank; none where it was not drawn."""
    found = session.execute(_RIVALS, {"run_id": run_id})
    return [RivalRow(*cast("Any", (*row[:-1], row[-1] or {}))) for row in found]
