"""The published list as a kit holds it: one text for what the database keeps and what is computed again."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from app.prioritisation.factors import FACTORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADING = (
    "code", "national_rank", "oblast_rank", "rayon_rank", "aimak_rank", "grade", "class",
    "priority_lower", "priority_central", "priority_upper", "index_lower", "index_central", "index_upper",
    "completeness", *(f"points_{code}" for code in FACTORS), *(f"raw_{code}" for code in FACTORS),
)  # fmt: skip
FIGURES = (
    "rank_low", "rank_high", "p_top", "label", "confidence", "safety_rank", "gap_rank", "benefit_cost",
    "benefit_rank", "top_by_weights", "top_moves",
)  # fmt: skip
"""Further columns of lists of the second form of kits."""
DECIMALS = 6
"""Of points and percentages: other machines may differ in the last bits of a sum, never here."""

DIGITS = 9


class ListRow(NamedTuple):
    """One school; None and NaN are unknown, area rank 0 too."""

    code: str
    ranks: Sequence[int | None]
    grade: str | None
    conformity_class: str
    priority: Sequence[float | None]
    conformity: Sequence[float | None]
    completeness: float | None
    points: Sequence[float | None]
    raw: Sequence[float | None]
    figures: ListFigureRow | None = None
    """None: a list of the first form of kits."""


class ListFigureRow(NamedTuple):
    """What the list says of a school beside its score; rank 0 is none, None and NaN are unknown or not drawn."""

    rank_low: int
    rank_high: int
    p_top: float | None
    label: str | None
    confidence: int
    safety_rank: int | None
    gap_rank: int | None
    benefit_cost: float | None
    benefit_rank: int | None
    top_by_weights: str
    top_moves: Sequence[str]

    def cells(self) -> list[Any]:
        """Return the cells under ``FIGURES``."""
        return [
            self.rank_low, self.rank_high, _fixed(self.p_top), self.label or "", self.confidence,
            self.safety_rank or "", self.gap_rank or "", _short(self.benefit_cost), self.benefit_rank or "",
            self.top_by_weights, ";".join(self.top_moves),
        ]  # fmt: skip


def list_csv(rows: Iterable[ListRow]) -> bytes:
    """Return the list by rank: UTF-8, RFC 4180, ``HEADING`` first, with ``FIGURES`` where the rows have them."""
    found = sorted(rows, key=lambda row: row.ranks[0] or 0)
    has_figures = any(row.figures is not None for row in found)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow((*HEADING, *FIGURES) if has_figures else HEADING)
    for row in found:
        writer.writerow(
            [
                row.code,
                *(rank or "" for rank in row.ranks),
                row.grade or "",
                row.conformity_class,
                *map(_fixed, (*row.priority, *row.conformity, row.completeness, *row.points)),
                *map(_short, row.raw),
                *(row.figures.cells() if row.figures else ()),
            ]
        )
    return buffer.getvalue().encode()


def _fixed(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return f"{float(value) + 0.0:.{DECIMALS}f}"  # numpy rounds in another way than Python


def _short(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{float(value):.{DIGITS}g}"


def first_difference(expected: bytes, found: bytes) -> str | None:
    """Return where two lists first differ: the school and what both say of it; None when they are equal."""
    if expected == found:
        return None
    old, new = (body.decode("utf-8", "replace").splitlines() for body in (expected, found))
    for line, (before, after) in enumerate(zip(old, new, strict=False)):
        if before != after:
            return f"line {line + 1}: the kit says {before!r}, the calculation {after!r}"
    if len(old) != len(new):
        return f"line {min(len(old), len(new)) + 1}: the kit has {len(old) - 1} schools, the calculation {len(new) - 1}"
    return "line ends: the lists differ in bytes only"
