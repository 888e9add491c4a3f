"""Hazard overlay and raster sampling: pure, without a database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from layers.exposure import measure
from layers.manifest import HazardLayer
from layers.sampling import LayerData
from scripts.benches import Figure, bench, best_of

POLYGONS = 20_000
WEST, SOUTH, EAST, NORTH = 69.5, 39.6, 80.0, 43.0


def _layer(**values: Any) -> HazardLayer:
    facts = {
        "code": "bench_layer",
        "hazard": "mudflow",
        "kind": "polygon",
        "title": "Bench",
        "fitness": "screening",
        "source": {"publisher": "bench", "licence": "CC0-1.0"},
    }
    return HazardLayer.model_validate(facts | values)


def _points(n: int) -> Any:
    import shapely

    rng = np.random.default_rng(n)
    return shapely.points(rng.uniform(WEST, EAST, n), rng.uniform(SOUTH, NORTH, n))


def _polygons() -> LayerData:
    import shapely

    rng = np.random.default_rng(1)
    shapes = shapely.buffer(_points(POLYGONS), rng.uniform(0.005, 0.03, POLYGONS), quad_segs=8)
    return LayerData(shapes, rng.integers(1, 5, POLYGONS).astype(np.int8), np.full(POLYGONS, np.nan))


@bench("overlay")
def overlay(n: int) -> Iterator[Figure]:
    """Level of 20,000 polygons at n schools, and the distance to the nearest of 20,000 lines."""
    import shapely

    data, places = _polygons(), _points(n)
    goal = {2_400: "<= 0.5 s with nearest", 150_000: "<= 1.5 s", 1_500_000: "<= 5 s"}[n]
    yield Figure("overlay inside, 20,000 polygons", n, best_of(2, lambda: measure(_layer(), data, places)), goal=goal)
    starts = shapely.get_coordinates(shapely.centroid(data.geometries))
    shapes = shapely.linestrings(np.stack([starts, np.add(starts, (0.05, 0.02))], axis=1))
    lines = LayerData(shapes, np.zeros(POLYGONS, dtype=np.int8), np.full(POLYGONS, np.nan))
    nearest = _layer(kind="line", hazard="fault", quantity="distance_m")
    yield Figure("overlay nearest of 20,000 lines, metres", n, best_of(1, lambda: measure(nearest, lines, places)))


@bench("raster", sizes=(150_000, 1_500_000))
def raster(n: int) -> Iterator[Figure]:
    """Cells of a 44-megapixel raster at n schools, window by window, beside rasterio's own sample."""
    import rasterio
    import shapely
    from rasterio.transform import from_origin

    places = _points(n)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.tif"
        size = {"height": 4_000, "width": 11_000, "tiled": True, "blockxsize": 256, "blockysize": 256}
        with rasterio.open(
            path, "w", driver="GTiff", count=1, dtype="float32", crs="EPSG:4326",
            transform=from_origin(69, 43.5, 0.001, 0.001), **size,
        ) as target:  # fmt: skip
            target.write(np.random.default_rng(2).random((4_000, 11_000), dtype=np.float32), 1)
        layer, data = _layer(kind="raster", quantity="value"), LayerData(raster=path)
        seconds = best_of(2, lambda: measure(layer, data, places))
        few = 20_000
        with rasterio.open(path) as source:
            coordinates = shapely.get_coordinates(places[:few])
            peer = best_of(1, lambda: list(source.sample(coordinates))) * n / few
    yield Figure(
        "raster sampling", n, seconds, peer=f"rasterio.sample, {few} points scaled up", ratio=round(seconds / peer, 4),
        goal="<= 2.5 us a school, <= 1 GB", details={"us_per_school": round(1e6 * seconds / n, 2)},
    )  # fmt: skip
