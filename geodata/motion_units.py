"""Units of acceleration, and which of them fit the numbers of a file: the bounds are rows of ``method_constants.csv``.

Nothing is ever converted by guess; who brings the file says which unit it is.
"""

from __future__ import annotations

from geodata.readers.parameter_tables import of_tables, read_parameter_tables

TO_G = {"g": 1.0, "pct_g": 0.01, "cm_s2": 1 / 980.665, "m_s2": 1 / 9.80665}
"""One of the unit in g: by definition (standard gravity 9.80665 m/s2)."""
SYMBOLS = {"g": "g", "pct_g": "% g", "cm_s2": "cm/s²", "m_s2": "m/s²"}


@of_tables
def bound(name: str, column: str = "default") -> float:
    """Return a row of ``method_constants.csv`` by its name; raises ``KeyError``."""
    rows = {row["name"]: row for row in read_parameter_tables().rows["method_constants"]}
    return float(rows[name][column])


def fitting_units(greatest: float, most_g: float) -> tuple[str, ...]:
    """Return every unit in which ``greatest``, the greatest number of a file, is a plausible greatest motion.

    Plausible: from the least that a map's greatest value has (row ``motion.least_greatest_g``) to ``most_g``.
    """
    least = bound("motion.least_greatest_g")
    return tuple(unit for unit, factor in TO_G.items() if least <= greatest * factor <= most_g)
