"""Is a school ready for the heating season? Which chosen requirements it meets by answers that still speak.

Arithmetic only: no database, no clock; days come in. What is unknown never makes a school ready, and it does not make
it unready either: it is a state of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY, CodeArray, IntArray

BoolArray = NDArray[np.bool_]
DayArray = NDArray[np.int32]

UNKNOWN, NOT_READY, READY = range(3)
STATES = ("unknown", "not_ready", "ready")
BEST_OF_ALL = np.array([2, 0, 1, 3, 4], dtype=np.int8)
"""Place of each code (missing, fails, partly, meets, not applicable) in the order from the worst."""
CODE_AT = np.argsort(BEST_OF_ALL).astype(np.int8)
NO_DAY = np.iinfo(np.int32).max


class Cells(NamedTuple):
    """What each school has for each requirement, shape (schools, requirements)."""

    codes: CodeArray
    """The worst of the school's buildings; ``MISSING`` also where the only answers no longer speak."""
    day: DayArray
    """Oldest evidence behind that code, days since 1970-01-01; ``NO_DAY`` = none."""
    is_old: BoolArray
    """Unknown because the answer is too old, not because there is none."""


def cells_of_schools(
    codes: CodeArray,
    evidence_day: DayArray,
    expiry_day: DayArray,
    school: IntArray,
    schools: int,
    is_seasonal: BoolArray,
    season_day: int,
    day: int,
) -> Cells:
    """Return what each school has for each requirement, by its worst building.

    Args:
        codes: What counts, shape (buildings, requirements), see ``app.assessment.answers``.
        evidence_day, expiry_day: Of those answers, days since 1970-01-01.
        school: Row of each building's school, shape (buildings,), each school at least once.
        is_seasonal: Shape (requirements,): an answer speaks of one heating season only.
        season_day: The first day whose evidence is of this season. ``day``: today.

    A requirement that was met no longer counts as met past its shelf life; one that was not met stays so until
    somebody finds otherwise. Of a seasonal one, neither outlives the season. What does not apply stays so.
    """
    says = (codes != MISSING) & (codes != NOT_APPLICABLE)
    is_old = says & ((is_seasonal & (evidence_day < season_day)) | ((codes == MEETS) & (expiry_day <= day)))
    spoken = np.where(is_old, MISSING, codes)
    shape = (schools, codes.shape[1])
    worst = np.full(shape, BEST_OF_ALL[NOT_APPLICABLE], dtype=np.int8)
    np.minimum.at(worst, school, BEST_OF_ALL[spoken])
    found = CODE_AT[worst]
    is_behind = (spoken == found[school]) & (says | is_old)
    oldest = np.full(shape, NO_DAY, dtype=np.int32)
    np.minimum.at(oldest, school, np.where(is_behind, evidence_day, NO_DAY).astype(np.int32))
    any_old = np.zeros(shape, dtype=bool)
    np.logical_or.at(any_old, school, is_old)
    return Cells(found, oldest, any_old & (found == MISSING))


def readiness(codes: CodeArray, is_asked: BoolArray) -> NDArray[np.int8]:
    """Return the state of each school: an index into ``STATES``.

    Args:
        codes: Shape (schools, requirements), as in ``Cells``.
        is_asked: The same shape: the requirement decides in this school.

    Not ready: one that is asked fails or is met in part. Unknown: none fails, one at least is unknown.
    """
    fails = (is_asked & ((codes == FAILS) | (codes == PARTLY))).any(axis=1)
    is_open = (is_asked & (codes == MISSING)).any(axis=1)
    return np.where(fails, NOT_READY, np.where(is_open, UNKNOWN, READY)).astype(np.int8)
