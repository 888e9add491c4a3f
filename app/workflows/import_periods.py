"""A map for one return period held against those that are in use for other periods: longer is never less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.queries import exposures, hazards, scoring
from geodata.records.table import RowProblem
from layers.exposure import measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geodata.database import Session
    from geodata.queries.exposures import Places
    from layers.manifest import HazardLayer
    from layers.sampling import LayerData

CURVES = ("pga_g", "msk", "depth_m")
"""Quantities of which maps for several return periods are one curve."""
EXCHANGED = 0.5
"""Share of the places where the maps differ from which falling values mean that files or periods are exchanged."""
TOLERANCE = 1e-6


def hold_against_periods(session: Session, layer: HazardLayer, data: LayerData) -> list[RowProblem]:
    """Return what contradicts the maps of other return periods at schools and buildings; places known to both count.

    An error where the value falls with the period at more than half of the places where both differ (where no water
    comes they do not); else a warning: there the places have no curve, and count by the level or the zone.
    """
    period = layer.return_period_years
    if period is None or layer.quantity not in CURVES:
        return []
    runs = {layer_id: run_id for run_id, layer_id, _code, _hazard in exposures.current_runs(session)}
    others = [
        (int(one.manifest["return_period_years"]), runs[one.id])
        for one in hazards.current_layers(session)
        if one.id in runs and one.code != layer.code and _is_same_curve(one.manifest, layer)
    ]
    if not others:
        return []
    places = exposures.load_places(session)
    mine = measure(layer, data, places.geometries).values
    found = (_compare(period, mine, other, _values(session, run_id, places)) for other, run_id in sorted(others))
    return [problem for problem in found if problem is not None]


def _is_same_curve(manifest: dict[str, object], layer: HazardLayer) -> bool:
    other = manifest.get("return_period_years")
    same = (manifest.get("hazard"), manifest.get("quantity")) == (layer.hazard, layer.quantity)
    return same and other not in (None, layer.return_period_years)


def _values(session: Session, run_id: int, places: Places) -> NDArray[np.float64]:
    """Return a measuring in the order of ``places``; NaN where it has no row."""
    rows = scoring.load_exposure(session, run_id)
    keys = zip(rows["school_id"].tolist(), rows["building_id"].tolist(), strict=True)
    told = dict(zip(keys, rows["value"].tolist(), strict=True))
    wanted = zip(places.school_id.tolist(), places.building_id.tolist(), strict=True)
    return np.array([told.get(key, np.nan) for key in wanted], dtype=float)


def _compare(period: int, mine: NDArray[np.float64], other: int, theirs: NDArray[np.float64]) -> RowProblem | None:
    shorter, longer = (mine, theirs) if period < other else (theirs, mine)
    known = ~np.isnan(shorter) & ~np.isnan(longer)
    falls = int((longer[known] < shorter[known] - TOLERANCE).sum())
    if not falls:
        return None
    told: dict[str, object] = {
        "shorter": min(period, other), "longer": max(period, other), "count": falls, "total": int(known.sum()),
    }  # fmt: skip
    differs = int((np.abs(longer[known] - shorter[known]) > TOLERANCE).sum())
    if falls > EXCHANGED * differs:
        return RowProblem(None, None, None, "hazard_periods_exchanged", "error", told)
    return RowProblem(None, None, None, "hazard_falls_with_period", "warning", told)
