"""What a school says of itself against what a second rater found: share of equal answers, difference of the index."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import MISSING, SCORE_OF_CODE, CodeArray
from app.assessment.schools import mean_of_school
from app.assessment.standard import BoolArray, FloatArray

IntArray = NDArray[np.int64]


class Agreement(NamedTuple):
    """One row a school; nothing compared is NaN, never full agreement."""

    compared: IntArray
    """Criteria that both answered, in a building at least."""
    equal_share: FloatArray
    """Share of equal answers, 0..1, buildings by their shares of pupils; NaN where nothing was compared."""
    index_gap: FloatArray
    """Index of the own answers minus that of the second rater's, points of 100, over what both scored."""


def compare_raters(
    own: CodeArray, other: CodeArray, weight: FloatArray, school: IntArray, share: FloatArray, schools: int
) -> Agreement:
    """Compare two ratings of the same buildings.

    Args:
        own: Shape (buildings, criteria): the school's own answers, see ``app.assessment.answers``.
        other: The same shape: answers of whoever looked after them.
        weight: Shape (criteria,): weights of the criteria that count in the index, 0 for the others.
        school: School of each building; ``share``: weight of the building in its school, > 0.
    """
    both: BoolArray = (own != MISSING) & (other != MISSING)
    with np.errstate(invalid="ignore", divide="ignore"):
        equal = (both & (own == other)).sum(axis=1) / both.sum(axis=1)
        mine, theirs = SCORE_OF_CODE[own], SCORE_OF_CODE[other]
        scored = ~np.isnan(mine) & ~np.isnan(theirs)
        difference = np.where(scored, mine - theirs, 0.0) @ weight
        gap = 100 * difference / (scored @ weight)
    means = mean_of_school(school, np.column_stack([equal, gap]), share, schools)
    criteria = np.zeros(schools, dtype=np.int64)
    if len(school):
        rows, columns = np.nonzero(both)
        pairs = np.unique(school[rows] * both.shape[1] + columns)
        criteria = np.bincount(pairs // both.shape[1], minlength=schools)
    return Agreement(criteria, means[:, 0], means[:, 1])
