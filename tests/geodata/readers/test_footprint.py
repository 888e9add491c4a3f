"""Files of shaking: what is taken, and what is told instead of repaired."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from geodata.errors import FootprintRefusedError
from geodata.readers.footprint import read_footprint

PLACES = np.array([74.05, 74.15, 80.0, np.nan]), np.array([42.95, 42.85, 42.9, 42.9])


def shakemap(path, *, units="pctg", values=(10.0, 20.0, 30.0, 40.0), head="", columns=2, name="PGA"):
    lines = zip(("74.05", "74.15") * 2, ("42.95", "42.95", "42.85", "42.85"), values, strict=True)
    rows = "\n".join(f"{lon} {lat} {value}" for lon, lat, value in lines)
    path.write_text(
        f'<?xml version="1.0"?>{head}<shakemap_grid xmlns="http://earthquake.usgs.gov/eqcenter/shakemap">'
        '<event magnitude="6.1" depth="12" lon="74.1" lat="42.9" event_description="Test"/>'
        f'<grid_specification nlon="{columns}" nlat="2"/>'
        '<grid_field index="1" name="LON" units="dd"/><grid_field index="2" name="LAT" units="dd"/>'
        f'<grid_field index="3" name="{name}" units="{units}"/><grid_data>{rows}</grid_data></shakemap_grid>',
        encoding="utf-8",
    )
    return path


def raster(path, *, crs="EPSG:4326", value=0.2, west=74.0, step=0.1):
    grid = np.full((2, 2), value, dtype="float32")
    grid[1, 1] = 2 * value
    profile = {"driver": "GTiff", "height": 2, "width": 2, "count": 1, "dtype": "float32", "crs": crs}
    with rasterio.open(path, "w", **profile, transform=from_origin(west, 43.0, step, step)) as made:
        made.write(grid, 1)
    return path


def polygons(path, *, name=None, box=(74.0, 42.8, 74.1, 43.0), kind="Polygon", **properties):
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]} if kind == "Polygon" else {"type": kind, "coordinates": ring}
    content = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": geometry, "properties": properties}],
    }
    if name:
        content["crs"] = {"type": "name", "properties": {"name": name}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_shakemap_states_its_own_unit_and_event(tmp_path):
    found = read_footprint(shakemap(tmp_path / "grid.xml"))

    assert (found.measure, found.unit) == ("pga_g", "pct_g")
    assert found.values_at(*PLACES)[:2] == pytest.approx([0.1, 0.4])
    assert np.isnan(found.values_at(*PLACES)[2:]).all()
    assert found.facts["magnitude"] == "6.1"


def test_a_raster_holds_for_its_cells(tmp_path):
    found = read_footprint(raster(tmp_path / "pga.tif"), "g")

    assert found.values_at(*PLACES)[:2] == pytest.approx([0.2, 0.4])
    assert np.isnan(found.values_at(*PLACES)[2:]).all()


def test_polygons_may_hold_intensity(tmp_path):
    found = read_footprint(polygons(tmp_path / "zones.geojson", msk=8), "msk")

    assert found.measure == "msk"
    assert found.values_at(*PLACES)[0] == 8
    assert np.isnan(found.values_at(*PLACES)[1:]).all()


@pytest.mark.parametrize(
    ("make", "unit", "message"),
    [
        pytest.param(lambda path: raster(path, value=25.0), "g", "plausible: pct_g, cm_s2", id="percent of g as g"),
        pytest.param(lambda path: raster(path, value=200.0), "g", "plausible: cm_s2", id="cm/s2 as g"),
        pytest.param(lambda path: raster(path, value=147.0), "g", "plausible: cm_s2", id="294 is no percent of g"),
        pytest.param(lambda path: raster(path, value=147.0), "pct_g", "plausible: cm_s2", id="nor is it as percent"),
        pytest.param(lambda path: raster(path, value=1.43), "g", "plausible: m_s2", id="m/s2 as g"),
        pytest.param(lambda path: raster(path, value=0.0002), "pct_g", "is it in g", id="g as percent"),
        pytest.param(lambda path: raster(path, value=8.0), "msk", "no intensity of MSK", id="16 degrees"),
        pytest.param(lambda path: raster(path, value=-0.2), "g", "negative", id="negative"),
        pytest.param(
            lambda path: raster(path, crs="EPSG:32643", west=4e5, step=100), "g", "EPSG:32643", id="other CRS"
        ),
        pytest.param(lambda path: raster(path, crs=None), "g", "does not say its CRS", id="no CRS"),
        pytest.param(raster, None, "in which unit", id="no unit"),
        pytest.param(raster, "gal", "not known", id="unknown unit"),
        pytest.param(lambda path: path.write_bytes(b"II*\0") and path, "g", "damaged", id="damaged"),
    ],
)
def test_a_raster_is_refused_in_words(tmp_path, make, unit, message):
    with pytest.raises(FootprintRefusedError, match=message):
        read_footprint(make(tmp_path / "pga.tif"), unit)


@pytest.mark.parametrize(
    ("changes", "unit", "message"),
    [
        pytest.param({"units": "furlong"}, None, "in which unit", id="unknown unit of its own"),
        pytest.param({}, "cm_s2", "not in cm_s2", id="another unit than it states"),
        pytest.param({"head": '<!DOCTYPE a [<!ENTITY b "c">]>'}, None, "document type", id="entities"),
        pytest.param(
            {"columns": 3},
            None,
            "should hold 6 cells of 3 numbers, 18 in all, and holds 12",
            id="fewer cells than it says",
        ),
        pytest.param({"values": ("n/a",) * 4}, None, "holds words where numbers", id="words for numbers"),
        pytest.param({"name": "PGV"}, None, "no field PGA", id="no acceleration"),
        pytest.param({"values": (400.0,) * 4}, None, "more than 3 g", id="4 g"),
    ],
)
def test_a_shakemap_is_refused_in_words(tmp_path, changes, unit, message):
    with pytest.raises(FootprintRefusedError, match=message):
        read_footprint(shakemap(tmp_path / "grid.xml", **changes), unit)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"name": "urn:ogc:def:crs:EPSG::32643", "pga": 0.2}, "32643", id="other CRS named"),
        pytest.param({"box": (4e5, 4.7e6, 4.1e5, 4.8e6), "pga": 0.2}, "another CRS", id="metres"),
        pytest.param({"depth": 0.2}, "'pga' is needed", id="no value"),
        pytest.param({"kind": "LineString", "pga": 0.2}, "made of polygons", id="a line"),
    ],
)
def test_polygons_are_refused_in_words(tmp_path, changes, message):
    with pytest.raises(FootprintRefusedError, match=message):
        read_footprint(polygons(tmp_path / "zones.geojson", **changes), "g")


def test_an_outline_that_crosses_itself_is_refused_with_its_number_and_place(tmp_path):
    path = polygons(tmp_path / "zones.geojson", msk=8)
    told = json.loads(path.read_text(encoding="utf-8"))
    bow = [[74.0, 42.0], [75.0, 43.0], [75.0, 42.0], [74.0, 43.0], [74.0, 42.0]]
    told["features"].append(
        {"type": "Feature", "properties": {"msk": 7}, "geometry": {"type": "Polygon", "coordinates": [bow]}}
    )
    path.write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(FootprintRefusedError, match=r"feature 2: the outline crosses .*\[74\.5 42\.5\].* Repair"):
        read_footprint(path, "msk")


def test_other_files_and_none_are_refused(tmp_path):
    with pytest.raises(FootprintRefusedError, match="there is no file"):
        read_footprint(tmp_path / "none.xml")
    (tmp_path / "note.txt").write_text("8", encoding="utf-8")
    with pytest.raises(FootprintRefusedError, match="ShakeMap"):
        read_footprint(tmp_path / "note.txt", "msk")


def test_an_area_without_a_degree_is_polygons_alone(tmp_path):
    found = read_footprint(polygons(tmp_path / "storm.geojson"), "inside")

    assert (found.measure, found.unit) == ("inside", "inside")
    assert found.values_at(np.array([74.05, 75.0]), np.array([42.9, 42.9]))[0] == 1
    assert np.isnan(found.values_at(np.array([75.0]), np.array([42.9]))[0])
    for other in (raster(tmp_path / "storm.tif"), shakemap(tmp_path / "storm.xml")):
        with pytest.raises(FootprintRefusedError, match="without a degree is made of polygons"):
            read_footprint(other, "inside")
    empty = tmp_path / "none.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(FootprintRefusedError, match="no values"):
        read_footprint(empty, "inside")
