"""The XML parts of a workbook, looked at before it is parsed: entities, far cells, formulas, hidden rows.

Only bytes are searched, part by part and piece by piece; nothing is expanded here.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from geodata.readers import limits
from geodata.readers.archive import chunks_of, open_archive
from geodata.readers.cells import column_letters
from geodata.readers.limits import refuse

ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
PLAIN_ENCODINGS = frozenset({b"utf-8", b"us-ascii", b"ascii"})
FAR_ROW = re.compile(rb'<row r="([3-9]\d{5}|\d{7,})"')
ANY_FAR_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="([3-9]\d{5}|\d{7,})"')
"""Rows from ``limits.FAR_ROW`` on: those before it are never far."""
ROW_ATTRIBUTES = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"[^>]*>')
FAR_COLUMN = re.compile(rb' r="((?:[A-Z]{3}|[T-Z][A-Z]|S[G-Z])\d+)"')
COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
FORMULA_SIGNS = (b"<f", b":f")
CELL_NAME = re.compile(rb'\br="([A-Z]+)(\d+)"')
SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
MAX_ROW_BYTES = 40_000_000


@dataclass(slots=True)
class SheetFacts:
    """What the grid alone does not tell. Rows and columns count from 1."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas_without_value: list[tuple[int, int]] = field(default_factory=list)
    last_row: int = 0


def inspect_parts(path: Path) -> None:
    """Refuse a workbook with entities or damage in any part that is not a sheet (those come when chosen)."""
    with open_archive(path, allow_nested=True) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if name.casefold().endswith((".xml", ".rels", ".vml")) and not name.startswith("xl/worksheets/"):
                _check_part(archive, name)


def inspect_sheet(path: Path, index: int) -> SheetFacts:
    """Return the facts of the sheet at ``index``; refuse entities, damage and cells far away."""
    with open_archive(path, allow_nested=True) as archive:
        name = sheet_part(archive, index)
        if name is None:
            refuse("workbook_damaged", part="xl/workbook.xml")
        return _inspect_sheet(archive, name)


def sheet_part(archive: zipfile.ZipFile, index: int) -> str | None:
    """Return the name of the part that holds the sheet at ``index``, in the workbook's order."""
    try:
        sheets = SHEET.findall(archive.read("xl/workbook.xml"))
        relations = RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    except KeyError:
        return None
    targets = {found.get("Id"): found.get("Target") for found in map(_attributes, relations)}
    if index >= len(sheets):
        return None
    attributes = _attributes(sheets[index])
    identity = next((value for key, value in attributes.items() if key.endswith(":id")), None)
    target = targets.get(identity)
    if target is None:
        return None
    name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    return name if name in archive.namelist() else None


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): (a or b).decode("utf-8", "replace") for key, a, b in ATTRIBUTE.findall(tag)}


def _check_part(archive: zipfile.ZipFile, name: str) -> None:
    tail = b""
    for number, piece in enumerate(chunks_of(archive, name)):
        check_piece(tail + piece, name, is_first=number == 0)
        tail = piece[-16:]


def check_piece(piece: bytes, name: str, is_first: bool) -> None:
    """Refuse a document type, an entity, or an encoding under which these could hide."""
    if is_first:
        if piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in piece[:64]:
            refuse("workbook_damaged", part=name)
        declared = ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf").lstrip())
        if declared and declared.group(1).lower() not in PLAIN_ENCODINGS:
            refuse("workbook_damaged", part=name)
    if b"!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):  # one letter is found ten times as fast
        refuse("xml_entities_refused", part=name)


def _inspect_sheet(archive: zipfile.ZipFile, name: str) -> SheetFacts:
    facts = SheetFacts()
    rest = b""
    for number, piece in enumerate(chunks_of(archive, name)):
        buffer = rest + piece if rest else piece
        check_piece(buffer, name, is_first=number == 0)
        cut = buffer.rfind(b"row>") + 4
        if cut < 4:
            if len(buffer) > MAX_ROW_BYTES:
                refuse("far_cell", cell="?")
            rest = buffer
            continue
        _inspect_rows(buffer[:cut], facts)
        rest = buffer[cut:]
    _inspect_rows(rest, facts)
    return facts


def _inspect_rows(piece: bytes, facts: SheetFacts) -> None:
    if far := FAR_COLUMN.search(piece):
        refuse("far_cell", cell=far.group(1).decode())
    pattern = FAR_ROW if b'<row r="' in piece else ANY_FAR_ROW
    for opening in pattern.findall(piece):
        number = int(opening)
        if number > max(facts.last_row, limits.FAR_ROW) + limits.FAR_ROW:
            refuse("far_cell", cell=f"A{number}")
        facts.last_row = max(facts.last_row, number)
    if b"hidden=" in piece:
        _note_hidden(piece, facts)
    if b"f" in piece and any(sign in piece for sign in FORMULA_SIGNS):
        for attributes in NO_VALUE.findall(piece):
            if at := CELL_NAME.search(attributes):
                facts.formulas_without_value.append((int(at.group(2)), _column_number(at.group(1))))


def _note_hidden(piece: bytes, facts: SheetFacts) -> None:
    for tag in ROW_ATTRIBUTES.findall(piece):
        if found := re.search(rb'\br="(\d+)"', tag):
            facts.hidden_rows.append(int(found.group(1)))
    for tag in COLUMN.findall(piece):
        attributes = _attributes(tag)
        if attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            facts.hidden_columns.extend(range(first, min(last, first + limits.MAX_COLUMNS) + 1))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def cell_name(row: int, column: int) -> str:
    """Return ``G4`` for row 4, column 7 (both from 1)."""
    return f"{column_letters(column - 1)}{row}"
