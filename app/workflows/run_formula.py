"""The formula of a run, from its canonical text and the table of anchors that it names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.exports.formula import FactorRule, Formula
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from geodata.models import Run

ANCHORS = "criteria_weights"
CONSTANTS = "method_constants"


def formula_of(run: Run) -> Formula | None:
    """Return the formula of ``run``; None where its anchors are not those of this program (its kit holds them)."""
    try:
        stated: dict[str, Any] = json.loads(run.canonical)
        weights = dict(stated["scheme"]["weights"])
        hashes = stated["parameters"]
    except (ValueError, KeyError, TypeError):
        return None
    tables = read_parameter_tables()
    if any(hashes.get(f"{name}.csv") != tables.sha256[f"{name}.csv"] for name in (ANCHORS, CONSTANTS)):
        return None
    rows = {row["id"]: row for row in tables.rows[ANCHORS]}
    constants = {row["name"]: row["default"] for row in tables.rows[CONSTANTS]}
    draws = stated.get("draws") or {}
    return Formula(
        tuple(
            FactorRule(code, weight, rows[code]["value_function"], rows[code]["anchor_v0"], rows[code]["anchor_v1"])
            for code, weight in sorted(weights.items())
        ),
        tuple(stated["scheme"].get("hazards", ())),
        float(constants["priority.unknown_value"]),
        draws.get("count"),
        draws.get("seed"),
        (stated.get("priors") or {}).get("version"),
    )
