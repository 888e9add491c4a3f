"""Which column holds which field: learnt from headings and values, never from the file's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from geodata.records.table import RawRow, RowProblem
from geodata.validation.context import Kind


@dataclass(slots=True)
class ColumnMapping:
    """``columns``: field to column. ``confidence``: 0..1 per field. ``problems``: what must be asked."""

    columns: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)


def guess_mapping(
    columns: Sequence[str], rows: Sequence[RawRow], kind: Kind, has_geometry: bool = False
) -> ColumnMapping:
    """Return the mapping that headings and values speak for."""
    raise NotImplementedError


def apply_overrides(
    mapping: ColumnMapping, overrides: Iterable[tuple[str, str]], columns: Sequence[str], kind: Kind
) -> ColumnMapping:
    """Return the mapping with ``(column, field)`` pairs from the user set; either order is understood."""
    raise NotImplementedError
