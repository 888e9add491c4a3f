"""The conformity index of buildings, with its bounds, red flags and completeness (method 6).

Arithmetic only. Missing answers widen the bounds and never give a pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY, CodeArray
from app.assessment.standard import BoolArray, FloatArray, Standard

BLOCK = 128
"""Buildings at a time: so small a product of matrices stays in the cache and in one thread."""


class GroupSums(NamedTuple):
    """Weights of answers over groups of criteria, each of shape (places, groups)."""

    earned: FloatArray
    """sum w s over what was assessed."""
    expected: FloatArray
    """sum w p over what is open."""
    missing: FloatArray
    applicable: FloatArray
    open: FloatArray
    """What is missing, and the part of unverified answers that is not believed: between 0 and 1 either way."""


class Conformity(NamedTuple):
    """One row a building. Indices 0..100, completeness 0..1. A building where nothing applies has NaN indices."""

    lower: FloatArray
    central: FloatArray
    upper: FloatArray
    completeness: FloatArray
    assessed_only: FloatArray
    """Index over what was assessed, unverified answers at their lower weight, without caps; NaN where nothing was."""
    failed_flags: BoolArray
    """Shape (buildings, criteria): red flags that failed."""


def sum_groups(
    codes: CodeArray,
    weights: FloatArray,
    prior: FloatArray | float = 0.5,
    verified: BoolArray | None = None,
    trust: float = 1.0,
) -> GroupSums:
    """Sum answers over groups of criteria, block by block.

    An answer that nobody verified counts with ``trust`` of its weight; the rest of it is open, like a missing answer:
    the prior in the central value, 0 in the lower, 1 in the upper one. It is assessed all the same.

    Args:
        codes: Shape (places, criteria), see ``app.assessment.answers``.
        weights: Shape (criteria, groups); 0 = the criterion is not of the group.
        prior: Prior pass rate p of a missing answer: a number, or of shape (criteria,) or (places, criteria).
        verified: Shape of ``codes``; None = all of them are.
        trust: 0..1, the weight of an unverified answer (parameter ``conformity.unverified_trust``).
    """
    places, groups = len(codes), weights.shape[1]
    sums = GroupSums(*(np.empty((places, groups)) for _ in range(5)))
    rate = np.asarray(prior, dtype=float)
    for start in range(0, places, BLOCK):
        part = slice(start, start + BLOCK)
        block = codes[part]
        missing = (block == MISSING).astype(float)
        passed = (block == MEETS) + 0.5 * (block == PARTLY)
        sums.missing[part] = missing @ weights
        sums.applicable[part] = (block != NOT_APPLICABLE).astype(float) @ weights
        if verified is not None and trust < 1:
            doubted = (1 - trust) * (~verified[part] & (block != MISSING) & (block != NOT_APPLICABLE))
            passed, missing = passed * (1 - doubted), missing + doubted
        sums.earned[part] = passed @ weights
        sums.open[part] = missing @ weights
        if rate.ndim:
            sums.expected[part] = (missing * (rate[part] if rate.ndim == 2 else rate)) @ weights
    if not rate.ndim:
        np.multiply(sums.open, rate, out=sums.expected)
    return sums


def columns_of(sums: GroupSums, columns: slice) -> GroupSums:
    """Return the sums of some of the groups."""
    return GroupSums(*(values[:, columns] for values in sums))


def group_index(sums: GroupSums) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return lower, central, upper (0..100, no caps) and completeness; NaN where nothing applies."""
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = 100 / sums.applicable
        return (
            sums.earned * scale,
            (sums.earned + sums.expected) * scale,
            (sums.earned + sums.open) * scale,
            1 - sums.missing / sums.applicable,
        )


def score_buildings(codes: CodeArray, standard: Standard, sums: GroupSums) -> Conformity:
    """Return the conformity of each building over the physical criteria.

    Args:
        codes: Shape (buildings, criteria): what counts in each building.
        sums: Of the physical criteria, shape (buildings, 1).

    A failed red flag caps all three values, a missing one the lower value only.
    """
    lower, central, upper, completeness = (values[:, 0] for values in group_index(sums))
    critical = np.flatnonzero(standard.is_critical)
    caps, flags = standard.cap[critical], codes[:, critical]
    failed = flags == FAILS
    cap_all = _least_cap(failed, caps)
    cap_lower = np.minimum(cap_all, _least_cap(flags == MISSING, caps))
    with np.errstate(invalid="ignore", divide="ignore"):
        assessed_only = 100 * sums.earned[:, 0] / (sums.applicable - sums.open)[:, 0]
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


def basic_deficiency(sums: GroupSums) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return C5 = 1 - sum w s / sum w over fire, water, toilets and heating as central, lower, upper, 0..1.

    ``sums``: of the basic services, shape (buildings, 1). No caps. Missing = prior in the central value, 1 in
    the lower, 0 in the upper; NaN where nothing applies.
    """
    lower, central, upper, _ = group_index(sums)
    return 1 - central[:, 0] / 100, 1 - upper[:, 0] / 100, 1 - lower[:, 0] / 100
