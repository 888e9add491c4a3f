"""A change on its way from a draft to publication, as the database holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

RevisionKind = Literal["school", "building"]
Status = Literal["draft", "submitted", "verified", "published", "returned", "withdrawn"]
Facts = dict[str, Any]
"""Field -> value as canonical JSON: dates as ISO text, a location as [longitude, latitude] in EPSG:4326; None is
unknown."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A school or a building as it stands. ``version`` None and no facts: a building that is not there yet."""

    kind: RevisionKind
    id: int | None
    code: str | None
    version: int | None
    facts: Facts
    school_id: int
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    """Names of the school."""
    source: str | None = None
    source_date: date | None = None


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """One revision; ``author`` is the name under which it was drafted. See ``geodata.models.revision``."""

    id: int
    kind: RevisionKind
    school_id: int
    building_id: int | None
    base_version: int | None
    base: Facts
    changes: Facts
    source: str | None
    source_date: date | None
    reason: str | None
    status: Status
    version: int
    created_by: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    author: str | None
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    building_code: str | None
    building_name: str | None
    last_reason: str | None
    """Why the last step was taken."""

    @property
    def is_new(self) -> bool:
        """Whether it adds a building."""
        return self.kind == "building" and self.building_id is None


@dataclass(frozen=True, slots=True)
class RevisionStepFacts:
    """Who took a revision from which status to which, when and why."""

    at: datetime
    account_name: str | None
    from_status: Status | None
    to_status: Status
    reason: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """An area or a school of somebody's territory."""

    code: str
    is_school: bool
    name_ky: str | None
    name_ru: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody signed in sees and has to do. ``places`` are sorted, one more than are shown at most.

    ``own_schools`` None: all of the country. ``waiting``: drafts, returned ones, and what is to verify or to publish.
    """

    own_schools: int | None
    places: tuple[Place, ...]
    waiting: int
