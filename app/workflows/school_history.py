"""One school over time: what was known of it on each day that an assessment became public, and what moved since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from app.assessment.answers import KINDS, MISSING
from app.assessment.rescoring import NO_DAY, Counted, changed_later
from app.workflows.rescore import CAUSES, EPOCH, Comparison, Moment, Rescored, Rescorer
from geodata.queries import scoring, standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session


@dataclass(frozen=True, slots=True)
class Known:
    """How many requirements were otherwise than at the point before: each in a building at least."""

    newly: int
    corrected: int
    undivided: int
    """Otherwise by the first who verified them."""
    changed: tuple[str, ...]
    """Codes of those that changed in reality."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was public of a school at the end of a day; ``kinds`` of the assessments that became public on it."""

    day: date
    edition: str
    kinds: tuple[str, ...]
    grade: str | None
    index: tuple[float, float, float] | None
    """Lower, central, upper; None where nothing is answered."""
    completeness: float
    evidence_on: date | None
    """The middle of the days of the evidence that counted."""
    known: Known | None
    """None at the first point."""
    points: Mapping[str, float | None]
    """Points of the index since the point before, by cause; empty at the first point."""
    causes: tuple[str, ...]
    """What moved the grade since the point before."""


def school_history(session: Session, school_id: int, today: date) -> list[Point]:
    """Return the points of a school, the oldest first; empty for one that nobody assessed.

    Each day is measured by the edition of its assessments. Where another one is used now, today is a point of its own,
    so that the effect of the rule alone is seen. Assessments by an edition that asks nothing public are left out.

    Raises:
        NoSchoolsError: The school is closed.
    """
    loaded = Rescorer(session, today, school_id)
    moments = _moments(session, loaded, today)
    found: list[Point] = []
    for number, (moment, kinds) in enumerate(moments):
        before = moments[number - 1][0] if number else None
        compared = loaded.compare(before, moment) if before else None
        now = compared.new if compared else loaded.at(moment)
        found.append(_point(loaded, moment, kinds, now, compared))
    return found


def _moments(session: Session, loaded: Rescorer, today: date) -> list[tuple[Moment, tuple[str, ...]]]:
    visits = loaded.visits
    found: list[tuple[Moment, tuple[str, ...]]] = []
    for day in np.unique(visits["known_day"]).tolist():
        rows = np.flatnonzero(visits["known_day"] == day)
        edition = standard.edition_by_id(session, int(visits["edition_id"][rows[np.argmax(visits["id"][rows])]]))
        kinds = tuple(KINDS[kind] for kind in sorted(set(visits["kind"][rows].tolist())))
        if edition is not None and scoring.public_criteria(session, edition.id):
            found.append((Moment(EPOCH + timedelta(days=day), edition.code), kinds))
    current = standard.find_edition(session)
    if found and current and current.code != found[-1][0].edition and scoring.public_criteria(session, current.id):
        found.append((Moment(today, current.code), ()))
    return found


def _point(
    loaded: Rescorer, moment: Moment, kinds: tuple[str, ...], now: Rescored, compared: Comparison | None
) -> Point:
    counted = loaded.counted_on(moment.day)
    scores = now.scores
    index = (float(scores.lower[0]), float(scores.central[0]), float(scores.upper[0])) if now.is_assessed[0] else None
    days = counted.day[counted.day > NO_DAY]
    points: dict[str, float | None] = {}
    causes: tuple[str, ...] = ()
    if compared is not None:
        for cause in CAUSES:
            moved = float(compared.points[cause][0])
            points[cause] = None if np.isnan(moved) else moved
        causes = tuple(cause for cause in CAUSES if compared.steps[cause][0])
    return Point(
        day=moment.day,
        edition=moment.edition,
        kinds=kinds,
        grade=now.grade_of(0),
        index=index,
        completeness=float(np.nan_to_num(scores.completeness[0])),
        evidence_on=EPOCH + timedelta(days=int(np.median(days))) if len(days) else None,
        known=_known(loaded, compared, counted) if compared else None,
        points=points,
        causes=causes,
    )


def _known(loaded: Rescorer, compared: Comparison, after: Counted) -> Known:
    """Count requirements of the later edition that are known now, were corrected, or changed."""
    day = compared.old.moment.day
    before = loaded.counted_on(day)
    real, undivided = changed_later(before, after, (day - EPOCH).days)
    newly = (before.codes == MISSING) & (after.codes != MISSING)
    other = (before.codes != after.codes) & (before.codes != MISSING) & ~real & ~undivided
    asked = np.isin(np.array(loaded.codes), compared.new.edition.standard.codes)
    columns = [np.asarray(cells.any(axis=0)) & asked for cells in (newly, other, undivided, real)]
    changed = tuple(loaded.codes[int(column)] for column in np.flatnonzero(columns[3]))
    newly_known, corrected, undivided_count = (int(column.sum()) for column in columns[:3])
    return Known(newly_known, corrected, undivided_count, changed)
