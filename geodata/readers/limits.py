"""Limits that hold before and during parsing, and the two ways a reader says no."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from geodata.errors import FileRefusedError
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from geodata.records.table import Severity

MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
MAX_CELL_CHARACTERS = 65_535
MAX_CELLS = 60_000_000
"""Cells of a sheet counted as the reader would lay them out: the corner of the last cell."""

FAR_ROW = 300_000
"""A gap of this many rows before a cell makes it a stray one."""

MAX_UNPACKED_BYTES = 800_000_000
MAX_PART_RATIO = 250
RATIO_FREE_BYTES = 5_000_000
"""Parts smaller than this may pack as well as they like."""
MAX_ARCHIVE_ENTRIES = 2_000

MAX_FEATURE_VERTICES = 500_000
MAX_FILE_VERTICES = 6_000_000
MAX_GEOMETRY_DEPTH = 4
"""Collections within collections."""

MAX_RASTER_PIXELS = 400_000_000
MAX_RASTER_SIDE = 100_000


def refuse(code: str, **params: object) -> NoReturn:
    """Refuse the whole file."""
    raise FileRefusedError(RowProblem(None, None, None, code, "error", params))


def file_problem(code: str, severity: Severity = "warning", **params: object) -> RowProblem:
    """Return something to say about the whole file that does not refuse it."""
    return RowProblem(None, None, None, code, severity, params)


def numbers_as_text(numbers: list[int], most: int = 20) -> str:
    """Return ``3-6, 9`` for [3, 4, 5, 6, 9]; at most ``most`` runs, then an ellipsis."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in runs[:most]]
    return ", ".join(shown) + (", …" if len(runs) > most else "")
