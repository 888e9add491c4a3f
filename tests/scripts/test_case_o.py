"""Case O, twelve schools, from files through import and ``rank`` on the command line of an empty database.

Travel time and poverty are no columns of a school's file: C7 and C8 stay unknown here. The default scheme counts fire
and what earthquakes add to landslides, which the case leaves out: their part by the method's table is taken off.
Pupils by shift have no column either and are set beside the file.
"""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from app.risk.parameters import default_parameters
from app.risk.people import presence_of_pupil
from geodata.database import open_session
from geodata.models import Criterion, School, StandardDomain, StandardEdition
from tests.support import database as test_database
from tests.support import golden
from tests.support.command_line import CommandLine
from tests.support.rasters import write_raster

CASE = golden.load("O_end_to_end")
SCHOOLS = CASE["input"]["schools"]
WEST, NORTH, STEP = 74.40, 42.90, 0.1
PLACES = [(WEST + STEP * (n % 6 + 0.5), NORTH - STEP * (n // 6 + 0.5)) for n in range(len(SCHOOLS))]
STATES = {0: "fails", 0.5: "partly", 1: "meets", "NA": "not_applicable"}
DOMAINS = {"fire": "FIRE", "wash": "WSH", "heating": "ENG"}
HAZARDS = ("flood", "mudflow", "landslide", "avalanche")
WEIGHTS = np.array([30, 15, 8, 20, 10, 7])
P = default_parameters()
RESULTS = """
    SELECT school.code, factor_raw, contribution, index_lower, index_central, index_upper, completeness
    FROM school_result AS result JOIN school ON school.id = result.school_id
    JOIN run ON run.id = result.run_id WHERE run.hash = :hash ORDER BY school.code
"""


@pytest.fixture
def mektep(tmp_path, monkeypatch, capfd):
    made = test_database.create(f"mektep_case_o_{os.getpid()}")
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    yield line
    line.engine.dispose()
    test_database.drop(made)


def add_edition(session):
    """The small standard of the case, as an edition in force."""
    standard = golden.small_standard()
    titles = {"title_ky": "Стандарт", "title_ru": "Стандарт.", "title_en": "Standard"}
    edition = StandardEdition(code="case-o", status="draft", sha256="case-o", is_current=True, **titles)
    session.add(edition)
    session.flush()
    codes = [DOMAINS.get(block, block[:4].upper()) for block in standard.domain]
    for position, code in enumerate(dict.fromkeys(codes)):
        names = dict.fromkeys(("name_ky", "name_ru", "name_en"), code)
        session.add(StandardDomain(edition_id=edition.id, code=code, position=position, **names))
    for position, (code, weight, cap) in enumerate(zip(standard.codes, standard.weight, standard.cap, strict=True)):
        is_critical = not np.isnan(cap)
        session.add(
            Criterion(
                edition_id=edition.id, code=code, domain_code=codes[position], position=position, text_ky="к",
                text_ru="к.", text_en="c", scope="school", weight=int(weight), is_critical=is_critical,
                cap=float(cap) if is_critical else None, grouping="physical", field_class="public",
            )
        )  # fmt: skip


def files():
    """Yield (arguments of import, name, content) of every file of the case."""
    schools, buildings = (
        ["code,name_ky,lat,lon,pupils,seats,staff,shifts"],
        ["code,school_code,building_type,area_m2,soil_class,use"],
    )
    answers = ["school_code,criterion_code,state,assessed_on,kind"]
    for school, (lon, lat) in zip(SCHOOLS, PLACES, strict=True):
        code, shifts = school["id"], school["shifts"]
        pupils = sum(shift["pupils"] for shift in shifts)
        schools.append(
            f"{code},Мектеп {code},{lat:.3f},{lon:.3f},{pupils},{school['seats']},{school['staff']},{len(shifts)}"
        )
        buildings.append(f"B-{code},{code},{school['building_type']},{school['area_m2']},I,окуу")
        answers += [
            f"{code},{name},{STATES[score]},2026-05-06,verification" for name, score in school["standard"].items()
        ]
    yield ("schools",), "schools.csv", "\n".join(schools)
    yield ("buildings",), "buildings.csv", "\n".join(buildings)
    yield ("answers",), "answers.csv", "\n".join(answers)
    for hazard in HAZARDS:
        yield ("hazard", f"demo_{hazard}"), f"{hazard}.geojson", json.dumps(zones(hazard))


def zones(hazard):
    features = []
    for school, (lon, lat) in zip(SCHOOLS, PLACES, strict=True):
        ring = [
            [lon + x, lat + y] for x, y in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01), (-0.01, -0.01))
        ]
        level = {"level": school["hazards"][hazard]}
        features.append(
            {"type": "Feature", "properties": level, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    return {"type": "FeatureCollection", "features": features}


def besides(school, answer):
    """Return what the default scheme adds to C1, C2 and C3 of a school: fire, and triggered landslides."""
    fire, slide = P.hazards["fire"], P.hazards["landslide"]
    level = school["hazards"]["landslide"] - 1
    is_triggered = level >= 1 and school["a475_g"] >= 0.2
    extra = (P["landslide.earthquake_factor"] - 1) * slide.rate[level] * is_triggered
    death = fire.rate[0] * fire.death[0] + extra * slide.death[level]
    loss = fire.rate[0] * fire.loss[0] + extra * slide.loss[level]
    presence = float(presence_of_pupil(np.array(school["shifts"][0]["hours"]), P))
    return np.array([death * presence, death * answer["baseline"]["mean_persons"], loss])


def test_twelve_schools_through_import_and_rank_have_the_known_answer(mektep, tmp_path):
    with open_session(mektep.engine, "national") as session:
        add_edition(session)
    for verb, name, content in files():
        (tmp_path / name).write_text(content + "\n", encoding="utf-8")
        done = mektep("import", *verb, tmp_path / name, "--json")
        assert done.code == 0, (name, done.out[:2000], done.err)
    motion = np.array([school["a475_g"] for school in SCHOOLS]).reshape(2, 6)
    shaking = write_raster(tmp_path / "pga.tif", motion, WEST, NORTH, STEP)
    assert mektep("import", "hazard", "demo_pga_475", shaking).code == 0
    with open_session(mektep.engine, "national") as session:
        for school in SCHOOLS:
            row = session.query(School).filter_by(code=school["id"]).one()
            row.shift_pupils = [shift["pupils"] for shift in school["shifts"]]
            row.shift_hours = [shift["hours"] for shift in school["shifts"]]
    ranked = mektep("rank", "--json", "--draws", "0")
    assert ranked.code == 0, ranked.err

    found = mektep.rows(RESULTS, hash=ranked.json["run"])

    assert [row[0] for row in found] == [school["id"] for school in SCHOOLS]
    for school, answer, row in zip(SCHOOLS, CASE["expected"]["per_school"], found, strict=True):
        _, raw, contribution, lower, central, upper, completeness = row
        mine = np.array(raw[:6], dtype=float)
        mine[:3] -= besides(school, answer)
        assert mine == pytest.approx(answer["criteria"][:6], rel=1e-3), school["id"]
        conformity = answer["baseline"]["conformity"]
        assert (lower, central, upper, completeness) == pytest.approx(
            [conformity[name] for name in ("lower", "central", "upper", "completeness")], abs=1e-6
        )
        assert contribution[3:6] == pytest.approx(WEIGHTS[3:] * answer["value"][3:6], abs=0.05)
        assert contribution[6:] == pytest.approx([2.5, 2.5])
