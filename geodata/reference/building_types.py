"""Codes that files must use, by the table of building types in use."""

from __future__ import annotations

from geodata.readers.parameter_tables import of_tables, read_parameter_tables


@of_tables
def building_type_codes() -> tuple[str, ...]:
    """Return the codes of ``building_types.csv``; ``KG-UNK`` is unknown."""
    return tuple(row["code"] for row in read_parameter_tables().rows["building_types"] if row["code"])
