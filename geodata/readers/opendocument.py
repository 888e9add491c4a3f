"""ODS content, looked at before it is parsed: entities, repeats that explode, formulas without a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.parsers import expat

from geodata.readers import limits
from geodata.readers.archive import chunks_of, open_archive
from geodata.readers.limits import refuse
from geodata.readers.workbook_parts import SheetFacts, cell_name, check_piece

HIDDEN = ("collapse", "filter")


class _ContentWatcher:
    """Follows rows and cells of ``content.xml``; counts what the repeats would become."""

    def __init__(self, sheet_index: int) -> None:
        self.facts = SheetFacts()
        self.sheet_index = sheet_index
        self.sheet = -1
        self.row = self.column = 0
        self.row_repeat = 1
        self.cell_repeat = 0
        self.last_row = self.last_column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.sheet += 1
            self.row = self.last_row = self.last_column = 0
        elif tag == "table:table-row":
            self.row_repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self.row += self.row_repeat
            self.column = 0
            if self.sheet == self.sheet_index and attributes.get("table:visibility") in HIDDEN:
                self.facts.hidden_rows.extend(range(self.row - min(self.row_repeat, 1000) + 1, self.row + 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)
        elif tag == "text:p" and self.cell_repeat:
            self._filled()

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cell_repeat = int(attributes.get("table:number-columns-repeated", "1"))
        self.column += self.cell_repeat
        if "office:value-type" in attributes:
            self._filled()
        elif "table:formula" in attributes and self.sheet == self.sheet_index:
            self.facts.formulas_without_value.append((self.row, self.column))

    def _filled(self) -> None:
        """A cell with content, repeated or not: the grid reaches at least here."""
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        too_wide = self.last_column > limits.MAX_COLUMNS
        too_far = self.last_row * self.last_column > limits.MAX_CELLS or self.last_row > limits.MAX_ROWS
        if too_wide or too_far:
            refuse("far_cell", cell=cell_name(self.row, self.column))
        self.facts.last_row = max(self.facts.last_row, self.row if self.sheet == self.sheet_index else 0)


def inspect_opendocument(path: Path, sheet_index: int) -> SheetFacts:
    """Refuse an ODS with entities, damaged XML or repeats beyond the limits; return the sheet's facts."""
    watcher = _ContentWatcher(sheet_index)
    parser = expat.ParserCreate()
    parser.StartElementHandler = watcher.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    with open_archive(path, allow_nested=True) as archive:
        names = archive.namelist()
        if "content.xml" not in names:
            refuse("workbook_damaged", part="content.xml")
        for name in names:
            if name.casefold().endswith(".xml") and name != "content.xml":
                for number, piece in enumerate(chunks_of(archive, name)):
                    check_piece(piece, name, is_first=number == 0)
        try:
            for piece in chunks_of(archive, "content.xml"):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError):
            refuse("workbook_damaged", part="content.xml")
    return watcher.facts


def _refuse_doctype(*_: Any) -> None:
    refuse("xml_entities_refused", part="content.xml")
