"""``rank`` through the command line: a changed file moves its own school by its own parts, and no other."""

from __future__ import annotations

import json
import os

import pytest

from app.workflows.save_scheme import NewScheme, save_scheme
from geodata.database import open_session
from tests.factories.country import make_country
from tests.factories.officers import become, make_officer
from tests.support import database as test_database
from tests.support.command_line import CommandLine
from tests.support.rights import EVERYTHING

SCORES = """
    SELECT school.code, result.contribution, result.priority_lower, result.priority_central, result.priority_upper,
        result.grade, result.index_central
    FROM school_result AS result
    JOIN run ON run.id = result.run_id
    JOIN school ON school.id = result.school_id
    WHERE run.hash = :hash
"""


@pytest.fixture
def mektep(tmp_path, monkeypatch, capfd):
    """The command line on a ranked country of four schools."""
    made = test_database.create(f"mektep_rank_{os.getpid()}")
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    with open_session(line.engine, "national") as session:
        make_country(session)
    yield line
    line.engine.dispose()
    test_database.drop(made)


def rank(mektep):
    """Rank and return (the JSON that was printed, scores by school)."""
    done = mektep("rank", "--json")
    assert done.code == 0, done.err
    return done.json, {row[0]: row[1:] for row in mektep.rows(SCORES, hash=done.json["run"])}


def events(tmp_path, name, lon, lat):
    path = tmp_path / name
    feature = {
        "type": "Feature",
        "properties": {"name": "lake"},
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def take_in(mektep, *arguments):
    done = mektep("import", *arguments)
    assert done.code == 0, done.err


def changed_parts(before, after):
    return {
        code: {number for number in range(8) if before[code][0][number] != after[code][0][number]}
        for code in before
        if before[code] != after[code]
    }


def test_the_same_data_give_the_same_hash_and_another_scheme_is_refused(mektep):
    first, scores = rank(mektep)
    second, again = rank(mektep)
    plain = mektep("rank")
    wrong = mektep("rank", "--scheme", "nobody")

    assert first["schools"] == first["ranked"] == 4
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["run"] == second["run"]
    assert scores == again
    assert first["run"] in plain.out
    assert wrong.code == 2
    assert "default" in wrong.err


WHY = ("--reason", "the council decided", "--document", "Order No. 5", "--document-date", "2026-11-30")
DECIDED = "SELECT approver, reason, document, document_on::text FROM official_list"


def test_an_official_list_says_who_approved_it_and_by_which_act(mektep):
    with open_session(mektep.engine, "national") as session:
        planner = make_officer(session, "planner").name
    first, _ = rank(mektep)
    made = mektep("rank", "--official", "--approver", planner, *WHY, "--json")

    assert made.json["run"] == first["run"]
    assert mektep.rows("SELECT is_official, is_published FROM run") == [(True, True)]
    assert mektep.rows(DECIDED) == [(planner, "the council decided", "Order No. 5", "2026-11-30")]


def test_without_an_approver_who_may_decide_nothing_becomes_official(mektep):
    with open_session(mektep.engine, "national") as session:
        auditor = make_officer(session, "auditor").name
    alone, foreign = mektep("rank", "--official"), mektep("rank", "--official", "--approver", auditor, *WHY)
    nobody = mektep("rank", "--official", "--approver", "nobody", *WHY)

    assert (alone.code, foreign.code, nobody.code) == (2, 2, 2)
    assert "decided by a person" in alone.err
    assert "no active account that ranks and publishes" in foreign.err
    assert mektep.rows("SELECT count(*) FROM official_list") == mektep.rows("SELECT count(*) FROM run") == [(0,)]


def test_a_scheme_of_the_country_is_ranked_by_its_name(mektep):
    with open_session(mektep.engine, "national") as session:
        planner = make_officer(session, "planner")
        units = (250, 150, 80, 250, 100, 70, 50, 50)
        become(session, planner)
        code = save_scheme(session, NewScheme("Poor rayons", "Ministry", "", units, True), planner.id, EVERYTHING)
    shipped, _ = rank(mektep)
    named, coded = (mektep("rank", "--scheme", name, "--json").json for name in ("poor rayons", code))

    assert named["run"] == coded["run"] != shipped["run"]


def test_a_changed_building_type_answer_or_hazard_moves_one_school_by_its_parts(mektep, tmp_path):
    take_in(mektep, "hazard", "glof_events", events(tmp_path, "far.geojson", 78.0, 41.0))
    assert mektep("refresh", "exposure", "--layer", "glof_events").code == 0
    _, start = rank(mektep)

    buildings = tmp_path / "buildings.csv"
    buildings.write_text("code,school_code,building_type\nS2-1,S2,KG-RCW\n", encoding="utf-8")
    take_in(mektep, "buildings", buildings)
    _, retyped = rank(mektep)
    assert changed_parts(start, retyped) == {"S2": {0, 1, 2}}
    assert retyped["S2"][2] < start["S2"][2]

    answers = tmp_path / "answers.csv"
    answers.write_text("school_code,criterion_code,answer\nS1,WSH-01,fails\n", encoding="utf-8")
    take_in(mektep, "answers", answers, "--date", "2026-10-01", "--map", "answer=state")
    _, answered = rank(mektep)
    assert changed_parts(retyped, answered) == {}, "the school's own answer does not beat a verified one"
    answers.write_text("school_code,criterion_code,answer\nS2,WSH-01,meets\n", encoding="utf-8")
    take_in(mektep, "answers", answers, "--date", "2026-10-01", "--map", "answer=state")
    _, answered = rank(mektep)
    assert changed_parts(retyped, answered) == {"S2": {4}}, "the index stays at its cap, the services improve"

    take_in(mektep, "hazard", "glof_events", events(tmp_path, "near.geojson", 74.2, 42.801))
    assert mektep("refresh", "exposure", "--layer", "glof_events").code == 0
    _, flooded = rank(mektep)
    assert changed_parts(answered, flooded) == {"S1": {0, 1, 2}}
    assert flooded["S1"][2] > answered["S1"][2]
