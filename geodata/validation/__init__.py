"""Raw tables to records and problems: pure, no database, no clock.

The way of one file::

    table = read_in_sandbox(path)                                    # geodata.readers.sandbox
    mapping = guess_mapping(table.columns, table.rows, kind, table.has_geometry)
    mapping = apply_overrides(mapping, [("column", "field"), ...], table.columns, kind)
    checked = validate(kind, table, mapping, context)                # -> Checked
    what, remedy = describe(problem, translate)                      # geodata.validation.problems

``mapping.columns`` is ``{field: column}``, ``mapping.confidence`` ``{field: 0..1}``, ``mapping.problems``
what could not be decided. ``FIELDS[kind]`` (``geodata.validation.columns``) lists the fields that a person
may choose from, with labels. Records per kind: SchoolRecord, BuildingRecord, AnswerRecord, AreaRecord,
HazardFeature (``geodata.records``).

Facts of a row without a place of their own in the record are kept in ``provenance``:
``provenance["row"]["date"]`` (ISO date of the survey), ``provenance["declared_building"]`` (year, wall
material and cost that a school list states), ``provenance["building_type"]["declared"]`` (the wall material
as written).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.validation.context import KINDS, Checked, Context, HazardPlan, Kind, KnownArea, KnownCriterion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.records.table import RawTable
    from geodata.validation.mapping import ColumnMapping

__all__ = ["KINDS", "Checked", "Context", "HazardPlan", "Kind", "KnownArea", "KnownCriterion", "validate"]


def validate(
    kind: Kind, table: RawTable, mapping: ColumnMapping | Mapping[str, str] | None, context: Context
) -> Checked:
    """Return records and problems of a raw table.

    Args:
        kind: What the table holds.
        table: As a reader left it; its problems are handed on in ``Checked.problems``.
        mapping: Field to column; guessed from names and values when None.
        context: What is known besides the table.
    """
    from geodata.validation.checking import check

    return check(kind, table, mapping, context)
