"""Through the command line: one changed building, answer or polygon moves that school's parts and no other's."""

from __future__ import annotations

import json
import os

import pytest

from tests.support import database as test_database
from tests.support.command_line import CommandLine
from tests.support.rasters import write_raster

WEIGHTS = (30, 15, 8, 20, 10, 7, 5, 5)
"""Points of C1 to C8 in the default scheme."""

PLACES = {"S-1": (74.60, 42.80), "S-2": (74.70, 42.80), "S-3": (74.80, 42.80), "S-4": (74.90, 42.80)}
SCHOOLS = "code,name_ky,lat,lon,pupils,seats\n" + "".join(
    f"{code},Мектеп {code},{lat},{lon},300,250\n" for code, (lon, lat) in PLACES.items()
)
BUILDINGS = "code,school_code,building_type,year_built,storeys,area_m2,use\n" + "".join(
    f"B{code[1:]},{code},KG-RCF-M,1990,2,2000,окуу\n" for code in PLACES
)
LEVELS = {"S-1": 1, "S-2": 2, "S-3": 1}
FIELDS = """
    school.code, index_lower, index_central, index_upper, completeness, priority_lower, priority_central,
    priority_upper, factor_raw, factor_value, contribution, result.known, hazard_levels, grade
"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A database with reference data, made once and copied for each test of this module."""
    made = test_database.create(f"mektep_change_{os.getpid()}")
    from app.workflows.load_reference import load_reference
    from geodata.database import make_engine, open_session

    engine = make_engine(made.url("mektep_worker"))
    with open_session(engine, "national") as session:
        load_reference(session)
    engine.dispose()
    yield made, tmp_path_factory.mktemp("var")
    test_database.drop(made)


@pytest.fixture
def mektep(ready, monkeypatch, capfd):
    made = CommandLine(*ready, monkeypatch, capfd)
    yield made
    made.engine.dispose()


@pytest.fixture
def load(mektep, tmp_path):
    """Import the content of a small file and insist that it went in whole."""

    def run(*verb: str, content: str, name: str = "file.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        outcome = mektep("import", *verb, path, "--json")
        assert outcome.code == 0, outcome.out + outcome.err
        return outcome.json

    return run


def _answers(mektep, changed: str | None = None) -> str:
    codes = mektep.rows("SELECT code, scope FROM criterion WHERE grouping <> 'protection' ORDER BY code LIMIT 40")
    lines = ["school_code,criterion_code,building_code,state,assessed_on"]
    for school in PLACES:
        for code, scope in codes:
            building = f"B{school[1:]}" if scope == "building" else ""
            state = "жок" if f"{school}/{code}" == changed else "ооба"
            lines.append(f"{school},{code},{building},{state},2025-05-06")
    return "\n".join(lines) + "\n"


def _flood(levels: dict[str, int]) -> str:
    features = []
    for code, level in levels.items():
        lon, lat = PLACES[code]
        ring = [
            [lon + dx, lat + dy]
            for dx, dy in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01), (-0.01, -0.01))
        ]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"level": level}, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features})


def _ranked(mektep) -> dict[str, dict]:
    made = mektep("rank", "--json")
    assert made.code == 0, made.err
    names = [part.strip().rsplit(".", 1)[-1] for part in FIELDS.split(",")]
    found = mektep.rows(
        f"""
        SELECT {FIELDS} FROM school_result AS result JOIN school ON school.id = result.school_id
        JOIN run ON run.id = result.run_id WHERE run.hash = :hash
        """,
        hash=made.json["run"],
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in found}


def _only(before, after, school):
    """Assert that no other school's parts moved, and that the parts of ``school`` follow the formula."""
    assert {code: row for code, row in after.items() if code != school} == {
        code: row for code, row in before.items() if code != school
    }
    mine = after[school]
    assert mine != before[school]
    points = [weight * value for weight, value in zip(WEIGHTS, mine["factor_value"], strict=True) if value is not None]
    known = [part for part, value in zip(mine["contribution"], mine["factor_value"], strict=True) if value is not None]
    assert known == pytest.approx(points, abs=1e-6)
    assert mine["priority_central"] == pytest.approx(sum(mine["contribution"]), abs=1e-6)
    return before[school], mine


@pytest.fixture
def country(mektep, load, tmp_path):
    """Four schools, their buildings, answers and a flood layer; imported again, they are as they were."""
    load("schools", content=SCHOOLS)
    load("buildings", content=BUILDINGS)
    load("answers", content=_answers(mektep))
    load("hazard", "demo_flood", content=_flood(LEVELS), name="flood.geojson")
    shaking = write_raster(tmp_path / "pga.tif", [[0.3] * 20] * 20, west=74.0, north=43.5)
    assert mektep("import", "hazard", "demo_pga_475", shaking).code == 0
    return _ranked(mektep)


def test_the_same_data_give_the_same_run(mektep, country):
    assert mektep("rank", "--json").json["is_new"] is False


def test_a_weaker_building_raises_the_risk_of_its_school_alone(mektep, load, country):
    load("buildings", content="code,school_code,building_type\nB-2,S-2,KG-ADB\n")

    before, after = _only(country, _ranked(mektep), "S-2")

    assert after["factor_raw"][0] > 2 * before["factor_raw"][0] > 0
    assert after["contribution"][0] > before["contribution"][0]
    assert [after["contribution"][i] for i in (3, 5)] == [before["contribution"][i] for i in (3, 5)]


def test_one_failed_answer_moves_the_conformity_of_its_school_alone(mektep, load, country):
    criterion = mektep.value(
        "SELECT code FROM criterion WHERE grouping <> 'protection' AND NOT is_critical ORDER BY code LIMIT 1"
    )
    load("answers", content=_answers(mektep, f"S-3/{criterion}"))

    before, after = _only(country, _ranked(mektep), "S-3")

    assert after["index_central"] < before["index_central"]
    assert after["contribution"][3] == pytest.approx(20 * (1 - after["index_central"] / 100), abs=1e-6)
    assert after["completeness"] == before["completeness"]


def test_one_polygon_moves_the_hazard_of_the_school_inside_it_alone(mektep, load, country):
    load("hazard", "demo_flood", content=_flood(LEVELS | {"S-1": 4}), name="flood.geojson")

    before, after = _only(country, _ranked(mektep), "S-1")

    assert (before["hazard_levels"]["flood"], after["hazard_levels"]["flood"]) == (1, 4)
    assert after["factor_raw"][0] > before["factor_raw"][0]
    assert after["contribution"][3] == before["contribution"][3]


def _exposures(mektep):
    return mektep.rows("""
        SELECT school.code, layer.code, exposure.level, exposure.value
        FROM exposure JOIN school ON school.id = school_id JOIN exposure_run ON exposure_run.id = exposure.run_id
        JOIN hazard_layer AS layer ON layer.id = layer_id WHERE layer.is_current ORDER BY 1, 2
    """)


def test_other_names_in_a_hazard_file_make_a_version_and_move_nothing(mektep, load, country):
    before, versions = _exposures(mektep), mektep.value("SELECT count(*) FROM hazard_layer WHERE code = 'demo_flood'")
    renamed = _flood(LEVELS).replace('"level": 2', '"level": 2, "name": "Ак-Суу", "note": "2024"')

    done = load("hazard", "demo_flood", content=renamed, name="flood.geojson")
    again = load("hazard", "demo_flood", content=renamed, name="flood.geojson")

    told = [
        [one["code"] for one in outcome["problems"] if one["code"].startswith("hazard")] for outcome in (done, again)
    ]
    assert told == [["hazard_words_changed"], []]
    assert (done["added"], done["changed"], done["unchanged"]) == (0, 0, 3)
    assert mektep.value("SELECT count(*) FROM hazard_layer WHERE code = 'demo_flood'") == versions + 1
    assert _exposures(mektep) == before
    assert {code: row["hazard_levels"] for code, row in _ranked(mektep).items()} == {
        code: row["hazard_levels"] for code, row in country.items()
    }


def test_a_feature_of_another_shape_than_the_layer_s_is_refused_by_row(mektep, country, tmp_path):
    features = json.loads(_flood(LEVELS))
    features["features"][1]["geometry"] = {"type": "LineString", "coordinates": [[74.6, 42.8], [74.7, 42.8]]}
    path = tmp_path / "lines.geojson"
    path.write_text(json.dumps(features), encoding="utf-8")

    outcome = mektep("import", "hazard", "demo_flood", path, "--json")

    (problem,) = [one for one in outcome.json["problems"] if one["severity"] == "error"]
    assert (outcome.code, problem["row"], problem["code"]) == (3, 2, "geometry_wrong_type")
    assert "LineString" in problem["message"]
