"""Schools and their buildings (blocks), as they stand in a file or in the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from shapely.geometry.base import BaseGeometry

    from geodata.records.robustness import ScreeningFacts

ValueQuality = Literal["measured", "declared", "estimated", "prior", "missing"]
LocationQuality = Literal["surveyed", "declared", "geocoded", "approximate", "unknown"]
Ownership = Literal["state", "municipal", "private", "unknown"]
SchoolKind = Literal["primary", "basic", "secondary", "gymnasium", "lyceum", "boarding", "special", "unknown"]
BuildingUse = Literal["education", "gym", "canteen", "dormitory", "workshop", "boiler", "other", "unknown"]
Condition = Literal["good", "fair", "poor", "emergency", "unknown"]
Heating = Literal["central", "coal", "gas", "electric", "stove", "none", "unknown"]
Language = Literal["ky", "ru", "uz", "tg", "en"]

Provenance = dict[str, dict[str, object]]
"""Exceptions per field: ``{field: {source, date, quality, low, high}}``; the row's own source holds else."""


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """One school. None is "unknown" and stays unknown; it is never 0.

    ``location`` is a shapely Point, EPSG:4326 (x = longitude), or None.
    ``shift_pupils`` and ``shift_hours`` have one entry per shift, first shift first.
    ``boarding_pupils``: those of ``pupils`` who live at the school; they are inside day and night.
    ``phones`` are office numbers in E.164, the first to call first; they are never public.
    ``other_codes`` maps a register (``emis``, ``giga``, ``osm``, ``tax`` ...) to the school's code there.
    """

    code: str
    name_ky: str | None = None
    name_ru: str | None = None
    name_en: str | None = None
    location: BaseGeometry | None = None
    location_quality: LocationQuality = "unknown"
    area_code: str | None = None
    kind: SchoolKind = "unknown"
    ownership: Ownership = "unknown"
    languages: tuple[Language, ...] = ()
    pupils: int | None = None
    seats: int | None = None
    shifts: int | None = None
    shift_pupils: tuple[int, ...] = ()
    shift_hours: tuple[float, ...] = ()
    staff: int | None = None
    boarding_pupils: int | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    phones: tuple[str, ...] = ()
    other_codes: dict[str, str] = field(default_factory=dict)
    provenance: Provenance = field(default_factory=dict)
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class BuildingRecord:
    """One block of a school. ``building_type`` is a code of ``building_types.csv``; ``KG-UNK`` is unknown.

    ``pupil_share`` is the share (0..1) of the school's pupils taught here; ``area_m2`` is the floor area.
    The irregularity flags are GLOSI modifiers: True, False or None (unknown).
    """

    code: str
    school_code: str
    name: str | None = None
    use: BuildingUse = "unknown"
    building_type: str = "KG-UNK"
    year_built: int | None = None
    storeys: int | None = None
    area_m2: float | None = None
    condition: Condition = "unknown"
    design_series: str | None = None
    heating: Heating = "unknown"
    pupil_share: float | None = None
    soil_class: Literal["I", "II", "III"] | None = None
    replacement_som: int | None = None
    vertical_irregularity: bool | None = None
    plan_irregularity: bool | None = None
    flexible_diaphragm: bool | None = None
    pounding: bool | None = None
    footprint: BaseGeometry | None = None
    provenance: Provenance = field(default_factory=dict)
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class RegisterCode:
    """The school's code in another register."""

    register: str
    code: str
    source: str | None
    source_date: str | None
    """ISO date, as the database aggregates it."""


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """One school as the database holds it now, with where each value comes from. None is unknown."""

    id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    lon: float | None
    lat: float | None
    location_quality: LocationQuality
    location_flags: tuple[str, ...]
    area_id: int | None
    kind: SchoolKind
    ownership: Ownership
    languages: tuple[str, ...]
    pupils: int | None
    seats: int | None
    shifts: int | None
    shift_pupils: tuple[int, ...]
    shift_hours: tuple[float, ...]
    staff: int | None
    boarding_pupils: int | None
    opened_on: date | None
    closed_on: date | None
    source: str | None
    source_date: date | None
    provenance: Provenance
    is_synthetic: bool
    updated_at: datetime
    other_codes: tuple[RegisterCode, ...]
    has_open_appeals: bool


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """One building with its result in a run; the result fields are None when the run has none."""

    id: int
    code: str
    name: str | None
    use: BuildingUse
    building_type: str
    year_built: int | None
    storeys: int | None
    area_m2: float | None
    condition: Condition
    heating: Heating
    design_series: str | None
    pupil_share: float | None
    source: str | None
    source_date: date | None
    provenance: Provenance
    index_lower: float | None
    index_central: float | None
    index_upper: float | None
    completeness: float | None
    conformity_class: str | None
    red_flags: tuple[str, ...]
    risk: dict[str, object]
    screening: ScreeningFacts | None
    """The second opinion; None = the run has none."""


@dataclass(frozen=True, slots=True)
class ExposureFacts:
    """What one hazard layer says at a school. ``level`` None is unknown, never "no danger"."""

    layer_code: str
    version: int
    hazard: str
    manifest: dict[str, object]
    value: float | None
    level: int | None
    status: str
    is_synthetic: bool
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class FailedCriterion:
    """A public criterion that a school fails."""

    code: str
    text_ky: str
    text_ru: str
    text_en: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """One public domain of one school: index 0..100 in bounds, share assessed 0..1, failed criteria."""

    domain_code: str
    index_lower: float
    index_central: float
    index_upper: float
    completeness: float
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    failed: tuple[FailedCriterion, ...]

    @property
    def code(self) -> str:
        """The domain's code, which stands where no name is known."""
        return self.domain_code


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """One assessment of a school and how many public answers it holds, by state."""

    assessed_on: date
    kind: str
    assessor: str | None
    edition_code: str
    source: str | None
    is_synthetic: bool
    answers: int
    fails: int


@dataclass(frozen=True, slots=True)
class SchoolSummary:
    """One school in a list for programs, whether a run ranks it or not. None is unknown."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    lon: float | None
    lat: float | None
    location_quality: LocationQuality
    kind: SchoolKind
    ownership: Ownership
    languages: list[str]
    pupils: int | None
    seats: int | None
    shifts: int | None
    is_synthetic: bool
