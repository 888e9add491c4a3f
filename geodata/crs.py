"""Coordinate reference systems: the only place with EPSG numbers.

Storage is EPSG:4326 (WGS 84 longitude, latitude in degrees). Tiles are EPSG:3857.
Distances in metres are taken on the ellipsoid or in a local projection, never in 3857.
"""

WGS84 = 4326
WEB_MERCATOR = 3857
KYRGYZSTAN_METRIC = 32643
"""UTM zone 43N: metres, error below 0.3 % inside the country; for buffers and distances."""

KYRGYZSTAN_BBOX = (69.2, 39.15, 80.35, 43.3)
"""West, south, east, north in degrees: no school lies outside."""
