"""What a measured value of a layer can be: another unit than the manifest's shows in the numbers.

A layer in cm/s2 or percent read as g would put every school at the worst level without a word.
"""

from __future__ import annotations

from typing import NamedTuple

RANGES = {
    "pga_g": (0.0, 3.0),
    "msk": (1.0, 12.0),
    "depth_m": (0.0, 100.0),
    "temperature_c": (-75.0, 60.0),
    "days": (0.0, 366.0),
}
"""By quantity of the manifest; others may be anything."""

TRACE_G = 1e-3
"""A layer of accelerations whose greatest value is below this is in another unit (or of no use)."""

LOOKS_LIKE = (
    ("pga_g", 3.0, 300.0, "% g"),
    ("pga_g", 300.0, 3000.0, "cm/s²"),
    ("temperature_c", 200.0, 330.0, "K"),
)
"""Greatest value of a layer -> the unit that it looks like."""


class WrongUnit(NamedTuple):
    """Values that cannot be in the layer's unit; ``looks_like`` is "" where nothing is likely."""

    least: float
    greatest: float
    low: float
    high: float
    looks_like: str


def wrong_unit(quantity: str, least: float | None, greatest: float | None) -> WrongUnit | None:
    """Return what is wrong with the range of a layer's values; None where it can be, or there are no values."""
    if quantity not in RANGES or least is None or greatest is None:
        return None
    low, high = RANGES[quantity]
    is_trace = quantity == "pga_g" and 0 < greatest < TRACE_G
    if low <= least and greatest <= high and not is_trace:
        return None
    looks = next((unit for name, above, to, unit in LOOKS_LIKE if name == quantity and above < greatest <= to), "")
    return WrongUnit(least, greatest, low, high, looks)
