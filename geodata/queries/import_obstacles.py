"""What rests on a committed batch, so that it cannot be taken back."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.records.imports import UndoObstacle
from geodata.records.standard import CONTENT

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TABLES = {"schools": "school", "buildings": "building", "areas": "area", "standard": "criterion"}

LATER_BATCHES = """
    SELECT CASE WHEN t.batch_id IS NULL THEN 'change' ELSE 'batch' END AS kind,
        coalesce(t.batch_id::text, min(t.code)) AS reference, count(*) AS number
    FROM import_row AS r JOIN {table} AS t ON t.id = r.record_id
    WHERE r.batch_id = :batch_id AND r.action IN ('added', 'changed', 'closed')
        AND t.batch_id IS DISTINCT FROM :batch_id
    GROUP BY t.batch_id
"""
"""A record without a batch has been changed by hand since: by a published revision."""

LATER_ANSWERS = """
    SELECT 'batch' AS kind, coalesce(t.batch_id::text, '') AS reference, count(*) AS number
    FROM import_row AS r
    JOIN criterion ON criterion.code = split_part(r.key, '|', 2)
    JOIN standard_edition AS edition ON edition.id = criterion.edition_id AND edition.is_current
    JOIN (
        SELECT id, criterion_id, batch_id FROM answer
        UNION ALL
        SELECT id, criterion_id, batch_id FROM restricted_answer_keys()
    ) AS t ON t.id = r.record_id AND t.criterion_id = criterion.id
    WHERE r.batch_id = :batch_id AND r.action IN ('added', 'changed') AND t.batch_id IS DISTINCT FROM :batch_id
    GROUP BY t.batch_id
"""

ADDED = "SELECT record_id FROM import_row WHERE batch_id = :batch_id AND action = 'added'"

RESTING = {
    "schools": f"""
        SELECT 'run', left(run.hash, 12), count(*)
        FROM school_result AS result JOIN run ON run.id = result.run_id
        WHERE result.school_id IN ({ADDED}) GROUP BY run.hash
        UNION ALL
        SELECT 'building', min(building.code), count(*) FROM building
        WHERE building.school_id IN ({ADDED}) HAVING count(*) > 0
        UNION ALL
        SELECT 'change', min(school.code), count(*)
        FROM revision_keys() AS change JOIN school ON school.id = change.school_id
        WHERE change.school_id IN ({ADDED}) HAVING count(*) > 0
        UNION ALL
        SELECT 'assessment', min(school.code), count(*)
        FROM assessment JOIN school ON school.id = assessment.school_id
        WHERE assessment.school_id IN ({ADDED}) HAVING count(*) > 0
    """,
    "buildings": f"""
        SELECT 'run', left(run.hash, 12), count(*)
        FROM building_result AS result JOIN run ON run.id = result.run_id
        WHERE result.building_id IN ({ADDED}) GROUP BY run.hash
        UNION ALL
        SELECT 'change', min(building.code), count(*)
        FROM revision_keys() AS change JOIN building ON building.id = change.building_id
        WHERE change.building_id IN ({ADDED}) HAVING count(*) > 0
        UNION ALL
        SELECT 'answer', min(building.code), count(*)
        FROM (SELECT building_id FROM answer UNION ALL SELECT building_id FROM restricted_answer_keys()) AS given
        JOIN building ON building.id = given.building_id
        WHERE given.building_id IN ({ADDED}) HAVING count(*) > 0
    """,
    "areas": f"""
        SELECT 'run', left(run.hash, 12), count(*)
        FROM area_result AS result JOIN run ON run.id = result.run_id
        WHERE result.area_id IN ({ADDED}) GROUP BY run.hash
        UNION ALL
        SELECT 'school', min(school.code), count(*) FROM school WHERE school.area_id IN ({ADDED}) HAVING count(*) > 0
        UNION ALL
        SELECT 'area', min(below.code), count(*) FROM area AS below
        WHERE below.parent_id IN ({ADDED}) AND below.id NOT IN ({ADDED}) HAVING count(*) > 0
    """,
}

SAID = "', '".join(CONTENT)
OF_EDITION = f"""
    SELECT DISTINCT t.edition_id FROM import_row AS r JOIN criterion AS t ON t.id = r.record_id
    WHERE r.batch_id = :batch_id
        AND (r.action = 'added' OR (r.action = 'changed' AND jsonb_exists_any(r.new, ARRAY['{SAID}'])))
"""
"""The edition of a batch that says something of it; guidance alone may be taken back at any time."""

RESTING["standard"] = f"""
    SELECT 'edition', min(code), 1 FROM standard_edition
    WHERE id IN ({OF_EDITION}) AND status <> 'draft' HAVING count(*) > 0
    UNION ALL
    SELECT 'run', left(run.hash, 12), 1 FROM run WHERE run.edition_id IN ({OF_EDITION})
    UNION ALL
    SELECT 'assessment', min(school.code), count(*)
    FROM assessment JOIN school ON school.id = assessment.school_id
    WHERE assessment.edition_id IN ({OF_EDITION}) HAVING count(*) > 0
"""

HAZARD = """
    SELECT 'layer', later.code || ' ' || later.version, 1
    FROM hazard_layer AS mine
    JOIN hazard_layer AS later ON later.code = mine.code AND later.version > mine.version
    WHERE mine.batch_id = :batch_id
    UNION ALL
    SELECT 'run', left(run.hash, 12), 1
    FROM hazard_layer AS mine
    JOIN run ON run.created_at >= mine.created_at
    WHERE mine.batch_id = :batch_id AND mine.is_current
        AND strpos(run.canonical, mine.data_sha256) > 0
"""


def find_obstacles(session: Session, batch_id: int, kind: str) -> list[UndoObstacle]:
    """Return what later work rests on a batch; empty when it can be taken back."""
    if kind == "hazard":
        statements = [HAZARD]
    elif kind == "answers":
        statements = [LATER_ANSWERS]
    else:
        statements = [LATER_BATCHES.format(table=TABLES[kind]), RESTING[kind]]
    found = [row for one in statements for row in session.execute(text(one), {"batch_id": batch_id})]
    return [UndoObstacle(*row) for row in found]


def remove_layers(session: Session, batch_id: int) -> list[tuple[str, int | None]]:
    """Remove the layer versions of a batch; return each code with the version before it, if there is one."""
    before = session.execute(
        text("""
            SELECT mine.code, (
                SELECT earlier.id FROM hazard_layer AS earlier
                WHERE earlier.code = mine.code AND earlier.version < mine.version
                ORDER BY earlier.version DESC LIMIT 1
            ) AS earlier_id
            FROM hazard_layer AS mine WHERE mine.batch_id = :batch_id
        """),
        {"batch_id": batch_id},
    ).all()
    session.execute(text("DELETE FROM hazard_layer WHERE batch_id = :batch_id"), {"batch_id": batch_id})
    return [(row.code, row.earlier_id) for row in before]
