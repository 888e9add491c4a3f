"""What the API answers about the list, hazards, the Standard and runs, typed; and how it says what is wrong."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any, Optional

from pydantic import BaseModel, Field, create_model

from app.exports.column import Kind
from app.exports.columns import COLUMNS
from app.web.api.models import ApiModel


class HazardItem(ApiModel):
    """The current version of one public hazard layer."""

    code: str
    version: int
    hazard: str
    kind: str
    feature_count: int
    data_sha256: str
    is_synthetic: bool
    title: str
    unit: str | None
    publisher: str
    licence: str
    attribution: str | None
    fitness: str | None
    is_context: bool
    classes: list[dict[str, Any]]


class EditionItem(ApiModel):
    """One edition of the Standard."""

    code: str
    title_ky: str
    title_ru: str
    title_en: str
    status: str
    status_on: date | None
    source: str | None
    sha256: str
    is_current: bool
    act_title_ky: str | None
    act_title_ru: str | None
    act_title_en: str | None
    act_number: str | None
    act_on: date | None
    act_url: str | None


class AgreementItem(ApiModel):
    """A body that agreed to an edition."""

    body_ky: str
    body_ru: str
    body_en: str | None
    agreed_on: date
    document: str
    url: str | None


class GuidanceItem(ApiModel):
    """How a requirement is checked, in three languages; ``status`` is act or proposal."""

    check_ky: str
    check_ru: str
    check_en: str
    evidence_ky: str
    evidence_ru: str
    evidence_en: str
    good_ky: str
    good_ru: str
    good_en: str
    bad_ky: str
    bad_ru: str
    bad_en: str
    mistake_ky: str
    mistake_ru: str
    mistake_en: str
    status: str


class StandardDomainItem(ApiModel):
    """A domain of an edition."""

    code: str
    position: int
    name_ky: str
    name_ru: str
    name_en: str


class CriterionItem(ApiModel):
    """A requirement of an edition."""

    code: str
    domain_code: str
    position: int
    text_ky: str
    text_ru: str
    text_en: str
    scope: str
    weight: float
    is_critical: bool
    cap: float | None
    grouping: str
    field_class: str
    measure_code: str | None
    value_status: str | None
    requirement_level: str | None
    requirement_status: str | None
    responsible_body: str | None
    co_owner: str | None
    owing_budget: str | None
    budget_status: str | None
    shelf_life_months: int | None
    shelf_life_status: str | None
    cap_status: str | None
    reason_ky: str | None
    reason_ru: str | None
    reason_en: str | None
    details: dict[str, Any]
    guidance: GuidanceItem | None = None


class EditionDetail(EditionItem):
    """An edition with its domains and requirements, and who agreed to it."""

    agreements: list[AgreementItem]
    domains: list[StandardDomainItem]
    criteria: list[CriterionItem]


class RunItem(ApiModel):
    """One ranking; its hash stands for all of its inputs."""

    hash: str
    scheme: str
    data_date: date
    code_version: str
    school_count: int
    ranked_count: int
    is_published: bool
    is_official: bool
    is_synthetic: bool
    created_at: datetime
    published_at: datetime | None


class RunDetail(RunItem):
    """A ranking with the canonical text whose SHA-256 is its hash."""

    edition: str
    canonical: str


class Problem(BaseModel):
    """RFC 9457: what went wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    field: str | None = Field(default=None, description="The parameter or column that is wrong")
    value: str | None = None
    choices: list[str] | None = Field(default=None, description="What the parameter takes; left out where it is long")
    errors: list[dict[str, str]] | None = Field(
        default=None,
        description="What is wrong, each with detail, parameter and pointer (a JSON Pointer, parameters under /query)",
    )


TYPES: dict[Kind, Any] = {
    "text": str,
    "choice": str,
    "integer": int,
    "money": int,
    "decimal": float,
    "share": float,
    "degrees": float,
    "date": date,
    "boolean": bool,
}
"""Kind of a column -> type of its values."""


@lru_cache(maxsize=1)
def priority_model() -> type[BaseModel]:
    """Return the model of one row of the list, made from the columns of the files."""
    fields: dict[str, Any] = {
        column.key: (
            Optional[TYPES[column.kind]],  # noqa: UP045  a type that is known at run time only
            Field(title=column.label, description=meaning(column.description, column.unit)),
        )
        for column in COLUMNS
    }
    return create_model("PriorityItem", __doc__="One school in one run; null = unknown.", **fields)


def meaning(description: str, unit: str) -> str:
    """Return what a column means, with its unit."""
    return f"{description} Unit: {unit}." if unit else description
