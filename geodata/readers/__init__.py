"""Files to raw tables, without judgement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.records.raster import RasterFile
    from geodata.records.table import RawTable


def open_table(
    path: Path | str,
    kind_hint: str | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
) -> RawTable:
    """Return the raw table of a file, whose kind is told by its content and never by its name.

    Parse what people send through ``geodata.readers.sandbox.read_in_sandbox``, which calls this in a
    process of its own with limits.

    Args:
        path: The file.
        kind_hint: A kind that the caller insists on (``xlsx``, ``delimited`` ...), or None for any.
        sheet: Name of a sheet; the first visible one otherwise.
        layer: Name of a layer; the first one otherwise.
        encoding: Encoding of the text; guessed otherwise.

    Raises:
        FileRefusedError: The file cannot be taken as a whole.
    """
    from geodata.readers.detect import detect
    from geodata.readers.limits import refuse

    path = Path(path)
    kind = detect(path)
    if kind_hint is not None and kind_hint != kind:
        refuse("type_refused", found=kind)
    if kind == "delimited":
        from geodata.readers.delimited import read_delimited

        return read_delimited(path, encoding)
    if kind in ("xlsx", "ods"):
        from geodata.readers.spreadsheet import read_spreadsheet

        return read_spreadsheet(path, kind, sheet)
    if kind == "geotiff":
        refuse("raster_not_table")
    from geodata.readers.vector import read_vector

    return read_vector(path, kind, layer, encoding)


def open_raster(path: Path | str) -> RasterFile:
    """Return what a GeoTIFF says about itself after checking that it can be read whole.

    Raises:
        FileRefusedError: Not a GeoTIFF, no CRS, a picture, damaged or of absurd dimensions.
    """
    from geodata.readers.detect import detect
    from geodata.readers.limits import refuse

    path = Path(path)
    kind = detect(path)
    if kind != "geotiff":
        refuse("table_not_raster", found=kind)
    from geodata.readers.raster import read_raster

    return read_raster(path)
