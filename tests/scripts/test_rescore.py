"""``rescore`` through the command line: counts by cause, a file of every school, and what is refused."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest

from geodata.database import open_session
from tests.factories.country import add_answers, make_country
from tests.support import database as test_database
from tests.support.command_line import CommandLine


@pytest.fixture(scope="module")
def made():
    """A country of which one school failed a red flag in June."""
    database = test_database.create(f"mektep_rescore_{os.getpid()}")
    yield database
    test_database.drop(database)


def test_two_days_are_compared_written_and_refused(made, tmp_path, monkeypatch, capfd):
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    with open_session(line.engine, "national") as session:
        country = make_country(session)
        add_answers(session, country, "S1", {"STR-01": "fails"}, kind="survey", on=date(2026, 6, 1))
    output = tmp_path / "schools.csv"
    days = ("--date", "2026-11-30", "--against-date", "2026-05-15")

    told = line("rescore", *days, "--json", "--output", str(output))
    unknown = line("rescore", *days, "--edition", "E9")
    wrong = line("rescore", *days, "--output", str(tmp_path / "schools.doc"))
    line.engine.dispose()

    found = json.loads(told.out)
    assert told.code == 0
    assert (found["edition"], found["against_date"], found["schools"], found["moved"]) == ("E1", "2026-05-15", 4, 1)
    assert found["moved_by"]["reality"] == {"better": 0, "worse": 1}
    assert output.read_text(encoding="utf-8-sig").count("\n") == 5
    assert (unknown.code, wrong.code) == (2, 2)
    assert "E9" in unknown.err
