"""Why a school stands where it stands, in words: critical failures, the largest parts, what is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from app.exports import words
from app.i18n.catalogue import Translate
from app.i18n.formats import format_number
from app.i18n.marks import N_
from geodata.records.priority import FACTORS, PriorityRow

MOST_PARTS = 3
LEAST_POINTS = 1.0


def largest_parts(contributions: Sequence[float], known: Sequence[bool]) -> list[tuple[str, float]]:
    """Return the factors that add most to the priority, known ones only: (factor, points), at most three."""
    parts = [
        (factor, points)
        for factor, points, is_known in zip(FACTORS, contributions, known, strict=True)
        if is_known and points >= LEAST_POINTS
    ]
    return sorted(parts, key=lambda part: -part[1])[:MOST_PARTS]


def reason(row: PriorityRow, say: Translate, language: str) -> str:
    """Return the reason in two or three short sentences; critical requirements by code, told once elsewhere."""
    sentences = []
    if row.red_flags:
        sentences.append(say(N_("Critical requirements broken: %(list)s."), list=", ".join(row.red_flags)))
    parts = largest_parts(row.contributions, row.known)
    if parts:
        told = [f"{say(words.FACTOR_SHORT[factor])} ({format_number(points, language)})" for factor, points in parts]
        sentences.append(say(N_("Most points for: %(list)s."), list=", ".join(told)))
    unknown = [say(words.FACTOR_SHORT[factor]) for factor, known in zip(FACTORS, row.known, strict=True) if not known]
    if unknown:
        sentences.append(say(N_("Unknown: %(list)s."), list=", ".join(unknown)))
    return " ".join(sentences)
