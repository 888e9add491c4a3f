"""The same schools measured at another time and by another edition: what counted then, and what changed in reality.

Arithmetic only. Answers are keyed by the codes of criteria, so that each edition takes those that it asks for; what
nobody answered is missing there. Scores come from ``app.assessment.schools.score_all`` as in a ranking.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import MISSING, CodeArray, codes_at, counted_rows, spread_rows, verified_at
from app.assessment.schools import IntArray
from app.assessment.standard import BoolArray

DayArray = NDArray[Any]
NO_DAY = -(10**6)
"""The day of the evidence where nothing is answered."""


class KnownAnswers(NamedTuple):
    """Public answers, a row each. Days are since 1970-01-01; ``known_day``: from which on the public could read it."""

    place: IntArray
    """Building, or ``buildings`` + school for an answer of the whole school."""
    criterion: IntArray
    code: CodeArray
    kind: NDArray[Any]
    day: DayArray
    visit_day: DayArray
    known_day: DayArray


class Counted(NamedTuple):
    """What counts in each building, shape (buildings, criteria)."""

    codes: CodeArray
    verified: BoolArray
    day: DayArray
    """Of the evidence; ``NO_DAY`` where nothing is answered."""

    def at(self, columns: IntArray) -> Counted:
        """Return the criteria of one edition, by their columns."""
        return Counted(self.codes[:, columns], self.verified[:, columns], self.day[:, columns])


def counted_on(answers: KnownAnswers, day: int, school: IntArray, schools: int, criteria: int) -> Counted:
    """Return what counted in each building by what was public at the end of ``day`` with evidence until then.

    Args:
        school: School of each building.
        criteria: Columns of the result.
    """
    buildings = len(school)
    is_known = (answers.known_day <= day) & (answers.day <= day)
    codes = np.where(is_known, answers.code, np.int8(MISSING))
    rows = counted_rows(
        answers.place,
        answers.criterion,
        codes,
        answers.kind,
        answers.day,
        (buildings + schools, criteria),
        answers.visit_day,
    )
    spread = spread_rows(rows[:buildings], rows[buildings:], school)
    day_of = np.append(answers.day, np.int32(NO_DAY))[spread]
    return Counted(codes_at(spread, codes), verified_at(spread, answers.kind), day_of)


class Changed(NamedTuple):
    """Which answers became others by evidence of a later time, shape (buildings, criteria); never both."""

    real: BoolArray
    """The school is another one by this answer."""
    undivided: BoolArray
    """The first answer that somebody verified: what the school said before may have been wrong all along."""


def changed_later(old: Counted, new: Counted, day: int) -> Changed:
    """Return which answers changed by evidence from after ``day``, the day of ``old``.

    Only what was known before can have changed. An answer known only now, corrected from evidence of the time before,
    or merely verified since tells of our knowledge, not of the school.
    """
    both = (old.codes != MISSING) & (new.codes != MISSING)
    moved = both & (old.codes != new.codes) & (new.day > day)
    first_verified = ~old.verified & new.verified
    return Changed(moved & ~first_verified, moved & first_verified)


def exchanged(data: Counted, reality: Counted, undivided: Counted, changed: Changed) -> Counted:
    """Return ``data`` with the answers of ``reality`` and ``undivided`` in the places of each."""
    places = [changed.real, changed.undivided]
    return Counted(
        np.select(places, [reality.codes, undivided.codes], data.codes),
        np.select(places, [reality.verified, undivided.verified], data.verified),
        np.select(places, [reality.day, undivided.day], data.day),
    )
