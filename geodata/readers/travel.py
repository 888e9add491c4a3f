"""The table of travel times by road: CSV with one school and target a row, taken whole or refused row by row."""

from __future__ import annotations

import csv
import io
import math
from datetime import date
from typing import NamedTuple

COLUMNS = ("code", "target", "target_name", "minutes", "km", "source", "source_date")
TARGETS = ("school", "fire_station", "hospital")
MAY_BE_EMPTY = ("target_name", "km")
MOST_MINUTES, MOST_KM = 1440.0, 2000.0
LEAST_KMH, MOST_KMH = 1.0, 130.0
"""Outside these a unit is wrong: seconds for minutes, metres for kilometres."""

LONGEST = 300
MOST_BYTES = 50_000_000


class TravelRow(NamedTuple):
    """Minutes from one school to the nearest place of a kind."""

    code: str
    target: str
    target_name: str | None
    minutes: float
    km: float | None
    source: str
    source_date: date


class TravelProblem(NamedTuple):
    """What is wrong with a row (None: with the file) and a column."""

    row: int | None
    column: str
    value: str


def read_travel_times(content: bytes) -> tuple[list[TravelRow], list[TravelProblem]]:
    """Return the rows that are right and what is wrong with the others; a file without its columns has no rows."""
    if len(content) > MOST_BYTES:
        return [], [TravelProblem(None, "", "too large")]
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [TravelProblem(None, "", str(error))]
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        return [], [TravelProblem(None, name, "missing") for name in missing]
    found: list[TravelRow] = []
    problems: list[TravelProblem] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=2):
        texts = {name: (row[name] or "").strip() for name in COLUMNS}
        wrong = [TravelProblem(number, name, texts[name]) for name in COLUMNS if not _is_right(name, texts[name])]
        if not wrong and (texts["code"], texts["target"]) in seen:
            wrong = [TravelProblem(number, "target", "stated twice for this school")]
        if not wrong and not _is_a_speed(texts["minutes"], texts["km"]):
            wrong = [TravelProblem(number, "minutes", f"{texts['minutes']} min for {texts['km']} km: a wrong unit")]
        problems += wrong
        if not wrong:
            seen.add((texts["code"], texts["target"]))
            found.append(_row(texts))
    return found, problems


def _row(texts: dict[str, str]) -> TravelRow:
    return TravelRow(
        texts["code"],
        texts["target"],
        texts["target_name"] or None,
        float(texts["minutes"]),
        float(texts["km"]) if texts["km"] else None,
        texts["source"],
        date.fromisoformat(texts["source_date"]),
    )


def _is_right(name: str, text: str) -> bool:
    if not text:
        return name in MAY_BE_EMPTY
    if name == "target":
        return text in TARGETS
    if name in ("minutes", "km"):
        try:
            value = float(text)
        except ValueError:
            return False
        return math.isfinite(value) and 0 <= value <= (MOST_MINUTES if name == "minutes" else MOST_KM)
    if name == "source_date":
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
        return True
    return len(text) <= LONGEST and "\0" not in text


def _is_a_speed(minutes: str, km: str) -> bool:
    if not km or float(km) < 1:
        return True
    hours = float(minutes) / 60
    return hours > 0 and LEAST_KMH <= float(km) / hours <= MOST_KMH
