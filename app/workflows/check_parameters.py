"""Whether a file may stand in the place of a parameter table: its form, then every rule that reads the table.

A file that cannot is refused by table, row and value; nothing is repaired.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.funding.catalogue import catalogue_of
from app.funding.cofinancing import shares_of
from app.funding.errors import CatalogueError
from app.prioritisation.errors import PrioritisationError
from app.prioritisation.scheme import SCHEME_FOLDER, list_schemes, scheme_of
from app.risk.errors import RiskError
from app.risk.measures import effects_of
from app.risk.parameter_checks import number_of
from app.risk.parameters import parameters_of
from app.risk.rapid_screening import screening_table
from geodata.readers.parameter_tables import (
    ParameterTables,
    parameter_tables,
    read_parameter_tables,
    rows_of,
    shipped_files,
)

MOST_BYTES = 4_000_000
NAMED = {"method_constants": "name", "economic": "parameter", "criteria_weights": "id", "building_types": "code"}
"""The column that tells a row of these tables in words."""
OPEN = frozenset({"cofinancing", "construction_cost_evidence", "hazard_flood_depth_damage", "kr_context"})
"""Tables whose rows may be left out: areas and evidence that nobody has to state, and the points of a curve."""
KEY_COLUMNS = {"casualty_rates_gem": 3}
"""How many of the first columns name a row, where the shipped rows alone would be told apart by fewer."""
RATE, HORIZON = "discount rate", "horizon "
MOST_TOLD = 5


class ParametersError(Exception):
    """Base of every refusal of a parameter table."""


class UnknownTableError(ParametersError):
    """No table of this name ships with the project."""


class TableRefusedError(ParametersError):
    """The file cannot stand in the table's place; the message names table, row and value, and what to do."""


def table_name(path: Path, stated: str | None = None) -> str:
    """Return the file name of the table that a file is for: as stated, else the file's own name.

    Raises:
        UnknownTableError: No table of that name ships with the project.
    """
    name = (stated or path.name).removesuffix(".csv") + ".csv"
    if name not in shipped_files():
        known = ", ".join(one.removesuffix(".csv") for one in shipped_files())
        raise UnknownTableError(f"there is no table {name.removesuffix('.csv')!r}; the tables are {known}")
    return name


def check_table(name: str, content: bytes) -> ParameterTables:
    """Return the tables in use with ``content`` in the place of ``name``.

    Raises:
        TableRefusedError: The file is no such table, or a rule refuses what it says.
    """
    _check_form(name, content)
    tables = parameter_tables({**read_parameter_tables().files, name: content})
    try:
        parameters_of(tables)
        screening_table(tables)
        effects_of(tables.rows["measure_effects"])
        catalogue_of(tables)
        shares_of(tables.rows["cofinancing"])
        _check_economy(tables.rows["economic"])
        for scheme in list_schemes():
            scheme_of(scheme, (SCHEME_FOLDER / f"{scheme}.toml").read_bytes(), tables)
    except (RiskError, PrioritisationError, CatalogueError) as error:
        raise TableRefusedError(str(error)) from error
    except (KeyError, ValueError, IndexError, StopIteration) as error:
        raise TableRefusedError(f"{name}: the rules that read it find no row or no number for {error}") from error
    return tables


def _check_form(name: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise TableRefusedError(f"{name}: the file has {len(content)} bytes, at most {MOST_BYTES} are read")
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableRefusedError(f"{name}: the file is no CSV in UTF-8 ({error}); save it as one") from error
    shipped = list(csv.reader(io.StringIO(shipped_files()[name].decode("utf-8-sig"), newline="")))
    header, wanted = (rows or [[]])[0], shipped[0]
    if header != wanted:
        raise TableRefusedError(f"{name}: the columns are {', '.join(header)}; they must be {', '.join(wanted)}")
    found = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    if not found:
        raise TableRefusedError(f"{name}: there is no row; state the rows of the table")
    for number, row in enumerate(rows[1:], 2):
        if row and len(row) != len(wanted):
            raise TableRefusedError(f"{name}, line {number}: {len(row)} cells in {len(wanted)} columns")
    _check_cells(name, wanted, found, shipped[1:])
    _check_rows(name, wanted, found, shipped[1:])


def _check_cells(name: str, header: list[str], rows: list[list[str]], shipped: list[list[str]]) -> None:
    """A column that holds numbers alone must go on to; a column that is nowhere empty, a status above all, too."""
    named = NAMED.get(name.removesuffix(".csv"))
    for at, column in enumerate(header):
        given = [row[at].strip() for row in shipped if row]
        is_number = any(given) and all(number_of(cell) is not None for cell in given if cell)
        for row in rows:
            cell = row[at].strip()
            told = row[header.index(named)] if named else " ".join(row[:2])
            if cell and is_number and number_of(cell) is None:
                raise TableRefusedError(f"{name}, row {told}: {column} {cell!r} is no number; state one")
            if not cell and all(given):
                raise TableRefusedError(f"{name}, row {told}: {column} is empty; each row of the table states it")


def _check_rows(name: str, header: list[str], rows: list[list[str]], shipped: list[list[str]]) -> None:
    """Each row that ships must be there, once, with a number wherever the shipped row has one."""
    table = name.removesuffix(".csv")
    wanted = [[cell.strip() for cell in row] for row in shipped if row]
    length = _key_columns(table, wanted)
    numbered = {tuple(row[:length]): row for row in wanted}
    keys = [tuple(cell.strip() for cell in row[:length]) for row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    missing = [] if table in OPEN else [key for key in numbered if key not in set(keys)]
    if twice:
        raise TableRefusedError(f"{name}: {_told(twice)} stands more than once; keep one row")
    if missing:
        raise TableRefusedError(f"{name}: no row {_told(missing)}; the rules read it, so state its values")
    for key, row in zip(keys, rows, strict=True):
        for column, cell, before in zip(header, row, numbered.get(key, ()), strict=False):
            given = cell.strip()
            if _is_number(before) and not _is_number(given):
                raise TableRefusedError(
                    f"{name}, row {_told([key])}: {column} {given!r} is no number; state one, with a decimal point "
                    f"(the shipped table says {before})"
                )


def _key_columns(table: str, shipped: Sequence[Sequence[str]]) -> int:
    """Return how many of the first columns tell the rows of a table apart."""
    for length in range(KEY_COLUMNS.get(table, 1), len(shipped[0])):
        if len({tuple(row[:length]) for row in shipped}) == len(shipped):
            return length
    return len(shipped[0])


def _is_number(text: str) -> bool:
    value = number_of(text)
    return value is not None and math.isfinite(value)


def _told(keys: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" ".join(key) for key in keys[:MOST_TOLD])


def _check_economy(rows: Sequence[Mapping[str, str]]) -> None:
    """A rate of interest is a share from 0 to below 1; works serve a whole number of years."""
    for row in rows:
        name, value = row["parameter"], number_of(row["default"])
        if name == RATE and value is not None and not 0 <= value < 1:
            raise TableRefusedError(f"economic.csv, row {name}: {value:g} is no share; state 0.06 for 6 %")
        if name.startswith(HORIZON) and value is not None and not (value >= 1 and value.is_integer()):
            raise TableRefusedError(f"economic.csv, row {name}: {value:g} is no number of years; state a whole one")


def changes_of(name: str, now: bytes, then: bytes) -> tuple[int, int, int]:
    """Return how many rows of ``then`` are changed, how many are new, and how many of ``now`` are gone."""
    shipped = [list(row.values()) for row in rows_of(shipped_files()[name])]
    length = _key_columns(name.removesuffix(".csv"), shipped)
    before, after = (_by_key(content, length) for content in (now, then))
    changed = sum(key in before and before[key] != rows for key, rows in after.items())
    return changed, len(after.keys() - before.keys()), len(before.keys() - after.keys())


def _by_key(content: bytes, length: int) -> dict[tuple[str, ...], list[dict[str, str]]]:
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows_of(content):
        found.setdefault(tuple(row.values())[:length], []).append(row)
    return found
