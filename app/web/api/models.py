"""What the API answers about areas and schools, typed: the same classes write the answers and the description."""

from __future__ import annotations

import datetime as time
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ApiModel(BaseModel):
    """Base: reads attributes of records, ignores what is not public. None (null) is unknown."""

    model_config = ConfigDict(from_attributes=True)


class AsOf(ApiModel):
    """The past day of the address, and the fields that are of today all the same because no day of them is kept."""

    date: time.date
    of_today: list[str] = Field(description="Names of fields of the items; * for all")


class AreaItem(ApiModel):
    """One area with its figures in the run; null = unknown. Percentages 0..100, altitude in metres."""

    code: str
    level: int = Field(description="0 country, 1 oblast or republican city, 2 rayon or city, 3 aiyl aimak")
    kind: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    valid_from: date
    valid_to: date | None
    population: int | None
    poverty_index: float | None
    is_synthetic: bool
    schools: int | None
    assessed: int | None
    covered: int | None = Field(description="Schools of which at least 80 % of the weight was assessed")
    is_rankable: bool | None
    pupils: int | None
    peak_pupils: int | None
    pupils_at_risk: int | None
    grade_counts: dict[str, int] | None
    mean_priority: float | None
    mean_index_lower: float | None
    mean_index: float | None
    mean_index_upper: float | None
    worst_rank: int | None
    median_altitude_m: float | None


class DomainShareItem(ApiModel):
    """One domain of the Standard over the schools of an area, shares of applicable weight 0..100."""

    domain_code: str
    schools: int
    schools_failing: int
    failed_pct: float
    unknown_pct: float


class ChangeItem(ApiModel):
    """One step in an area's history."""

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    kind: str
    on_date: date
    source: str | None
    is_successor: bool


class AreaDetail(AreaItem):
    """An area with its place in the country, its history and its domains."""

    run: str | None
    as_of: AsOf | None = Field(default=None, description="Null: everything is of today")
    above: list[str] = Field(description="Codes from the country down to the area's parent")
    below: list[str] = Field(description="Codes of the units directly below")
    domains: list[DomainShareItem]
    history: list[ChangeItem]


class SchoolItem(ApiModel):
    """One school, whether ranked or not; null = unknown. Coordinates WGS 84 in degrees."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    lon: float | None
    lat: float | None
    location_quality: str
    kind: str
    ownership: str
    languages: list[str]
    pupils: int | None
    seats: int | None
    shifts: int | None
    is_synthetic: bool


class BuildingItem(ApiModel):
    """One building with its result in the run."""

    code: str
    name: str | None
    use: str
    building_type: str
    year_built: int | None
    storeys: int | None
    area_m2: float | None
    condition: str
    heating: str
    design_series: str | None
    pupil_share: float | None
    source: str | None
    source_date: date | None
    index_lower: float | None
    index_central: float | None
    index_upper: float | None
    completeness: float | None
    conformity_class: str | None
    red_flags: list[str]
    risk: dict[str, Any]


class ExposureItem(ApiModel):
    """What one hazard layer says at the school; level null = unknown, never "no danger"."""

    layer_code: str
    version: int
    hazard: str
    value: float | None
    level: int | None
    status: str
    is_synthetic: bool
    measured_at: datetime


class FailedItem(ApiModel):
    """A public requirement that the school fails."""

    code: str
    text_ky: str
    text_ru: str
    text_en: str
    is_critical: bool


class DomainItem(ApiModel):
    """One domain of the Standard at the school; index 0..100 in bounds, completeness 0..1."""

    domain_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    index_lower: float
    index_central: float
    index_upper: float
    completeness: float
    failed: list[FailedItem]


class RegisterItem(ApiModel):
    """The school's code in another register."""

    register_name: str = Field(validation_alias="register", serialization_alias="register")
    code: str
    source: str | None
    source_date: str | None


class SchoolDetail(ApiModel):
    """A school's passport with its result in the run (null when the run does not rank it)."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    lon: float | None
    lat: float | None
    location_quality: str
    location_flags: list[str]
    kind: str
    ownership: str
    languages: list[str]
    pupils: int | None
    seats: int | None
    shifts: int | None
    shift_pupils: list[int]
    shift_hours: list[float]
    staff: int | None
    boarding_pupils: int | None
    opened_on: date | None
    closed_on: date | None
    source: str | None
    source_date: date | None
    is_synthetic: bool
    updated_at: datetime
    other_codes: list[RegisterItem]
    run: str | None
    as_of: AsOf | None = Field(default=None, description="Null: everything is of today")
    priority: dict[str, Any] | None = Field(description="The school's row of /priorities")
    buildings: list[BuildingItem]
    hazards: list[ExposureItem]
    domains: list[DomainItem]
