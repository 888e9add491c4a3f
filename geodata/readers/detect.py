"""What a file is, by its content and never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from geodata.readers.archive import open_archive
from geodata.readers.encodings import utf16_order
from geodata.readers.limits import refuse

FileKind = Literal["xlsx", "ods", "shapefile", "geopackage", "geojson", "geotiff", "delimited"]

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
REFUSED_MAGIC = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"%PDF", "pdf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"{\\rtf", "rtf"),
    (b"PAR1", "parquet"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
)
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CONTROLS = frozenset(range(32)) - {7, 8, 9, 10, 12, 13, 26, 27, 30}
SAMPLE = 8_192


def detect(path: Path) -> FileKind:
    """Return the kind of file; refuse what is empty or none of ours, naming what it is."""
    with path.open("rb") as stream:
        head = stream.read(SAMPLE)
    if not head or not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        refuse("file_empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(path)
    if head.startswith(OLE):
        _refuse_ole(path)
    if head.startswith(b"SQLite format 3\x00"):
        return "geopackage"
    if head.startswith(TIFF):
        return "geotiff"
    for magic, name in REFUSED_MAGIC:
        if head.startswith(magic):
            refuse("type_refused", found=name)
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> FileKind:
    if head.startswith(UTF16):
        first = head.decode("utf-16", "ignore").lstrip("\ufeff \t\r\n")[:1].encode()
    else:
        body = head.removeprefix(b"\xef\xbb\xbf")
        if (order := utf16_order(body)) is not None:
            first = body.decode(order, "ignore").lstrip()[:1].encode()
        else:
            first = body.lstrip(b" \t\r\n\x1e")[:1]
            if sum(byte in CONTROLS for byte in body) > max(8, len(body) // 50):
                refuse("type_unknown")
    if first in (b"{", b"["):
        return "geojson"
    if first == b"<":
        lowered = head[:2_000].lower()
        refuse("type_refused", found="html" if b"<html" in lowered or b"<!doctype html" in lowered else "xml")
    return "delimited"


def _kind_of_archive(path: Path) -> FileKind:
    with open_archive(path, allow_nested=True) as archive:
        names = {entry.filename for entry in archive.infolist()}
        if "mimetype" in names:
            kind = archive.read("mimetype")[:200].decode("ascii", "replace").strip()
            if kind == "application/vnd.oasis.opendocument.spreadsheet":
                return "ods"
            refuse("type_refused", found=kind.rsplit(".", 1)[-1][:40])
        if "[Content_Types].xml" in names:
            return _kind_of_office(archive.read("[Content_Types].xml"), names)
    with open_archive(path):  # once more: here an archive within the archive is not part of a format
        if not any(name.casefold().endswith(".shp") for name in names):
            refuse("archive_unknown")
    return "shapefile"


def _kind_of_office(content_types: bytes, names: set[str]) -> FileKind:
    if b"macroEnabled" in content_types or any(name.casefold().endswith("vbaproject.bin") for name in names):
        refuse("macro_refused")
    if "xl/workbook.bin" in names:
        refuse("type_refused", found="xlsb")
    for folder, name in (("word/", "docx"), ("ppt/", "pptx"), ("visio/", "vsdx")):
        if any(entry.startswith(folder) for entry in names):
            refuse("type_refused", found=name)
    return "xlsx"


def _refuse_ole(path: Path) -> None:
    with path.open("rb") as stream:
        content = stream.read(4_000_000)
    if "EncryptedPackage".encode("utf-16-le") in content:
        refuse("workbook_encrypted")
    refuse("xls_refused")
