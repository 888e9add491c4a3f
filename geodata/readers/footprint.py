"""The shaking of one earthquake from a file: ShakeMap ``grid.xml``, a GeoTIFF, or polygons with a value (GeoJSON).

A unit is stated by the file (ShakeMap) or by whoever hands it over; numbers that cannot be in that unit are refused
with every unit in which they are plausible. Nothing is repaired. Coordinates are EPSG:4326; another CRS is refused by
its name.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from geodata.crs import is_wgs84, parse_crs
from geodata.errors import FootprintRefusedError
from geodata.motion_units import TO_G, bound, fitting_units
from geodata.records.marks import N_

FloatArray = NDArray[np.float64]

UNITS = (*TO_G, "msk")
DECLARED = {"pctg": "pct_g", "%g": "pct_g", "g": "g", "cm/s/s": "cm_s2", "cm/s^2": "cm_s2", "cm/s2": "cm_s2"}
"""How ShakeMap names the units of acceleration."""
LARGEST_FILE = 200_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Shaking at places: ``values_at`` gives it; ``measure`` is msk or pga_g."""

    measure: str
    unit: str
    sha256: str
    grid: FloatArray | None
    west: float = 0.0
    north: float = 0.0
    step_lon: float = 0.0
    step_lat: float = 0.0
    polygons: tuple[Any, ...] = ()
    polygon_values: FloatArray | None = None
    facts: dict[str, str] | None = None
    """What the file says of its event: magnitude, depth, lon, lat, description."""

    def values_at(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the shaking at places (EPSG:4326); NaN outside the footprint and where the place is unknown.

        A cell of a grid holds for the places inside it; of polygons over one another the greatest value counts.
        """
        found = np.full(len(lon), np.nan)
        if self.grid is not None:
            with np.errstate(invalid="ignore"):
                column = np.floor((lon - self.west) / self.step_lon)
                row = np.floor((self.north - lat) / self.step_lat)
                inside = (column >= 0) & (column < self.grid.shape[1]) & (row >= 0) & (row < self.grid.shape[0])
            places = np.flatnonzero(inside)
            found[places] = self.grid[row[places].astype(np.int64), column[places].astype(np.int64)]
            return found
        import shapely

        points = shapely.points(np.nan_to_num(lon), np.nan_to_num(lat))
        known = ~(np.isnan(lon) | np.isnan(lat))
        for shape, value in zip(
            self.polygons, self.polygon_values if self.polygon_values is not None else (), strict=True
        ):
            touched = known & shapely.intersects(shape, points)
            found[touched] = np.fmax(found[touched], value)
        return found


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
    if suffix == ".xml":
        return _read_shakemap(path, unit, field or "PGA", digest)
    if suffix in (".tif", ".tiff"):
        return _read_raster(path, _stated(unit), digest)
    if suffix in (".geojson", ".json"):
        return _read_polygons(path, _stated(unit), field, digest)
    raise FootprintRefusedError(N_("a footprint is a ShakeMap grid.xml, a GeoTIFF or a GeoJSON file"))


def _stated(unit: str | None) -> str:
    if unit is None:
        raise FootprintRefusedError(N_("say in which unit the values are: %(units)s"), units=", ".join(UNITS))
    if unit not in UNITS:
        raise FootprintRefusedError(
            N_("unit %(unit)s is not known; there are: %(units)s"), unit=unit, units=", ".join(UNITS)
        )
    return unit


def _checked(values: FloatArray, unit: str, *, is_declared: bool = False) -> tuple[str, FloatArray]:
    """Return the measure, and the values in g or degrees of MSK; NaN stays NaN.

    ``is_declared``: the file states the unit itself, so that only what no earthquake does contradicts it.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        raise FootprintRefusedError(N_("the file holds no values"))
    if np.isinf(known).any() or (known < 0).any():
        raise FootprintRefusedError(N_("the file holds negative or endless values of shaking"))
    largest = float(known.max())
    if unit == "msk":
        if largest > bound("motion.most_msk"):
            raise FootprintRefusedError(
                N_("the greatest value is %(largest)s: that is no intensity of MSK (1 to 12)"), largest=f"{largest:g}"
            )
        return "msk", values
    largest_g = largest * TO_G[unit]
    most = bound("scenario.largest_motion_g", "high" if is_declared else "default")
    if largest_g > most:
        fits = [name for name in fitting_units(largest, most) if name != unit]
        told = {"largest": f"{largest:g}", "unit": unit, "most": f"{most:g}", "fits": ", ".join(fits)}
        if fits:
            raise FootprintRefusedError(
                N_(
                    "the greatest value is %(largest)s %(unit)s, more than %(most)s g. Units in which it is plausible: "
                    "%(fits)s. Nothing was converted"
                ),
                **told,
            )
        raise FootprintRefusedError(
            N_("the greatest value is %(largest)s %(unit)s, more than %(most)s g. Nothing was converted"), **told
        )
    if unit != "g" and largest_g < bound("motion.trace_g"):
        raise FootprintRefusedError(
            N_(
                "the greatest value is %(largest)s %(unit)s, less than a thousandth of g: is it in g? "
                "Nothing was converted"
            ),
            largest=f"{largest:g}",
            unit=unit,
        )
    return "pga_g", values * TO_G[unit]


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
    _check_degrees(lon, lat)
    said = fields[field.upper()].get("units", "")
    declared = _declared_unit(field, said, unit)
    measure, checked = _checked(values, declared, is_declared=said.strip().lower() in DECLARED)
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
        return _stated(unit)
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
    measure, checked = _checked(values, unit)
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
            value = float(feature["properties"][wanted])
        except (KeyError, TypeError, ValueError, GeometryError) as error:
            raise FootprintRefusedError(
                N_("feature %(number)s: a polygon with a number in '%(name)s' is needed"), number=number, name=wanted
            ) from error
        if shapely.get_dimensions(shape) != 2:
            raise FootprintRefusedError(N_("feature %(number)s: a footprint is made of polygons"), number=number)
        west, south, east, north = shape.bounds
        _check_degrees(np.array([west, east]), np.array([south, north]))
        shapes.append(shape)
        values.append(value)
    measure, checked = _checked(np.array(values, dtype=float), unit)
    return Footprint(measure, unit, digest, None, polygons=tuple(shapes), polygon_values=checked)


def _check_degrees(lon: FloatArray, lat: FloatArray) -> None:
    if (np.abs(lon) > 180).any() or (np.abs(lat) > 90).any():
        raise FootprintRefusedError(N_("the coordinates are no degrees of EPSG:4326: the file is in another CRS"))
