"""What a measured value of a layer can be: another unit than the manifest's shows in the numbers.

A layer in cm/s2, m/s2 or percent read as g would put every school at the worst level without a word.
"""

from __future__ import annotations

from typing import NamedTuple

from geodata.motion_units import SYMBOLS, bound, fitting_units

RANGES = {
    "msk": (1.0, 12.0),
    "temperature_c": (-75.0, 60.0),
    "days": (0.0, 366.0),
}
"""By quantity of the manifest; others may be anything. Accelerations and depths have rows in the parameter tables."""

METRES = {"cm": 0.01, "mm": 0.001}
"""One of another unit of depth in metres."""

KELVIN = (200.0, 330.0)
"""Greatest value of a layer of temperatures that is in kelvin."""


class WrongUnit(NamedTuple):
    """Values that are not plausible in the layer's unit; ``fits``: symbols of every unit in which they are.

    ``is_doubtful``: they could be in it, and whoever takes the layer must look; else they cannot.
    """

    least: float
    greatest: float
    low: float
    high: float
    fits: tuple[str, ...]
    is_doubtful: bool = False


def wrong_unit(
    quantity: str, least: float | None, greatest: float | None, period_years: float | None = None
) -> WrongUnit | None:
    """Return what is wrong with the range of a layer's values; None where it can be, or there are no values.

    ``period_years``: return period of a map of accelerations, None = that of the design motion.
    """
    if least is None or greatest is None:
        return None
    if quantity == "pga_g":
        return _wrong_motion(least, greatest, period_years)
    if quantity == "depth_m":
        return _wrong_depth(least, greatest)
    if quantity not in RANGES:
        return None
    low, high = RANGES[quantity]
    if low <= least and greatest <= high:
        return None
    is_kelvin = quantity == "temperature_c" and KELVIN[0] < greatest <= KELVIN[1]
    return WrongUnit(least, greatest, low, high, ("K",) if is_kelvin else ())


def _wrong_depth(least: float, greatest: float) -> WrongUnit | None:
    most, doubtful = bound("depth.most_m"), bound("depth.doubtful_m")
    fits = tuple(unit for unit, metres in METRES.items() if least >= 0 and greatest * metres <= doubtful)
    if least < 0 or greatest > most:
        return WrongUnit(least, greatest, 0.0, most, fits)
    return WrongUnit(least, greatest, 0.0, doubtful, fits, is_doubtful=True) if greatest > doubtful else None


def _wrong_motion(least: float, greatest: float, period_years: float | None) -> WrongUnit | None:
    """Longer return periods shake more: the bounds rise by the power law of the hazard."""
    design = 1 / bound("seismic.reference_rate")
    growth = max(1.0, (period_years or design) / design) ** (1 / bound("seismic.k"))
    most, doubtful = bound("motion.most_g") * growth, bound("motion.doubtful_g") * growth
    fits = tuple(SYMBOLS[unit] for unit in fitting_units(greatest, doubtful)) if least >= 0 else ()
    if least < 0 or greatest > most or 0 < greatest < bound("motion.trace_g"):
        return WrongUnit(least, greatest, 0.0, round(most, 3), tuple(unit for unit in fits if unit != "g"))
    if greatest > doubtful or 0 < greatest < bound("motion.least_greatest_g"):
        return WrongUnit(least, greatest, bound("motion.least_greatest_g"), round(doubtful, 3), fits, is_doubtful=True)
    return None
