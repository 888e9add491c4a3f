"""The conformity index of buildings, with its bounds, red flags and completeness (method 6).

Arithmetic only. Missing answers widen the bounds and never give a pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY, CodeArray
from app.assessment.standard import BoolArray, FloatArray, Standard

BLOCK = 2_048


class GroupSums(NamedTuple):
    """Weights of answers over groups of criteria, each of shape (places, groups)."""

    earned: FloatArray
    """sum w s over what was assessed."""
    expected: FloatArray
    """sum w p over what is missing."""
    missing: FloatArray
    applicable: FloatArray


class Conformity(NamedTuple):
    """One row a building. Indices 0..100, completeness 0..1. A building where nothing applies has NaN indices."""

    lower: FloatArray
    central: FloatArray
    upper: FloatArray
    completeness: FloatArray
    assessed_only: FloatArray
    """Index over what was assessed, without caps; NaN where nothing was."""
    failed_flags: BoolArray
    """Shape (buildings, criteria): red flags that failed."""


def sum_groups(codes: CodeArray, weights: FloatArray, prior: FloatArray | float = 0.5) -> GroupSums:
    """Sum answers over groups of criteria, block by block.

    Args:
        codes: Shape (places, criteria), see ``app.assessment.answers``.
        weights: Shape (criteria, groups); 0 = the criterion is not of the group.
        prior: Prior pass rate p of a missing answer: a number, or of shape (criteria,) or (places, criteria).
    """
    places, groups = len(codes), weights.shape[1]
    sums = GroupSums(*(np.empty((places, groups)) for _ in range(4)))
    rate = np.asarray(prior, dtype=float)
    columns = [np.ascontiguousarray(weights[:, group]) for group in range(groups)]
    for start in range(0, places, BLOCK):
        part = slice(start, start + BLOCK)
        block = codes[part]
        missing = (block == MISSING).astype(float)
        applicable = (block != NOT_APPLICABLE).astype(float)
        earned = (block == MEETS) + 0.5 * (block == PARTLY)
        expected = missing * (rate[part] if rate.ndim == 2 else rate)
        for group, weight in enumerate(columns):  # a product per group stays in the cache and in one thread
            sums.earned[part, group] = earned @ weight
            sums.missing[part, group] = missing @ weight
            sums.expected[part, group] = expected @ weight
            sums.applicable[part, group] = applicable @ weight
    return sums


def group_index(sums: GroupSums) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return lower, central, upper (0..100, no caps) and completeness; NaN where nothing applies."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = 100 / sums.applicable
        return (
            sums.earned * scale,
            (sums.earned + sums.expected) * scale,
            (sums.earned + sums.missing) * scale,
            1 - sums.missing / sums.applicable,
        )


def score_buildings(codes: CodeArray, standard: Standard, prior: FloatArray | float = 0.5) -> Conformity:
    """Return the conformity of each building over the physical criteria.

    Args:
        codes: Shape (buildings, criteria): what counts in each building.
        prior: See ``sum_groups``.

    A failed red flag caps all three values, a missing one the lower value only.
    """
    weights = np.where(standard.is_physical, standard.weight, 0.0)[:, None]
    sums = sum_groups(codes, weights, prior)
    lower, central, upper, completeness = (values[:, 0] for values in group_index(sums))
    critical = np.flatnonzero(standard.is_critical)
    caps, flags = standard.cap[critical], codes[:, critical]
    failed = flags == FAILS
    cap_all = _least_cap(failed, caps)
    cap_lower = np.minimum(cap_all, _least_cap(flags == MISSING, caps))
    with np.errstate(invalid="ignore", divide="ignore"):
        assessed_only = 100 * sums.earned[:, 0] / (sums.applicable - sums.missing)[:, 0]
    failed_flags = np.zeros(codes.shape, dtype=bool)
    failed_flags[:, critical] = failed
    return Conformity(
        np.minimum(lower, cap_lower),
        np.minimum(central, cap_all),
        np.minimum(upper, cap_all),
        completeness,
        assessed_only,
        failed_flags,
    )


def _least_cap(applies: BoolArray, caps: FloatArray) -> FloatArray:
    if not len(caps):
        return np.full(len(applies), np.inf)
    return np.where(applies, caps[None, :], np.inf).min(axis=1)


def basic_deficiency(
    codes: CodeArray, standard: Standard, prior: FloatArray | float = 0.5
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return C5 = 1 - sum w s / sum w over fire, water, toilets and heating as central, lower, upper, 0..1.

    No caps. Missing = prior in the central value, 1 in the lower, 0 in the upper; NaN where nothing applies.
    """
    weights = np.where(standard.is_basic_service, standard.weight, 0.0)[:, None]
    lower, central, upper, _ = group_index(sum_groups(codes, weights, prior))
    return 1 - central[:, 0] / 100, 1 - upper[:, 0] / 100, 1 - lower[:, 0] / 100
