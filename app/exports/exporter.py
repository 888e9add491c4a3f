"""What a format is, and which there are: every module of ``formats`` that has an ``EXPORTER``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from app.exports import formats
from app.exports.document import ListDocument


class ExportsError(Exception):
    """Base of every error this room raises."""


class UnknownFormatError(ExportsError):
    """No exporter has this key; the message is the key."""


class ListTooLongError(ExportsError):
    """A format cannot hold so many rows; ``limit`` says how many it can."""

    def __init__(self, key: str, limit: int) -> None:
        super().__init__(f"{key}: at most {limit} rows")
        self.key = key
        self.limit = limit


@dataclass(frozen=True)
class Exporter:
    """One format. ``key`` is the ending of its files and its name everywhere; ``label`` is a msgid.

    ``write(document, path)`` writes the whole file or raises. ``most_rows`` None = no limit.
    """

    key: str
    label: str
    mimetype: str
    write: Callable[[ListDocument, Path], None]
    most_rows: int | None = None
    order: int = 100


@lru_cache(maxsize=1)
def load_exporters() -> Mapping[str, Exporter]:
    """Return every exporter by key, in the order in which they are offered."""
    found: list[Exporter] = []
    for module in pkgutil.iter_modules(formats.__path__):
        exporter = getattr(import_module(f"{formats.__name__}.{module.name}"), "EXPORTER", None)
        if exporter is not None:
            found.append(exporter)
    return MappingProxyType({made.key: made for made in sorted(found, key=lambda made: (made.order, made.key))})


def find_exporter(key: str) -> Exporter:
    """Return the exporter of ``key``; raises UnknownFormatError."""
    try:
        return load_exporters()[key]
    except KeyError:
        raise UnknownFormatError(key) from None


def write_file(exporter: Exporter, document: ListDocument, path: Path) -> None:
    """Write ``document`` to ``path``; raises ListTooLongError before anything is written."""
    if exporter.most_rows is not None and document.count > exporter.most_rows:
        raise ListTooLongError(exporter.key, exporter.most_rows)
    exporter.write(document, path)


def file_name(document: ListDocument, key: str) -> str:
    """Return ``mektep-<area>-<run>[-synthetic].<key>``: letters that every system takes."""
    parts = ["mektep", document.area_code or "kg", document.run_hash[:12], document.data_date.isoformat()]
    if document.is_synthetic:
        parts.append("synthetic")
    return "-".join(parts) + f".{key}"
