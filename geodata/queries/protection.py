"""Answers of the protection group counted by area: made with a run by the database, read with small numbers hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_STORE = text("SELECT store_protection(:run_id, :codes, :least)")

_BY_AREA = text("""
    SELECT
        area.code, area.level, area.name_ky, area.name_ru, area.name_en, upper_area.name_ky,
        coalesce(exact.known, shown.known), coalesce(exact.meets, shown.meets), exact.known IS NOT NULL
    FROM area
    LEFT JOIN area AS upper_area ON upper_area.id = area.parent_id
    LEFT JOIN protection_shown AS shown
        ON shown.run_id = :run_id AND shown.area_id = area.id AND shown.criterion_id = :criterion_id
    LEFT JOIN protection_count AS exact
        ON exact.run_id = :run_id AND exact.area_id = area.id AND exact.criterion_id = :criterion_id
    WHERE area.level <= 2 AND (shown.run_id IS NOT NULL OR exact.run_id IS NOT NULL)
    ORDER BY area.level, upper_area.code NULLS FIRST, area.code
""")


class ProtectionLine(NamedTuple):
    """Schools of an area with an answer, and those that meet it; None = hidden. ``is_exact``: nothing is hidden."""

    code: str
    level: int
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    upper_name_ky: str | None
    known: int | None
    meets: int | None
    is_exact: bool


def store_counts(session: Session, run_id: int, codes: Sequence[str], least: int) -> None:
    """Count the answers of protection by area for a run whose results of schools are there; national scope only.

    ``codes``: requirements that are counted for people who may not see the answers, ``least``: the threshold. No role
    reads an answer for this: a function of the owner does, and gives nothing back.
    """
    session.execute(_STORE, {"run_id": run_id, "codes": list(codes), "least": least})


def counts_by_area(session: Session, run_id: int, criterion_id: int) -> list[ProtectionLine]:
    """Return country, oblasts and rayons with their counts as the reader may see them; a visitor gets none."""
    return [ProtectionLine(*row) for row in session.execute(_BY_AREA, {"run_id": run_id, "criterion_id": criterion_id})]
