"""The edition of the standard that ships with the project, as records: criteria, who answers for them, guidance."""

from __future__ import annotations

import tomllib
from typing import Any

from geodata.readers.reference import REFERENCE_DIR, read_rows
from geodata.records.standard import GUIDANCE_FIELDS, LANGUAGES, RESPONSIBILITY_FIELDS, content_sha256

STANDARD_DIR = REFERENCE_DIR / "standards/2026-proposal"
OWN_COLUMNS = frozenset(
    {"code", "domain_no", "domain_code", "scope", "severity_weight_proposal", "critical_proposal", "measure_code"}
    | {"value_status_code", "group", "field_class"}
    | {f"{what}_{language}" for what in ("domain", "criterion") for language in LANGUAGES}
)
"""Columns of ``criteria.csv`` with a column of their own in the database; the others stand in ``details``."""


def read_edition() -> dict[str, Any]:
    """Return the edition: its TOML, ``sha256`` over its content, ``domains`` and ``criteria``.

    A criterion keeps every column of the file that has no column of its own under ``details``; responsibility comes
    from ``responsibility.csv``, and a cap of ``none`` is None.
    """
    edition: dict[str, Any] = tomllib.loads((STANDARD_DIR / "edition.toml").read_text(encoding="utf-8"))
    rows = list(read_rows(STANDARD_DIR / "criteria.csv"))
    owners = {row["code"]: row for row in read_rows(STANDARD_DIR / "responsibility.csv")}
    first = {row["domain_code"]: row for row in reversed(rows)}
    edition["domains"] = [
        {"code": code, "position": int(row["domain_no"][1:])}
        | {f"name_{language}": row[f"domain_{language}"] for language in LANGUAGES}
        for code, row in sorted(first.items(), key=lambda item: item[1]["domain_no"])
    ]
    edition["criteria"] = [
        _criterion(position, row) | _responsibility(owners[row["code"]]) for position, row in enumerate(rows, start=1)
    ]
    edition["sha256"] = edition_sha256(edition)
    return edition


def read_guidance() -> dict[str, dict[str, str]]:
    """Return the guidance of each criterion by its code: how to check, evidence, good, bad, mistake, and ``status``."""
    return {
        row["code"]: {name: row[name] for name in (*GUIDANCE_FIELDS, "status")}
        for row in read_rows(STANDARD_DIR / "guidance.csv")
    }


def edition_sha256(edition: dict[str, Any]) -> str:
    """Return the hash of an edition with ``domains`` and ``criteria`` as ``read_edition`` gives them."""
    titles = {f"title_{language}": edition[f"title_{language}"] for language in LANGUAGES}
    domains = {
        row["code"]: {f"domain_{language}": row[f"name_{language}"] for language in LANGUAGES}
        | {"domain_position": row["position"]}
        for row in edition["domains"]
    }
    rows = [titles | domains[row["domain_code"]] | row["details"] | row for row in edition["criteria"]]
    # ``value_status`` among the details is the code in words; the column holds the code.
    return content_sha256(edition["code"], rows)


def _criterion(position: int, row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "domain_code": row["domain_code"],
        "position": position,
        **{f"text_{language}": row[f"criterion_{language}"] for language in LANGUAGES},
        "scope": row["scope"],
        "weight": float(row["severity_weight_proposal"]),
        "is_critical": row["critical_proposal"] == "Y",
        "grouping": row["group"],
        "field_class": row["field_class"],
        "measure_code": row["measure_code"] or None,
        "value_status": row["value_status_code"] or None,
        "details": {key: value for key, value in row.items() if key not in OWN_COLUMNS and value},
    }


def _responsibility(row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: row[name] for name in RESPONSIBILITY_FIELDS}
    found["shelf_life_months"] = int(row["shelf_life_months"])
    found["cap"] = None if row["cap"] == "none" else float(row["cap"])
    return found
