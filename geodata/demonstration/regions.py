"""Which cell of the ground belongs to which rayon, city and old aimak: nearest centre by the way over the ground.

A step costs its length, more where it is steep, so that borders follow ridges. Fixed noise, no randomness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.demonstration.terrain import KM_PER_DEGREE, Terrain, distance_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLIMB_KM_PER_100M = 0.9
REACH_KM = 11.0
"""Villages whose place is not known are put within this distance of one whose place is known."""


def grow(terrain: Terrain, zones: NDArray[np.int32], seeds: NDArray, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give each cell the label of the seed with the cheapest way to it, never crossing from zone to zone.

    Args:
        zones: Zone of each cell; 0 is outside and stays 0.
        seeds: Shape (seeds, 2), row and column of cells inside a zone.
        labels: Positive label of each seed.

    Returns:
        Label of each cell; cells that no seed of their zone reaches take the nearest label of their zone.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    height, width = zones.shape
    edges = [_edges(terrain, zones, *step) for step in ((0, 1), (1, 0), (1, 1), (1, -1))]
    start, end, cost = (np.concatenate(parts) for parts in zip(*edges, strict=True))
    graph = coo_matrix((cost, (start, end)), shape=(height * width, height * width)).tocsr()
    nodes = seeds[:, 0] * width + seeds[:, 1]
    _distance, _before, source = dijkstra(graph, directed=False, indices=np.unique(nodes), min_only=True,
                                          return_predecessors=True)  # fmt: skip
    of_node = np.zeros(height * width, dtype=np.int32)
    of_node[nodes[::-1]] = labels[::-1]
    grown = np.where(source >= 0, of_node[source.clip(0)], 0).reshape(zones.shape)
    return fill(np.where(zones > 0, grown, 0).astype(np.int32), zones)


def fill(labels: NDArray[np.int32], zones: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the unlabelled cells of each zone the nearest label of that zone."""
    from scipy.ndimage import distance_transform_edt

    done = labels.copy()
    for zone in np.unique(zones[(zones > 0) & (labels == 0)]):
        known = (zones == zone) & (labels > 0)
        rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)
        missing = (zones == zone) & (labels == 0)
        done[missing] = labels[rows[missing], columns[missing]]
    return done


def _edges(terrain: Terrain, zones: NDArray[np.int32], down: int, right: int) -> tuple[NDArray, NDArray, NDArray]:
    height, width = zones.shape
    number = np.arange(height * width).reshape(height, width)
    left = max(0, -right)
    here = (slice(0, height - down), slice(left, width - max(0, right)))
    there = (slice(down, height), slice(left + right, width - max(0, right) + right))
    same = (zones[here] == zones[there]) & (zones[here] > 0)
    latitude = terrain.north - (np.arange(height) + 0.5) * terrain.step
    run = terrain.step * KM_PER_DEGREE * np.hypot(down, right * np.cos(np.radians(latitude)))[: height - down, None]
    rise = np.abs(terrain.altitude_m[here] - terrain.altitude_m[there]) / 100 * CLIMB_KM_PER_100M
    cost = (run * _noise(height, width)[here] + rise)[same]
    return number[here][same], number[there][same], cost


def _noise(height: int, width: int) -> NDArray[np.float64]:
    """A smooth fixed field between 0.75 and 1.25, so that borders on plains are not straight."""
    from scipy.ndimage import gaussian_filter

    field = gaussian_filter(np.random.default_rng(452).standard_normal((height, width)), 6)
    return 1 + 0.25 * np.tanh(field / field.std())


def snap(terrain: Terrain, allowed: NDArray[np.bool_], lon: float, lat: float, reach_km: float) -> tuple[int, int]:
    """Return the flattest low cell of ``allowed`` near a place; the place's own cell when ``reach_km`` is 0."""
    row, column = (int(value) for value in terrain.cells(np.array(lon), np.array(lat)))
    rows, columns = np.nonzero(allowed)
    longitudes, latitudes = terrain.centres()
    away = distance_km(longitudes[columns], latitudes[rows], lon, lat)
    if reach_km == 0:
        if allowed[row, column]:
            return row, column
        best = int(np.argmin(away))
    else:
        cost = away / max(reach_km, 1e-9) + terrain.slope[rows, columns] * 12
        cost += np.where(away > reach_km, 100 + away, 0)
        best = int(np.argmin(cost))
    return int(rows[best]), int(columns[best])


def spread(
    terrain: Terrain, allowed: NDArray[np.bool_], known: NDArray, taken: NDArray, count: int
) -> list[tuple[int, int]]:
    """Put ``count`` villages on habitable cells of ``allowed``, away from each other and near known places.

    Args:
        known: Shape (places, 2) in degrees: real places, one of which must lie within ``REACH_KM``.
        taken: Shape (places, 2) in degrees: places that are taken already.
    """
    rows, columns = np.nonzero(allowed)
    longitudes, latitudes = terrain.centres()
    lon, lat = longitudes[columns], latitudes[rows]
    near = np.min(np.stack([distance_km(lon, lat, *place) for place in known]), axis=0)
    ease = np.exp(-terrain.slope[rows, columns] * 22) * np.exp(-terrain.altitude_m[rows, columns] / 1800)
    ease = np.where(near <= REACH_KM, ease, ease * 1e-9 / (1 + near))
    apart = np.full(len(rows), 1e3)
    for place in taken:
        apart = np.minimum(apart, distance_km(lon, lat, *place))
    chosen = []
    for _ in range(count):
        best = int(np.argmax(ease * np.minimum(apart, 9.0) ** 2))
        chosen.append((int(rows[best]), int(columns[best])))
        apart = np.minimum(apart, distance_km(lon, lat, lon[best], lat[best]))
    return chosen
