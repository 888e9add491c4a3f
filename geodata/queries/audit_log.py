"""Read the audit: transactions newest first, their changes record by record, the history of one record.

Row security shows it to who may audit, and restricted differences to who may see those as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.audit_records import find_records
from geodata.records.audit import AuditEntry, AuditEventRecord, AuditFilter, HistoryEntry, RecordChange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

SHOWN = 5
"""Changes of a transaction that the list shows; the others stand on its own page."""

FILTERS = """
    (CAST(:who AS text) IS NULL OR (:who = '' AND begun.account_id IS NULL)
        OR (:who <> '' AND strpos(lower(begun.account_name), lower(:who)) > 0))
    AND (CAST(:request AS text) IS NULL OR begun.request_id = :request)
    AND (CAST(:since AS date) IS NULL OR link.sealed_at >= CAST(:since AS timestamp) AT TIME ZONE 'Asia/Bishkek')
    AND (CAST(:until AS date) IS NULL
        OR link.sealed_at < (CAST(:until AS timestamp) + interval '1 day') AT TIME ZONE 'Asia/Bishkek')
    AND (CAST(:event AS text) IS NULL OR EXISTS (
        SELECT FROM audit_event WHERE transaction_id = begun.id AND tag = :event))
    AND (NOT :of_records OR begun.id IN (SELECT transaction_id FROM found))
"""

FOUND = """
    found AS (  -- changes that the filter of records lets through
        SELECT id, transaction_id, record_count FROM audit_change
        WHERE :of_records
            AND (CAST(:table AS text) IS NULL OR table_name = :table)
            AND (CAST(:action AS text) IS NULL OR action = :action)
            AND (NOT :of_named OR id = ANY (ARRAY(
                SELECT audit_changes_of(named.wanted, named.record)
                FROM unnest(CAST(:tables AS text[]), CAST(:records AS bigint[])) AS named (wanted, record))))
    )
"""

ENTRIES = text(f"""
    WITH {FOUND}
    SELECT
        link.position, link.transaction_id, link.sealed_at, link.summary, link.sha256,
        begun.account_id, begun.account_name, begun.request_id, begun.reason
    FROM audit_link AS link
    JOIN audit_transaction AS begun ON begun.id = link.transaction_id
    WHERE (CAST(:before AS bigint) IS NULL OR link.position < :before)
        AND (CAST(:position AS bigint) IS NULL OR link.position = :position)
        AND {FILTERS}
    ORDER BY link.position DESC
    LIMIT :most
""")  # noqa: S608  put together from constants

SIZE = text(f"""
    WITH {FOUND}
    SELECT
        count(*) AS links,
        coalesce(sum((SELECT sum(value::bigint) FROM jsonb_each_text(link.summary))), 0) AS records
    FROM audit_link AS link
    JOIN audit_transaction AS begun ON begun.id = link.transaction_id
    WHERE {FILTERS}
""")  # noqa: S608  put together from constants

NEWEST = text("SELECT position, sha256 FROM audit_link ORDER BY position DESC LIMIT 1")

EVENTS = text("""
    SELECT transaction_id, tag, subject, details FROM audit_event
    WHERE transaction_id = ANY (:transactions)
    ORDER BY id
""")

# Blocks are cut off by their counts before any is unfolded: one may hold a thousand records.
CHANGES = text(f"""
    WITH {FOUND},
    counted AS (
        SELECT id, sum(record_count) OVER (PARTITION BY transaction_id ORDER BY id) - record_count AS before
        FROM audit_change
        WHERE transaction_id = ANY (:transactions) AND id >= :from_change
            AND (NOT :of_records OR id IN (SELECT id FROM found))
    ),
    unfolded AS (
        SELECT
            change.transaction_id, change.id AS change_id, told.place, change.table_name, change.action,
            change.is_restricted, told.difference,
            row_number() OVER (PARTITION BY change.transaction_id ORDER BY change.id, told.place) AS number
        FROM counted
        JOIN audit_change AS change ON change.id = counted.id
        CROSS JOIN LATERAL json_array_elements(change.differences) WITH ORDINALITY AS told (difference, place)
        WHERE (:of_named OR counted.before < :most + :from_place)
            AND (change.id > :from_change OR told.place > :from_place)
            AND (NOT :of_named OR EXISTS (
                SELECT FROM unnest(CAST(:tables AS text[]), CAST(:records AS bigint[])) AS named (wanted, record)
                WHERE named.wanted = change.table_name AND named.record = (told.difference ->> 'id')::bigint))
    )
    SELECT transaction_id, change_id, place, table_name, action, is_restricted, difference FROM unfolded
    WHERE number <= :most
    ORDER BY transaction_id, change_id, place
""")  # noqa: S608  put together from constants

HISTORY = text("""
    SELECT
        link.position, link.sealed_at, begun.account_name, begun.request_id, begun.reason,
        change.transaction_id, change.id AS change_id, told.place, change.table_name, change.action,
        change.is_restricted, told.difference
    FROM audit_change AS change
    JOIN audit_link AS link ON link.transaction_id = change.transaction_id
    JOIN audit_transaction AS begun ON begun.id = change.transaction_id
    CROSS JOIN LATERAL json_array_elements(change.differences) WITH ORDINALITY AS told (difference, place)
    WHERE change.id = ANY (ARRAY(SELECT audit_changes_of(:table, :record)))
        AND (told.difference ->> 'id')::bigint = :record
    ORDER BY change.id DESC, told.place DESC
    LIMIT :most
""")


def entries(
    session: Session, wanted: AuditFilter, *, before: int | None = None, limit: int = 25, shown: int = SHOWN
) -> list[AuditEntry]:
    """Return links before position ``before`` (None: from the newest), with their events and first ``shown`` changes.

    With a filter of records only the changes that it lets through are shown.
    """
    values = _values(session, wanted) | {"before": before, "position": None, "most": limit}
    rows = session.execute(ENTRIES, values).all()
    return _with_parts(session, rows, wanted, shown)


def size(session: Session, wanted: AuditFilter) -> tuple[int, int]:
    """Return how many links the filter lets through and how many changes of records these hold at most."""
    row = session.execute(SIZE, _values(session, wanted)).one()
    return row.links, row.links if wanted.record else int(row.records)


def newest(session: Session) -> tuple[int, str] | None:
    """Return position and hash of the newest link: what to note outside the database; None in an empty chain."""
    row = session.execute(NEWEST).one_or_none()
    return None if row is None else (row.position, row.sha256)


def entry(session: Session, position: int) -> AuditEntry | None:
    """Return one link with its events, without its changes; None when absent or not for this session to see."""
    values = _values(session, AuditFilter()) | {"before": None, "position": position, "most": 1}
    found = _with_parts(session, session.execute(ENTRIES, values).all(), AuditFilter(), 0)
    return found[0] if found else None


def changes(
    session: Session, transaction_id: int, wanted: AuditFilter, *, after: tuple[int, int] = (0, 0), limit: int = 50
) -> list[RecordChange]:
    """Return changes of a transaction after the place ``after`` (change, place in it), in the order of writing."""
    return _changes(session, [transaction_id], wanted, after, limit)


def iterate_changes(session: Session, transaction_id: int, wanted: AuditFilter) -> Iterator[RecordChange]:
    """Yield every change of a transaction, some thousand at a time."""
    after, most = (0, 0), 2_000
    while True:
        found = _changes(session, [transaction_id], wanted, after, most)
        yield from found
        if len(found) < most:
            return
        after = (found[-1].change_id, found[-1].place)


def history(session: Session, table: str, record_id: int, limit: int = 100) -> list[HistoryEntry]:
    """Return what happened to one record, newest first; also of a record that is gone."""
    rows = session.execute(HISTORY, {"table": table, "record": record_id, "most": limit}).all()
    return [
        HistoryEntry(row.position, row.sealed_at, row.account_name, row.request_id, row.reason, _change(row))
        for row in rows
    ]


def _values(session: Session, wanted: AuditFilter) -> dict[str, Any]:
    named = find_records(session, wanted.record, wanted.table) if wanted.record else []
    return {
        "who": wanted.who,
        "request": wanted.request,
        "since": wanted.since,
        "until": wanted.until,
        "event": wanted.event,
        "table": wanted.table,
        "action": wanted.action,
        "of_records": wanted.asks_for_records,
        "of_named": bool(wanted.record),
        "tables": [table for table, _ in named],
        "records": [record for _, record in named],
    }


def _changes(
    session: Session, transactions: Sequence[int], wanted: AuditFilter, after: tuple[int, int], most: int
) -> list[RecordChange]:
    values = _values(session, wanted) | {"transactions": list(transactions), "most": most}
    rows = session.execute(CHANGES, values | {"from_change": after[0], "from_place": after[1]})
    return [_change(row) for row in rows]


def _change(row: Row[Any]) -> RecordChange:
    told = row.difference
    return RecordChange(
        transaction_id=row.transaction_id,
        change_id=row.change_id,
        place=row.place,
        table=row.table_name,
        record_id=told["id"],
        action=row.action,
        is_restricted=row.is_restricted,
        old=told.get("old", {}),
        new=told.get("new", {}),
    )


def _with_parts(session: Session, rows: Sequence[Row[Any]], wanted: AuditFilter, shown: int) -> list[AuditEntry]:
    transactions = [row.transaction_id for row in rows]
    events: dict[int, list[AuditEventRecord]] = defaultdict(list)
    for one in session.execute(EVENTS, {"transactions": transactions}):
        events[one.transaction_id].append(AuditEventRecord(one.tag, one.subject, one.details))
    parts: dict[int, list[RecordChange]] = defaultdict(list)
    if shown and transactions:
        for change in _changes(session, transactions, wanted, (0, 0), shown):
            parts[change.transaction_id].append(change)
    made = [
        AuditEntry(
            position=row.position,
            transaction_id=row.transaction_id,
            at=row.sealed_at,
            account_id=row.account_id,
            account_name=row.account_name,
            request_id=row.request_id,
            reason=row.reason,
            sha256=row.sha256,
            counts={_key(key): count for key, count in row.summary.items()},
            events=tuple(events[row.transaction_id]),
        )
        for row in rows
    ]
    return [replace(one, changes=tuple(parts[one.transaction_id])) for one in made]


def _key(key: str) -> tuple[str, str]:
    table, _, action = key.partition(":")
    return table, action
