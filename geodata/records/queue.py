"""What decides in which queue a school stands, as the page reads it. Money in whole som; None is unknown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One school of a run: its danger, its best works, its project and documents, and its small repairs."""

    school_id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    rank: int
    grade: str | None
    risk: float | None
    pupils: int | None
    oblast_id: int | None
    rayon_id: int | None
    aimak_id: int | None
    works: str | None
    """The bundle of works that gives most for its money; one of unknown cost where no cost is known."""
    works_som: int | None
    stage: str | None
    project: str | None
    project_som: int | None
    figure: str | None
    figure_works: str | None
    figure_som: int | None
    small: list[str]
    """Codes of the small repairs that are needed."""
    small_som: int
    """Of those whose cost is known."""
    small_unknown: int
