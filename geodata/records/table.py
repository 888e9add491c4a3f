"""A raw table: what a reader found in a file, before anybody judged it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One problem, told in the user's terms.

    ``row`` is the line in the user's own file (header = 1 in tables; feature number from 1 in geodata);
    None when it concerns the whole file. ``code`` names the message template (see
    ``geodata.validation.problems``); ``params`` fill it. ``error`` refuses the row (or, with row None,
    the file), ``warning`` accepts it and says what was normalised, ``note`` only informs.
    """

    row: int | None
    column: str | None
    value: str | None
    code: str
    severity: Severity = "error"
    params: dict[str, object] = field(default_factory=dict)


class RawRow(NamedTuple):
    """``number``: line in the user's file. ``cells``: as text (NFC kept as found), None = empty cell.

    A tuple: of the many rows of a file each is made in half the time of a dataclass.
    """

    number: int
    cells: tuple[str | None, ...]
    geometry: BaseGeometry | None = None


@dataclass(slots=True)
class RawTable:
    """Columns in file order, rows, and what the reader has to say about the file.

    Numbers and dates of spreadsheets arrive as unambiguous text ("12", "3.5", "2024-04-15").
    ``geometry`` of the rows is EPSG:4326 after reprojection; ``srid`` says what the file had.
    """

    columns: tuple[str, ...]
    rows: list[RawRow]
    problems: list[RowProblem] = field(default_factory=list)
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    encoding: str | None = None
    srid: int | None = None
    has_geometry: bool = False
