"""What a person sees of a file before it is checked: its columns with samples, and what they are taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geodata.records.table import RawTable
    from geodata.validation.mapping import ColumnMapping

SAMPLES, SAMPLE_CHARACTERS = 3, 60


def preview_columns(table: RawTable, mapping: ColumnMapping) -> dict[str, Any]:
    """Return what a person needs to confirm the columns: sample values, guesses, sheets and layers."""
    step = max(1, len(table.rows) // 50)
    rows = table.rows[::step][:50]
    columns = []
    for index, name in enumerate(table.columns):
        values = dict.fromkeys((row.cells[index] or "")[:SAMPLE_CHARACTERS] for row in rows if row.cells[index])
        columns.append({"name": name, "samples": list(values)[:SAMPLES]})
    return {
        "columns": columns,
        "guess": mapping.columns,
        "confidence": {name: round(value, 2) for name, value in mapping.confidence.items()},
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "layers": list(table.layers),
        "encoding": table.encoding,
        "has_geometry": table.has_geometry,
    }
