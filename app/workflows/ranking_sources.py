"""Which of several layers of one hazard counts: the worst, until somebody has decided; then the one that was named.

A layer that was named counts where it knows something. Where it is unknown the others still count: what is missing
gives no pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from app.workflows.ranking_inputs import MeasuredLayer
    from geodata.queries.exposures import SchoolExposure
    from geodata.queries.hazard_conflicts import Resolution

NONE = ""
IntArray = NDArray[np.int64]


def chosen_layers(resolutions: Iterable[Resolution], school_ids: IntArray) -> dict[str, NDArray[Any]]:
    """Return per hazard the code of the layer that was named for each school; empty = none.

    A resolution of one school stands before one for everywhere, also when it opens the conflict again.
    """
    found: dict[str, NDArray[Any]] = {}
    ordered = sorted(resolutions, key=lambda one: one.school_id is not None)
    for one in ordered:
        codes = found.setdefault(one.hazard, np.full(len(school_ids), NONE, dtype=object))
        codes[slice(None) if one.school_id is None else school_ids == one.school_id] = one.layer_code or NONE
    return found


def decided_layer(resolutions: Iterable[Resolution], hazard: str, school_id: int) -> str | None:
    """Return the code of the layer that was named for a hazard at one school; None = the worst one counts."""
    own = [one for one in resolutions if one.hazard == hazard and one.school_id in (None, school_id)]
    own.sort(key=lambda one: one.school_id is not None)
    return own[-1].layer_code if own else None


def settled_exposures(
    found: Sequence[SchoolExposure], decided: str | None, building_id: int | None
) -> list[SchoolExposure]:
    """Return what counts at a building, by the rule of ``settle``: without the layers that a decision has put aside."""
    named = [one for one in found if one.code == decided and one.building_id in (None, building_id)]
    named.sort(key=lambda one: one.building_id is not None)
    held = named[-1] if named else None
    if held is None or (held.value is None and not held.level):
        return list(found)
    return [
        one
        for one in found
        if one.hazard != held.hazard or one.code == held.code or _is_other_period(held.manifest, one.manifest)
    ]


def settle(
    layer: MeasuredLayer, chosen: NDArray[Any] | None, named: Mapping[str, MeasuredLayer], school: IntArray
) -> MeasuredLayer:
    """Make ``layer`` unknown where another one of its hazard was named and knows something; returns the same object.

    Args:
        chosen: Code of the named layer for each school, or None without a resolution of the hazard.
        named: Measurings of the layers that are named anywhere.
        school: School of each building.
    """
    for code in sorted(set(chosen) - {NONE, layer.code}) if chosen is not None else ():
        held = named.get(code)
        if held is None or _is_other_period(held.manifest, layer.manifest):
            continue
        at = chosen == code
        buildings = at[school] & ((held.level > 0) | ~np.isnan(held.value))
        layer.value[buildings] = np.nan
        layer.level[buildings] = 0
        layer.school_level[at & (held.school_level > 0)] = 0
    return layer


def _is_other_period(held: Mapping[str, Any], layer: Mapping[str, Any]) -> bool:
    """Layers of one quantity for several return periods are one source: a curve."""
    same = held.get("quantity") == layer.get("quantity") is not None
    return same and held.get("return_period_years") != layer.get("return_period_years")
