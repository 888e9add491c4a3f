"""Who is inside: mean persons present, the share of a year a pupil spends there, casualties (method 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.risk.damage import occurrence_rate
from app.risk.parameters import FloatArray, IntArray, RiskParameters

HOURS_A_YEAR = 8760


def school_days(parameters: RiskParameters) -> float:
    """Return days of teaching a year: days a week x weeks."""
    return parameters["occupancy.days"] * parameters["occupancy.weeks"]


def mean_persons_present(pupil_hours: FloatArray, staff: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return E = (sum_s N_s att h_s + staff 6.5) x days x weeks / 8760, persons.

    ``pupil_hours``: sum over shifts of pupils x hours a day. NaN (unknown) stays NaN.
    """
    attended = pupil_hours * parameters["occupancy.attendance"] + staff * parameters["occupancy.hours_staff"]
    return attended * school_days(parameters) / HOURS_A_YEAR


def presence_of_pupil(hours: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return f_p, the share of a year that a pupil of a shift of ``hours`` a day is inside."""
    return np.asarray(hours, dtype=float) * school_days(parameters) / HOURS_A_YEAR * parameters["occupancy.attendance"]


def share_of_boarders(boarders: FloatArray, pupils: FloatArray) -> FloatArray:
    """Return the share 0..1 of a school's pupils who board; NaN = nobody knows, or nobody is taught there.

    More boarders than pupils, two facts that contradict each other, count as all of them.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pupils > 0, np.minimum(boarders / pupils, 1.0), np.nan)


def hours_with_boarders(hours: FloatArray, share: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return the hours a day of a mean pupil: a boarder is there day and night, the others for ``hours``.

    Args:
        hours: Hours a day of who goes home, NaN = unknown.
        share: Of boarders, 0..1; where it is unknown (NaN) or 0, and where no school has any, ``hours`` stay as they
            are, so that parameters without the hours of boarders do.
    """
    some = np.nan_to_num(share, nan=0.0) > 0
    if not some.any():
        return hours
    whole = parameters["occupancy.hours_boarding"]
    return np.where(some, hours + share * np.maximum(whole - hours, 0.0), hours)


def casualties(exceedance_rate: FloatArray, by_state: FloatArray, persons: FloatArray | float) -> FloatArray:
    """Return annual casualties S1..S4 = E sum_d o_d s_d.

    ``exceedance_rate``: shape (..., 4), per year. ``by_state``: shape (4 states, 4 severities).
    """
    return (occurrence_rate(exceedance_rate) @ by_state) * np.asarray(persons)[..., None]


def equivalent_fatalities(annual_casualties: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return EF = S . (0, 0.01, 0.1, 1) per year."""
    return annual_casualties @ parameters.severity_weights


def shares_of_pupils(
    school: IntArray, share: FloatArray, area_m2: FloatArray, is_taught_in: NDArray[np.bool_], schools: int
) -> FloatArray:
    """Complete the share of a school's pupils in each of its buildings.

    Args:
        school: Index of the school of each building, 0..schools-1.
        share: 0..1, NaN = unknown.
        area_m2: NaN = unknown.
        is_taught_in: Whether the building is for teaching (or of unknown use).

    Returns:
        Shares without NaN. What the known shares leave is split over the buildings of unknown share by floor
        area (mean area where unknown); only over those taught in, when the school has such.
    """

    def count(values: FloatArray) -> FloatArray:
        return np.bincount(school, values, schools).astype(float)

    missing = np.isnan(share)
    left = np.clip(1 - count(np.where(missing, 0.0, share)), 0.0, 1.0)
    some_taught = count((missing & is_taught_in).astype(float)) > 0
    entitled = missing & (is_taught_in | ~some_taught[school])
    sized = entitled & ~np.isnan(area_m2)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_area = count(np.where(sized, area_m2, 0.0)) / count(sized.astype(float))
    size = np.where(np.isnan(area_m2), np.where(np.isnan(mean_area), 1.0, mean_area)[school], area_m2)
    size = np.where(entitled, size, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = size / count(size)[school]
    return np.where(missing, np.nan_to_num(part) * left[school], share)
