"""What the interface answers about plans, typed; the model of a funded school is made from the columns of the files."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Optional

from pydantic import BaseModel, Field, create_model

from app.exports.plan_columns import PLAN_COLUMNS
from app.web.api.catalogue_models import TYPES, meaning
from app.web.api.models import ApiModel


class PlanPage(ApiModel):
    """One plan: what the money of an envelope buys under its rules. Its hash stands for all of its inputs."""

    hash: str
    run: str = Field(description="Hash of the ranking that it rests on")
    budget_som: int
    cost_som: int
    schools: int
    benefit: float = Field(description="Share of the country's danger, loss and need that is taken away, 0 to 1")
    bound: float = Field(description="What no plan can exceed")
    gap: float = Field(description="How much more the best possible plan has at most, 0 to 1")
    shadow_price: float = Field(description="Benefit that one som more would bring at the margin")
    proposal_share: float = Field(description="Share of the benefit that rests on proposals, 0 to 1")
    is_draft: bool = Field(description="More than half of the benefit rests on proposals: not for allocation")
    is_proven: bool = Field(description="False: the solver's time ended first, a better plan may exist")
    is_unique: bool
    is_published: bool
    is_synthetic: bool
    status: str = Field(description="What the solver said")
    created_at: datetime


class PlanProvenanceItem(ApiModel):
    """Share of a plan's benefit or cost that depends on one input, or (place 0) on all inputs of a status together."""

    value: str = Field(description="benefit or cost")
    place: int = Field(
        description="0: all inputs of the status together; else from 1, by how much depends on the input"
    )
    name: str
    status: str = Field(description="proposal, recalled, computed here, verified, prior or missing")
    share: float = Field(description="0 to 1, by the middle and both ends of the stated range")


class PlanDetail(PlanPage):
    """A plan with the canonical text whose SHA-256 is its hash, and on what it rests; empty = not worked out."""

    licence: str
    canonical: str
    provenance: list[PlanProvenanceItem]


class PlanAreaItem(ApiModel):
    """One area with what a plan holds for it; null = unknown."""

    code: str
    level: int
    name_ky: str
    name_ru: str | None
    name_en: str | None
    schools: int
    cost_som: int
    pupils: int | None


@lru_cache(maxsize=1)
def plan_item_model() -> type[BaseModel]:
    """Return the model of one funded school."""
    fields: dict[str, Any] = {
        column.key: (
            Optional[TYPES[column.kind]],  # noqa: UP045  a type that is known at run time only
            Field(title=column.label, description=meaning(column.description, column.unit)),
        )
        for column in PLAN_COLUMNS
    }
    return create_model("PlanItem", __doc__="One funded school of a plan; null = unknown.", **fields)
