"""A criterion of an edition as files and the database state it, the codes that it may hold, and the edition's hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

LANGUAGES = ("ky", "ru", "en")
BODIES = (
    "school", "local_body", "education_ministry", "emergency_ministry", "health_ministry", "energy_company",
    "water_company", "police", "construction_agency", "education_department", "social_protection", "road_agency",
)  # fmt: skip
"""Who answers for a criterion. The co-owner is one of them too, or ``none``."""
NOBODY = "none"
BUDGETS = ("republican", "local", "school_own", "energy_company", "water_company")
"""Which budget owes it; never parents, boards of trustees or collections."""
LEVELS = ("mandatory", "recommended")
STANDINGS = ("act", "proposal")
STATUSES = ("draft", "agreed", "adopted", "in_force", "superseded")
GUIDANCE_PARTS = ("check", "evidence", "good", "bad", "mistake")
GUIDANCE_FIELDS = tuple(f"{part}_{language}" for part in GUIDANCE_PARTS for language in LANGUAGES)
RESPONSIBILITY_FIELDS = (
    "requirement_level", "requirement_status", "responsible_body", "co_owner", "owing_budget", "budget_status",
    "shelf_life_months", "shelf_life_status", "cap_status", "reason_ky", "reason_ru", "reason_en",
)  # fmt: skip
DETAIL_FIELDS = (
    "value_type", "operator", "threshold_min", "threshold_max", "unit", "requirement", "evidence_type", "measure_ky",
    "measure_ru", "measure_en", "legal_source", "source_url", "source_status",
)  # fmt: skip
"""What stands in ``criterion.details``, as text."""
EDITION_FIELDS = ("title_ky", "title_ru", "title_en")
DOMAIN_FIELDS = ("domain_position", "domain_ky", "domain_ru", "domain_en")


@dataclass(frozen=True, slots=True)
class CriterionRecord:
    """One criterion with its edition and domain; None is not stated. Guidance is all there or all missing.

    ``weight`` is whole, 1 (slight) to 5 (grave). ``cap`` is the greatest index (0..100) while a critical criterion
    fails. ``shelf_life_months``: after so many months an answer is too old. Thresholds are numbers written as text.
    """

    edition: str
    code: str
    title_ky: str | None = None
    title_ru: str | None = None
    title_en: str | None = None
    domain_code: str | None = None
    domain_position: int | None = None
    domain_ky: str | None = None
    domain_ru: str | None = None
    domain_en: str | None = None
    position: int | None = None
    text_ky: str | None = None
    text_ru: str | None = None
    text_en: str | None = None
    scope: str | None = None
    value_type: str | None = None
    operator: str | None = None
    threshold_min: str | None = None
    threshold_max: str | None = None
    unit: str | None = None
    requirement: str | None = None
    evidence_type: str | None = None
    weight: float | None = None
    is_critical: bool | None = None
    cap: float | None = None
    cap_status: str | None = None
    grouping: str | None = None
    field_class: str | None = None
    requirement_level: str | None = None
    requirement_status: str | None = None
    responsible_body: str | None = None
    co_owner: str | None = None
    owing_budget: str | None = None
    budget_status: str | None = None
    shelf_life_months: int | None = None
    shelf_life_status: str | None = None
    reason_ky: str | None = None
    reason_ru: str | None = None
    reason_en: str | None = None
    measure_code: str | None = None
    measure_ky: str | None = None
    measure_ru: str | None = None
    measure_en: str | None = None
    legal_source: str | None = None
    source_url: str | None = None
    source_status: str | None = None
    value_status: str | None = None
    check_ky: str | None = None
    check_ru: str | None = None
    check_en: str | None = None
    evidence_ky: str | None = None
    evidence_ru: str | None = None
    evidence_en: str | None = None
    good_ky: str | None = None
    good_ru: str | None = None
    good_en: str | None = None
    bad_ky: str | None = None
    bad_ru: str | None = None
    bad_en: str | None = None
    mistake_ky: str | None = None
    mistake_ru: str | None = None
    mistake_en: str | None = None
    guidance_status: str | None = None


FIELDS = tuple(field.name for field in fields(CriterionRecord))
"""Every field, in the order of files."""
CONTENT = tuple(name for name in FIELDS if name not in {"edition", *GUIDANCE_FIELDS, "guidance_status"})
"""What an edition says: these never change once it is used. Guidance is not among them."""


CRITERION_COLUMNS = tuple(
    name for name in CONTENT if name not in {"code", *EDITION_FIELDS, *DOMAIN_FIELDS, *DETAIL_FIELDS}
)
"""Fields that are columns of ``criterion``, beside its code."""


def content_sha256(edition: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the hash of an edition: its code and, of each criterion in order, every field of ``CONTENT``.

    ``rows`` give the fields by name; a missing one counts as None. Whole numbers and floats of the same value are the
    same. The order is that of ``position``, then the code, whatever order the rows come in.
    """
    stated = sorted(
        ({name: _plain(row.get(name)) for name in CONTENT} for row in rows),
        key=lambda row: (row["position"] or 0, row["code"]),
    )
    text = json.dumps({"edition": edition, "criteria": stated}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value or None if isinstance(value, str) else value
    return int(value) if value == int(value) else float(value)
