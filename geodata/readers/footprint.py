"""The footprint of one event from a file: ShakeMap ``grid.xml``, a GeoTIFF, or polygons (GeoJSON).

A unit is stated by the file (ShakeMap) or by whoever hands it over. Nothing is repaired. Coordinates are EPSG:4326;
another CRS is refused by its name.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from geodata.crs import is_wgs84, parse_crs
from geodata.errors import FootprintRefusedError
from geodata.readers.footprint_values import (
    DECLARED,
    INSIDE,
    FloatArray,
    Footprint,
    check_degrees,
    checked_values,
    stated_unit,
)
from geodata.records.marks import N_

LARGEST_FILE = 200_000_000


def read_footprint(
    path: Path, unit: str | None = None, field: str | None = None, suffix: str | None = None
) -> Footprint:
    """Read a footprint.

    Args:
        unit: One of ``UNITS``; None = the file states it itself (ShakeMap only).
        field: Property of polygons, or field of ShakeMap's grid, that holds the value; None = PGA of a grid, and the
            property named like the measure of polygons.
        suffix: What the file's name ended in, where it is kept under another one.

    Raises:
        FootprintRefusedError: Unknown kind, no or another CRS, no unit, a unit that the numbers contradict, no values.
    """
    if not path.is_file():
        raise FootprintRefusedError(N_("there is no file %(name)s"), name=path.name)
    if path.stat().st_size > LARGEST_FILE:
        raise FootprintRefusedError(N_("the file is larger than %(limit)s MB"), limit=LARGEST_FILE // 1_000_000)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    suffix = (suffix or path.suffix).lower()
    if unit == INSIDE and suffix not in (".geojson", ".json"):
        raise FootprintRefusedError(N_("an area without a degree is made of polygons (GeoJSON)"))
    if suffix == ".xml":
        return _read_shakemap(path, unit, field or "PGA", digest)
    if suffix in (".tif", ".tiff"):
        return _read_raster(path, stated_unit(unit), digest)
    if suffix in (".geojson", ".json"):
        return _read_polygons(path, stated_unit(unit), field, digest)
    raise FootprintRefusedError(N_("a footprint is a ShakeMap grid.xml, a GeoTIFF or a GeoJSON file"))


def _read_shakemap(path: Path, unit: str | None, field: str, digest: str) -> Footprint:
    content = path.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FootprintRefusedError(N_("an XML file with a document type of its own is not read"))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  no entities: refused above
    except ElementTree.ParseError as error:
        raise FootprintRefusedError(N_("the XML is damaged: %(reason)s"), reason=str(error)) from error
    if not root.tag.endswith("shakemap_grid"):
        raise FootprintRefusedError(N_("the XML is no ShakeMap grid (shakemap_grid)"))
    space = root.tag.removesuffix("shakemap_grid")
    try:
        spec = _element(root, f"{space}grid_specification").attrib
        fields = {found.attrib["name"].upper(): found.attrib for found in root.findall(f"{space}grid_field")}
        if field.upper() not in fields:
            raise FootprintRefusedError(
                N_("the grid has no field %(name)s; it has %(fields)s"), name=field, fields=", ".join(sorted(fields))
            )
        columns, rows = int(spec["nlon"]), int(spec["nlat"])
        if columns < 2 or rows < 2:
            raise ValueError(f"{columns} x {rows} cells")
        table = _table(_element(root, f"{space}grid_data").text or "", rows * columns, len(fields))
        lon, lat = (table[:, int(fields[name]["index"]) - 1].reshape(rows, columns) for name in ("LON", "LAT"))
        values = table[:, int(fields[field.upper()]["index"]) - 1].reshape(rows, columns)
    except (KeyError, ValueError) as error:
        raise FootprintRefusedError(N_("the grid is incomplete: %(reason)s"), reason=str(error)) from error
    check_degrees(lon, lat)
    said = fields[field.upper()].get("units", "")
    declared = _declared_unit(field, said, unit)
    measure, checked = checked_values(values, declared, is_declared=said.strip().lower() in DECLARED)
    step_lon, step_lat = (float(lon[0, -1] - lon[0, 0]) / (columns - 1), float(lat[0, 0] - lat[-1, 0]) / (rows - 1))
    if not (step_lon > 0 and step_lat > 0):
        raise FootprintRefusedError(N_("the grid does not run from north-west to south-east"))
    event = root.find(f"{space}event")
    names = ("magnitude", "depth", "lon", "lat", "event_description", "event_timestamp")
    facts = {} if event is None else {name: event.attrib[name] for name in names if name in event.attrib}
    west, north = float(lon[0, 0]) - step_lon / 2, float(lat[0, 0]) + step_lat / 2
    return Footprint(measure, declared, digest, checked, west, north, step_lon, step_lat, facts=facts)


def _declared_unit(field: str, text: str, unit: str | None) -> str:
    declared = "msk" if field.upper() == "MMI" else DECLARED.get(text.strip().lower())
    if declared is None:
        return stated_unit(unit)
    if unit is not None and unit != declared:
        raise FootprintRefusedError(
            N_("the grid says that %(name)s is in %(said)s, not in %(unit)s"), name=field, said=text, unit=unit
        )
    return declared


def _table(text: str, cells: int, fields: int) -> FloatArray:
    """Return the numbers of a grid, shape (cells, fields); a grid of another size than it says is refused."""
    words = text.split()
    if len(words) != cells * fields:
        raise FootprintRefusedError(
            N_(
                "the grid is incomplete: it should hold %(cells)s cells of %(fields)s numbers, %(wanted)s in all, and "
                "holds %(found)s. Get the file again"
            ),
            cells=cells,
            fields=fields,
            wanted=cells * fields,
            found=len(words),
        )
    try:
        return np.array(words, dtype=float).reshape(cells, fields)
    except ValueError as error:
        raise FootprintRefusedError(N_("the grid holds words where numbers are needed")) from error


def _element(root: ElementTree.Element, name: str) -> ElementTree.Element:
    found = root.find(name)
    if found is None:
        raise KeyError(name.rpartition("}")[2])
    return found


def _read_raster(path: Path, unit: str, digest: str) -> Footprint:
    import rasterio

    from geodata.readers.raster import OFFLINE

    try:
        with rasterio.Env(**OFFLINE), rasterio.open(path, driver="GTiff") as source:
            if not source.crs:
                raise FootprintRefusedError(N_("the raster does not say its CRS; EPSG:4326 is needed"))
            crs = parse_crs(source.crs.to_wkt())
            if crs is None or not is_wgs84(crs):
                raise FootprintRefusedError(
                    N_("the raster is in %(crs)s; reproject it to EPSG:4326"), crs=str(source.crs)
                )
            values = source.read(1, masked=True).astype(float).filled(np.nan)
            transform = source.transform
    except (rasterio.errors.RasterioError, OSError) as error:
        raise FootprintRefusedError(N_("the raster is damaged: %(reason)s"), reason=str(error)) from error
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise FootprintRefusedError(N_("the raster is rotated or mirrored: north must be up"))
    measure, checked = checked_values(values, unit)
    return Footprint(measure, unit, digest, checked, transform.c, transform.f, transform.a, -transform.e)


def _read_polygons(path: Path, unit: str, field: str | None, digest: str) -> Footprint:
    import shapely

    from geodata.readers.geometry import GeometryError, from_geojson

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        features = content["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FootprintRefusedError(N_("the file is no GeoJSON collection of features")) from error
    name = str((content.get("crs") or {}).get("properties", {}).get("name", "CRS84"))
    if not name.endswith(("CRS84", "4326")):
        raise FootprintRefusedError(N_("the polygons are in %(crs)s; reproject them to EPSG:4326"), crs=name)
    wanted = field or ("msk" if unit == "msk" else "pga")
    shapes, values = [], []
    for number, feature in enumerate(features, 1):
        try:
            shape = from_geojson(feature["geometry"])
            value = 1.0 if unit == INSIDE else float(feature["properties"][wanted])
        except (KeyError, TypeError, ValueError, GeometryError) as error:
            if unit == INSIDE:
                raise FootprintRefusedError(N_("feature %(number)s: a polygon is needed"), number=number) from error
            raise FootprintRefusedError(
                N_("feature %(number)s: a polygon with a number in '%(name)s' is needed"), number=number, name=wanted
            ) from error
        if shapely.get_dimensions(shape) != 2:
            raise FootprintRefusedError(N_("feature %(number)s: a footprint is made of polygons"), number=number)
        west, south, east, north = shape.bounds
        check_degrees(np.array([west, east]), np.array([south, north]))
        if not shape.is_valid:
            raise FootprintRefusedError(
                N_(
                    "feature %(number)s: the outline crosses or touches itself (%(reason)s). Repair the polygon in a "
                    "GIS and send the file again"
                ),
                number=number,
                reason=shapely.is_valid_reason(shape),
            )
        shapes.append(shape)
        values.append(value)
    if not shapes:
        raise FootprintRefusedError(N_("the file holds no values"))
    measure, checked = checked_values(np.array(values, dtype=float), unit)
    return Footprint(measure, unit, digest, None, polygons=tuple(shapes), polygon_values=checked)
