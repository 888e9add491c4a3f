"""The real files of ``../shared/data`` through the command line."""

from __future__ import annotations

import os

import pytest

from tests.support import database as test_database
from tests.support.command_line import CommandLine

DATA = test_database.ROOT.parent / "shared/data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are kept beside the project, not in it")


@pytest.fixture(scope="module")
def own_database():
    """A database of this module: commands commit."""
    made = test_database.create(f"mektep_real_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture
def mektep(own_database, tmp_path_factory, monkeypatch, capfd):
    made = CommandLine(own_database, tmp_path_factory.getbasetemp() / "real-var", monkeypatch, capfd)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module", autouse=True)
def _reference(own_database):
    """The 86 units that ship with the project: real boundaries are laid over them."""
    from app.workflows.load_reference import load_reference
    from geodata.database import make_engine, open_session

    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        load_reference(session)
    engine.dispose()


def _same_again(mektep, *arguments):
    again = mektep(*arguments, "--json")
    assert again.code == 0, again.err
    assert (again.json["added"], again.json["changed"]) == (0, 0)
    assert again.json["unchanged"] > 0


def test_oblasts_and_rayons_go_in_with_their_parents(mektep):
    first = mektep("import", "areas", DATA / "kgz_adm1_derived.geojson", "--json", "--licence", "CC BY-IGO 3.0")
    assert first.code == 0, first.err
    assert (first.json["rows"], first.json["refused"]) == (9, 0)
    second = mektep("import", "areas", DATA / "kgz_cod_ab_adm2_moes_2018.geojson", "--json", "--source", "COD-AB")
    assert second.code == 0, second.err
    assert (second.json["rows"], second.json["refused"]) == (53, 0)
    assert second.json["changed"] > 40

    parent = """
        SELECT parent.code FROM area JOIN area AS parent ON parent.id = area.parent_id
        WHERE area.code = '41704220000000'
    """
    assert mektep.value(parent) == "41704000000000"
    assert mektep.value("SELECT bool_and(ST_Intersects(label_point, geom)) FROM area_boundary")
    told = """
        SELECT b.source, b.licence FROM area_boundary AS b JOIN area ON area.id = b.area_id
        WHERE area.code = '41702000000000'
    """
    assert mektep.rows(told) == [("kgz_adm1_derived.geojson", "CC BY-IGO 3.0")]
    assert mektep.value("SELECT bool_and(ST_IsValid(geom_low) AND NOT ST_IsEmpty(geom_low)) FROM area_boundary")
    _same_again(mektep, "import", "areas", DATA / "kgz_cod_ab_adm2_moes_2018.geojson")


def test_the_osm_export_maps_by_itself(mektep):
    file = DATA / "hotosm_health_facilities_points_kgz.geojson"
    answer = mektep("import", "schools", file, "--json", "--accept-good-rows", "--licence", "ODbL")

    assert answer.code == 0, answer.err
    found = answer.json
    assert found["rows"] == 1078 == found["added"] + found["refused"]
    assert found["added"] > 700
    assert mektep.value("SELECT count(*) FROM school WHERE location IS NOT NULL") == found["added"]
    assert mektep.value("SELECT count(*) FROM school_code WHERE register = 'osm'") == found["added"]
    assert mektep.value("SELECT count(DISTINCT school_id) FROM school_area WHERE level = 1") > 0.9 * found["added"]
    _same_again(mektep, "import", "schools", file, "--accept-good-rows")


def test_mudflow_polygons_keep_levels_without_a_legend_unknown(mektep):
    file = DATA / "wfp_prism_mudflow_recurrence_moes2009_kgz.geojson"
    answer = mektep("import", "hazard", "mudflow_recurrence_moes_2009", file, "--json")

    assert answer.code == 0, answer.err
    assert (answer.json["added"], answer.json["refused"]) == (221, 0)
    layer = "SELECT feature_count, is_public, is_current FROM hazard_layer WHERE code = 'mudflow_recurrence_moes_2009'"
    assert mektep.rows(layer) == [(221, False, True)]
    measured = (
        "SELECT count(*) FROM exposure JOIN exposure_run r ON r.id = run_id JOIN hazard_layer l ON l.id = layer_id"
    )
    assert mektep.value(f"{measured} WHERE l.code = 'mudflow_recurrence_moes_2009'") > 700
    _same_again(mektep, "import", "hazard", "mudflow_recurrence_moes_2009", file)


def test_fold_axes_are_left_out_of_the_faults(mektep):
    answer = mektep("import", "hazard", "active_faults_gem", DATA / "gem_active_faults_centralasia.geojson", "--json")

    assert answer.code == 0, answer.err
    found = answer.json
    assert (found["rows"], found["added"], found["left_out"]) == (167, 63, 104)
    stored = "SELECT feature_count FROM hazard_layer WHERE code = 'active_faults_gem' AND is_current"
    assert mektep.value(stored) == 63


def test_flood_events_with_a_place_of_impact_go_in(mektep):
    file = DATA / "hmaglofdb_glof_events_kgz.csv"
    answer = mektep(
        "import", "hazard", "glof_events", file, "--json", "--accept-good-rows",
        "--map", "Lat_impact=lat", "--map", "Lon_impact=lon",
    )  # fmt: skip

    assert answer.code == 0, answer.err
    found = answer.json
    assert found["rows"] == 198 == found["added"] + found["refused"] + found["left_out"]
    assert found["added"] == 84


def test_the_altitude_raster_is_kept_by_its_hash_and_measured(mektep):
    answer = mektep("import", "hazard", "altitude", DATA / "pvlib_altitude_5arcmin_kgz.tif", "--json")

    assert answer.code == 0, answer.err
    name = mektep.value("SELECT file_path FROM hazard_layer WHERE code = 'altitude' AND is_current")
    assert (mektep.var_dir / "geodata" / name).is_file()
    heights = mektep.rows("""
        SELECT min(value), max(value) FROM exposure JOIN exposure_run r ON r.id = run_id
        JOIN hazard_layer l ON l.id = layer_id WHERE l.code = 'altitude'
    """)
    assert 300 < heights[0][0] < heights[0][1] < 5000
    _same_again(mektep, "import", "hazard", "altitude", DATA / "pvlib_altitude_5arcmin_kgz.tif")


def test_the_last_layer_can_be_taken_back(mektep):
    batch = mektep.value("SELECT batch_id FROM hazard_layer WHERE code = 'altitude' AND is_current")

    undone = mektep("import", "undo", batch)

    assert undone.code == 0, undone.err
    assert mektep.rows("SELECT 1 FROM hazard_layer WHERE code = 'altitude'") == []
