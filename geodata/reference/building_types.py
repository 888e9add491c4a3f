"""Codes that files must use and that ship with the project."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

BUILDING_TYPES = Path(__file__).resolve().parents[1] / "reference" / "params" / "building_types.csv"


@lru_cache(maxsize=1)
def building_type_codes() -> tuple[str, ...]:
    """Return the codes of ``building_types.csv``; ``KG-UNK`` is unknown."""
    with BUILDING_TYPES.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return tuple(row[0] for row in rows if row)
