"""Levels of those who assess, and what their answers weigh. No database, no clock."""

from __future__ import annotations

from typing import Literal

Level = Literal["none", "trained", "calibrated", "certified"]
LEVELS: tuple[Level, ...] = ("none", "trained", "calibrated", "certified")
"""``trained``: has finished the course. ``calibrated``: agrees with a second rater. ``certified``: an engineer."""
LEAST_AGREEMENT, LEAST_COMPARED = 0.8, 30
"""A proposal: who agrees in less than 80 % of at least 30 answers that both gave is calibrated again."""

Advice = Literal["too_few", "agrees", "differs"]


def weight_of(level: str, unverified_trust: float) -> float:
    """Return what an answer of a visit weighs, 0..1: in full by who has a level, else like the school's own.

    ``unverified_trust``: weight of an answer that nobody confirmed (``conformity.unverified_trust``).
    """
    return unverified_trust if level == "none" else 1.0


def advice_of(equal: int, compared: int) -> Advice:
    """Return whether a rater agrees with the others: ``equal`` of ``compared`` answers that both gave."""
    if compared < LEAST_COMPARED:
        return "too_few"
    return "agrees" if equal >= LEAST_AGREEMENT * compared else "differs"
