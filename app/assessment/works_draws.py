"""What the index of a school may be before and after works, under the same draws of its open answers (method 8).

Arithmetic only. Works make requirements pass; what stays open after them is the same fact as before, so that a
difference holds no chance of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.assessment.answer_draws import (
    IntArray,
    OpenAnswers,
    SmallFloatArray,
    chances_of,
    find_open_answers,
    known_caps,
)
from app.assessment.answers import MEETS, NOT_APPLICABLE, CodeArray
from app.assessment.scoring import sum_groups
from app.assessment.standard import BoolArray, FloatArray, Standard

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BLOCK = 64
"""Realisations at a time, so that the arrays of a step stay small."""


class _Works(NamedTuple):
    """The buildings after works: weight of each drawn fact, what is earned, what applies, caps, and school means."""

    gain: csr_matrix
    earned: FloatArray
    applicable: FloatArray
    known_cap: FloatArray
    cap: SmallFloatArray
    mean: csr_matrix
    is_empty: BoolArray


def draw_indices(
    codes: CodeArray,
    verified: BoolArray,
    is_shared: BoolArray,
    school: IntArray,
    pupils: FloatArray,
    schools: int,
    standard: Standard,
    prior: FloatArray | float,
    trust: float,
    realisations: int,
    works: Sequence[BoolArray],
    rng: np.random.Generator,
) -> SmallFloatArray:
    """Return drawn indices after each of ``works``, 0..100 after caps, shape (works, schools, realisations).

    Args:
        works: What works make pass, each of shape (buildings, criteria); all False = the school as it stands. A
            requirement that does not apply stays so. The other arguments: see ``draw_answers``.

    Returns:
        NaN where nothing applies.
    """
    base = find_open_answers(codes, verified, is_shared, school, standard, trust)
    is_there, chance = codes != NOT_APPLICABLE, chances_of(base, prior)
    if not isinstance(chance, float):
        chance = chance[:, None]
    prepared = [
        _prepare(base, codes, verified, done & is_there, school, pupils, schools, standard, prior, trust)
        for done in works
    ]
    found = np.empty((len(works), schools, realisations), dtype=np.float32)
    for start in range(0, realisations, BLOCK):
        part = slice(start, min(start + BLOCK, realisations))
        met = rng.random((base.facts, part.stop - start), dtype=np.float32) < chance
        gained_by, of_flags = met.astype(np.float32), met[base.fact[base.cap_rows]]
        for at, one in enumerate(prepared):
            found[at, :, part] = _indices(one, base, gained_by, of_flags)
    return found


def _prepare(
    base: OpenAnswers,
    codes: CodeArray,
    verified: BoolArray,
    done: BoolArray,
    school: IntArray,
    pupils: FloatArray,
    schools: int,
    standard: Standard,
    prior: FloatArray | float,
    trust: float,
) -> _Works:
    from scipy.sparse import csr_matrix

    after = np.where(done, MEETS, codes).astype(codes.dtype)
    physical = np.where(standard.is_physical, standard.weight, 0.0)
    sums = sum_groups(after, physical[:, None], prior, verified | done, trust)
    is_done, count = done[base.building, base.criterion], len(codes)
    weight = np.where(is_done, np.float32(0), base.weight)
    counted = np.where(sums.applicable[:, 0] > 0, pupils, 0.0)
    total = np.bincount(school, counted, schools)
    share = (counted / np.where(total > 0, total, 1.0)[school]).astype(np.float32)
    return _Works(
        gain=csr_matrix((weight, (base.building, base.fact)), shape=(count, base.facts)),
        earned=sums.earned[:, 0],
        applicable=np.maximum(sums.applicable[:, 0], 1e-12),
        known_cap=known_caps(after, standard),
        cap=np.where(is_done[base.cap_rows], np.float32(np.inf), base.cap),
        mean=csr_matrix((share, (school, np.arange(count))), shape=(schools, count)),
        is_empty=total <= 0,
    )


def _indices(one: _Works, base: OpenAnswers, met: SmallFloatArray, of_flags: BoolArray) -> FloatArray:
    """Return indices of schools, shape (schools, realisations)."""
    index = 100 * (one.earned[:, None] + one.gain @ met) / one.applicable[:, None]
    np.minimum(index, one.known_cap[:, None], out=index)
    if len(base.cap_some):
        caps = np.where(of_flags, np.float32(np.inf), one.cap[:, None])
        index[base.cap_some] = np.minimum(index[base.cap_some], np.minimum.reduceat(caps, base.cap_start, axis=0))
    found = np.asarray(one.mean @ index)
    found[one.is_empty] = np.nan
    return found
