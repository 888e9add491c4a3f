"""``import travel``: whole or not at all; minutes to another school rank as C7 and lie in the kit."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from app.workflows.make_kit import make_kit
from app.workflows.rank_schools import rank_schools
from geodata.database import open_session
from geodata.models import HazardLayer, Run, School, SchoolResult, TravelTime
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.command_line import CommandLine

HEAD = "code,target,target_name,minutes,km,source,source_date\n"
RIGHT = "S1,school,School 2,30,20,OSRM on OSM,2026-10-01\nS1,hospital,Osh,14,9.5,OSRM on OSM,2026-10-01\n"


@pytest.fixture
def mektep(tmp_path, monkeypatch, capfd):
    made = test_database.create(f"mektep_travel_{os.getpid()}")
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    with open_session(line.engine, "national") as session:
        make_country(session)
        for layer in session.scalars(select(HazardLayer)):
            layer.is_public = True
    yield line
    line.engine.dispose()
    test_database.drop(made)


def test_travel_times_are_checked_taken_replaced_and_ranked(mektep, tmp_path):
    path = tmp_path / "travel.csv"

    def take(text, *more):
        path.write_text(HEAD + text, encoding="utf-8")
        return mektep("import", "travel", str(path), *more)

    checked = take(RIGHT, "--dry-run")
    strange = take(RIGHT + "S77,school,,5,,s,2026-10-01\n")
    unit = take(RIGHT.replace("30,20", "30,200"))
    with open_session(mektep.engine, "national") as session:
        before = session.scalars(select(TravelTime)).all()
    taken = take(RIGHT)
    with open_session(mektep.engine, "national") as session:
        first = rank_schools(session)
        kit = make_kit(session, session.get(Run, first.run_id), lambda *_: None)
        found = session.scalar(
            select(SchoolResult).join(School, School.id == SchoolResult.school_id).where(School.code == "S1")
        )
        raw, known, points = found.factor_raw[6], found.known[6], found.contribution[6]
    again = take(RIGHT.replace("30,20", "6,4"))
    with open_session(mektep.engine, "national") as session:
        second = rank_schools(session)

    assert (checked.code, taken.code, again.code) == (0, 0, 0), (checked.err, taken.err, again.err)
    assert (strange.code, unit.code) == (3, 3)
    assert "S77: no such school" in strange.err
    assert "wrong unit" in unit.err
    assert before == []
    # half an hour of the sixty minutes at which C7 is 1: half of its 5 points
    assert (raw, known, points) == (30.0, True, pytest.approx(2.5))
    assert len(kit) > 1000, "the kit gave the list again, minutes included"
    assert second.hash != first.hash
