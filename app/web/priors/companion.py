"""What the CSV files of a table of priors hold: their codes for "unknown" and "all" in words; the bytes stay frozen."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from app.exports.csvw import table_metadata
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.web.csv_companion import about_table
from app.web.language import current_language

if TYPE_CHECKING:
    from app.exports.plain_table import Cell

LABELS = {
    "area": N_("Area"),
    "decade": N_("Decade of construction"),
    "basis": N_("Counted over"),
    "surveyed": N_("Surveyed buildings"),
    "building_type": N_("Type"),
    "counted": N_("Surveyed buildings of the type"),
    "weight": N_("Share"),
    "criterion": N_("Requirement"),
    "met": N_("Surveyed buildings that meet it"),
    "rate": N_("Pass rate"),
}
MEANINGS = {
    "area": N_("Code of a district or an oblast; empty: the whole country."),
    "decade": N_(
        "First year of the decade; 0: the year of construction is unknown; -1: buildings of all years together."
    ),
    "building_type": N_("Code of a building type; empty: buildings of all types together."),
}
WHOLE, DECIMAL = ("decade", "surveyed", "counted"), ("weight", "met", "rate")
TITLES = {"types": N_("Shares of types"), "answers": N_("Pass rates")}


def companion_of_table(content: bytes, table: str) -> bytes:
    """Return the companion of one of both tables; ``content``: its CSV, ``table``: a key of ``TITLES``."""
    say = translator(current_language())
    keys, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    cells = [[_cell(key, text) for key, text in zip(keys, row, strict=True)] for row in rows]
    meanings: dict[str, Any] = {key: say(meaning) for key, meaning in MEANINGS.items()}
    return table_metadata(
        about_table(of_run=False), say(TITLES[table]), keys, [say(LABELS[key]) for key in keys], cells, meanings
    )


def _cell(key: str, text: str) -> Cell:
    if key in WHOLE:
        return int(text)
    return float(text) if key in DECIMAL else text
