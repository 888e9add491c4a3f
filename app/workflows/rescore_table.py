"""What a comparison of two moments says, counted: by cause, by oblast, by grade, and school by school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.assessment.grades import GRADES
from app.workflows.rescore import CAUSES
from geodata.queries import published_answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from app.workflows.rescore import Comparison, Rescored, Rescorer
    from geodata.database import Session

KEYS = (
    "code", "name", "oblast", "grade_before", "grade_after", "index_before", "index_after", "index_after_lower",
    "index_after_upper", "completeness_before", "completeness_after", "points_rule", "points_data", "points_reality",
    "points_undivided", "grade_moved_by",
)  # fmt: skip
"""Columns of the file; an index of a school that nobody assessed is empty."""
DECIMALS = 2
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Moves:
    """How many schools a cause moved to a better and to a worse grade."""

    better: int
    worse: int

    @property
    def all(self) -> int:
        """Both."""
        return self.better + self.worse


@dataclass(frozen=True, slots=True)
class OblastMoves:
    """One oblast: its schools, how many have another grade, and how many each cause moved. ``area`` None: unknown."""

    area: Any | None
    schools: int
    moved: int
    by_cause: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What moved in the country."""

    schools: int
    moved: int
    by_cause: Mapping[str, Moves]
    grades_before: Mapping[str, int]
    grades_after: Mapping[str, int]
    oblasts: Sequence[OblastMoves]

    def as_json(self) -> dict[str, Any]:
        """Return it without areas, for programs."""
        return {
            "schools": self.schools,
            "moved": self.moved,
            "moved_by": {cause: {"better": one.better, "worse": one.worse} for cause, one in self.by_cause.items()},
            "grades_before": dict(self.grades_before),
            "grades_after": dict(self.grades_after),
        }


@dataclass(frozen=True, slots=True)
class SchoolMove:
    """One school at both moments; an index is None where nothing is answered, points where one index is unknown."""

    school: Any
    oblast: Any | None
    grade_before: str | None
    grade_after: str | None
    index_before: float | None
    index_after: float | None
    lower: float | None
    upper: float | None
    completeness_before: float
    completeness_after: float
    points: Mapping[str, float | None]
    causes: tuple[str, ...]
    """What moved the grade, taken by itself; two of them may have balanced each other."""


def summarise(session: Session, loaded: Rescorer, found: Comparison) -> Summary:
    """Count what moved."""
    oblast = loaded.schools.columns["oblast_id"]
    areas = published_answers.label_areas(session, sorted(set(oblast.tolist()) - {0}))
    moved = {cause: steps != 0 for cause, steps in found.steps.items()}
    lines = []
    for number in sorted(set(oblast.tolist()), key=lambda one: (one == 0, areas[one].code if one else "")):
        here = oblast == number
        by_cause = {cause: int((here & moved[cause]).sum()) for cause in CAUSES}
        lines.append(OblastMoves(areas.get(number), int(here.sum()), int((here & found.has_moved).sum()), by_cause))
    return Summary(
        schools=len(loaded.schools),
        moved=int(found.has_moved.sum()),
        by_cause={cause: Moves(int((steps < 0).sum()), int((steps > 0).sum())) for cause, steps in found.steps.items()},
        grades_before=_grade_counts(found.old),
        grades_after=_grade_counts(found.new),
        oblasts=lines,
    )


def _grade_counts(found: Rescored) -> dict[str, int]:
    counts = np.bincount(found.scores.grade, minlength=len(GRADES))
    return {grade or UNKNOWN: int(count) for grade, count in zip(GRADES, counts, strict=True)}


def rows_moved(found: Comparison, cause: str | None = None) -> NDArray[np.int64]:
    """Return the rows of schools with another grade, or those whose grade ``cause`` moved, taken by itself."""
    return np.flatnonzero(found.has_moved if cause is None else found.steps[cause] != 0)


def school_moves(session: Session, loaded: Rescorer, found: Comparison, rows: Sequence[int]) -> list[SchoolMove]:
    """Return schools by their rows, in that order."""
    ids, oblasts = loaded.schools.columns["id"], loaded.schools.columns["oblast_id"]
    schools = published_answers.label_schools(session, [int(ids[row]) for row in rows])
    areas = published_answers.label_areas(session, sorted({int(oblasts[row]) for row in rows} - {0}))
    return [
        SchoolMove(
            school=schools[int(ids[row])],
            oblast=areas.get(int(oblasts[row])),
            grade_before=found.old.grade_of(row),
            grade_after=found.new.grade_of(row),
            index_before=_index(found.old, "central", row),
            index_after=_index(found.new, "central", row),
            lower=_index(found.new, "lower", row),
            upper=_index(found.new, "upper", row),
            completeness_before=float(np.nan_to_num(found.old.scores.completeness[row])),
            completeness_after=float(np.nan_to_num(found.new.scores.completeness[row])),
            points={cause: _number(values[row]) for cause, values in found.points.items()},
            causes=tuple(cause for cause in CAUSES if found.steps[cause][row]),
        )
        for row in rows
    ]


def _index(found: Rescored, name: str, row: int) -> float | None:
    return _number(getattr(found.scores, name)[row]) if found.is_assessed[row] else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def file_row(move: SchoolMove, name: str, oblast: str | None) -> list[Any]:
    """Return the row of a school under ``KEYS``."""

    def short(value: float | None) -> float | None:
        return None if value is None else round(value, DECIMALS)

    return [
        move.school.code, name, oblast, move.grade_before or UNKNOWN, move.grade_after or UNKNOWN,
        short(move.index_before), short(move.index_after), short(move.lower), short(move.upper),
        round(move.completeness_before, 4), round(move.completeness_after, 4),
        *(short(move.points[cause]) for cause in CAUSES), " ".join(move.causes),
    ]  # fmt: skip
