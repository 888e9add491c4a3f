"""Levels of those who assess, and what their answers weigh. No database, no clock."""

from __future__ import annotations

from typing import Literal

Level = Literal["none", "trained", "calibrated", "certified"]
LEVELS: tuple[Level, ...] = ("none", "trained", "calibrated", "certified")
"""``trained``: has finished the course. ``calibrated``: agrees with a second rater. ``certified``: an engineer."""

Advice = Literal["too_few", "agrees", "differs"]


def weight_of(level: str, unverified_trust: float) -> float:
    """Return what an answer of a visit weighs, 0..1: in full by who has a level, else like the school's own.

    ``unverified_trust``: weight of an answer that nobody confirmed (``conformity.unverified_trust``).
    """
    return unverified_trust if level == "none" else 1.0


def advice_of(equal: int, compared: int, least_agreement: float, least_compared: float) -> Advice:
    """Return whether a rater agrees with the others: ``equal`` of ``compared`` answers that both gave.

    ``least_agreement``, ``least_compared``: who agrees in less of at least so many answers is calibrated again (rows
    ``raters.*`` of the parameter table).
    """
    if compared < least_compared:
        return "too_few"
    return "agrees" if equal >= least_agreement * compared else "differs"
