"""What would lift a grade: for each building the fewest criteria that, once met, bring it to a better one (method 6).

Arithmetic only: the same functions score the answers as they are and as they would be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.assessment.answers import FAILS, MEETS, NOT_APPLICABLE, CodeArray
from app.assessment.grades import GRADE_A, Cuts, classify, grade
from app.assessment.schools import IntArray
from app.assessment.scoring import columns_of, score_buildings, sum_groups
from app.assessment.standard import BoolArray, FloatArray, Standard


class Lift(NamedTuple):
    """Criteria of one building, by their positions in the standard, that have to be met, and the grade that follows."""

    building: int
    criteria: tuple[int, ...]
    grade: int
    """Index into ``app.assessment.grades.GRADES``."""


def grades_of(
    codes: CodeArray, verified: BoolArray, standard: Standard, cuts: Cuts, prior: FloatArray | float, trust: float
) -> IntArray:
    """Return the grade of each row of answers, shape (rows, criteria)."""
    weights = np.where(standard.is_physical, standard.weight, 0.0)[:, None]
    conformity = score_buildings(
        codes, standard, columns_of(sum_groups(codes, weights, prior, verified, trust), slice(0, 1))
    )
    has_failed = np.asarray(conformity.failed_flags.any(axis=1))
    return grade(classify(*conformity[:4], has_failed, cuts), has_failed)


def find_lift(
    building: int,
    codes: CodeArray,
    verified: BoolArray,
    standard: Standard,
    cuts: Cuts,
    prior: FloatArray | float,
    trust: float,
) -> Lift | None:
    """Return the smallest set for one building; None where it has the best grade already.

    Failed red flags come first: without them no grade but E is left. Of the others those come first that add most
    weight; among equals the order of the standard decides. A criterion that does not apply stays so.

    Args:
        building: Its number, for the result.
        codes: Shape (criteria,): what counts there; ``verified`` the same shape.
        prior, trust: See ``app.assessment.scoring.sum_groups``; ``prior``: one, or of each criterion.
    """
    order = _by_gain(codes, standard, verified, prior, trust)
    variants = np.repeat(codes[None, :], len(order) + 1, axis=0)
    for step, criterion in enumerate(order, start=1):
        variants[step:, criterion] = MEETS
    found = grades_of(variants, np.repeat(verified[None, :], len(variants), axis=0), standard, cuts, prior, trust)
    if found[0] == GRADE_A:
        return None
    better = np.flatnonzero(found < found[0])
    if not len(better):
        return None
    step = int(better[0])
    return Lift(building, tuple(int(one) for one in order[:step]), int(found[step]))


def _by_gain(
    codes: CodeArray, standard: Standard, verified: BoolArray, prior: FloatArray | float, trust: float
) -> IntArray:
    """Return the physical criteria that are not met, failed red flags first, then by what meeting them adds."""
    belief = np.where(verified, 1.0, trust)
    score = np.array([np.nan, 0.0, 0.5, 1.0, np.nan])[codes]
    now = np.where(np.isnan(score), prior, belief * np.nan_to_num(score) + (1 - belief) * prior)
    gain: FloatArray = standard.weight * (belief + (1 - belief) * prior - now)
    is_flag = standard.is_critical & (codes == FAILS)
    open_ones = np.flatnonzero(standard.is_physical & (codes != MEETS) & (codes != NOT_APPLICABLE))
    keys = (open_ones, -np.round(gain[open_ones], 9), ~is_flag[open_ones])
    return open_ones[np.lexsort(keys)]
