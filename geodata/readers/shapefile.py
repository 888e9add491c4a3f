"""Zipped Shapefile: unpacked under names of our own, read by one GDAL driver, text decoded by us."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from geodata.crs import parse_crs
from geodata.readers.archive import chunks_of, open_archive
from geodata.readers.encodings import decode
from geodata.readers.features import Features
from geodata.readers.geometry import GeometryError, from_wkb
from geodata.readers.limits import file_problem, refuse

if TYPE_CHECKING:
    from zipfile import ZipFile

    from pyproj import CRS

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
NEEDED = (".shx", ".dbf")
SHAPEFILE_MAGIC = b"\x00\x00\x27\x0a"
AS_BYTES = "ISO-8859-1"
"""Every byte is a letter of Latin-1, so that reading under it loses nothing."""
CODE_PAGES = {"1251": "cp1251", "866": "cp866", "65001": "utf-8", "ansi 1251": "cp1251", "utf8": "utf-8"}


def read_shapefile(path: Path, layer: str | None = None, encoding: str | None = None) -> tuple[Features, CRS]:
    """Return the features of the Shapefile in a ZIP and its CRS.

    Raises:
        FileRefusedError: No or several Shapefiles, missing parts, no ``.prj``, unknown CRS, damage.
    """
    features = Features()
    with open_archive(path) as archive, tempfile.TemporaryDirectory(prefix="shapefile-") as folder:
        parts = _choose(archive, layer, features)
        target = Path(folder)
        for suffix, name in parts.items():
            with (target / f"layer{suffix}").open("wb") as stream:
                stream.writelines(chunks_of(archive, name))
        crs = _crs((target / "layer.prj").read_text("utf-8", "replace"))
        _read(target, encoding, features)
    return features, crs


def _choose(archive: ZipFile, wanted: str | None, features: Features) -> dict[str, str]:
    """Return the entry of each part of the Shapefile."""
    entries = [PurePosixPath(name) for name in archive.namelist() if not name.startswith("__MACOSX/")]
    shapes = [entry for entry in entries if entry.suffix.casefold() == ".shp"]
    features.layers = tuple(shape.stem for shape in shapes)
    if wanted is not None:
        shapes = [shape for shape in shapes if shape.stem == wanted]
        if not shapes:
            refuse("layer_missing", layer=wanted[:100], layers=", ".join(features.layers))
    if len(shapes) > 1:
        refuse("shapefiles_many", names=", ".join(shape.stem for shape in shapes)[:200])
    shape = shapes[0]
    found = {
        entry.suffix.casefold(): str(entry)
        for entry in entries
        if entry.parent == shape.parent and entry.stem.casefold() == shape.stem.casefold()
    }
    for suffix in NEEDED:
        if suffix not in found:
            refuse("shapefile_part_missing", part=suffix)
    if ".prj" not in found:
        refuse("crs_missing_prj")
    return {suffix: name for suffix, name in found.items() if suffix in PARTS}


def _crs(definition: str) -> CRS:
    crs = parse_crs(definition.strip()) if definition.strip() and len(definition) < 20_000 else None
    if crs is None:
        refuse("crs_unknown", crs=definition.strip()[:80] or ".prj")
    return crs


def _read(folder: Path, encoding: str | None, features: Features) -> None:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError
    from pyogrio.raw import read

    shape = folder / "layer.shp"
    with shape.open("rb") as stream:
        if stream.read(4) != SHAPEFILE_MAGIC:
            refuse("reader_failed")
    stated = _stated_encoding(folder)
    (folder / "layer.cpg").unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "NO", "OGR_SKIP": "VRT", "GDAL_SKIP": "VRT"})
    try:
        meta, _, geometries, columns = read(shape, encoding=AS_BYTES, datetime_as_string=True)
    except (DataSourceError, DataLayerError, FeatureError, FieldError, ValueError, UnicodeDecodeError):
        refuse("reader_failed")
    names = [str(name) for name in meta["fields"]]
    texts = [name for name, values in zip(names, columns, strict=True) if values.dtype == object]
    sample = "\n".join(
        names + [str(v) for name, vs in zip(names, columns, strict=True) if name in texts for v in vs[:5000]]
    )
    used = _encoding(sample.encode(AS_BYTES, "replace"), encoding or stated, features)
    headings = [_decoded(name, used) for name in names]
    for index, raw in enumerate(geometries):
        geometry = None
        try:
            if raw is None:
                raise GeometryError("geometry_missing")
            geometry = from_wkb(raw)
        except GeometryError as error:
            features.tell(index + 1, error.code, error.params)
        values = {heading: _decoded(column[index], used) for heading, column in zip(headings, columns, strict=True)}
        features.add(values, geometry, index + 1)


def _stated_encoding(folder: Path) -> str | None:
    part = folder / "layer.cpg"
    if not part.exists():
        return None
    name = part.read_text("ascii", "replace").strip().casefold()[:40]
    return CODE_PAGES.get(name, name or None)


def _encoding(sample: bytes, stated: str | None, features: Features) -> str:
    """Return the encoding of the attributes: as stated, else guessed, and then it is told."""
    if sample.isascii():
        return "utf-8"
    _, used, problems = decode(sample, stated)
    features.problems.extend(problems)
    if stated is None and not problems:
        features.problems.append(file_problem("encoding_guessed", encoding="UTF-8"))
    features.encoding = used
    return used


def _decoded(value: Any, encoding: str) -> Any:
    if isinstance(value, str):
        return value.encode(AS_BYTES, "replace").decode(encoding, "replace").rstrip(" \x00") or None
    return value.item() if hasattr(value, "item") else value
