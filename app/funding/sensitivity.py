"""Which schools of a plan hang on one assumption: variants as data, and what funded sets have in common (method 14)."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from app.funding.errors import CatalogueError
from app.funding.portfolio import BoolArray, FloatArray, IntArray

TABLE = Path(__file__).resolve().parent / "sensitivity.toml"
CHANGES = ("budget", "cost", "equity", "weight", "model", "parameter", "beta", "discount", "ranking", "rule", "cut")
RULES = ("rule", "cut")
"""Changes that say what a rule costs; they are no assumptions."""
FROM_INPUTS = ("weight", "model", "parameter", "beta")
"""Changes whose benefits must be worked out again from the inputs of the ranking."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One changed assumption; ``bound`` names the end of a parameter's range where no ``value`` stands."""

    code: str
    assumption: str
    change: str
    name: str | None = None
    value: float | None = None
    bound: str | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard the solver tries: relative gap, seconds of a step, and what a bundle of the plan counts more.

    ``loyalty`` keeps near ties from looking like a change: schools are exchanged only where that brings something.
    """

    gap: float
    seconds: float
    loyalty: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two funded sets have in common. ``share``: schools in both over schools in either; NaN where both are empty.

    ``money``: share of the first set's money that goes to schools of the second; NaN without money.
    """

    shared: int
    share: float
    money: float


@dataclass(frozen=True, slots=True, eq=False)
class Hanging:
    """One entry a school. ``changed``, shape (variants, schools): funded by the variant alone or by the plan alone.

    ``hangs_on``: the one assumption whose variants alone change it, None where none or several do.
    """

    changed: BoolArray
    funded_in: IntArray
    is_no_regret: BoolArray
    hangs_on: tuple[str | None, ...]


@cache
def load_variants() -> tuple[Effort, tuple[Variant, ...], str]:
    """Return the effort, the variants in their order and the SHA-256 of the table.

    Raises:
        CatalogueError: A change that nothing knows, or a code that stands twice.
    """
    content = TABLE.read_bytes()
    rows = tomllib.loads(content.decode())
    found = tuple(Variant(**row) for row in rows["variant"])
    codes = [one.code for one in found]
    for one in found:
        if one.change not in CHANGES or codes.count(one.code) > 1:
            raise CatalogueError(one.code, one.change)
    return Effort(**rows["solver"]), found, hashlib.sha256(content).hexdigest()


def overlap(planned: BoolArray, other: BoolArray, cost_som: IntArray) -> Overlap:
    """Return what two sets of schools have in common; ``cost_som``: what the first one pays for each school."""
    shared, either = int((planned & other).sum()), int((planned | other).sum())
    money = int(cost_som[planned].sum())
    return Overlap(
        shared=shared,
        share=shared / either if either else float("nan"),
        money=int(cost_som[planned & other].sum()) / money if money else float("nan"),
    )


def hanging(planned: BoolArray, funded: BoolArray, assumptions: Sequence[str]) -> Hanging:
    """Return for each school what changes whether it is funded.

    Args:
        planned: Shape (schools,): funded in the plan. ``funded``: shape (variants, schools), computed variants only.
        assumptions: The assumption that each variant changes.
    """
    changed = funded != planned
    groups = sorted(set(assumptions))
    moved = np.array([changed[[one == name for one in assumptions]].any(axis=0) for name in groups], dtype=bool)
    moved = moved.reshape(len(groups), len(planned))
    alone = moved.sum(axis=0) == 1
    first = moved.argmax(axis=0) if groups else np.zeros(len(planned), dtype=np.int64)
    return Hanging(
        changed=changed,
        funded_in=funded.sum(axis=0).astype(np.int64),
        is_no_regret=planned & ~changed.any(axis=0),
        hangs_on=tuple(groups[at] if one else None for at, one in zip(first.tolist(), alone.tolist(), strict=True)),
    )


def moved_weights(weights: dict[str, float], name: str, value: float) -> dict[str, float]:
    """Return the weights with one of them at ``value`` and the others changed by one factor, so that the sum stays."""
    total, rest = sum(weights.values()), sum(weight for key, weight in weights.items() if key != name)
    return {key: value if key == name else weight * (total - value) / rest for key, weight in weights.items()}


def dearer(cost_som: IntArray, factor: float) -> IntArray:
    """Return costs times ``factor``, each rounded up once to whole som."""
    exact: FloatArray = np.round(cost_som * factor, 4)  # what binary fractions add above a whole som is no som
    return np.ceil(exact).astype(np.int64)
