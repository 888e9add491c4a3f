"""The method's parameter tables as rows of text, with the hash of each file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PARAMETER_FOLDER = Path(__file__).resolve().parents[1] / "reference" / "params"


@dataclass(frozen=True, slots=True)
class ParameterTables:
    """``rows[table]`` are dictionaries of text by column; ``sha256[file name]`` is over the file's bytes.

    A table ``<name>_gem`` (CC BY-SA rows, in a file of their own) stands behind the rows of ``<name>``.
    """

    rows: dict[str, list[dict[str, str]]]
    sha256: dict[str, str]


@cache
def read_parameter_tables(folder: Path = PARAMETER_FOLDER) -> ParameterTables:
    """Read every ``*.csv`` of ``folder`` (UTF-8, first row = columns), in order of file names."""
    return parameter_tables({path.name: path.read_bytes() for path in folder.glob("*.csv")})


def parameter_tables(files: Mapping[str, bytes]) -> ParameterTables:
    """Return the tables of files by name, in order of names: those of a folder, or those that a kit holds."""
    rows: dict[str, list[dict[str, str]]] = {}
    sha256: dict[str, str] = {}
    for name, content in sorted(files.items()):
        sha256[name] = hashlib.sha256(content).hexdigest()
        found = [
            {column: (value or "").strip() for column, value in row.items() if column is not None}
            for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        ]
        rows.setdefault(name.removesuffix(".csv").removesuffix("_gem"), []).extend(found)
    return ParameterTables(rows, sha256)
