"""The values of a footprint: their unit, whether they can be, and what holds at a place.

Numbers that cannot be in the unit that is stated are refused with every unit in which they are plausible. An area of a
storm or of a warning has no degree: its unit is ``inside``, and its value 1 in every polygon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.errors import FootprintRefusedError
from geodata.motion_units import TO_G, bound, fitting_units
from geodata.records.marks import N_

FloatArray = NDArray[np.float64]

INSIDE = "inside"
"""The unit and the measure of polygons that say where and not how strongly."""
UNITS = (*TO_G, "msk", INSIDE)
DECLARED = {"pctg": "pct_g", "%g": "pct_g", "g": "g", "cm/s/s": "cm_s2", "cm/s^2": "cm_s2", "cm/s2": "cm_s2"}
"""How ShakeMap names the units of acceleration."""


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Shaking at places: ``values_at`` gives it; ``measure`` is msk, pga_g or inside."""

    measure: str
    unit: str
    sha256: str
    grid: FloatArray | None
    west: float = 0.0
    north: float = 0.0
    step_lon: float = 0.0
    step_lat: float = 0.0
    polygons: tuple[Any, ...] = ()
    polygon_values: FloatArray | None = None
    facts: dict[str, str] | None = None
    """What the file says of its event: magnitude, depth, lon, lat, description."""

    def values_at(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the shaking at places (EPSG:4326); NaN outside the footprint and where the place is unknown.

        A cell of a grid holds for the places inside it; of polygons over one another the greatest value counts.
        """
        found = np.full(len(lon), np.nan)
        if self.grid is not None:
            with np.errstate(invalid="ignore"):
                column = np.floor((lon - self.west) / self.step_lon)
                row = np.floor((self.north - lat) / self.step_lat)
                inside = (column >= 0) & (column < self.grid.shape[1]) & (row >= 0) & (row < self.grid.shape[0])
            places = np.flatnonzero(inside)
            found[places] = self.grid[row[places].astype(np.int64), column[places].astype(np.int64)]
            return found
        import shapely

        points = shapely.points(np.nan_to_num(lon), np.nan_to_num(lat))
        known = ~(np.isnan(lon) | np.isnan(lat))
        for shape, value in zip(
            self.polygons, self.polygon_values if self.polygon_values is not None else (), strict=True
        ):
            touched = known & shapely.intersects(shape, points)
            found[touched] = np.fmax(found[touched], value)
        return found


def stated_unit(unit: str | None) -> str:
    """Return the unit that is stated. Raises ``FootprintRefusedError``: none, or one that is not known."""
    if unit is None:
        raise FootprintRefusedError(N_("say in which unit the values are: %(units)s"), units=", ".join(UNITS))
    if unit not in UNITS:
        raise FootprintRefusedError(
            N_("unit %(unit)s is not known; there are: %(units)s"), unit=unit, units=", ".join(UNITS)
        )
    return unit


def checked_values(values: FloatArray, unit: str, *, is_declared: bool = False) -> tuple[str, FloatArray]:
    """Return the measure, and the values in g or degrees of MSK; NaN stays NaN.

    ``is_declared``: the file states the unit itself, so that only what no earthquake does contradicts it.
    """
    if unit == INSIDE:
        return INSIDE, values
    known = values[~np.isnan(values)]
    if not len(known):
        raise FootprintRefusedError(N_("the file holds no values"))
    if np.isinf(known).any() or (known < 0).any():
        raise FootprintRefusedError(N_("the file holds negative or endless values of shaking"))
    largest = float(known.max())
    if unit == "msk":
        if largest > bound("motion.most_msk"):
            raise FootprintRefusedError(
                N_("the greatest value is %(largest)s: that is no intensity of MSK (1 to 12)"), largest=f"{largest:g}"
            )
        return "msk", values
    largest_g = largest * TO_G[unit]
    most = bound("scenario.largest_motion_g", "high" if is_declared else "default")
    if largest_g > most:
        fits = [name for name in fitting_units(largest, most) if name != unit]
        told = {"largest": f"{largest:g}", "unit": unit, "most": f"{most:g}", "fits": ", ".join(fits)}
        if fits:
            raise FootprintRefusedError(
                N_(
                    "the greatest value is %(largest)s %(unit)s, more than %(most)s g. Units in which it is plausible: "
                    "%(fits)s. Nothing was converted"
                ),
                **told,
            )
        raise FootprintRefusedError(
            N_("the greatest value is %(largest)s %(unit)s, more than %(most)s g. Nothing was converted"), **told
        )
    if unit != "g" and largest_g < bound("motion.trace_g"):
        raise FootprintRefusedError(
            N_(
                "the greatest value is %(largest)s %(unit)s, less than a thousandth of g: is it in g? "
                "Nothing was converted"
            ),
            largest=f"{largest:g}",
            unit=unit,
        )
    return "pga_g", values * TO_G[unit]


def check_degrees(lon: FloatArray, lat: FloatArray) -> None:
    """Raise ``FootprintRefusedError`` where coordinates cannot be degrees."""
    if (np.abs(lon) > 180).any() or (np.abs(lat) > 90).any():
        raise FootprintRefusedError(N_("the coordinates are no degrees of EPSG:4326: the file is in another CRS"))
