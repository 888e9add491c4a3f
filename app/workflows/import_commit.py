"""Take a checked batch in: one transaction, tied to the file and to the records that the check saw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.i18n.marks import N_
from app.workflows import import_hazard, import_travel
from app.workflows.import_check import find_mapping, open_file, travel_records
from app.workflows.import_options import (
    BatchStateError,
    DataChangedError,
    FileChangedError,
    Folders,
    ImportOptions,
    ProblemsRemainError,
    Report,
    UnknownBatchError,
    kept_original,
)
from app.workflows.measure_ways import at_once
from geodata.queries import area_outlines, audit, import_compare, imports
from geodata.queries.locations import check_locations
from geodata.queries.school_areas import refresh_school_areas
from geodata.queries.statistics import BULK_ROWS, refresh_statistics
from geodata.queries.writes_answers import apply_answers
from geodata.queries.writes_areas import apply_areas
from geodata.queries.writes_buildings import apply_buildings
from geodata.queries.writes_schools import apply_schools
from geodata.queries.writes_standard import apply_standard
from layers.registry import find_layer

if TYPE_CHECKING:
    from app.workflows.measure_ways import WorkOutWays
    from geodata.database import Session
    from geodata.records.imports import ImportSummary

APPLY = {
    "schools": apply_schools,
    "buildings": apply_buildings,
    "areas": apply_areas,
    "answers": apply_answers,
    "standard": apply_standard,
}
ONE_AT_A_TIME = "imports"
"""Commits wait for each other: two files may name the same school."""


def commit_within(
    session: Session,
    batch_id: int,
    folders: Folders,
    *,
    accept_good_rows: bool = False,
    report: Report | None = None,
    work_out_ways: WorkOutWays = at_once,
) -> ImportSummary:
    """Write a checked batch in the caller's transaction; a committed one is returned as it is.

    ``work_out_ways``: what is done about ways by road where schools were added or moved.

    Raises:
        UnknownBatchError: There is no such batch.
        BatchStateError: It is refused, undone or still being checked.
        ProblemsRemainError: Rows were refused and ``accept_good_rows`` is not given.
        FileChangedError: The original is gone or is another file now.
        DataChangedError: A record that the batch touches has changed since the check.
    """
    summary = imports.find_batch(session, batch_id, lock=True)
    if summary is None:
        raise UnknownBatchError(batch_id)
    if summary.status == "committed":
        return summary
    if summary.status != "checked":
        raise BatchStateError(summary)
    if summary.refused and not accept_good_rows:
        raise ProblemsRemainError(summary)
    imports.hold_key(session, ONE_AT_A_TIME)
    kept = kept_original(folders.uploads, summary)
    if report:
        report(70, N_("Writing"))
    if summary.kind == "hazard":
        _commit_hazard(session, summary, folders, kept)
    elif summary.kind in import_travel.KINDS:
        _commit_travel(session, summary, kept, report)
    else:
        moved = import_compare.moved_rows(session, batch_id, summary.kind)
        if moved:
            raise DataChangedError(moved)
        APPLY[summary.kind](session, batch_id, _stamp(session, summary))
        if summary.added + summary.changed >= BULK_ROWS:
            refresh_statistics(session)
        _refresh_after(session, batch_id, summary.kind, work_out_ways)
    audit.record(session, "import:committed", subject=str(batch_id), details=audit_details(summary))
    imports.mark_committed(session, batch_id)
    found = imports.find_batch(session, batch_id)
    assert found is not None
    return found


def _commit_hazard(session: Session, summary: ImportSummary, folders: Folders, kept: Any) -> None:
    options = ImportOptions.from_json(summary.options)
    layer = import_hazard.stated_layer(find_layer(options.hazard_code or ""), options)
    records: list[tuple[int, Any]] = []
    if layer.kind != "raster":
        opened = open_file(kept, options)
        if opened.table is None:
            raise FileChangedError(summary.file_sha256)
        mapping = find_mapping(opened.table, options)
        today = imports.today(session)
        checked = import_hazard.validate_features(opened.table, mapping, layer, today, options.overrides)
        records = checked.records
    import_hazard.store_layer(session, summary, layer, folders, records, kept)


def _commit_travel(session: Session, summary: ImportSummary, kept: Any, report: Report | None) -> None:
    options = ImportOptions.from_json(summary.options)
    opened = open_file(kept, options)
    if opened.table is None:
        raise FileChangedError(summary.file_sha256)
    import_travel.store_travel(session, summary, options, travel_records(session, opened, options), report)


def _stamp(session: Session, summary: ImportSummary) -> dict[str, object]:
    """Return where the batch's values come from: the stated source, else the file's name."""
    source = summary.source or summary.file_name
    today = imports.today(session).isoformat()
    stamp = {"source": source, "date": today, "batch": summary.id}
    return {"source": source, "source_date": today, "licence": summary.licence, "stamp": json.dumps(stamp)}


def _refresh_after(session: Session, batch_id: int, kind: str, work_out_ways: WorkOutWays) -> None:
    """Refresh what follows from schools and areas: areas of schools, doubtful locations, ways by road."""
    if kind == "areas":
        area_outlines.simplify_levels(session, area_outlines.touched_levels(session, batch_id))
        refresh_school_areas(session)
        check_locations(session)
    elif kind == "schools":
        touched = imports.touched_ids(session, batch_id)
        if touched:
            refresh_school_areas(session, touched)
            check_locations(session, touched)
            work_out_ways(session, batch_id)


def audit_details(summary: ImportSummary) -> dict[str, Any]:
    """Return what the audit log keeps of a batch."""
    return {
        "kind": summary.kind,
        "hazard": summary.hazard_code,
        "file_sha256": summary.file_sha256,
        "added": summary.added,
        "changed": summary.changed,
        "refused": summary.refused,
    }
