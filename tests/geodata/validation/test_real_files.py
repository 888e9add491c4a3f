"""The real files of the project's neighbours go through with a mapping that nobody wrote."""

from __future__ import annotations

from collections import Counter

import pytest

from geodata.readers.reference import read_areas
from geodata.readers.sandbox import read_in_sandbox, read_raster_in_sandbox
from geodata.validation import validate
from tests.support.import_files import REAL_DATA, context, known_area

pytestmark = pytest.mark.skipif(not REAL_DATA.is_dir(), reason="the real data lie beside the project and are not here")


def check(name, kind, **known):
    path = REAL_DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return validate(kind, read_in_sandbox(path), None, context(**known))


def test_cod_ab_areas():
    checked = check("kgz_cod_ab_adm2_moes_2018.geojson", "areas")

    assert (len(checked.records), checked.refused) == (53, [])
    by_code = {area.code: area for _, area in checked.records}
    assert by_code["41704220000000"].name_en == "At-Bashy rayon"
    assert all(area.geometry.geom_type == "MultiPolygon" for area in by_code.values())
    assert Counter(area.level for area in by_code.values())[2] >= 51
    assert all(area.valid_to is None for area in by_code.values())


@pytest.mark.parametrize("name", ["kgz_cod_ab_adm2_moes_2018.geojson", "kgz_adm2_complete_derived.geojson"])
def test_the_city_that_changed_its_code_is_no_second_one(name):
    known = tuple(known_area(record) for record in read_areas())

    checked = check(name, "areas", areas=known)

    twins = [problem for problem in checked.problems if problem.code == "area_twin"]
    assert [(twin.value, twin.severity, twin.params["code"]) for twin in twins] == [
        ("Көк-Жаңгак ш.", "warning", "41703220600010")
    ]
    assert twins[0].column.upper() == "ADM2_KY"
    kept = {problem.value for problem in checked.problems if problem.code == "area_name_kept"}
    assert "Тоӊ" not in kept
    assert not any("областного значения" in value for value in kept)


@pytest.mark.parametrize(("name", "rows"), [("kgz_adm1_derived.geojson", 9), ("kgz_adm2_complete_derived.geojson", 55)])
def test_derived_areas(name, rows):
    checked = check(name, "areas")

    assert (len(checked.records), checked.refused) == (rows, [])
    assert all(area.code.startswith("417") and area.name_ky for _, area in checked.records)


def test_osm_export():
    checked = check("hotosm_health_facilities_points_kgz.geojson", "schools")

    assert (len(checked.records), checked.refused) == (1078, [])
    schools = [school for _, school in checked.records]
    assert all(school.code == "osm-" + school.other_codes["osm"] for school in schools)
    assert all(school.location is not None and school.location_quality == "geocoded" for school in schools)
    assert sum(not (school.name_ky or school.name_ru or school.name_en) for school in schools) > 250


def test_mudflow_polygons():
    checked = check("wfp_prism_mudflow_recurrence_moes2009_kgz.geojson", "hazard")

    features = [feature for _, feature in checked.records]
    assert len(features) == 221
    assert {feature.level for feature in features} == {None}
    assert len({feature.value for feature in features}) == 12


def test_true_faults_only():
    checked = check("gem_active_faults_centralasia.geojson", "hazard")

    assert (len(checked.records), len(checked.left_out), checked.refused) == (63, 104, [])


def test_glacial_lake_floods():
    checked = check("hmaglofdb_glof_events_kgz.csv", "hazard")

    assert (len(checked.records), len(checked.left_out), checked.refused) == (84, 114, [])
    assert checked.records[0][1].geometry.y == 42.58


def test_altitude_raster():
    raster = read_raster_in_sandbox(REAL_DATA / "pvlib_altitude_5arcmin_kgz.tif")

    assert (raster.width, raster.height, raster.srid, raster.dtype) == (144, 60, 4326, "int16")
