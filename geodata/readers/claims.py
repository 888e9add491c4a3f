"""The table of stated numbers: CSV with one claim a row, read whole or refused row by row."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path
from typing import NamedTuple

SEED = Path(__file__).resolve().parents[1] / "reference" / "claims" / "claims.csv"
COLUMNS = ("subject", "value", "definition_ky", "definition_ru", "definition_en", "source", "said_on", "url")
SUBJECTS = ("dilapidated_schools", "schools", "unsafe_share")
"""What claims can be about; a new subject needs a name in three languages."""

DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
ADDRESS = re.compile(r"https?://[^\s@/]+(/\S*)?")
LONGEST = 1000
MOST_BYTES = 5_000_000


class ClaimRow(NamedTuple):
    """One claim as the table of the database takes it."""

    subject: str
    value: float
    definition_ky: str
    definition_ru: str
    definition_en: str
    source: str
    said_on: str
    url: str


class ClaimProblem(NamedTuple):
    """What is wrong with a row (None: with the file) and a column."""

    row: int | None
    column: str
    value: str


def read_claims(content: bytes) -> tuple[list[ClaimRow], list[ClaimProblem]]:
    """Return the rows that are right and what is wrong with the others; a file without its columns has no rows."""
    if len(content) > MOST_BYTES:
        return [], [ClaimProblem(None, "", "too large")]
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [ClaimProblem(None, "", str(error))]
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        return [], [ClaimProblem(None, name, "missing") for name in missing]
    found, problems = [], []
    for number, row in enumerate(rows, start=2):
        texts = {name: (row[name] or "").strip() for name in COLUMNS}
        wrong = [ClaimProblem(number, name, texts[name]) for name in COLUMNS if not _is_right(name, texts[name])]
        problems += wrong
        if not wrong:
            found.append(ClaimRow(**{**texts, "value": float(texts["value"])}))  # type: ignore[arg-type]
    return found, problems


def _is_right(name: str, text: str) -> bool:
    if name == "subject":
        return text in SUBJECTS
    if name == "value":
        try:
            return math.isfinite(float(text)) and float(text) >= 0
        except ValueError:
            return False
    if name == "said_on":
        return bool(DAY.fullmatch(text))
    if name == "url":
        return bool(ADDRESS.fullmatch(text)) and len(text) <= LONGEST
    return 0 < len(text) <= LONGEST and "\0" not in text


def read_seed() -> list[ClaimRow]:
    """Return the claims that ship with the project."""
    return read_claims(SEED.read_bytes())[0]
