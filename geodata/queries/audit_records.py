"""Names of the records that the audit tells about: from a code to records, and from records to names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

BY_CODE = text("""
    SELECT 'school' AS wanted, id FROM school WHERE code = :code
    UNION ALL SELECT 'school_code', id FROM school WHERE code = :code
    UNION ALL SELECT 'building', id FROM building WHERE code = :code
    UNION ALL SELECT 'area', id FROM area WHERE code = :code
    UNION ALL SELECT 'area_boundary', id FROM area WHERE code = :code
    UNION ALL SELECT 'account', id FROM account WHERE name = lower(:code)
    UNION ALL SELECT 'hazard_layer', id FROM hazard_layer WHERE code = :code
    UNION ALL SELECT 'standard_edition', id FROM standard_edition WHERE code = :code
    UNION ALL SELECT 'criterion', id FROM criterion WHERE code = :code
    UNION ALL SELECT 'run', id FROM run WHERE :code <> '' AND starts_with(hash, lower(:code))
""")

# Records that are gone: their codes stand in what was removed.
REMOVED = text("""
    SELECT change.table_name AS wanted, (told ->> 'id')::bigint AS id
    FROM audit_change AS change
    CROSS JOIN LATERAL json_array_elements(change.differences) AS told
    WHERE change.table_name IN ('school', 'building', 'area', 'account') AND change.action = 'removed'
        AND (told -> 'old' ->> 'code' = :code OR told -> 'old' ->> 'name' = lower(:code))
    ORDER BY change.id DESC
    LIMIT 20
""")

NAMES = {
    "school": "SELECT id, concat_ws(' · ', code, coalesce(name_ky, name_ru)) FROM school WHERE id = ANY (:ids)",
    "building": "SELECT id, concat_ws(' · ', code, name) FROM building WHERE id = ANY (:ids)",
    "area": "SELECT id, concat_ws(' · ', code, name_ky) FROM area WHERE id = ANY (:ids)",
    "assessment": """
        SELECT visit.id, concat_ws(' · ', school.code, visit.assessed_on)
        FROM assessment AS visit JOIN school ON school.id = visit.school_id WHERE visit.id = ANY (:ids)
    """,
    "answer": """
        SELECT answer.id, concat_ws(' · ', school.code, criterion.code)
        FROM answer
        JOIN assessment ON assessment.id = answer.assessment_id
        JOIN school ON school.id = assessment.school_id
        JOIN criterion ON criterion.id = answer.criterion_id
        WHERE answer.id = ANY (:ids)
    """,
    "restricted_answer": """
        SELECT answer.id, concat_ws(' · ', school.code, criterion.code)
        FROM restricted_answer AS answer
        JOIN assessment ON assessment.id = answer.assessment_id
        JOIN school ON school.id = assessment.school_id
        JOIN criterion ON criterion.id = answer.criterion_id
        WHERE answer.id = ANY (:ids)
    """,
    "criterion": "SELECT id, code FROM criterion WHERE id = ANY (:ids)",
    "standard_edition": "SELECT id, code FROM standard_edition WHERE id = ANY (:ids)",
    "hazard_layer": "SELECT id, concat_ws(' · ', code, version) FROM hazard_layer WHERE id = ANY (:ids)",
    "run": "SELECT id, left(hash, 12) FROM run WHERE id = ANY (:ids)",
    "account": "SELECT id, name FROM account WHERE id = ANY (:ids)",
}
SAME_RECORD = {"school_code": "school", "area_boundary": "area"}
"""Tables whose record is named by another table's id."""


def find_records(session: Session, code: str, table: str | None = None) -> list[tuple[str, int]]:
    """Return (table, id) of the records called ``code``: a code, an account's name, a run's hash, or #17 as a number.

    Records that are gone are found by the code that they had. A number needs ``table``.
    """
    code = code.strip()
    if table is not None and code.lstrip("#").isdecimal() and code.startswith("#"):
        return [(table, int(code.lstrip("#")[:18]))]
    found = [(row.wanted, row.id) for row in session.execute(BY_CODE, {"code": code})]
    if not found:
        found = [(row.wanted, row.id) for row in session.execute(REMOVED, {"code": code})]
    return [one for one in found if table is None or one[0] == table]


def record_names(session: Session, records: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return what (table, id) are called, codes first; those that are gone or not to be seen are left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    asked = list(records)
    for table, record in asked:
        wanted[SAME_RECORD.get(table, table)].add(record)
    names = {
        (table, record): name
        for table, ids in wanted.items()
        if table in NAMES
        for record, name in session.execute(text(NAMES[table]), {"ids": sorted(ids)})
    }
    return {
        (table, record): names[key]
        for table, record in asked
        if (key := (SAME_RECORD.get(table, table), record)) in names
    }
