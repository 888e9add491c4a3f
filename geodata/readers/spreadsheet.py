"""XLSX and ODS to a raw table: what the sheet shows, as text, with all that is hidden or missing told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import count, islice, starmap
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from geodata.readers import limits
from geodata.readers.cells import check_text, is_suspect, name_columns
from geodata.readers.limits import file_problem, numbers_as_text, refuse
from geodata.readers.opendocument import inspect_opendocument
from geodata.readers.workbook_parts import SheetFacts, cell_name, inspect_parts, inspect_sheet
from geodata.records.table import RawRow, RawTable, RowProblem

INEXACT = 10.0**15
"""A spreadsheet keeps 15 digits of a number: a longer code stored as a number is already damaged."""
TITLE_ROWS = 10
BLOCK = 300
MERGED_CELLS_TOLD = 20_000
ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!"})

Range = tuple[tuple[int, int], tuple[int, int]]


def read_spreadsheet(path: Path, kind: str, sheet: str | None = None) -> RawTable:
    """Return the first visible sheet, or the one named ``sheet``; rows keep their numbers.

    Raises:
        FileRefusedError: Entities, bombs, macros, passwords, damage, far cells, a two-level header.
    """
    if kind == "xlsx":
        inspect_parts(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        used, problems = _choose_sheet(workbook, sheet)
        index = workbook.sheet_names.index(used)
        facts = inspect_sheet(path, index) if kind == "xlsx" else inspect_opendocument(path, index)
        table = _read_sheet(workbook.get_sheet_by_name(used), facts, problems)
        table.sheets = tuple(workbook.sheet_names)
    except PasswordError:
        refuse("workbook_encrypted")
    except (CalamineError, OSError, ValueError) as error:
        refuse("workbook_damaged", part=str(error)[:80])
    table.sheet = used
    return table


def _choose_sheet(workbook: CalamineWorkbook, wanted: str | None) -> tuple[str, list[RowProblem]]:
    sheets = [found for found in workbook.sheets_metadata if found.typ == SheetTypeEnum.WorkSheet]
    visible = [found.name for found in sheets if found.visible == SheetVisibleEnum.Visible]
    hidden = [found.name for found in sheets if found.visible != SheetVisibleEnum.Visible]
    if wanted is not None:
        if wanted not in visible + hidden:
            refuse("sheet_missing", sheet=wanted[:100], sheets=", ".join(visible))
        return wanted, []
    if not visible:
        refuse("sheet_none_visible")
    used, problems = visible[0], []
    if hidden:
        problems.append(file_problem("sheet_hidden", sheets=", ".join(hidden), used=used))
    if len(visible) > 1:
        problems.append(file_problem("sheets_other", sheets=", ".join(visible[1:]), used=used))
    return used, problems


def _read_sheet(sheet: CalamineSheet, facts: SheetFacts, problems: list[RowProblem]) -> RawTable:
    if sheet.start is None or sheet.end is None:
        refuse("file_empty")
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height * width > limits.MAX_CELLS or height > limits.MAX_ROWS:
        refuse("far_cell", cell=cell_name(height, width))
    if width > limits.MAX_COLUMNS:
        refuse("too_many_columns", limit=limits.MAX_COLUMNS, found=width)
    merged: list[Range] = sheet.merged_cell_ranges or []
    left = sheet.start[1]  # a row is given from the first column that holds anything, but rows from the first one
    head = list(islice(sheet.iter_rows(), TITLE_ROWS + 1))
    at = _header_row(head, merged, problems)
    header: list[str | None] = [*[None] * left, *(_text(cell) or None for cell in head[at])]
    unnamed = {index for index, name in enumerate(header) if not (name or "").strip()}
    used = _used_columns(islice(sheet.iter_rows(), at + 1, None), unnamed, left)
    keep, names, header_problems = name_columns(header, used)
    problems.extend(header_problems)
    kept = [index - left for index in keep]
    found = list(_rows(islice(sheet.iter_rows(), at + 1, None), at + 2, kept, names, problems))
    if not found:
        problems.append(file_problem("file_missing_rows", "warning"))
    column_of = dict(zip(keep, names, strict=True))
    _tell_merged(height, merged, at, column_of, problems)
    _tell_facts(facts, at, column_of, problems)
    return RawTable(tuple(names), found, problems)


def _header_row(head: list[list[Any]], merged: list[Range], problems: list[RowProblem]) -> int:
    """Return the index of the header: the first row with several cells; a lone title above it is skipped."""
    filled = [sum(cell != "" and str(cell).strip() != "" for cell in row) for row in head]
    if not any(filled):
        refuse("header_missing")
    at = next(index for index, count in enumerate(filled) if count)
    skipped = []
    while filled[at] == 1 and any(count > 2 for count in filled[at + 1 :]):
        skipped.append(at + 1)
        at = next(index for index in range(at + 1, len(filled)) if filled[index])
    if skipped:
        problems.append(file_problem("title_rows_skipped", rows=numbers_as_text(skipped)))
    if any(first[0] <= at <= last[0] for first, last in merged):
        refuse("header_merged", row=at + 1)
    return at


def _used_columns(rows: Iterable[list[Any]], unnamed: set[int], left: int) -> set[int]:
    """Return those of the ``unnamed`` columns that hold anything in ``rows``, whose first column is ``left``."""
    empty = {index for index in unnamed if index >= left}
    used: set[int] = set()
    for row in rows if empty else ():
        used |= {index for index in empty - used if row[index - left] != ""}
    return used


def _rows(
    rows: Iterator[list[Any]], first: int, keep: list[int], names: list[str], problems: list[RowProblem]
) -> Iterator[RawRow]:
    """Yield the rows that are not blank: columns of a block at a time. ``first`` is the number of the first row."""
    for start in count(first, BLOCK):
        columns = list(zip(*islice(rows, BLOCK), strict=True))
        if not columns:
            return
        texts = [_column_texts(columns[index], start, name, problems) for index, name in zip(keep, names, strict=True)]
        numbered = zip(count(start), zip(*texts, strict=True), strict=False)
        if any(None not in column and "" not in map(str.strip, column) for column in texts):  # type: ignore[arg-type]
            yield from starmap(RawRow, numbered)
        else:
            yield from (RawRow(number, cells) for number, cells in numbered if _is_filled(cells))


def _is_filled(cells: tuple[str | None, ...]) -> bool:
    return any(cells) and any(cell and not cell.isspace() for cell in cells)


def _column_texts(
    cells: tuple[Any, ...], first_row: int, name: str, problems: list[RowProblem]
) -> Sequence[str | None]:
    """Return one column of a block as text; a column of one type takes one step for all its cells."""
    try:
        joined = "\x1f".join(cells)
    except TypeError:
        if set(map(type, cells)) == {float}:
            numbers = ("%.15g " * len(cells)) % cells
            if "e" not in numbers:
                return numbers.split()
        for row, cell in enumerate(cells, first_row):
            if type(cell) is float and abs(cell) >= INEXACT:
                problems.append(RowProblem(row, name, _text(cell), "number_precision_lost", "warning"))
        cells = tuple([_text(cell) for cell in cells])
        joined = "\x1f".join(cells)
    if "#" in joined or len(joined) > limits.MAX_CELL_CHARACTERS or is_suspect(joined):
        cells = tuple([_checked(cell, row, name, problems) for row, cell in enumerate(cells, first_row)])
    return [cell or None for cell in cells] if "" in cells else cells


def _checked(cell: str, row: int, name: str, problems: list[RowProblem]) -> str:
    problem: RowProblem | None
    if cell in ERRORS:
        problem = RowProblem(row, name, cell, "cell_error")
    else:
        cell, problem = check_text(cell, row, name)
    if problem is not None:
        problems.append(problem)
    return cell


def _text(cell: Any) -> str:
    """Return a cell as unambiguous text; empty is empty. A number has the 15 digits a spreadsheet keeps."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        is_day = cell.time() == time(0)
        return cell.date().isoformat() if is_day else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(cell, ".15g")
    return str(cell)


def _tell_merged(
    height: int, merged: list[Range], at: int, column_of: dict[int, str], problems: list[RowProblem]
) -> None:
    """A cell under a merge looks filled to a person and is empty to a program: each one is a problem."""
    told = 0
    for (top, left), (bottom, right) in merged:
        where = f"{cell_name(top + 1, left + 1)}:{cell_name(bottom + 1, right + 1)}"
        for row in range(max(top, at + 1), min(bottom, height - 1) + 1):
            for column in range(left, right + 1):
                if (row, column) == (top, left) or column not in column_of or told > MERGED_CELLS_TOLD:
                    continue
                told += 1
                problem = RowProblem(row + 1, column_of[column], None, "merged_cell_empty", "error", {"range": where})
                problems.append(problem)


def _tell_facts(facts: SheetFacts, at: int, column_of: dict[int, str], problems: list[RowProblem]) -> None:
    for row, column in facts.formulas_without_value:
        name = column_of.get(column - 1)
        if row > at + 1 and name is not None:
            params = {"cell": cell_name(row, column)}
            problems.append(RowProblem(row, name, None, "formula_without_value", "error", dict(params)))
    hidden = [row for row in facts.hidden_rows if row > at + 1]
    if hidden:
        problems.append(file_problem("rows_hidden", rows=numbers_as_text(hidden), count=len(hidden)))
    columns = [column_of[number - 1] for number in facts.hidden_columns if number - 1 in column_of]
    if columns:
        problems.append(file_problem("columns_hidden", columns=", ".join(columns)))
