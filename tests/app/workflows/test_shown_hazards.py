"""Cold, heat, tailings, roads and power lines: their levels are stored and listed, and no risk and no rank moves."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.workflows import make_kit, reproduce_kit
from app.workflows.official_difference import _layers_touched
from app.workflows.rank_schools import rank_schools
from geodata.models import BuildingResult, Exposure, ExposureRun, HazardLayer, Run, SchoolResult
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from layers.manifest import manifest_as_json
from layers.registry import find_layer
from tests.factories.country import make_country

SHOWN = {
    "cold": "demo_cold",
    "heat": "demo_heat",
    "tailings": "demo_tailings",
    "road": "demo_roads",
    "power_line": "demo_power_lines",
}
KEPT = (
    "national_rank", "oblast_rank", "rank_low", "rank_high", "factor_raw", "factor_value", "contribution", "known",
    "priority_lower", "priority_central", "priority_upper", "confidence", "grade", "index_central",
)  # fmt: skip


def add_layer(session, country, code, level):
    """The current version of a catalogue's layer, with one level at every school."""
    manifest = manifest_as_json(find_layer(code))
    layer = HazardLayer(
        code=code, version=1, hazard=manifest["hazard"], kind=manifest["kind"], manifest=manifest,
        data_sha256=code, is_current=True, is_public=True,
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="i", is_current=True)
    session.add(run)
    session.flush()
    for school in country.schools.values():
        session.add(Exposure(run_id=run.id, school_id=school.id, level=level, value=12.0, status="measured"))
    session.flush()


def results(session, run_id):
    session.expire_all()
    rows = session.scalars(select(SchoolResult).where(SchoolResult.run_id == run_id)).all()
    return {row.school_id: {name: getattr(row, name) for name in KEPT} for row in rows}


def risks(session, run_id):
    rows = session.execute(
        select(BuildingResult.building_id, BuildingResult.risk).where(BuildingResult.run_id == run_id)
    )
    return dict(rows.all())


@pytest.mark.parametrize("level", [1, 4, None])
def test_a_hazard_that_is_only_shown_moves_neither_risk_nor_rank(session, level):
    country = make_country(session)
    before = rank_schools(session)
    for code in SHOWN.values():
        add_layer(session, country, code, level)
    after = rank_schools(session)

    assert after.hash != before.hash, "the list holds their levels, so that it is another list"
    assert results(session, after.run_id) == results(session, before.run_id)
    assert risks(session, after.run_id) == risks(session, before.run_id)
    for row in session.scalars(select(SchoolResult).where(SchoolResult.run_id == after.run_id)):
        assert {row.hazard_levels[hazard] for hazard in SHOWN} == {level}


def test_drawn_intervals_do_not_move_either(session):
    country = make_country(session)
    before = rank_schools(session, draws=40)
    for code in SHOWN.values():
        add_layer(session, country, code, 4)
    after = rank_schools(session, draws=40)

    assert results(session, after.run_id) == results(session, before.run_id)


def test_schools_are_listed_by_a_hazard_that_is_only_shown(session):
    country = make_country(session)
    add_layer(session, country, "demo_roads", 4)
    run_id = rank_schools(session).run_id

    assert len(select_rows(session, run_id, ListFilter(hazard="road", hazard_level=4), 10, 0)) == len(country.schools)
    assert select_rows(session, run_id, ListFilter(hazard="tailings", hazard_level=1), 10, 0) == []


def test_a_new_layer_that_is_only_shown_is_no_reason_why_a_school_moved(session):
    country = make_country(session)
    old = session.get(Run, rank_schools(session).run_id)
    add_layer(session, country, "demo_cold", 4)
    new = session.get(Run, rank_schools(session).run_id)
    before, after = json.loads(old.canonical), json.loads(new.canonical)

    assert _layers_touched(session, old.data_date, before, after) == (False, False)
    assert _layers_touched(session, old.data_date, after, before) == (False, False), "nor is one that is gone"
    without_flood = after | {"layers": {code: one for code, one in after["layers"].items() if code != "flood_test"}}
    assert _layers_touched(session, old.data_date, before, without_flood) == (True, False)
    assert _layers_touched(session, old.data_date, without_flood, before)[0] is True


def test_a_list_with_hazards_that_are_only_shown_comes_out_of_its_kit(session, tmp_path):
    country = make_country(session)
    for layer in country.layers.values():
        layer.is_public = True
    add_layer(session, country, "demo_tailings", 3)
    run = session.get(Run, rank_schools(session).run_id)
    path = tmp_path / "kit.zip"
    path.write_bytes(make_kit.make_kit(session, run, lambda _pct, _step: None))
    made = reproduce_kit.reproduce(path)

    assert (made.run_hash, made.difference) == (run.hash, None)
    assert "demo_tailings" in json.loads(run.canonical)["layers"]
