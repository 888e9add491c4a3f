"""Which answers of the protection group are counted by area for people who may not see them, and from which number."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from geodata.readers.reference import REFERENCE_DIR, read_rows

if TYPE_CHECKING:
    from pathlib import Path

AGGREGATES = REFERENCE_DIR / "field_classes/aggregates.csv"


class CountedProtection(NamedTuple):
    """Codes of the requirements; a count below ``least`` is hidden, and so is what would tell one."""

    codes: tuple[str, ...]
    least: int


@cache
def read_counted_protection(path: Path = AGGREGATES) -> CountedProtection:
    """Return the requirements that are counted, and the largest threshold that one of them states."""
    rows = list(read_rows(path))
    return CountedProtection(
        tuple(row["criterion"] for row in rows), max((int(row["least_count"]) for row in rows), default=0)
    )
