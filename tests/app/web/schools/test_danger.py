"""What an earthquake on a school day does, on the page of a school: people by shift, seats, and what is unknown."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select, update

from app.risk.day_scenario import day_impact
from app.risk.parameters import MODIFIERS, default_parameters
from app.workflows.rank_schools import rank_schools
from geodata.models import BuildingResult, School
from tests.factories.country import make_country
from tests.support.pages import PageClient


@pytest.fixture
def reader(session, app):
    make_country(session)
    rank_schools(session)
    return PageClient(app)


def row_of(page, label):
    return next(row for row in page.rows() if row and row[0] == label)


def test_each_shift_has_its_toll_from_its_pupils_and_the_motion_of_the_place(reader, session):
    parameters = default_parameters()
    motions = {float(value) for value in session.scalars(select(BuildingResult.risk["motion_g"])).all()}
    motion = 0.3 * parameters["soil.II"]  # rock of S1, soil unknown
    kinds = np.array([parameters.types.index(code) for code in ("KG-URM-C", "KG-CM")])
    poor = 1 << MODIFIERS.index("poor_condition")
    impact = day_impact(np.full(2, motion), kinds, np.array([poor, 0]), parameters)
    severe = 400 * (0.75 * impact.severe[0, 0] + 0.25 * impact.severe[1, 0])
    page = reader.get("/en/schools/S1")
    first, second = row_of(page, "shift 1"), row_of(page, "shift 2")

    assert any(found == pytest.approx(motion) for found in motions)
    assert (first[1], second[1]) == ("400", "200")
    assert first[2].startswith(f"{severe:.0f}")
    assert " to " in first[2]


def test_shifts_that_are_not_told_apart_and_a_school_without_buildings_are_said_so(reader):
    assert row_of(reader.get("/en/schools/S3"), "all pupils, if they were inside together")[1] == "500"
    assert "A strong earthquake during lessons" not in reader.get("/en/schools/S4").text


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_section_reads_in_the_other_languages(reader, language):
    reader.get(f"/{language}/schools/S1")


def test_the_section_on_closing_tells_pupils_seats_and_that_distances_are_estimates(reader, session):
    unknown = reader.get("/en/schools/S1").text
    session.execute(update(School).values(languages=["ky"]))
    session.execute(update(School).where(School.code == "S2").values(seats=350, shifts=1, pupils=300))
    page = reader.get("/en/schools/S1")
    building = next(row for row in page.rows() if (row[0] == "S1-1" and "up to" in row[1]) or "free seats" in row[1])
    seats = next(row for row in page.rows() if row[:2] == ["Kyrgyz", "up to 30 km"])

    assert "The languages of instruction are unknown" in unknown
    assert building[1].startswith("300"), "three quarters of 400 pupils of the first shift"
    # S2, 21 km by that reckoning, grade E: 50 free seats in the first shift, all 350 in a second; S3 lies 42 km away
    assert ("D, E: 50" in seats[2], "D, E: 350" in seats[3]) == (True, True)
    assert seats[4] == "1"
    assert "Distances are straight lines times 1.3" in page.text
    assert "Neither travel times nor a place of this kind near it have been imported." in page.text


def test_boarders_are_inside_in_each_shift_and_at_night(reader, session):
    session.execute(update(School).where(School.code == "S1").values(boarding_pupils=60))
    page = reader.get("/en/schools/S1")

    assert row_of(page, "shift 1")[1] == "420"  # a tenth of 600 boards: 360 of 400 go home, 60 stay
    assert row_of(page, "shift 2")[1] == "240"
    assert row_of(page, "at night: pupils who board")[1] == "60"
    assert "Pupils who board" in page.text
