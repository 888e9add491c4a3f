"""Coordinate reference systems: the only place with EPSG numbers.

Storage is EPSG:4326 (WGS 84 longitude, latitude in degrees). Tiles are EPSG:3857.
Distances in metres are taken on the ellipsoid or in a local projection, never in 3857.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

WGS84 = 4326
WEB_MERCATOR = 3857
KYRGYZSTAN_METRIC = 32643
"""UTM zone 43N: metres, error below 0.3 % inside the country; for buffers and distances."""

LONGEST_EDGE_DEG = 0.05
"""An edge of this length bends by less than a metre between longitude-latitude and metres."""

KYRGYZSTAN_BBOX = (69.2, 39.15, 80.35, 43.3)
"""West, south, east, north in degrees: no school lies outside."""


def parse_crs(definition: str | int) -> CRS | None:
    """Return the CRS of an EPSG number, an OGC URN, "EPSG:32643" or WKT; None when nobody knows it.

    Nothing is ever fetched: PROJ's own database answers, the network stays off.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_user_input(definition)
    except (CRSError, ValueError):
        return None


def name_crs(crs: CRS) -> str:
    """Return ``EPSG:32643`` where the CRS has a number, else its name."""
    srid = srid_of(crs)
    return f"EPSG:{srid}" if srid else str(crs.name)[:80]


def srid_of(crs: CRS) -> int | None:
    """Return the EPSG number of a CRS, 4326 for its aliases (CRS84), None when there is none."""
    if is_wgs84(crs):
        return WGS84
    return crs.to_epsg(min_confidence=70)


def is_wgs84(crs: CRS) -> bool:
    """Tell whether coordinates are WGS 84 longitude and latitude already, whatever the axis order says."""
    return (crs.is_geographic and crs.to_epsg(min_confidence=70) == WGS84) or "CRS84" in str(crs.to_authority())


def to_wgs84(geometries: NDArray, crs: CRS) -> NDArray:
    """Return shapely geometries moved from ``crs`` to EPSG:4326; None stays None, a failure is infinite."""
    return _move(geometries, crs, WGS84)


def to_metric(geometries: NDArray) -> NDArray:
    """Return shapely geometries moved from EPSG:4326 to ``KYRGYZSTAN_METRIC``; distances then are metres.

    Long edges are cut first: they are straight in longitude and latitude (RFC 7946, 3.1.1), not in metres.
    """
    import shapely

    return _move(shapely.segmentize(geometries, LONGEST_EDGE_DEG), WGS84, KYRGYZSTAN_METRIC)


def from_metric(geometries: NDArray) -> NDArray:
    """Return shapely geometries moved from ``KYRGYZSTAN_METRIC`` to EPSG:4326."""
    return _move(geometries, KYRGYZSTAN_METRIC, WGS84)


def _move(geometries: NDArray, source: CRS | int, target: CRS | int) -> NDArray:
    import numpy as np
    import shapely
    from pyproj import Transformer

    transformer = Transformer.from_crs(source, target, always_xy=True)

    def move(coordinates: NDArray) -> NDArray:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return shapely.transform(geometries, move)
