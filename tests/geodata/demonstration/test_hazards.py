"""The invented hazards are marked, valid, inside the country, and what the code draws from the ground."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.io import MemoryFile

from geodata.demonstration.climate_zones import cold_zones, heat_zones
from geodata.demonstration.drainage import load_ground
from geodata.demonstration.hazard_shapes import landslides, outburst_ways
from geodata.demonstration.hazards import country, hazard_layers
from geodata.demonstration.rivers import rivers
from geodata.demonstration.shaking import as_geotiff, shaking
from geodata.demonstration.technogenic import LEGACY_PLACES, power_lines, roads, tailings
from geodata.demonstration.terrain import lakes
from geodata.readers.reference import read_water
from layers.registry import find_layer


@pytest.fixture(scope="module")
def layers():
    return {layer.code: layer for layer in hazard_layers()}


def test_every_layer_is_in_the_catalogue_and_all_but_altitude_are_marked_synthetic(layers):
    for code, layer in layers.items():
        manifest = find_layer(code)
        assert manifest.is_synthetic == layer.is_synthetic == (code != "altitude_gebco")
        assert manifest.is_licensed
        if layer.is_synthetic:
            assert "(synthetic)" in manifest.title


def test_all_hazards_of_the_method_are_there(layers):
    hazards = {find_layer(code).hazard for code in layers}

    assert hazards == {
        "earthquake", "flood", "mudflow", "landslide", "avalanche", "rockfall", "glof", "altitude",
        "cold", "heat", "tailings", "road", "power_line",
    }  # fmt: skip


def test_shapes_are_valid_and_inside_the_country(layers):
    shapes = np.array([feature.geometry for layer in layers.values() for feature in layer.features])

    assert len(shapes) > 3000
    assert shapely.is_valid(shapes).all()
    assert shapely.within(shapes, shapely.buffer(country(), 0.05)).all()


def test_levels_are_known(layers):
    for code in ("demo_flood", "demo_mudflow", "demo_landslide", "demo_avalanche"):
        assert {feature.level for feature in layers[code].features} == {2, 3, 4}


@pytest.mark.parametrize("code", ["demo_cold", "demo_heat"])
def test_zones_of_cold_and_heat_cover_the_country_once(layers, code):
    shapes = np.array([feature.geometry for feature in layers[code].features])

    assert {feature.level for feature in layers[code].features} == {1, 2, 3, 4}
    assert shapely.area(shapes).sum() == pytest.approx(country().area, rel=0.005)
    assert shapely.union_all(shapes, grid_size=1e-5).area == pytest.approx(shapely.area(shapes).sum(), rel=0.002)


@pytest.mark.parametrize(
    ("name", "lon", "lat", "cold", "heat"),
    [
        ("Suusamyr", 74.01, 42.18, 4, 1), ("At-Bashy", 75.80, 41.17, 4, 1), ("Naryn", 75.99, 41.43, 4, 1),
        ("Bishkek", 74.59, 42.87, 2, 2), ("Cholpon-Ata", 77.08, 42.65, 2, 1), ("Osh", 72.80, 40.53, 2, 2),
        ("Jalal-Abad", 72.99, 40.94, 1, 3),
    ],
)  # fmt: skip
def test_high_valleys_are_the_coldest_and_the_low_ends_of_valleys_the_hottest(layers, name, lon, lat, cold, heat):
    place = shapely.Point(lon, lat)

    def level(code):
        return max(one.level for one in layers[code].features if shapely.covers(one.geometry, place))

    assert (level("demo_cold"), level("demo_heat")) == (cold, heat), name


def test_roads_pass_the_centres_and_keep_off_the_lakes(layers):
    lines = shapely.union_all([feature.geometry for feature in layers["demo_roads"].features])

    for lon, lat in ((74.59, 42.87), (72.80, 40.53), (75.99, 41.43), (78.39, 42.49), (70.82, 40.06)):
        assert shapely.distance(lines, shapely.Point(lon, lat)) < 0.01
    assert shapely.intersection(lines, lakes()).length < 0.01 * lines.length
    assert all(" – " in (feature.name or "") for feature in layers["demo_roads"].features)


def test_invented_tailings_lie_by_the_towns_that_they_are_named_after(layers):
    near = {name: shapely.Point(lon, lat) for name, lon, lat, _ in LEGACY_PLACES}

    assert len(layers["demo_tailings"].features) == sum(count for *_, count in LEGACY_PLACES)
    for feature in layers["demo_tailings"].features:
        assert shapely.distance(feature.geometry, near[feature.name.rpartition(" ")[0]]) < 0.05


def test_landslides_gather_on_the_foothills_of_fergana(layers):
    middles = shapely.centroid(np.array([feature.geometry for feature in layers["demo_landslide"].features]))
    near = shapely.distance(middles, shapely.Point(73.3, 40.85)) < 1.3

    assert near.mean() > 0.6


@pytest.mark.parametrize(
    ("name", "lon", "lat"), [("Bishkek", 74.59, 42.87), ("Osh", 72.8, 40.53), ("Naryn", 75.99, 41.43)]
)
def test_shaking_is_between_a_tenth_and_a_half_of_gravity(layers, name, lon, lat):
    with MemoryFile(layers["demo_pga_475"].raster) as memory, memory.open() as source:
        (value,) = next(source.sample([(lon, lat)]))

    assert 0.1 < value < 0.5, name


def test_west_of_the_map_shaking_is_unknown(layers):
    with MemoryFile(layers["demo_pga_475"].raster) as memory, memory.open() as source:
        (value,) = next(source.sample([(69.5, 39.85)]))

    assert np.isnan(value)


def test_altitude_is_real(layers):
    with MemoryFile(layers["altitude_gebco"].raster) as memory, memory.open() as source:
        found = [int(value[0]) for value in source.sample([(74.59, 42.87), (75.99, 41.43), (77.2, 42.45)])]

    assert found == [pytest.approx(760, abs=40), pytest.approx(2040, abs=60), pytest.approx(1607, abs=15)]


def test_the_same_code_gives_the_same_raster():
    assert as_geotiff(shaking(country())) == as_geotiff(shaking(country()))


def test_the_committed_shapes_are_what_the_code_draws(layers):
    drawn = landslides(country())
    ways = outburst_ways(country())
    named = {"demo_roads": roads, "demo_power_lines": power_lines, "demo_tailings": tailings}
    zones = {"demo_cold": cold_zones, "demo_heat": heat_zones}

    committed = layers["demo_landslide"].features
    assert sorted(level for _, level in drawn) == sorted(feature.level for feature in committed)
    assert sum(shape.area for shape, _ in drawn) == pytest.approx(sum(f.geometry.area for f in committed), rel=1e-6)
    assert len(ways) == len(layers["demo_glof"].features)
    for code, draw in named.items():
        found = [(shapely.normalize(shape).wkt, name) for shape, name in draw(country())]
        assert found == [(feature.geometry.wkt, feature.name) for feature in layers[code].features], code
    for code, draw in zones.items():
        found = [(shapely.normalize(shape).wkt, level) for shape, level in draw(country())]
        assert found == [(feature.geometry.wkt, feature.level) for feature in layers[code].features], code


def test_the_naryn_gathers_what_it_gathers_in_nature():
    ground = load_ground()
    row, column = divmod(ground.index(75.99, 41.43), ground.altitude_m.shape[1])
    gathered = ground.gathered_km2[row - 4 : row + 5, column - 4 : column + 5].max()

    assert gathered == pytest.approx(10_500, rel=0.1)


def test_committed_rivers_are_what_the_code_traces():
    traced = rivers(country(), lakes())
    committed = [row for row in read_water() if row["kind"] == "river"]

    assert [row["name_en"] for row in committed] == [row["name_en"] for row in traced]
    assert all(row["is_sketch"] for row in committed)
    for one, other in zip(committed, traced, strict=True):
        assert one["geometry"].length == pytest.approx(other["geometry"].length, rel=1e-6)
        assert one["geometry"].length > 0.1


def test_rasterio_reads_the_committed_altitude_file():
    from geodata.demonstration.drainage import ALTITUDE_FILE

    with rasterio.open(ALTITUDE_FILE) as source:
        assert source.crs.to_epsg() == 4326
        assert source.nodata == -32768
