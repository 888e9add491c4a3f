"""``import travel``: whole or not at all; minutes to another school rank as C7 and lie in the kit. ``refresh ways``."""

from __future__ import annotations

import os
from pathlib import Path

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

ROADS = Path(__file__).parents[1] / "files/roads"


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


def test_roads_come_in_by_the_command_line_and_are_worked_out_again_on_demand(mektep):
    none = mektep("refresh", "ways")
    services = mektep("import", "services", str(ROADS / "services.geojson"), "--json")
    roads = mektep("import", "roads", str(ROADS / "roads.geojson"), "--json", "--lang", "ky")
    again = mektep("refresh", "ways", "--json")
    undone = mektep("import", "undo", str(roads.json["batch"]))

    assert "straight lines stand in" in none.out
    assert (services.json["added"], services.json["left_out"]) == (2, 1)
    assert (roads.json["status"], roads.json["added"], roads.json["left_out"]) == ("committed", 4, 1)
    assert any("Ылдамдык" in one["message"] or "ылдамдыгы" in one["message"] for one in roads.json["problems"])
    # S4 stands on an island: it has no way, and is reached; the first three meet each other, the fire station and
    # the hospital; a school without a ranking is not called safe, and there is no settlement
    assert again.json["reached"] == 4
    assert again.json["ways"] == {"settlement": 0, "fire_station": 3, "hospital": 3, "school": 3, "safe_school": 0}
    assert undone.code == 0
    assert "straight lines stand in" in mektep("refresh", "ways").out
