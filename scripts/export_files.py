"""Write one document in several formats: each file appears whole or not at all, a CSV with its companion (CSVW)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from app.exports.csvw import list_metadata
from app.exports.document import ListDocument
from app.exports.exporter import Exporter

Document = TypeVar("Document", bound=ListDocument)


def write_each(
    exporters: Sequence[Exporter], output: Path, write: Callable[[Exporter, Path], Document]
) -> list[tuple[Path, Exporter, Document]]:
    """Return what ``write`` wrote and where; with several formats the ending of ``output`` is replaced."""
    written = []
    for exporter in exporters:
        path = output if len(exporters) == 1 else output.with_suffix(f".{exporter.key}")
        partial = path.with_name(f".{path.stem}.partial.{exporter.key}")
        try:
            document = write(exporter, partial)
            partial.replace(path)
            if exporter.key == "csv":
                path.with_name(f"{path.name}-metadata.json").write_bytes(list_metadata(document, path.name))
        finally:
            partial.unlink(missing_ok=True)
        written.append((path, exporter, document))
    return written
