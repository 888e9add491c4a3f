"""Layers for several return periods, from the database to risk, page and kit; and files whose periods contradict."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from app.risk.parameters import default_parameters
from app.workflows import make_kit, reproduce_kit
from app.workflows.import_check import check_within, open_file
from app.workflows.import_options import ImportOptions, KeptFile
from app.workflows.rank_schools import rank_schools
from app.workflows.ranking_periods import MapsByPeriod, MeasuredPlace
from geodata.models import Exposure, ExposureRun, HazardLayer, ImportProblem, Run, School, SchoolResult
from layers.errors import InvalidManifestError
from layers.manifest import manifest_as_json, read_manifest
from layers.registry import CATALOGUE_DIR, find_layer
from tests.factories.country import make_country
from tests.support.pages import PageClient
from tests.support.rasters import write_raster

P = default_parameters()


def add_layer(session, country, code, values, level=3):
    """The current version of a catalogue's layer, with a value at each school; None = outside it."""
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
    for school, value in values.items():
        status, own = ("outside", None) if value is None else ("measured", level)
        session.add(
            Exposure(run_id=run.id, school_id=country.schools[school].id, level=own, value=value, status=status)
        )
    session.flush()


def loss_ratios(session, summary):
    session.expire_all()
    rows = session.scalars(select(SchoolResult).where(SchoolResult.run_id == summary.run_id))
    code_of = dict(session.execute(select(School.id, School.code)).all())
    return {code_of[row.school_id]: row.factor_raw[2] for row in rows}


@pytest.fixture
def country(session):
    found = make_country(session)
    for layer in found.layers.values():
        layer.is_public = True
    return found


def test_two_depths_stand_for_the_level_where_both_are_known_and_the_list_comes_out_of_its_kit(
    session, country, tmp_path
):
    add_layer(session, country, "flood_depth_100", {"S1": 0.5, "S2": None, "S3": 0.0}, level=2)
    one = loss_ratios(session, rank_schools(session))
    add_layer(session, country, "flood_depth_500", {"S1": 1.0, "S2": 1.0, "S3": 0.0}, level=2)
    summary = rank_schools(session)
    two = loss_ratios(session, summary)

    level_2, level_1 = 0.01 * 0.2, 0.0005 * 0.05
    assert two["S1"] - one["S1"] == pytest.approx(0.00476 - level_2, abs=1e-9)
    assert two["S2"] - one["S2"] == pytest.approx(level_2 - level_1, abs=1e-9), "one depth alone is a level"
    assert two["S3"] - one["S3"] == pytest.approx(-level_2, abs=1e-9), "dry in both"
    run = session.get(Run, summary.run_id)
    kit = tmp_path / "kit.zip"
    kit.write_bytes(make_kit.make_kit(session, run, lambda _pct, _step: None))
    made = reproduce_kit.reproduce(kit)
    assert (made.run_hash, made.difference) == (run.hash, None)
    assert {"flood_depth_100", "flood_depth_500"} <= json.loads(run.canonical)["layers"].keys()


def test_two_maps_of_degrees_are_a_curve_and_one_is_a_zone(session, country):
    before = loss_ratios(session, rank_schools(session))
    add_layer(session, country, "msk_100", dict.fromkeys(country.schools, 8.0))
    zone = loss_ratios(session, rank_schools(session))
    add_layer(session, country, "msk_2475", dict.fromkeys(country.schools, 8.5))
    curve = loss_ratios(session, rank_schools(session))

    assert zone["S1"] == pytest.approx(before["S1"]), "0.36 g on soil II is worse than 8 degrees"
    assert curve["S4"] is None or curve["S4"] > 0
    assert curve["S1"] != pytest.approx(zone["S1"]), "8 degrees once in 100 years is more often"


def told(hazard, quantity, period, value):
    return MeasuredPlace(hazard, {"quantity": quantity, "return_period_years": period}, np.array([value]))


def test_a_zone_without_a_period_raises_the_curve_of_degrees():
    maps = MapsByPeriod(1)
    for one in (told("earthquake", "msk", 100, 7.0), told("earthquake", "msk", 475, 8.0)):
        maps.add(one)
    alone = maps.shaking(np.array([2]), P)
    maps.add(told("earthquake", "msk", None, 9.0))
    raised = maps.shaking(np.array([2]), P)

    assert alone.a475_g[0] == pytest.approx(0.2)
    assert raised.a475_g[0] == pytest.approx(0.4)
    assert raised.curve_g[0] == pytest.approx([0.2, 0.4])


def test_the_page_of_a_school_shows_each_period_and_says_dry_and_unknown(session, country, app):
    add_layer(session, country, "flood_depth_20", {"S1": 0.0, "S2": None}, level=1)
    add_layer(session, country, "flood_depth_100", {"S1": 0.5, "S2": 0.5}, level=2)
    add_layer(session, country, "flood_depth_500", {"S1": 1.0, "S2": None}, level=2)
    rank_schools(session)
    wet, partly = (PageClient(app).get(f"/en/schools/{code}") for code in ("S1", "S2"))

    rows = {row[0]: row[1] for row in wet.rows() if len(row) == 2}
    assert (rows["20 years"], rows["100 years"], rows["500 years"]) == ("dry", "0.5 m", "1.0 m")
    # 0.5 (0 + 0.38) 0.04 + 0.5 (0.38 + 0.54) 0.008 + 0.54 x 0.002 = 0.01236
    assert "loses 1.24% of its value" in wet.text
    assert {row[0]: row[1] for row in partly.rows() if len(row) == 2}["20 years"] == "Unknown"
    assert "of its value in a mean year" not in partly.text
    assert "the sources disagree" not in wet.text, "maps of several periods are one source"


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_periods_read_in_the_other_languages(session, country, app, language):
    add_layer(session, country, "msk_100", {"S1": 7.0})
    add_layer(session, country, "msk_475", {"S1": 8.0})

    PageClient(app).get(f"/{language}/schools/S1")


def check(session, path, code):
    kept = KeptFile(path, path.name, "0" * 64, path.stat().st_size)
    options = ImportOptions(kind="hazard", hazard_code=code, source="trial", licence="CC-BY-4.0")
    batch = check_within(session, open_file(kept, options), options)
    problems = session.scalars(select(ImportProblem).where(ImportProblem.batch_id == batch.id)).all()
    return batch.status, {one.code: one.params for one in problems}


def test_a_raster_whose_periods_are_exchanged_is_refused_and_some_falling_places_are_told(session, country, tmp_path):
    add_layer(session, country, "flood_depth_100", dict.fromkeys(country.schools, 1.0))
    low = write_raster(tmp_path / "low.tif", np.full((30, 60), 0.4), west=72.0, north=44.0)
    cells = np.full((30, 60), 2.0)
    cells[:, :23] = 0.5  # S1 alone
    some = write_raster(tmp_path / "some.tif", cells, west=72.0, north=44.0)
    more = write_raster(tmp_path / "more.tif", np.full((30, 60), 2.0), west=72.0, north=44.0)

    status, problems = check(session, low, "flood_depth_500")
    assert status == "refused"
    assert problems["hazard_periods_exchanged"]["shorter"] == 100
    assert check(session, more, "flood_depth_500") == ("checked", {})
    status, problems = check(session, low, "flood_depth_20")
    assert (status, problems) == ("checked", {}), "less water in 20 years is no contradiction"
    status, problems = check(session, some, "flood_depth_500")
    assert status == "checked"
    assert problems == {"hazard_falls_with_period": {"shorter": 100, "longer": 500, "count": 1, "total": 4}}


def test_a_raster_of_depths_in_centimetres_is_refused_with_its_unit(session, country, tmp_path):
    path = write_raster(tmp_path / "cm.tif", np.full((10, 10), 180.0))
    status, problems = check(session, path, "flood_depth_100")

    assert status == "refused"
    assert problems["hazard_unit_fits"]["fits"] == "cm, mm"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param(('unit = "m"', 'unit = "cm"'), "depths are in metres", id="centimetres"),
        pytest.param(("return_period_years = 100", "return_period_years = 0"), "return_period_years", id="no period"),
    ],
)
def test_a_manifest_of_depths_in_another_unit_or_without_a_period_is_refused(tmp_path, changed, words):
    text = (CATALOGUE_DIR / "flood_depth_100.toml").read_text(encoding="utf-8")
    path = tmp_path / "flood_depth_100.toml"
    Path(path).write_text(text.replace(*changed), encoding="utf-8")

    with pytest.raises(InvalidManifestError, match=words):
        read_manifest(path)
