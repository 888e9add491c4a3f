"""What winter readiness asks of a school: the chosen requirements, and the heating season. Data, no judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

Role = Literal["required", "advice"]
Freshness = Literal["season", "shelf_life"]
Applies = Literal["always", "avalanche"]


@dataclass(frozen=True, slots=True)
class WinterCriterion:
    """A requirement of the Standard that winter readiness asks for.

    ``role``: what is required decides, advice is shown. ``freshness``: an answer is good for this heating season
    only, or as long as the edition says. ``applies``: in every school, or where avalanches may reach it.
    """

    code: str
    topic: str
    role: Role
    freshness: Freshness
    applies: Applies
    status: str


class Season(NamedTuple):
    """One heating season; an answer is of this season when its evidence is from ``evidence_from`` on."""

    starts_on: date
    ends_on: date
    evidence_from: date


@dataclass(frozen=True, slots=True)
class WinterRules:
    """All that winter readiness rests on, each a marked proposal until somebody decides."""

    criteria: tuple[WinterCriterion, ...]
    starts: tuple[int, int]
    """Month and day."""
    ends: tuple[int, int]
    avalanche_level: int

    def season_of(self, day: date) -> Season:
        """Return the season that ``day`` lies in or that comes next: from the day after one to the end of the other."""
        year = day.year if (day.month, day.day) > self.ends else day.year - 1
        last_end = date(year, *self.ends)
        return Season(date(year, *self.starts), date(year + 1, *self.ends), last_end + timedelta(days=1))
