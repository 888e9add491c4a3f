"""Where water runs on the ground of the demonstration: flow directions and gathered area, from the altitude grid."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, SupportsInt

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALTITUDE_FILE = Path(__file__).resolve().parents[1] / "reference/altitude/gebco_2023_kgz.tif"
KM_PER_DEGREE = 111.2
STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


@dataclass(frozen=True)
class Ground:
    """A grid in EPSG:4326, row 0 in the north; all arrays have the shape of ``altitude_m``.

    ``slope`` is rise over run. ``downstream`` is the flat index of the cell that water runs to (-1 at the edge).
    ``gathered_km2`` is the land whose water passes.
    """

    altitude_m: NDArray[np.float32]
    slope: NDArray[np.float32]
    downstream: NDArray[np.int64]
    gathered_km2: NDArray[np.float64]
    west: float
    north: float
    step: float

    def place(self, index: SupportsInt) -> tuple[float, float]:
        """Return longitude and latitude of a cell's centre."""
        row, column = divmod(int(index), self.altitude_m.shape[1])
        return self.west + (column + 0.5) * self.step, self.north - (row + 0.5) * self.step

    def index(self, lon: float, lat: float) -> int:
        """Return the flat index of the cell at a place."""
        row, column = int((self.north - lat) / self.step), int((lon - self.west) / self.step)
        return row * self.altitude_m.shape[1] + column

    def path_down(self, index: SupportsInt, length_km: float) -> list[tuple[float, float]]:
        """Return the way of the water from a cell over ``length_km``."""
        here = int(index)
        way, gone = [self.place(here)], 0.0
        while gone < length_km and self.downstream.flat[here] >= 0:
            here = int(self.downstream.flat[here])
            lon, lat = self.place(here)
            gone += KM_PER_DEGREE * float(np.hypot((lon - way[-1][0]) * 0.75, lat - way[-1][1]))
            way.append((lon, lat))
        return way


@cache
def load_ground() -> Ground:
    """Read the altitude grid and let the water run (a few seconds)."""
    import rasterio

    with rasterio.open(ALTITUDE_FILE, driver="GTiff") as source:
        altitude = source.read(1).astype(np.float32)
        west, north, step = source.bounds.left, source.bounds.top, source.transform.a
    latitude = north - (np.arange(altitude.shape[0]) + 0.5) * step
    metres_y = step * KM_PER_DEGREE * 1000
    metres_x = metres_y * np.cos(np.radians(latitude))[:, None]
    rise_y, rise_x = np.gradient(altitude)
    slope = np.hypot(rise_y / metres_y, rise_x / metres_x).astype(np.float32)
    downstream, order = _run_water(altitude)
    area = np.broadcast_to(metres_x * metres_y / 1e6, altitude.shape)
    return Ground(altitude, slope, downstream, _gather(downstream, order, area), west, north, step)


def _run_water(altitude: NDArray[np.float32]) -> tuple[NDArray[np.int64], list[int]]:
    """Flood from the edges upwards (priority flood): each cell drains to the one that flooded it."""
    height, width = altitude.shape
    level = altitude.ravel().tolist()
    downstream = np.full(height * width, -1, dtype=np.int64)
    seen = bytearray(height * width)
    heap: list[tuple[float, int]] = []
    for row in range(height):
        for column in range(width) if row in (0, height - 1) else (0, width - 1):
            index = row * width + column
            seen[index] = 1
            heap.append((level[index], index))
    heapq.heapify(heap)
    order = []
    while heap:
        height_m, index = heapq.heappop(heap)
        order.append(index)
        row, column = divmod(index, width)
        for down, right in STEPS:
            if 0 <= row + down < height and 0 <= column + right < width:
                other = index + down * width + right
                if not seen[other]:
                    seen[other] = 1
                    downstream[other] = index
                    heapq.heappush(heap, (max(height_m + 1e-3, level[other]), other))
    return downstream.reshape(height, width), order


def _gather(downstream: NDArray[np.int64], order: list[int], area: NDArray[np.float64]) -> NDArray[np.float64]:
    gathered = area.ravel().tolist()
    target = downstream.ravel().tolist()
    for index in reversed(order):
        if target[index] >= 0:
            gathered[target[index]] += gathered[index]
    return np.array(gathered).reshape(downstream.shape)
