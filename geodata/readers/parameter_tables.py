"""The method's parameter tables as rows of text, with the hash of each file.

Tables ship with the project. A table that was put in use instead (``geodata.queries.parameter_decisions``) stands in
the place of the one of its name for the whole process: ``put_in_use`` exchanges them and forgets what was made of them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

PARAMETER_FOLDER = Path(__file__).resolve().parents[1] / "reference" / "params"

Made = TypeVar("Made", bound=Callable[..., Any])
_instead: dict[str, bytes] = {}
_forgetting: list[Callable[[], None]] = []
_lock = Lock()


@dataclass(frozen=True, slots=True)
class ParameterTables:
    """``rows[table]`` are dictionaries of text by column; ``sha256[file name]`` is over the file's bytes, ``files``.

    A table ``<name>_gem`` (CC BY-SA rows, in a file of their own) stands behind the rows of ``<name>``.
    """

    rows: dict[str, list[dict[str, str]]]
    sha256: dict[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)


def of_tables(function: Made) -> Made:
    """Keep what a function makes of the tables in use, until others are put in use."""
    kept: Any = cache(function)
    _forgetting.append(kept.cache_clear)
    return kept


def put_in_use(files: Mapping[str, bytes]) -> None:
    """Let these files stand in the place of the shipped ones of their names; no other file does any longer."""
    with _lock:
        if files == _instead:
            return
        _instead.clear()
        _instead.update(files)
        for forget in _forgetting:
            forget()


def in_use_instead() -> dict[str, str]:
    """Return the SHA-256 of the files that stand in the place of shipped ones, by file name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in _instead.items()}


@cache
def shipped_files(folder: Path = PARAMETER_FOLDER) -> Mapping[str, bytes]:
    """Return every ``*.csv`` that ships with the project, by file name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


@of_tables
def read_parameter_tables(folder: Path = PARAMETER_FOLDER) -> ParameterTables:
    """Read every table in use (UTF-8, first row = columns), in order of file names."""
    return parameter_tables({**shipped_files(folder), **_instead})


def parameter_tables(files: Mapping[str, bytes]) -> ParameterTables:
    """Return the tables of files by name, in order of names: those of a folder, or those that a kit holds."""
    rows: dict[str, list[dict[str, str]]] = {}
    sha256: dict[str, str] = {}
    for name, content in sorted(files.items()):
        sha256[name] = hashlib.sha256(content).hexdigest()
        rows.setdefault(name.removesuffix(".csv").removesuffix("_gem"), []).extend(rows_of(content))
    return ParameterTables(rows, sha256, dict(files))


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Return the rows of one file, cells without space at their ends; an absent cell is empty."""
    return [
        {column: (value or "").strip() for column, value in row.items() if column is not None}
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    ]
