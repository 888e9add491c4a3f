"""A raster file as a reader found it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.records.table import RowProblem


@dataclass(frozen=True, slots=True)
class RasterFile:
    """A checked GeoTIFF. ``bounds`` are west, south, east, north in the raster's own CRS.

    ``srid`` is the EPSG number, or None when the CRS is complete but has no number. ``nodata`` None
    means that the file names no such value. Only band 1 is used.
    """

    path: Path
    srid: int | None
    width: int
    height: int
    dtype: str
    nodata: float | None
    bounds: tuple[float, float, float, float]
    problems: list[RowProblem] = field(default_factory=list)
    least: float | None = None
    greatest: float | None = None
