"""Campaigns of assessment: what was planned, and how far each visit is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

VisitState = Literal["waiting", "begun", "sent", "done"]
STATES: tuple[VisitState, ...] = ("waiting", "begun", "sent", "done")
"""Nothing yet; a draft or returned; submitted or verified; published."""


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """One campaign with the counts of its visits that the reader sees."""

    id: int
    title: str
    kind: str
    edition_id: int
    edition_code: str
    area_code: str | None
    area_level: int | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    starts_on: date
    ends_on: date
    status: Literal["open", "closed"]
    sample_seed: int | None
    sample_size: int | None
    created_by: int
    created_by_name: str | None
    closed_at: datetime | None
    visits: int
    done: int
    sent: int
    begun: int
    late: int
    """Not done, and past the day by which the visit was due."""
    may_manage: bool


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One school of a campaign."""

    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    account_id: int | None
    account_name: str | None
    due_on: date
    reminded_at: datetime | None
    reason: str | None
    state: VisitState
    assessment_id: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """Visits of a campaign in one area."""

    code: str
    level: int
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    visits: int
    done: int
    late: int


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody who can be sent to schools."""

    id: int
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """One visit that waits for who asks."""

    campaign_id: int
    title: str
    kind: str
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    due_on: date
    is_late: bool
    reminded_at: datetime | None
