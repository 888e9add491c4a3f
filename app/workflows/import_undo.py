"""Take a committed batch back: old values are restored, what it added is removed, or nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.workflows import import_travel
from app.workflows.import_commit import ONE_AT_A_TIME, audit_details
from app.workflows.import_options import BatchStateError, Folders, UndoRefusedError, UnknownBatchError
from app.workflows.measure_ways import at_once
from app.workflows.refresh_exposure import refresh_exposure
from geodata.queries import area_outlines, audit, hazards, import_obstacles, imports
from geodata.queries.locations import check_locations
from geodata.queries.school_areas import refresh_school_areas
from geodata.queries.writes_answers import revert_answers
from geodata.queries.writes_areas import revert_areas
from geodata.queries.writes_buildings import revert_buildings
from geodata.queries.writes_schools import revert_schools
from geodata.queries.writes_standard import revert_standard

if TYPE_CHECKING:
    from app.workflows.measure_ways import WorkOutWays
    from geodata.database import Session
    from geodata.records.imports import ImportSummary

REVERT = {
    "schools": revert_schools,
    "buildings": revert_buildings,
    "areas": revert_areas,
    "answers": revert_answers,
    "standard": revert_standard,
}


def undo_within(
    session: Session, batch_id: int, folders: Folders, *, work_out_ways: WorkOutWays = at_once
) -> ImportSummary:
    """Take a batch back in the caller's transaction.

    Raises:
        UnknownBatchError: There is no such batch.
        BatchStateError: It is not committed (or is undone already).
        UndoRefusedError: Later work rests on it; the error says which.
    """
    summary = imports.find_batch(session, batch_id, lock=True)
    if summary is None:
        raise UnknownBatchError(batch_id)
    if summary.status != "committed":
        raise BatchStateError(summary)
    imports.hold_key(session, ONE_AT_A_TIME)
    is_travel = summary.kind in import_travel.KINDS
    find = import_travel.find_obstacles if is_travel else import_obstacles.find_obstacles
    obstacles = find(session, batch_id, summary.kind)
    if obstacles:
        raise UndoRefusedError(obstacles)
    if summary.kind == "hazard":
        for code, earlier_id in import_obstacles.remove_layers(session, batch_id):
            if earlier_id is not None:
                hazards.make_current(session, earlier_id)
                refresh_exposure(session, folders.geodata, [code])
    elif is_travel:
        import_travel.undo_travel(session, batch_id)
        work_out_ways(session, batch_id)
    else:
        levels = area_outlines.touched_levels(session, batch_id) if summary.kind == "areas" else []
        REVERT[summary.kind](session, batch_id)
        _refresh(session, batch_id, summary.kind, levels, work_out_ways)
    audit.record(session, "import:undone", subject=str(batch_id), details=audit_details(summary))
    imports.mark_undone(session, batch_id)
    found = imports.find_batch(session, batch_id)
    assert found is not None
    return found


def _refresh(session: Session, batch_id: int, kind: str, levels: list[int], work_out_ways: WorkOutWays) -> None:
    if kind == "areas":
        area_outlines.simplify_levels(session, levels)
        refresh_school_areas(session)
        check_locations(session)
    elif kind == "schools":
        changed = imports.touched_ids(session, batch_id, ("changed",))
        work_out_ways(session, batch_id)
        if changed:
            refresh_school_areas(session, changed)
            check_locations(session, changed)
