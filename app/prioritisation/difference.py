"""Why a rank moved between two lists: reality, rule or data; the points of each school split by cause.

Arithmetic only. One group of inputs is exchanged at a time, in the order of ``ORDER``: first the rule on the old facts,
then the facts. What cannot be told apart stays in a part of its own, named so, and is given to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.errors import PrioritisationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ORDER = ("rule", "data", "reality", "undivided")
REASONS = (*ORDER, "others", "same", "new", "left")
"""The cause that moved most points; else only the others moved, nothing did, or the school came or went."""

FELT = 0.005
"""Points of the priority below which a score has not moved (the list shows two decimals)."""

ABSENT = 0
"""The rank of a school in a list that does not hold it."""


class SchoolsDifferError(PrioritisationError):
    """Two lists were given whose rows are not the same schools."""


class ListParts(NamedTuple):
    """One list, a row a school; a school that the list does not hold has rank ``ABSENT`` and NaN elsewhere."""

    rank: IntArray
    contribution: FloatArray
    """Shape (schools, factors): points of the central score."""
    known: BoolArray
    """Shape (schools, factors): whether the factor's value was known."""


class Split(NamedTuple):
    """Points by cause, a row a school, NaN where the school is not in both lists; their sum is the whole movement."""

    rule: FloatArray
    data: FloatArray
    reality: FloatArray
    undivided: FloatArray
    reason: IntArray
    """Index into ``REASONS``."""
    factor: IntArray
    """The factor that moved most; -1 where none did."""


def exchange_in_turn(
    score: Callable[[Mapping[str, Any]], FloatArray],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    order: Sequence[str],
) -> dict[str, FloatArray]:
    """Return what each group of inputs moves when the groups are exchanged one after another in ``order``.

    ``score`` is called once before and once after each exchange; the parts sum to ``score(new) - score(old)``.
    Another order gives other parts where groups work together: the order belongs to the result.
    """
    inputs = dict(old)
    before, parts = score(inputs), {}
    for group in order:
        inputs[group] = new[group]
        after = score(inputs)
        parts[group] = after - before
        before = after
    return parts


def split_evenly(score: Callable[[frozenset[str]], FloatArray], groups: Sequence[str]) -> dict[str, FloatArray]:
    """Return what each group of inputs moves, as the mean over all orders in which the groups can be exchanged.

    ``score`` takes the groups that hold their new inputs and is called once for each set of groups, 2^n times. The
    parts sum to ``score(all) - score(none)``; no order is preferred, and equal shares of what groups move only
    together go to each of them (Shapley 1953, A value for n-person games; exact, not drawn).
    """
    values = {
        frozenset(chosen): np.asarray(score(frozenset(chosen)), dtype=float)
        for size in range(len(groups) + 1)
        for chosen in combinations(groups, size)
    }
    orders = factorial(len(groups))
    parts = {}
    for group in groups:
        before = [chosen for chosen in values if group not in chosen]
        parts[group] = sum(
            factorial(len(chosen))
            * factorial(len(groups) - len(chosen) - 1)
            / orders
            * (values[chosen | {group}] - values[chosen])
            for chosen in before
        )
    return parts


def under_weights(contribution: FloatArray, old: FloatArray, new: FloatArray) -> FloatArray:
    """Return the points of the same facts under other weights, shape (schools, factors).

    A factor that had no weight says nothing of its value: it counts as unknown, at one half.
    """
    if np.array_equal(old, new):
        return contribution
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(old > 0, contribution / (100 * old), np.where(np.isnan(contribution), np.nan, 0.5))
    return 100 * value * new


def split_difference(
    old: ListParts, new: ListParts, ruled: FloatArray, is_whole: BoolArray, moved: BoolArray, is_later: BoolArray
) -> Split:
    """Split what moved between two lists of the same rows.

    Args:
        ruled: Shape (schools, factors): points of the old facts under the new rule, as far as it could be run on them.
        is_whole: Shape (factors,): ``ruled`` holds all of what changed in the rule of the factor.
        moved: Shape (schools, factors): facts behind the factor were touched since the old list.
        is_later: Shape (schools, factors): their evidence is later than the day of the old list's data.

    What remains after ``ruled`` is of the rule where no fact was touched and ``is_whole`` fails, undivided where both
    moved, reality where a known value moved by later evidence, else data: corrected, or known (or doubted) only now.

    Raises:
        SchoolsDifferError: The arrays have not the same rows.
    """
    shape = old.contribution.shape
    if any(part.shape != shape for part in (new.contribution, ruled, moved, is_later)):
        raise SchoolsDifferError(f"{shape} against {new.contribution.shape}")
    rest = new.contribution - ruled
    is_rule = ~is_whole[None, :] & ~moved
    is_mixed = ~is_whole[None, :] & moved
    is_real = is_whole[None, :] & is_later & old.known & new.known
    by_rule = (ruled - old.contribution) + np.where(is_rule, rest, 0.0)
    parts = {
        "rule": by_rule.sum(axis=1),
        "data": np.where(is_whole[None, :] & ~is_real, rest, 0.0).sum(axis=1),
        "reality": np.where(is_real, rest, 0.0).sum(axis=1),
        "undivided": np.where(is_mixed, rest, 0.0).sum(axis=1),
    }
    in_both = (old.rank != ABSENT) & (new.rank != ABSENT)
    found = {name: np.where(in_both, np.round(values, 9) + 0.0, np.nan) for name, values in parts.items()}
    step = np.nan_to_num(np.abs(new.contribution - old.contribution))
    factor = np.where(in_both & (step.max(axis=1, initial=0.0) >= FELT), step.argmax(axis=1), -1)
    return Split(**found, reason=main_causes(found, old.rank, new.rank), factor=factor.astype(np.int64))


def main_causes(parts: Mapping[str, FloatArray], old: IntArray, new: IntArray) -> IntArray:
    """Return an index into ``REASONS`` for each school; of equal parts the earlier in ``ORDER``.

    ``parts``: points by cause; ``old`` and ``new``: ranks, ``ABSENT`` where a list does not hold the school.
    """
    sizes = np.nan_to_num(np.abs(np.stack([parts[name] for name in ORDER], axis=1)))
    has_moved = sizes.max(axis=1) >= FELT
    number = {name: place for place, name in enumerate(REASONS)}
    found = np.where(has_moved, sizes.argmax(axis=1), np.where(old == new, number["same"], number["others"]))
    found = np.where(old == ABSENT, number["new"], found)
    return np.where(new == ABSENT, number["left"], found).astype(np.int64)
