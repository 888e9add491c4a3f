"""Verify the chain of the audit: every hash is computed again from the rows, never by functions of the database.

A link's hash covers the hash of the link before it and its content: the transaction, its changes and its events in the
order of their ids. The texts that are hashed are those of ``audit_seal`` (migration 0010).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

LINKS_AT_ONCE = 500

LINKS = text("""
    SELECT
        link.position, link.transaction_id, link.sha256, link.summary::text AS summary,
        (extract(epoch FROM link.sealed_at) * 1000000)::bigint AS sealed_us,
        begun.hash AS transaction_hash, changes.hashes AS change_hashes, events.hashes AS event_hashes,
        changes.summary::text AS counted
    FROM (SELECT * FROM audit_link WHERE position > :after ORDER BY position LIMIT :most) AS link
    LEFT JOIN LATERAL (
        SELECT sha256(convert_to(jsonb_build_array(
            id, xid, (extract(epoch FROM begun_at) * 1000000)::bigint, account_id, account_name, request_id, reason
        )::text, 'UTF8')) AS hash
        FROM audit_transaction WHERE id = link.transaction_id
    ) AS begun ON true
    CROSS JOIN LATERAL (
        SELECT string_agg(hash, '' ORDER BY id) AS hashes, (
            SELECT coalesce(jsonb_object_agg(key, records), '{}') FROM (
                SELECT table_name || ':' || action AS key, sum(record_count) AS records
                FROM audit_change WHERE transaction_id = link.transaction_id GROUP BY 1
            ) AS counts
        ) AS summary
        FROM (
            SELECT id, sha256(convert_to(jsonb_build_array(
                id, transaction_id, table_name, action, lower(records), upper(records), record_count, is_restricted
            )::text || differences::text, 'UTF8')) AS hash
            FROM audit_change WHERE transaction_id = link.transaction_id
        ) AS change
    ) AS changes
    CROSS JOIN LATERAL (
        SELECT string_agg(hash, '' ORDER BY id) AS hashes
        FROM (
            SELECT id, sha256(convert_to(jsonb_build_array(
                id, transaction_id, (extract(epoch FROM at) * 1000000)::bigint, tag, account_id, request_id, subject,
                details
            )::text, 'UTF8')) AS hash
            FROM audit_event WHERE transaction_id = link.transaction_id
        ) AS event
    ) AS events
    ORDER BY link.position
""")

LOOSE = text("""
    SELECT 'transaction' AS kind, id FROM audit_transaction AS loose
    WHERE NOT EXISTS (SELECT FROM audit_link WHERE transaction_id = loose.id)
    UNION ALL
    SELECT 'change', id FROM audit_change AS loose
    WHERE NOT EXISTS (SELECT FROM audit_link WHERE transaction_id = loose.transaction_id)
    UNION ALL
    SELECT 'event', id FROM audit_event AS loose
    WHERE NOT EXISTS (SELECT FROM audit_link WHERE transaction_id = loose.transaction_id)
    ORDER BY kind, id
    LIMIT 1
""")

Fault = Literal["missing link", "changed content", "outside the chain", "expected hash not found"]


@dataclass(frozen=True)
class Verdict:
    """What was found. ``head`` is the newest hash that holds; ``fault`` None means that the whole chain holds.

    ``position`` is that of the first broken link; ``record`` names the row that no link covers, as "change 17".
    """

    links: int
    head: str | None
    fault: Fault | None = None
    position: int | None = None
    record: str | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return self.fault is None


def verify_chain(session: Session, expected: Collection[str] = ()) -> Verdict:
    """Read the whole chain in order, a few hundred links at a time, and return what was found.

    ``expected`` are hashes noted earlier: each must still be the hash of some link. That finds a chain that was cut off
    at its end or made anew, which a chain alone cannot show.
    """
    position, head, waiting = 0, "", set(expected)
    for link in _links(session):
        if link.position != position + 1:
            return Verdict(position, head or None, "missing link", position + 1)
        if link.counted != link.summary or link.sha256 != _hash(head, link):
            return Verdict(position, head or None, "changed content", link.position)
        position, head = link.position, link.sha256
        waiting.discard(head)
    loose = session.execute(LOOSE).one_or_none()
    if loose is not None:
        return Verdict(position, head or None, "outside the chain", record=f"{loose.kind} {loose.id}")
    if waiting:
        return Verdict(position, head or None, "expected hash not found", record=min(waiting))
    return Verdict(position, head or None)


def _links(session: Session) -> Iterator[Row[Any]]:
    after, most = 0, LINKS_AT_ONCE
    while True:
        rows = session.execute(LINKS, {"after": after, "most": most}).all()
        yield from rows
        if len(rows) < most:
            return
        after = rows[-1].position


def _hash(former: str, link: Row[Any]) -> str:
    parts = (link.transaction_hash, link.change_hashes, link.event_hashes)
    content = sha256(b"".join(bytes(part) for part in parts if part is not None)).hexdigest()
    head = json.dumps([former, content, link.position, link.transaction_id, link.sealed_us])
    return sha256(f"{head[:-1]}, {link.summary}]".encode()).hexdigest()
