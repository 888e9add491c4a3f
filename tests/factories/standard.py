"""A small edition as rows of a file: three criteria in two domains, everything stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geodata.models import Criterion, CriterionGuidance, StandardDomain, StandardEdition
from geodata.records.standard import (
    CRITERION_COLUMNS,
    DETAIL_FIELDS,
    EDITION_FIELDS,
    FIELDS,
    GUIDANCE_FIELDS,
    LANGUAGES,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def edition_rows(**first: Any) -> list[dict[str, Any]]:
    """Return the rows (without the edition's code); ``first`` overrides fields of the first one."""
    rows = [
        _row("STR-01", 1, "STR", 1, value_type="num", operator="<=", threshold_max="5", unit="years",
             requirement="≤ 5 years", is_critical=True, cap=25.0, scope="building", weight=4),
        _row("STR-02", 2, "STR", 1, value_type="num", operator="between", threshold_min="0.5", threshold_max="24",
             unit="°C", requirement="0.5–24 °C", scope="room", weight=3),
        _row("SEC-01", 3, "SEC", 8, value_type="bool", operator="=", unit="yes/no", requirement="yes",
             scope="school", weight=5, grouping="protection", field_class="restricted"),
    ]  # fmt: skip
    shared = {name: value for name, value in first.items() if name.startswith(("title_", "domain_"))}
    for row in rows:
        row |= {
            name: value for name, value in shared.items() if name.startswith("title_") or row["domain_code"] == "STR"
        }
    rows[0] |= first
    return rows


def _row(code: str, position: int, domain: str, number: int, **facts: Any) -> dict[str, Any]:
    words = {"ky": "Стандарт", "ru": "Стандарт", "en": "Standard"}
    row: dict[str, Any] = dict.fromkeys(name for name in FIELDS if name != "edition")
    row |= {
        "code": code, "position": position, "domain_code": domain, "domain_position": number, "is_critical": False,
        "grouping": "physical", "field_class": "public", "requirement_level": "mandatory",
        "requirement_status": "proposal", "responsible_body": "local_body", "co_owner": "school",
        "owing_budget": "local", "budget_status": "proposal", "shelf_life_months": 60, "shelf_life_status": "act",
        "cap_status": "proposal", "legal_source": "СН КР 20-02:2024", "source_url": "https://example.org/a ; b",
        "source_status": "seen", "value_status": "X", "guidance_status": "proposal", "evidence_type": "document",
        "measure_code": "M01",
    }  # fmt: skip
    for language in LANGUAGES:
        row[f"title_{language}"] = f"{words[language]} 2027"
        row[f"domain_{language}"] = f"{domain} {language}"
        row[f"text_{language}"] = f"{code} {language}: 90\u00a0% «кем эмес»"
        row[f"reason_{language}"] = f"= себеби {code}"
        row[f"measure_{language}"] = f"M01 {language}"
    row |= {name: f"{code} {name}: 0,5\u00a0m, 2 жол" for name in GUIDANCE_FIELDS}
    return row | facts


def make_edition(
    session: Session, code: str, rows: list[dict[str, Any]] | None = None, **facts: Any
) -> StandardEdition:
    """Add an edition with the domains, criteria and guidance of ``rows`` (those of ``edition_rows``)."""
    rows = edition_rows() if rows is None else rows
    titles = {name: rows[0][name] for name in EDITION_FIELDS}
    edition = StandardEdition(code=code, **({"status": "draft", "sha256": "0"} | titles | facts))
    session.add(edition)
    session.flush()
    for domain in {row["domain_code"]: row for row in rows}.values():
        names = {f"name_{language}": domain[f"domain_{language}"] for language in LANGUAGES}
        session.add(
            StandardDomain(
                edition_id=edition.id, code=domain["domain_code"], position=domain["domain_position"], **names
            )
        )
    for row in rows:
        details = {name: row[name] for name in DETAIL_FIELDS if row[name] is not None}
        columns = {name: row[name] for name in ("code", *CRITERION_COLUMNS)}
        criterion = Criterion(edition_id=edition.id, details=details, **columns)
        session.add(criterion)
        session.flush()
        texts = {name: row[name] for name in GUIDANCE_FIELDS}
        session.add(CriterionGuidance(criterion_id=criterion.id, status=row["guidance_status"], **texts))
    session.flush()
    return edition
