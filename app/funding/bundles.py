"""Bundles of measures that a school may be offered: one structural measure or none, with what goes with it (method 9).

A bundle is evaluated as a whole; effects of its parts are never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

RETROFIT = "RET"
"""Stands for the full retrofit of each building by its own type: RET-S or RET-RC."""
STEP, REPLACE, RELOCATE = "RET-P", "REP", "REL"
PROTECT, WATER = "MIT-FL", "WASH"
ALONE = ("FIRE", "ELEC", "HEAT", "ACC", "NST")
"""Offered by themselves, without anything structural."""
INSIDE = ("ELEC", "HEAT", "EE", "FIRE", "ACC")
"""What goes on inside when the walls are open: offered together with a full retrofit."""
CHOICES = {RETROFIT: "retrofit", STEP: "retrofit", REPLACE: "replace", RELOCATE: "relocate"}
"""What somebody may decide for a school in place of the rule, by the first measure of a bundle."""
NEED_SAFETY = ("EE",)
"""No money for comfort into an unsafe building: only with or after structural work (method rule 7)."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Codes of interventions, the structural one first."""

    measures: tuple[str, ...]

    @property
    def code(self) -> str:
        """Return the codes joined, as plans and lists name the bundle."""
        return "+".join(self.measures)

    @property
    def is_structural(self) -> bool:
        """Return whether it makes the building itself safer."""
        return self.measures[0] in (RETROFIT, STEP, REPLACE, RELOCATE)


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What decides whether a bundle is offered, one entry a school."""

    can_retrofit: BoolArray
    """A building whose type has a full retrofit."""
    is_worth_retrofit: BoolArray
    """The full retrofit costs less than the threshold share of replacement, and no building is condemned."""
    is_on_slide: BoolArray
    """Landslide or avalanche at the level from which a site is left."""
    is_in_flow: BoolArray
    """Flood or mudflow at the level from which a site is protected."""
    choice: NDArray[np.str_] | None = None
    """One of ``CHOICES`` that stands in place of the rule; empty, or None for all: the rule."""


def bundles(*, only_proven: bool = False, alone: Sequence[str] = ()) -> tuple[Bundle, ...]:
    """Return every bundle, at most 24; ``only_proven`` leaves out what case O of the known answers does not have.

    ``alone``: measures without an effect on risk whose cost somebody stated; each stands for itself, beyond the 24.
    """
    found = [
        Bundle((*structural, *rest))
        for structural in ((), (STEP,), (RETROFIT,))
        for rest in ((), (PROTECT,), (WATER,), (WATER, PROTECT))
        if structural or rest
    ]
    found += [Bundle((REPLACE,)), Bundle((REPLACE, PROTECT)), Bundle((RELOCATE,))]
    if not only_proven:
        found += [Bundle((code,)) for code in (*ALONE, *alone)]
        found += [Bundle((RETROFIT, WATER, *INSIDE)), Bundle((RETROFIT, "EE")), Bundle((STEP, WATER, "FIRE", "ELEC"))]
    return tuple(found)


def offered(bundle: Bundle, facts: OfferFacts) -> BoolArray:
    """Return which schools are offered the bundle."""
    fits = np.ones(len(facts.can_retrofit), dtype=bool)
    first = bundle.measures[0]
    if first == RETROFIT:
        fits &= facts.can_retrofit & facts.is_worth_retrofit
    if first == STEP:
        fits &= facts.is_worth_retrofit
    if first == RELOCATE:
        fits &= facts.is_on_slide
    if PROTECT in bundle.measures:
        fits &= facts.is_in_flow
    if facts.choice is not None and first in CHOICES:
        decided = facts.choice == CHOICES[first]
        if first == RETROFIT:
            decided = decided & facts.can_retrofit
        if PROTECT in bundle.measures:
            decided = decided & facts.is_in_flow
        fits = np.where(facts.choice == "", fits, decided)
    return fits
