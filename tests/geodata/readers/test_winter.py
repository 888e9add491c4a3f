"""The rules of winter readiness: what ships, what is refused, and which season a day belongs to."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from geodata.readers.reference import REFERENCE_DIR
from geodata.readers.winter import WINTER_DIR, WinterRulesError, read_winter_rules


def test_what_is_asked_is_public_and_of_the_edition_that_ships():
    with (REFERENCE_DIR / "standards/2026-proposal/criteria.csv").open(encoding="utf-8", newline="") as stream:
        public = {row["code"] for row in csv.DictReader(stream) if row["group"] == "physical"}
    rules = read_winter_rules()

    assert {one.code for one in rules.criteria} <= public
    assert {one.status for one in rules.criteria} == {"proposal"}


@pytest.mark.parametrize(
    ("day", "first_year"),
    [
        (date(2026, 12, 1), 2026),
        (date(2027, 3, 31), 2026),
        (date(2027, 4, 1), 2027),
        (date(2027, 7, 15), 2027),
        (date(2027, 11, 1), 2027),
    ],
)
def test_a_day_belongs_to_the_season_that_is_on_or_comes_next(day, first_year):
    season = read_winter_rules().season_of(day)

    assert (season.starts_on, season.ends_on) == (date(first_year, 11, 1), date(first_year + 1, 3, 31))
    assert season.evidence_from == date(first_year, 4, 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("criteria.csv", "required,season,always", "perhaps,season,always", "ENG-11, role"),
        ("criteria.csv", "\nENG-11,", "\nENG-05,", "ENG-05 stands there more than once"),
        ("season.csv", "ends,03-31", "ends,12-31", "ends in the year after"),
        ("season.csv", "starts,11-01", "starts,soon", "starts is no month and day"),
        ("season.csv", "starts,11-01", "starts,13-01", "starts is no day of a year"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_their_place(tmp_path, file, old, new, said):
    for path in WINTER_DIR.glob("*.csv"):
        content = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(content.replace(old, new) if path.name == file else content)

    with pytest.raises(WinterRulesError, match=said):
        read_winter_rules(tmp_path)
