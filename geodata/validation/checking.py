"""One table of any kind: mapping, required columns, the validator of the kind, and the closing account."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.records.table import RawTable, RowProblem
from geodata.validation.columns import FIELDS
from geodata.validation.context import Checked, Context, Kind
from geodata.validation.coordinates import excuse_unknown_places
from geodata.validation.mapping import ColumnMapping, guess_mapping
from geodata.validation.sheet import Sheet

NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "schools": (("code", "osm_id", "emis"),),
    "buildings": (("school_code", "code"),),
    "answers": (("school_code",),),
    "areas": (("code", "pcode", "name_ky", "name_ru", "name_en", "name"),),
    "hazard": (),
    "roads": (),
    "services": (("kind",),),
    "standard": (("edition",), ("code",)),
}
"""Of each group at least one field must be mapped."""


def check(kind: Kind, table: RawTable, mapping: ColumnMapping | Mapping[str, str] | None, context: Context) -> Checked:
    """Return records and problems; see ``geodata.validation.validate``."""
    if mapping is None:
        mapping = guess_mapping(table.columns, table.rows, kind, table.has_geometry)
    if not isinstance(mapping, ColumnMapping):
        mapping = ColumnMapping(dict(mapping))
    columns = {name: column for name, column in mapping.columns.items() if column in table.columns}
    sheet = Sheet(excuse_unknown_places(table) if kind == "schools" else table, columns, context)
    sheet.file_problems.extend(mapping.problems)
    if not table.rows and not any(problem.code == "file_missing_rows" for problem in table.problems):
        sheet.tell_file("file_missing_rows", "warning")
    for group in NEEDED[kind]:
        if not any(name in columns for name in group):
            sheet.tell_file("mapping_missing", "error", field=group[0], columns=", ".join(table.columns[:40]))
    if not any(_refuses(problem) for problem in (*sheet.file_problems, *table.problems)):
        records = _check_kind(kind, sheet)
        if not any(map(_refuses, sheet.file_problems)):
            _tell_unmapped(sheet)
            return sheet.close(records)
    refused = sheet.close([])
    refused.refused = list(sheet.numbers)
    refused.left_out = []
    return refused


def _refuses(problem: RowProblem) -> bool:
    return problem.row is None and problem.severity == "error"


def _check_kind(kind: Kind, sheet: Sheet) -> list:
    if kind == "schools":
        from geodata.validation.schools import check_schools

        return check_schools(sheet)
    if kind == "buildings":
        from geodata.validation.buildings import check_buildings

        return check_buildings(sheet)
    if kind == "answers":
        from geodata.validation.answers import check_answers

        return check_answers(sheet)
    if kind == "areas":
        from geodata.validation.areas import check_areas

        return check_areas(sheet)
    if kind == "standard":
        from geodata.validation.standard import check_standard

        return check_standard(sheet)
    if kind in ("roads", "services"):
        from geodata.validation.roads import check_roads, check_services

        return check_roads(sheet) if kind == "roads" else check_services(sheet)
    from geodata.validation.hazards import check_hazards

    return check_hazards(sheet)


def _tell_unmapped(sheet: Sheet) -> None:
    """Columns that nobody asked for are left out, and that is said once."""
    used = set(sheet.columns.values()) | sheet.extra_columns
    rest = [column for column in sheet.table.columns if column not in used]
    if rest:
        shown = ", ".join(rest[:25]) + (", …" if len(rest) > 25 else "")
        sheet.tell_file("columns_unused", columns=shown, count=len(rest))


def known_fields(kind: Kind) -> tuple[str, ...]:
    """Return the names of the fields of a kind."""
    return tuple(one.name for one in FIELDS[kind])
