"""A scenario event from the database to the database: people by shift, seats, and what may be seen."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import update

from app.risk.event import building_impact, distance_km, intensity_at, load_equation
from app.risk.hazard_curve import motion_of_intensity
from app.risk.parameters import default_parameters
from app.workflows.run_footprint import run_footprint
from app.workflows.run_scenario import publish_scenario, run_past_event, run_past_events
from app.workflows.scenario_errors import (
    NothingShakenError,
    ScenarioCodeError,
    ScenarioExistsError,
    UnknownScenarioError,
    WeaklyShakenError,
)
from geodata.database import set_scope
from geodata.models import School
from geodata.queries.scenarios import areas_at, find_scenario, list_scenarios, schools_at
from tests.factories.country import make_country
from tests.geodata.readers.test_footprint import polygons

P = default_parameters()
FIRST, SECOND, NIGHT = (True, False, False), (False, True, False), (False, False, False)
TITLES = {"ky": "Сыноо", "ru": "Проверка", "en": "Trial"}


def schools_of(session, code, shifts=FIRST):
    return {row.code: row for row in schools_at(session, find_scenario(session, code).id, shifts)}


def shake(session, path, code="trial", **changes):
    polygons(path / "zones.geojson", box=(74.1, 42.7, 74.5, 42.9), msk=8.0)
    return run_footprint(session, path / "zones.geojson", code, TITLES, "test", unit="msk", **changes)


def test_a_past_event_shakes_each_school_by_its_equation(session):
    make_country(session)
    made = run_past_event(session, "kemin-1911")
    found, scenario = schools_of(session, "kemin-1911"), find_scenario(session, "kemin-1911")

    km = distance_km(np.array([74.2]), np.array([42.8]), scenario.lon, scenario.lat)
    expected = intensity_at(scenario.magnitude, km, load_equation("bindi-2011-repi"))[0]
    assert made.schools == 4
    assert found["S1"].msk == pytest.approx(expected)
    assert "Bindi" in scenario.equation
    assert "Table 1" in scenario.equation
    assert not scenario.is_published


def test_people_follow_the_shift_and_nobody_is_there_at_night(session, tmp_path):
    make_country(session)
    shake(session, tmp_path)
    first, second, night = (schools_of(session, "trial", shifts)["S1"] for shifts in (FIRST, SECOND, NIGHT))

    attendance = P["occupancy.attendance"]
    assert (first.present, second.present) == (round(400 * attendance), round(200 * attendance))
    assert (night.present, night.deaths) == (0, 0)
    assert first.deaths == pytest.approx(2 * second.deaths)
    assert first.seats_lost == second.seats_lost == night.seats_lost > 0


def test_boarders_are_inside_at_each_hour_and_unknown_ones_are_unknown_at_night(session, tmp_path):
    make_country(session)
    session.execute(update(School).where(School.code == "S1").values(boarding_pupils=60))
    session.execute(update(School).where(School.code == "S2").values(kind="boarding"))
    shake(session, tmp_path)
    first, second, night = (schools_of(session, "trial", shifts) for shifts in (FIRST, SECOND, NIGHT))

    attendance = P["occupancy.attendance"]
    assert first["S1"].present == round(360 * attendance) + round(60 * attendance)
    assert second["S1"].present == round(180 * attendance) + round(60 * attendance)
    assert night["S1"].present == round(60 * attendance)
    assert night["S1"].deaths > 0
    assert first["S2"].present == round(300 * attendance)
    assert night["S2"].present is None


def test_only_schools_inside_the_footprint_have_rows_and_unknown_people_stay_unknown(session, tmp_path):
    country = make_country(session)
    country.schools["S1"].pupils = None
    country.schools["S1"].shift_pupils = []
    session.flush()
    made = shake(session, tmp_path)
    found = schools_of(session, "trial")

    assert set(found) == {"S1", "S2"}
    assert made.schools == 2
    assert (found["S1"].present, found["S1"].deaths) == (None, None)
    areas = areas_at(session, find_scenario(session, "trial").id, FIRST)
    assert [(area.code, area.schools, area.unknown) for area in areas] == [(country.areas["R1"].code, 2, 1)]


def test_the_impact_is_that_of_the_engine_and_the_models_spread_around_it(session, tmp_path):
    make_country(session)
    shake(session, tmp_path)
    row = schools_of(session, "trial")["S2"]

    assert row.unusable_low <= row.unusable <= row.unusable_high
    assert row.pga_g == pytest.approx(float(motion_of_intensity(np.array(8.0), P)))
    everything = building_impact(np.array([0.2, 0.2]), np.array([0, len(P.types) - 1]), np.array([0, 0]), P)
    assert everything.unusable.min() <= row.unusable <= everything.unusable.max()


def test_the_public_sees_a_scenario_only_once_it_is_published(session, tmp_path):
    make_country(session)
    shake(session, tmp_path)
    number = find_scenario(session, "trial").id
    set_scope(session, "public")
    assert list_scenarios(session) == []
    assert schools_at(session, number, FIRST) == []

    set_scope(session, "national")
    publish_scenario(session, "trial")
    set_scope(session, "public")

    assert [found.code for found in list_scenarios(session)] == ["trial"]
    assert len(schools_at(session, number, FIRST)) == 2


def test_a_scenario_never_changes_but_may_be_replaced(session, tmp_path):
    make_country(session)
    shake(session, tmp_path)

    with pytest.raises(ScenarioExistsError):
        shake(session, tmp_path)
    assert shake(session, tmp_path, replace=True, publish=True).schools == 2


def test_what_cannot_be_computed_is_said(session, tmp_path):
    with pytest.raises(NothingShakenError, match="no schools"):
        run_past_event(session, "kemin-1911")
    make_country(session)
    with pytest.raises(UnknownScenarioError, match="suusamyr-1992"):
        run_past_event(session, "atlantis")
    with pytest.raises(UnknownScenarioError):
        publish_scenario(session, "atlantis")
    polygons(tmp_path / "far.geojson", box=(10.0, 50.0, 11.0, 51.0), msk=9.0)
    with pytest.raises(NothingShakenError, match="inside the footprint"):
        run_footprint(session, tmp_path / "far.geojson", "far", TITLES, "test", unit="msk")


@pytest.mark.parametrize("code", ["А б/..", "trial/../x", "trial 1", "-trial", "сыноо", "trial\n", "", "a" * 65])
def test_a_code_that_cannot_stand_in_an_address_is_refused(session, tmp_path, code):
    make_country(session)

    with pytest.raises(ScenarioCodeError, match="Latin letters, digits and hyphens"):
        shake(session, tmp_path, code)

    assert list_scenarios(session) == []


@pytest.mark.parametrize(("unit", "field", "value"), [("msk", "msk", 4.4), ("g", "pga", 0.0165)])
def test_schools_that_are_shaken_weakly_are_not_called_outside(session, tmp_path, unit, field, value):
    make_country(session)
    polygons(tmp_path / "weak.geojson", box=(70.0, 40.0, 80.0, 45.0), **{field: value})

    with pytest.raises(
        WeaklyShakenError, match=r"4 schools lie inside .* none is shaken by 5 MSK .* is 4\.4 MSK"
    ) as told:
        run_footprint(session, tmp_path / "weak.geojson", "weak", TITLES, "test", unit=unit)

    assert told.value.schools == 4


def test_every_past_event_is_published_and_computed_anew(session):
    make_country(session)
    first, second = run_past_events(session), run_past_events(session)

    assert [made.code for made in first] == ["kemin-1911", "suusamyr-1992"]
    assert first == second
    assert all(found.is_published for found in list_scenarios(session))


def test_an_area_without_a_degree_counts_people_and_leaves_harm_unknown(session, tmp_path):
    country = make_country(session)
    polygons(tmp_path / "storm.geojson", box=(74.1, 42.7, 74.5, 42.9))
    made = run_footprint(session, tmp_path / "storm.geojson", "storm", TITLES, "test", unit="inside")
    found, scenario = schools_of(session, "storm"), find_scenario(session, "storm")

    assert (made.schools, made.strongest_msk, scenario.has_degree) == (2, None, False)
    assert set(found) == {"S1", "S2"}
    assert found["S1"].present == round(400 * P["occupancy.attendance"])
    modelled = ("msk", "pga_g", "unusable", "unusable_low", "unusable_high", "severe", "deaths", "seats_lost")
    assert {getattr(found["S1"], name) for name in modelled} == {None}
    area = areas_at(session, scenario.id, FIRST)[0]
    assert (area.code, area.schools) == (country.areas["R1"].code, 2)
    assert (area.strongest_msk, area.seats_lost, area.severe, area.deaths) == (None, None, None, None)


def test_with_no_degree_the_school_with_the_most_pupils_inside_is_called_first(session, tmp_path):
    country = make_country(session)
    for code, pupils in (("S1", 10), ("S2", 900)):
        country.schools[code].pupils, country.schools[code].shift_pupils = pupils, []
    session.flush()
    polygons(tmp_path / "storm.geojson", box=(74.1, 42.7, 74.5, 42.9))
    run_footprint(session, tmp_path / "storm.geojson", "storm", TITLES, "test", unit="inside")
    country.schools["S1"].pupils = None

    assert list(schools_of(session, "storm")) == ["S2", "S1"]
    assert schools_of(session, "storm", NIGHT)["S2"].present == 0
