"""Write what a committed batch says about areas: units, outlines, what became of former units; take it back."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.import_targets import AREA_COLUMNS, inserted, record_of, updated
from geodata.queries.writes_schools import STAMPED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NAMES, _VALUES = inserted(AREA_COLUMNS)
_RECORD = record_of(AREA_COLUMNS)
LEVELS = (0, 1, 2, 3)

# A renamed unit keeps its row and lists its former names; the old list goes into ``old``, for undo.
KEEP_FORMER_NAMES = text("""
    UPDATE import_row AS r SET
        new = r.new || jsonb_build_object('former_names', to_jsonb(t.former_names || renamed.names)),
        old = r.old || jsonb_build_object('former_names', to_jsonb(t.former_names))
    FROM area AS t
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT former) AS names
        FROM (VALUES ('name_ky', t.name_ky), ('name_ru', t.name_ru), ('name_en', t.name_en)) AS n(field, former)
        JOIN import_row AS mine ON mine.batch_id = :batch_id AND mine.record_id = t.id AND mine.action = 'changed'
        WHERE jsonb_exists(mine.new, n.field) AND n.former IS NOT NULL AND NOT n.former = ANY(t.former_names)
    ) AS renamed
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND r.record_id = t.id
        AND renamed.names IS NOT NULL AND NOT jsonb_exists(r.new, 'former_names')
""")

ADD = text(f"""
    INSERT INTO area (code, parent_id, {_NAMES}, batch_id, source, source_date, provenance)
    SELECT r.key, parent.id, {_VALUES}, r.batch_id, CAST(:source AS text), CAST(:source_date AS date),
        coalesce(r.new -> 'provenance', '{{}}')
    FROM import_row AS r
    CROSS JOIN LATERAL jsonb_to_record(r.new) AS f({_RECORD})
    LEFT JOIN area AS parent ON parent.code = r.new ->> 'parent_code'
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND f.level = :level
""")


# By the index on codes: nobody has statistics of rows that this transaction has just written.
NUMBER = text("""
    UPDATE import_row AS r SET record_id = t.id
    FROM area AS t
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.code = r.key
""")


def _change(side: str, provenance: str, batch: str) -> str:
    return f"""
        UPDATE area AS t SET
            {updated(AREA_COLUMNS, side)},
            parent_id = CASE WHEN jsonb_exists(r.{side}, 'parent_code') THEN
                (SELECT parent.id FROM area AS parent WHERE parent.code = r.{side} ->> 'parent_code')
                ELSE t.parent_id END,
            provenance = {provenance},
            batch_id = {batch},
            updated_at = now()
        FROM import_row AS r
        CROSS JOIN LATERAL jsonb_to_record(r.{side}) AS f({_RECORD})
        WHERE r.batch_id = :batch_id AND r.action IN ('changed', 'closed') AND t.id = r.record_id
    """


CHANGE = text(_change("new", f"t.provenance || {STAMPED} || coalesce(r.new -> 'provenance', '{{}}')", "r.batch_id"))
RESTORE = text(_change("old", "(r.old -> '_' -> 'provenance') - '_boundary'", "(r.old -> '_' ->> 'batch')::bigint"))

OUTLINE = """
    INSERT INTO area_boundary AS b (area_id, geom, geom_mid, geom_low, label_point, quality, source, licence)
    SELECT r.record_id, g.geom, g.geom, g.geom, ST_PointOnSurface(g.geom), {quality}, {source}, {licence}
    FROM import_row AS r
    CROSS JOIN LATERAL (SELECT ST_Multi(ST_GeomFromWKB(decode(r.{side} ->> 'boundary', 'hex'), 4326)) AS geom) AS g
    WHERE r.batch_id = :batch_id AND r.action IN {actions} AND r.{side} ->> 'boundary' IS NOT NULL
    ON CONFLICT (area_id) DO UPDATE SET
        geom = excluded.geom, geom_mid = excluded.geom, geom_low = excluded.geom, label_point = excluded.label_point,
        quality = excluded.quality, source = excluded.source, licence = excluded.licence
"""
SET_OUTLINES = text(
    OUTLINE.format(
        side="new",
        actions="('added', 'changed')",
        quality="coalesce(r.new ->> 'boundary_quality', r.old ->> 'boundary_quality', 'derived')",
        source="CAST(:source AS text)",
        licence="CAST(:licence AS text)",
    )
)
RESTORE_OUTLINES = text(
    OUTLINE.format(
        side="old",
        actions="('changed')",
        quality="coalesce(r.old ->> 'boundary_quality', r.new ->> 'boundary_quality', 'derived')",
        source="r.old -> '_' -> 'provenance' -> '_boundary' ->> 'source'",
        licence="r.old -> '_' -> 'provenance' -> '_boundary' ->> 'licence'",
    )
)
REMOVE_OUTLINES = text("""
    DELETE FROM area_boundary AS b USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND b.area_id = r.record_id
        AND jsonb_exists(r.old, 'boundary') AND r.old ->> 'boundary' IS NULL
""")
SET_QUALITY = """
    UPDATE area_boundary AS b SET quality = r.{side} ->> 'boundary_quality'
    FROM import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND b.area_id = r.record_id
        AND r.{side} ->> 'boundary_quality' IS NOT NULL AND NOT jsonb_exists(r.{side}, 'boundary')
"""

ADD_SUCCESSIONS = text("""
    INSERT INTO area_succession (predecessor_id, successor_id, kind, on_date, source)
    SELECT r.record_id, successor.id, step.value ->> 'kind', (r.new ->> 'valid_to')::date, CAST(:source AS text)
    FROM import_row AS r
    CROSS JOIN LATERAL jsonb_array_elements(r.new -> 'successors') AS step
    JOIN area AS successor ON successor.code = step.value ->> 'code'
    WHERE r.batch_id = :batch_id AND r.action = 'closed'
    ON CONFLICT (predecessor_id, successor_id, on_date) DO NOTHING
""")
REMOVE_SUCCESSIONS = text("""
    DELETE FROM area_succession AS s USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'closed' AND s.predecessor_id = r.record_id
        AND s.on_date = (r.new ->> 'valid_to')::date
""")
REMOVE = text("""
    DELETE FROM area AS t USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.id = r.record_id AND t.level = :level
""")


def apply_areas(session: Session, batch_id: int, stamp: dict[str, object]) -> None:
    """Add, change and close units, set outlines, note successions; ``stamp`` also has the licence."""
    session.execute(KEEP_FORMER_NAMES, {"batch_id": batch_id})
    for level in LEVELS:
        session.execute(
            ADD,
            {
                "batch_id": batch_id,
                "level": level,
                "source": stamp["source"],
                "source_date": stamp["source_date"],
            },
        )
    session.execute(NUMBER, {"batch_id": batch_id})
    session.execute(CHANGE, {"batch_id": batch_id, "stamp": stamp["stamp"]})
    session.execute(SET_OUTLINES, {"batch_id": batch_id, "source": stamp["source"], "licence": stamp["licence"]})
    session.execute(text(SET_QUALITY.format(side="new")), {"batch_id": batch_id})
    session.execute(ADD_SUCCESSIONS, {"batch_id": batch_id, "source": stamp["source"]})


def revert_areas(session: Session, batch_id: int) -> None:
    """Restore units and outlines that a batch changed or closed, remove those that it added, deepest first."""
    for statement in (REMOVE_SUCCESSIONS, RESTORE, RESTORE_OUTLINES, REMOVE_OUTLINES):
        session.execute(statement, {"batch_id": batch_id})
    session.execute(text(SET_QUALITY.format(side="old")), {"batch_id": batch_id})
    for level in reversed(LEVELS):
        session.execute(REMOVE, {"batch_id": batch_id, "level": level})
