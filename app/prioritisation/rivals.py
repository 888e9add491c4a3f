"""Schools around the cut against each other: pairwise winning, central weights, confidence factor (SMAA-2, method 8).

The weights that favour a school are those of the draws in which it stands among the first k. Lahdelma and Salminen
(2001) call their mean the central weight vector of the k best ranks, and the share of draws of facts in which the
school stands there under that one vector its confidence factor. k is 1 for the first place, and N for the cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.stability import IntArray, RankArray
from app.prioritisation.value_functions import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """What the draws say of the schools ``near`` the cut (rows of schools, by rank); NaN where no draw has it so.

    ``wins``: shape (near, near), share of draws in which the row stands above the column; its diagonal is 0.
    ``top_weights``, ``first_weights``: shape (near, factors), means over the draws in which a school is among the first
    N, and first; ``top_draws``, ``first_draws``: how many such draws there are.
    """

    near: IntArray
    wins: FloatArray
    top_weights: FloatArray
    top_draws: IntArray
    first_weights: FloatArray
    first_draws: IntArray
    confidence: FloatArray
    mean_weights: FloatArray
    """Shape (factors,): of all draws, so that weights that favour a school can be told from those that are likely."""


class CutSums:
    """What is added up over the draws for the schools around the cut."""

    def __init__(self, near: IntArray, top: int, factors: int) -> None:
        """Begin; ``near``: rows of schools in the order of their ranks. ``top``: N of the first N."""
        self.near, self.top, self.draws, self.seen = near, top, 0, 0
        self.wins = np.zeros((len(near), len(near)), dtype=np.int64)
        self.weights = {place: np.zeros((len(near), factors)) for place in (1, top)}
        self.counts = {place: np.zeros(len(near), dtype=np.int64) for place in (1, top)}
        self.all_weights = np.zeros(factors)
        self.held = np.zeros(len(near), dtype=np.int64)

    def add(self, scores: FloatArray, ranks: RankArray, weights: FloatArray) -> None:
        """Add ``scores`` and ``ranks`` (draws, schools) under drawn ``weights`` (draws, factors)."""
        mine = ranks[:, self.near]
        self.wins += (mine[:, :, None] < mine[:, None, :]).sum(axis=0)
        for place in self.weights:
            within = mine <= place
            self.weights[place] += within.T @ weights
            self.counts[place] += within.sum(axis=0)
        self.all_weights += weights.sum(axis=0)
        self.draws += len(scores)

    def central(self, place: int) -> FloatArray:
        """Return the mean weights that bring each school among the first ``place``; NaN where none does."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.weights[place] / self.counts[place][:, None])

    def add_facts(self, values: FloatArray) -> None:
        """Add drawn facts, shape (factors, draws, schools): is each school there under its own central weights?"""
        central = self.central(self.top)
        for at, school in enumerate(self.near.tolist()):
            if self.counts[self.top][at]:
                scores = np.einsum("f,fds->ds", central[at], values)
                self.held[at] += int((places_of(scores, school) <= self.top).sum())
        self.seen += values.shape[1]

    def summary(self) -> Rivals:
        """Return what was added up."""
        held = np.where(self.counts[self.top] > 0, self.held / max(self.seen, 1), np.nan)
        return Rivals(
            self.near, self.wins / max(self.draws, 1), self.central(self.top), self.counts[self.top],
            self.central(1), self.counts[1], held, self.all_weights / max(self.draws, 1),
        )  # fmt: skip


def places_of(scores: FloatArray, school: int) -> NDArray[np.int64]:
    """Return the rank of one school in each draw of ``scores`` (draws, schools); ties by the order of rows."""
    own = scores[:, school, None]
    above = (scores > own).sum(axis=1)
    return np.asarray(above + (scores[:, :school] == own).sum(axis=1) + 1, dtype=np.int64)


def near_cut(national: IntArray, top: int, each_side: int) -> IntArray:
    """Return the rows of the schools of the ranks around the cut, by rank: so many within it and so many beyond."""
    order = np.argsort(national, kind="stable")
    return np.asarray(order[max(top - each_side, 0) : top + each_side], dtype=np.int64)
