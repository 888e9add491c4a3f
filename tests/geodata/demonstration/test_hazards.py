"""The invented hazards are marked, valid, inside the country, and what the code draws from the ground."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.io import MemoryFile

from geodata.demonstration.drainage import load_ground
from geodata.demonstration.hazard_shapes import landslides, outburst_ways
from geodata.demonstration.hazards import country, hazard_layers
from geodata.demonstration.rivers import rivers
from geodata.demonstration.shaking import as_geotiff, shaking
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
        "earthquake", "flood", "mudflow", "landslide", "avalanche", "rockfall", "glof", "altitude"
    }  # fmt: skip


def test_shapes_are_valid_and_inside_the_country(layers):
    shapes = np.array([feature.geometry for layer in layers.values() for feature in layer.features])

    assert len(shapes) > 3000
    assert shapely.is_valid(shapes).all()
    assert shapely.within(shapes, shapely.buffer(country(), 0.05)).all()


def test_levels_are_known(layers):
    for code in ("demo_flood", "demo_mudflow", "demo_landslide", "demo_avalanche"):
        assert {feature.level for feature in layers[code].features} == {2, 3, 4}


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

    committed = layers["demo_landslide"].features
    assert sorted(level for _, level in drawn) == sorted(feature.level for feature in committed)
    assert sum(shape.area for shape, _ in drawn) == pytest.approx(sum(f.geometry.area for f in committed), rel=1e-6)
    assert len(ways) == len(layers["demo_glof"].features)


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
