"""A new map closes former units: which ones, and what they became, told by the overlap of outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.queries import area_outlines, import_features
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from geodata.database import Session
    from geodata.records.area import AreaRecord

COVERED_SHARE = 0.5
"""A former unit ends when the new units cover at least this share of it."""

SUCCESSOR_SHARE = 0.05
"""A new unit that takes less than this share of a former one is a drawing difference, not a successor."""

SAME_SHARE = 0.9
"""One former and one new unit that share this much of both are the same unit under another code."""


def close_former(session: Session, batch_id: int, records: Sequence[AreaRecord], on_date: date) -> list[RowProblem]:
    """Write a row per former unit that the file's map replaces from ``on_date`` on, and return notes that say so.

    Only units of the file's levels, with an outline, that the file does not name can be replaced.
    """
    notes: list[RowProblem] = []
    number = 0
    for level in sorted({record.level for record in records if record.geometry is not None}):
        units = [record for record in records if record.level == level and record.geometry is not None]
        former = area_outlines.former_units(session, level, [unit.code for unit in units], on_date)
        shares = _shares(former, units)
        steps = {
            one.code: {units[j].code: float(shares[i, j]) for j in np.flatnonzero(shares[i] >= SUCCESSOR_SHARE)}
            for i, one in enumerate(former)
            if shares[i].sum() >= COVERED_SHARE
        }
        outlines = {unit.code: unit.geometry for unit in units}
        for one in former:
            successors = steps.get(one.code)
            if not successors:
                continue
            number += 1
            kinds = {code: _kind(code, successors, steps, one.outline, outlines[code]) for code in successors}
            told = [{"code": code, "kind": kinds[code], "share": round(successors[code], 3)} for code in successors]
            import_features.add_closed(
                session, batch_id, -number, one.id, {"valid_to": on_date.isoformat(), "successors": told}
            )
            params: dict[str, object] = {
                "area": one.code,
                "date": on_date.isoformat(),
                "successors": ", ".join(successors),
            }
            notes.append(RowProblem(None, None, one.code, "area_closed", "note", params))
        notes += _changed_territories(session, level, outlines, on_date)
    return notes


def _changed_territories(
    session: Session, level: int, outlines: dict[str, shapely.Geometry], on_date: date
) -> list[RowProblem]:
    """Return a warning per unit that keeps its code while its territory is another: one code has one outline."""
    found = []
    for one in area_outlines.former_units(session, level, list(outlines), on_date, is_named=True):
        new = outlines[one.code]
        changed = 1 - shapely.area(shapely.intersection(one.outline, new)) / shapely.area(
            shapely.union(one.outline, new)
        )
        if changed > 1 - SAME_SHARE:
            params: dict[str, object] = {"area": one.code, "share": f"{changed:.0%}"}
            found.append(RowProblem(None, None, one.code, "area_territory_changed", "warning", params))
    return found


def _shares(former: Sequence[area_outlines.FormerUnit], units: Sequence[AreaRecord]) -> np.ndarray:
    """Return which share of each former unit each new one covers, shape (former, units).

    Shares of one unit's own area: the scale of degrees cancels out.
    """
    shares = np.zeros((len(former), len(units)))
    if not former or not units:
        return shares
    old = np.array([one.outline for one in former], dtype=object)
    new = np.array([unit.geometry for unit in units], dtype=object)
    i, j = shapely.STRtree(new).query(old, predicate="intersects")
    shares[i, j] = shapely.area(shapely.intersection(old[i], new[j])) / shapely.area(old[i])
    return shares


def _kind(
    code: str,
    successors: dict[str, float],
    steps: dict[str, dict[str, float]],
    old: shapely.Geometry,
    new: shapely.Geometry,
) -> str:
    if len(successors) > 1:
        return "split"
    if sum(code in others for others in steps.values()) > 1:
        return "merge"
    shared = shapely.area(shapely.intersection(old, new))
    if shared / shapely.area(old) < SAME_SHARE:
        return "transfer"
    return "rename" if shared / shapely.area(new) >= SAME_SHARE else "merge"
