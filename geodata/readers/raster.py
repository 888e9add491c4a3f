"""GeoTIFF: what it says about itself, after every block has been read once."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from geodata.readers import limits
from geodata.readers.limits import file_problem, refuse
from geodata.records.raster import RasterFile
from geodata.records.table import RowProblem

KINDS = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")
PICTURE = {ColorInterp.palette, ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha}
NODATA_TAG = 42113
OFFLINE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GTIFF_IGNORE_READ_ERRORS": "NO",
    "GDAL_CACHEMAX": 64,
}


def read_raster(path: Path) -> RasterFile:
    """Return a checked raster; only band 1 counts.

    Raises:
        FileRefusedError: Damaged, no CRS, a picture, complex numbers, absurd dimensions.
    """
    problems: list[RowProblem] = []
    try:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.Env(**OFFLINE), rasterio.open(path, driver="GTiff") as source:
            _check_size(source.width, source.height)
            _check_kind(source)
            if not source.crs or source.transform.is_identity:
                refuse("raster_crs_missing")
            if source.count > 1:
                problems.append(file_problem("raster_bands_other", count=source.count))
            if source.dtypes[0] == "uint8":
                problems.append(file_problem("raster_bytes"))
            if (text := _nodata_text(path)) is not None:
                problems.append(file_problem("raster_nodata_text", value=text[:40]))
            nodata = None if text is not None else source.nodata
            least, greatest = _range(source, nodata)
            return RasterFile(
                path,
                source.crs.to_epsg(confidence_threshold=70),
                source.width,
                source.height,
                source.dtypes[0],
                nodata,
                tuple(source.bounds),
                problems,
                least,
                greatest,
            )
    except (RasterioError, ValueError, OSError):
        refuse("raster_damaged")


def _range(source: rasterio.DatasetReader, nodata: float | None) -> tuple[float | None, float | None]:
    """Read every block once, and return the least and the greatest of the values that say something."""
    least, greatest = np.inf, -np.inf
    for _, window in source.block_windows(1):
        values = source.read(1, window=window)
        known = np.isfinite(values)
        if nodata is not None:
            known &= values != nodata
        if known.any():
            least, greatest = min(least, float(values[known].min())), max(greatest, float(values[known].max()))
    return (None, None) if least > greatest else (least, greatest)


def _check_size(width: int, height: int) -> None:
    if width * height > limits.MAX_RASTER_PIXELS or max(width, height) > limits.MAX_RASTER_SIDE:
        refuse("raster_too_large", width=width, height=height, limit=limits.MAX_RASTER_PIXELS)


def _check_kind(source: rasterio.DatasetReader) -> None:
    if source.dtypes[0] not in KINDS:
        refuse("raster_type_refused", dtype=source.dtypes[0])
    if source.dtypes[0] == "uint8" and PICTURE & set(source.colorinterp):
        refuse("raster_picture")


def _nodata_text(path: Path) -> str | None:
    """Return the nodata tag when it is no number; GDAL reads such a tag as "none" or 0 without a word."""
    with path.open("rb") as stream:
        head = stream.read(8)
        order = "<" if head[:2] == b"II" else ">"
        if struct.unpack(order + "H", head[2:4])[0] != 42:
            return None  # BigTIFF; rare, and GDAL's own reading stands
        stream.seek(struct.unpack(order + "I", head[4:8])[0])
        (count,) = struct.unpack(order + "H", stream.read(2))
        for entry in struct.iter_unpack(order + "HHI4s", stream.read(12 * count)):
            tag, _, length, value = entry
            if tag != NODATA_TAG:
                continue
            if length > 4:
                stream.seek(struct.unpack(order + "I", value)[0])
                value = stream.read(min(length, 200))
            text = value[:length].decode("latin-1").strip("\x00 ")
            return None if _is_number(text) else text
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
