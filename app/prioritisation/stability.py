"""How firm ranks are while weights and facts are drawn: SMAA-2 (method 8).

Arithmetic only: whoever calls draws the facts and brings the random generator, so that the same seed gives the same
bytes. Every draw holds for all schools at once (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.errors import InvalidSchemeError, TooManyDrawsError
from app.prioritisation.value_functions import FloatArray

IntArray = NDArray[np.int64]
RankArray = NDArray[np.unsignedinteger]

MOST_RANKS = 120_000_000
"""Ranks (schools x draws) that are kept in memory: a quarter of a GB in short numbers, half in long ones."""
MOST_SHORT = 2**16 - 1
BLOCK = 256
"""Draws at a time, so that the arrays of a step stay small."""


@dataclass(frozen=True, slots=True)
class LabelCuts:
    """Probabilities of being among the first N from which a label holds."""

    robust: float = 0.9
    likely: float = 0.5
    contested: float = 0.1


LABELS = ("unlikely", "contested", "likely", "robust")


class Acceptability(NamedTuple):
    """What the draws say of each school; ranks count from 1 and stand at index rank - 1."""

    rank_acceptability: FloatArray
    """Shape (schools, ranks): share of the draws in which a school has a rank."""
    central_weights: FloatArray
    """Shape (schools, factors): mean of the weights that put a school first; NaN where none does."""
    pairwise_winning: FloatArray
    """Shape (schools, schools): share of the draws in which the row stands above the column."""


def draw_weights(rng: np.random.Generator, draws: int, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return weights drawn uniformly from {low <= w <= high, sum 1}, shape (draws, factors).

    w = low + (1 - sum low) Dirichlet(1), rejected where any w exceeds ``high``.

    Raises:
        InvalidSchemeError: No weights lie within the bounds.
    """
    left = 1 - low.sum()
    if left < 0 or high.sum() < 1 or (high < low).any():
        raise InvalidSchemeError("no weights within the bounds sum to 1")
    found: list[FloatArray] = []
    missing = draws
    while missing > 0:
        tried = low + left * rng.dirichlet(np.ones(len(low)), max(missing, BLOCK))
        kept = tried[(tried <= high).all(axis=1)][:missing]
        found.append(kept)
        missing -= len(kept)
    return np.concatenate(found)


def room_for_ranks(schools: int, draws: int) -> RankArray:
    """Return an empty array of ranks, shape (draws, schools).

    Raises:
        TooManyDrawsError: It would not fit; the message names how many draws do.
    """
    if schools * draws > MOST_RANKS:
        raise TooManyDrawsError(f"{draws} draws of {schools} schools; at most {MOST_RANKS // max(schools, 1)} fit")
    kind: type[np.unsignedinteger] = np.uint16 if schools <= MOST_SHORT else np.uint32
    return np.empty((draws, schools), dtype=kind)


def ranks_of(scores: FloatArray, out: RankArray | None = None) -> RankArray:
    """Return the ranks of each draw, shape (draws, schools), from 1 = the highest score; ties by the order of rows."""
    found = np.empty(scores.shape, dtype=np.uint32) if out is None else out
    order = np.argsort(-scores, axis=1, kind="stable")
    numbers = np.broadcast_to(np.arange(1, scores.shape[1] + 1, dtype=found.dtype), scores.shape)
    np.put_along_axis(found, order, numbers, axis=1)
    return found


def acceptability(values: FloatArray, weights: FloatArray, *, pairwise: bool = True) -> Acceptability:
    """Return acceptability, central weights and pairwise winning of fixed ``values`` under drawn ``weights``.

    Args:
        values: Shape (schools, factors), 0..1.
        weights: Shape (draws, factors).
        pairwise: Work out pairwise winning too; else it is an empty array.
    """
    schools, draws = len(values), len(weights)
    counts = np.zeros(schools * schools, dtype=np.int64)
    wins = np.zeros((schools, schools) if pairwise else (0, 0))
    first_weights, firsts = np.zeros(values.shape), np.zeros(schools)
    row = np.arange(schools) * schools - 1
    for start in range(0, draws, BLOCK):
        part = weights[start : start + BLOCK]
        scores = part @ values.T
        ranks = ranks_of(scores)
        counts += np.bincount((row + ranks).reshape(-1), minlength=schools * schools)
        winner = np.argmin(ranks, axis=1)
        np.add.at(first_weights, winner, part)
        firsts += np.bincount(winner, minlength=schools)
        if pairwise:
            wins += (scores[:, :, None] > scores[:, None, :]).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = first_weights / firsts[:, None]
    return Acceptability(counts.reshape(schools, schools) / draws, central, wins / draws)


def holistic_acceptability(rank_acceptability: FloatArray) -> FloatArray:
    """Return the sum of acceptabilities with weights 1 / rank, one number a school."""
    return rank_acceptability @ (1 / np.arange(1, rank_acceptability.shape[1] + 1))


def rank_interval(ranks: RankArray, share: float) -> tuple[IntArray, IntArray]:
    """Return the lowest and the highest rank of the middle ``share`` of the draws; ``ranks`` (draws, schools)."""
    tail = (1 - share) / 2
    draws = len(ranks)
    low, high = int(np.floor(tail * (draws - 1))), int(np.ceil((1 - tail) * (draws - 1)))
    found = np.empty((2, ranks.shape[1]), dtype=np.int64)
    for start in range(0, ranks.shape[1], BLOCK):
        part = np.ascontiguousarray(ranks[:, start : start + BLOCK].T)
        part.partition([low, high], axis=1)
        found[:, start : start + BLOCK] = part[:, low], part[:, high]
    return found[0], found[1]


def probability_of_top(ranks: RankArray, top: int) -> FloatArray:
    """Return P(rank <= top) of each school."""
    return np.asarray((ranks <= top).mean(axis=0))


def labels_of(p_top: FloatArray, cuts: LabelCuts) -> IntArray:
    """Return an index into ``LABELS`` of each school."""
    edges = np.array([cuts.contested, cuts.likely, cuts.robust])
    return np.searchsorted(edges, np.asarray(p_top) + 1e-12, side="right").astype(np.int64)


def top_count(schools: int, share: float) -> int:
    """Return N of "among the first N": a share of the list, one school at least."""
    return max(1, round(share * schools))
