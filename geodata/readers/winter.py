"""The rules of winter readiness that ship with the project."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from geodata.errors import GeodataError
from geodata.readers.reference import REFERENCE_DIR, read_rows
from geodata.records.winter import WinterCriterion, WinterRules

if TYPE_CHECKING:
    from pathlib import Path

WINTER_DIR = REFERENCE_DIR / "winter"
CHOICES = {
    "role": ("required", "advice"),
    "freshness": ("season", "shelf_life"),
    "applies": ("always", "avalanche"),
}


class WinterRulesError(GeodataError):
    """The rules of winter readiness say something that cannot be; the message names row and column."""


@cache
def read_winter_rules(folder: Path = WINTER_DIR) -> WinterRules:
    """Return the rules: requirements in the order of the file, the season, the level of avalanches.

    Raises:
        WinterRulesError: A word that is no choice, a requirement twice, none required, or a season that cannot be.
    """
    criteria = tuple(_criterion(row) for row in read_rows(folder / "criteria.csv"))
    codes = [one.code for one in criteria]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise WinterRulesError(f"criteria.csv: {', '.join(twice)} stands there more than once")
    if not any(one.role == "required" for one in criteria):
        raise WinterRulesError("criteria.csv: nothing is required, so that every school would be ready")
    values = {row["name"]: row["value"] for row in read_rows(folder / "season.csv")}
    starts, ends = (_month_day(values, name) for name in ("starts", "ends"))
    if starts <= ends:
        raise WinterRulesError("season.csv: a heating season ends in the year after it starts")
    return WinterRules(criteria, starts, ends, int(values["avalanche_level"]))


def _criterion(row: dict[str, str]) -> WinterCriterion:
    for column, choices in CHOICES.items():
        if row[column] not in choices:
            raise WinterRulesError(f"criteria.csv: {row['criterion']}, {column}: {row[column]!r} is none of {choices}")
    words = cast("Any", row)
    return WinterCriterion(
        row["criterion"], row["topic"], words["role"], words["freshness"], words["applies"], row["status"]
    )


def _month_day(values: dict[str, str], name: str) -> tuple[int, int]:
    try:
        month, day = (int(part) for part in values[name].split("-"))
    except (KeyError, ValueError) as error:
        raise WinterRulesError(f"season.csv: {name} is no month and day") from error
    if not (1 <= month <= 12 and 1 <= day <= 28 + 3 * (month != 2)):
        raise WinterRulesError(f"season.csv: {name} is no day of a year")
    return month, day
