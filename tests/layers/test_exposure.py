"""What a layer says at a place: unknown is never low."""

import numpy as np
import pytest
import shapely

from layers.exposure import measure
from layers.sampling import LayerData
from tests.factories.layers import LEVELS, make_layer
from tests.support.rasters import write_raster

INSIDE = shapely.Point(74.25, 41.25)
FAR = shapely.Point(75.5, 41.25)
NEAR = shapely.Point(74.502, 41.25)  # 0.002 degrees of longitude = 167 m east of the square's edge at 41.25 N
SQUARE = shapely.box(74.0, 41.0, 74.5, 41.5)
INNER = shapely.box(74.2, 41.2, 74.3, 41.3)


def places(*points):
    return np.array(points, dtype=object)


def polygons(*rows):
    geometries = np.array([row[0] for row in rows], dtype=object)
    levels = np.array([row[1] or 0 for row in rows], dtype=np.int8)
    return LayerData(geometries, levels, np.array([row[2] for row in rows], dtype=float))


def test_worst_polygon_counts_and_an_untouched_place_has_the_layers_word():
    found = measure(make_layer(), polygons((SQUARE, 2, np.nan), (INNER, 4, np.nan)), places(INSIDE, NEAR, FAR))

    assert found.levels.tolist() == [4, 1, 1]
    assert found.status.tolist() == ["measured"] * 3


def test_positional_accuracy_reaches_a_neighbour_but_no_farther():
    layer = make_layer(sampling={"buffer_m": 200})
    strict = make_layer(sampling={"buffer_m": 150})
    data = polygons((SQUARE, 3, np.nan))

    assert measure(layer, data, places(NEAR)).levels.tolist() == [3]
    assert measure(strict, data, places(NEAR)).levels.tolist() == [1]


@pytest.mark.parametrize(
    "coverage",
    [
        pytest.param({"kind": "features"}, id="known inside features only"),
        pytest.param({"kind": "ring", "ring": [(74, 41), (75, 41), (75, 42), (74, 42)]}, id="known inside a ring"),
    ],
)
def test_outside_coverage_is_unknown_never_low(coverage):
    found = measure(make_layer(coverage=coverage), polygons((SQUARE, 2, np.nan)), places(INSIDE, FAR))

    assert found.levels.tolist() == [2, 0]
    assert found.status.tolist() == ["measured", "outside"]


def test_undocumented_classes_keep_the_value_and_have_no_level():
    found = measure(make_layer(quantity="recurrence"), polygons((SQUARE, None, 7.0)), places(INSIDE))

    assert (found.levels.tolist(), found.values.tolist()) == ([0], [7.0])


def test_documented_values_have_their_class():
    layer = make_layer(hazard="earthquake", quantity="pga_g", classes=LEVELS)

    found = measure(layer, polygons((SQUARE, None, 0.3), (INNER, None, 0.2)), places(INSIDE, NEAR))

    assert (found.levels.tolist(), found.values[0]) == ([4, 1], 0.3)


def test_missing_location_is_told():
    found = measure(make_layer(), polygons((SQUARE, 2, np.nan)), places(None, INSIDE))

    assert found.status.tolist() == ["no_location", "measured"]
    assert found.levels.tolist() == [0, 2]


def test_distance_to_a_line_is_in_metres():
    layer = make_layer(kind="line", hazard="fault", quantity="distance_m", classes=[
        {"level": 4, "upper": 1_000, "colour": "#111111", "label": "near"},
        {"level": 1, "colour": "#222222", "label": "far"},
    ])  # fmt: skip
    line = LayerData(
        np.array([shapely.LineString([(74, 41), (76, 41)])], dtype=object),
        np.zeros(1, dtype=np.int8),
        np.full(1, np.nan),
    )

    found = measure(layer, line, places(shapely.Point(74.5, 41.005), shapely.Point(74.5, 41.1)))

    # WGS 84 at 41 N: one degree of latitude is 111,050 m (meridian arc, Vincenty)
    assert found.values == pytest.approx([555.3, 11_105], rel=3e-3)
    assert found.levels.tolist() == [4, 1]


def test_raster_cells_and_no_data(tmp_path):
    path = write_raster(tmp_path / "pga.tif", [[0.05, 0.2], [np.nan, 0.4]])
    layer = make_layer(kind="raster", hazard="earthquake", quantity="pga_g", classes=LEVELS)
    points = places(shapely.Point(74.05, 41.95), shapely.Point(74.15, 41.85), shapely.Point(74.05, 41.85), FAR)

    found = measure(layer, LayerData(raster=path), points)

    assert found.levels.tolist() == [1, 4, 0, 0]
    assert found.values[:2] == pytest.approx([0.05, 0.4])
    assert found.status.tolist() == ["measured", "measured", "outside", "outside"]


def test_raster_maximum_within_the_accuracy(tmp_path):
    path = write_raster(tmp_path / "pga.tif", [[0.05, 0.2, 0.05, 0.05]], step=0.01)
    layer = make_layer(
        kind="raster",
        hazard="earthquake",
        quantity="pga_g",
        classes=LEVELS,
        sampling={"statistic": "max", "buffer_m": 800},
    )

    found = measure(layer, LayerData(raster=path), places(shapely.Point(74.005, 41.995), shapely.Point(74.035, 41.995)))

    assert found.values == pytest.approx([0.2, 0.05])


def test_many_windows_read_what_one_cell_reads(tmp_path):
    rng = np.random.default_rng(5)
    cells = rng.random((1500, 2100)).astype(np.float32)
    path = write_raster(tmp_path / "big.tif", cells, west=70.0, north=43.0, step=0.001)
    rows, columns = rng.integers(0, 1500, 500), rng.integers(0, 2100, 500)
    points = shapely.points(70.0 + (columns + 0.5) * 0.001, 43.0 - (rows + 0.5) * 0.001)

    found = measure(make_layer(kind="raster", quantity="value"), LayerData(raster=path), points)

    assert found.values == pytest.approx(cells[rows, columns].astype(float))


def test_a_file_of_one_road_says_nothing_of_the_rest_of_the_country():
    """Near the road the distance is known, inside the hull of the file far is far, beyond it nobody knows."""
    layer = make_layer(
        kind="line",
        quantity="distance_m",
        unit="m",
        coverage={"kind": "extent"},
        classes=[
            {"level": 4, "upper": 200, "colour": "#000000", "label": "near"},
            {"level": 1, "colour": "#ffffff", "label": "far"},
        ],
    )
    bent = shapely.LineString([(74.0, 41.0), (74.5, 41.0), (74.5, 41.5)])
    data = LayerData(np.array([bent], dtype=object), np.zeros(1, dtype=np.int8), np.array([np.nan]))
    found = measure(layer, data, places(NEAR, shapely.Point(74.35, 41.15), shapely.Point(74.1, 41.4), FAR))

    assert found.levels.tolist() == [4, 1, 0, 0]
    assert found.status.tolist() == ["measured", "measured", "outside", "outside"]
    assert np.isnan(found.values[2:]).all()
