"""From which coverage on an area is compared, as the parameter tables say (method 7, "honest regions")."""

from __future__ import annotations

from geodata.readers.parameter_tables import of_tables, read_parameter_tables


def needed_pct() -> float:
    """Return the share of well assessed schools, in percent, from which an area is compared with others."""
    return _percent("area.coverage")


def complete_pct() -> float:
    """Return the share of requirements answered, in percent, from which a school counts as well assessed."""
    return _percent("conformity.completeness")


@of_tables
def _percent(name: str) -> float:
    rows = read_parameter_tables().rows["method_constants"]
    return 100.0 * next(float(row["default"]) for row in rows if row["name"] == name)
