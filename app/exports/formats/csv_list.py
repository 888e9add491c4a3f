"""CSV: UTF-8 with BOM, RFC 4180, safe to open in a spreadsheet; run and date stand in every row."""

from __future__ import annotations

from pathlib import Path

from app.exports.document import ListDocument
from app.exports.exporter import Exporter
from app.i18n.marks import N_

BOM = b"\xef\xbb\xbf"


def write(document: ListDocument, path: Path) -> None:
    """Write the heading of keys and the lines as the database makes them."""
    heading = (*(column.key for column in document.columns), *document.constant_keys)
    with path.open("wb") as file:
        file.write(BOM + ",".join(heading).encode() + b"\r\n")
        for block in document.lines(True, True):
            file.write(block)


EXPORTER = Exporter("csv", N_("Table for programs (CSV)"), "text/csv", write, order=2)
