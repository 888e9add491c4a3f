"""Known answers that were computed elsewhere (``tests/golden/README.md``)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from app.assessment.standard import Standard

FOLDER = Path(__file__).resolve().parents[1] / "golden"
CODES = {0: 1, 0.5: 2, 1: 3, "NA": 4}


def load(name: str) -> Any:
    """Return one file of known answers."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def small_standard() -> Standard:
    """Return the standard of 18 criteria that cases F and O use."""
    with (FOLDER / "standard_18.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Standard(
        codes=tuple(row["id"] for row in rows),
        weight=np.array([float(row["weight"]) for row in rows]),
        cap=np.array([float(row["cap_if_failed_0_100"] or "nan") for row in rows]),
        domain=tuple(row["block"] for row in rows),
        group=("physical",) * len(rows),
        basic_services=("fire", "wash", "heating"),
    )


def codes_of(standard: Standard, scores: dict[str, Any]) -> np.ndarray:
    """Return the codes of one building; a criterion without a score is missing."""
    return np.array([CODES[scores[code]] if code in scores else 0 for code in standard.codes], dtype=np.int8)
