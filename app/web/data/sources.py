"""The sources of the committed reference data, from their own record of provenance."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geodata

PROVENANCE = Path(geodata.__file__).resolve().parent / "reference/provenance.toml"


@dataclass(frozen=True)
class ReferenceSource:
    """One file or group of files that ships with the project."""

    name: str
    title: str
    source: str
    licence: str
    date: str


@cache
def reference_sources() -> tuple[ReferenceSource, ...]:
    """Return the sources in the order of the file; empty when the installation has none."""
    if not PROVENANCE.is_file():
        return ()
    content = tomllib.loads(PROVENANCE.read_text(encoding="utf-8"))
    entries: list[tuple[str, dict[str, object]]] = []
    for key, value in content.items():
        if isinstance(value, list):
            entries += [(_named(key, item), item) for item in value if isinstance(item, dict)]
        elif isinstance(value, dict):
            entries.append((_named(key, value), value))
    return tuple(
        ReferenceSource(
            name,
            str(entry.get("title") or entry.get("what") or name),
            str(entry.get("source") or entry.get("publisher") or entry.get("url") or ""),
            str(entry.get("licence") or ""),
            str(entry.get("date") or entry.get("retrieved") or entry.get("published") or ""),
        )
        for name, entry in entries
    )


def _named(key: str, entry: dict[str, object]) -> str:
    return str(entry.get("path") or entry.get("file") or key)
