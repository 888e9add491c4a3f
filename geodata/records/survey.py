"""A survey of one building: by sight or in full, as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from geodata.records.revision import Facts

Method = Literal["rapid_visual", "full"]
METHODS: tuple[Method, ...] = ("rapid_visual", "full")
OPEN = ("draft", "returned")
"""Statuses in which its author goes on."""
VERTICAL = ("none", "moderate", "severe")
"""How irregular a building is in height; the building itself keeps whether it is."""
FACTS = (
    "building_type", "storeys", "year_built", "condition", "vertical", "plan_irregularity", "flexible_diaphragm",
    "pounding", "soil_class",
)  # fmt: skip
"""What both methods ask: fields of the building, but for ``vertical``."""
FULL_FACTS = (*FACTS, "area_m2", "design_series")
QUALITY = {"rapid_visual": "estimated", "full": "measured"}
"""What a value of the building that comes from a survey is worth."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey with its building and school. ``facts``: what was seen; what is not in it was not. See the model."""

    id: int
    school_id: int
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    building_id: int
    building_code: str
    building_name: str | None
    method: Method
    surveyed_on: date | None
    surveyor: str | None
    level: str | None
    facts: Facts
    score: float | None
    note: str | None
    document_sha256: str | None
    document_bytes: int | None
    document_name: str | None
    status: str
    revision_id: int | None
    version: int
    last_key: UUID | None
    created_by: int
    updated_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether its author may still change it."""
        return self.status in OPEN


def in_force(found: list[Survey]) -> Survey | None:
    """Return the survey of a building that counts: a full one before one by sight, then the newer day; None = none."""
    published = [one for one in found if one.status == "published" and one.surveyed_on is not None]
    return max(published, key=lambda one: (one.method == "full", one.surveyed_on, one.id), default=None)
