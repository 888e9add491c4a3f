"""Links of the audit and their changes as the pages show them: words translated, addresses ready to use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.exports.audit_list import SYSTEM
from app.exports.audit_words import ACTIONS, EVENTS, TABLES, field_label, value_text
from app.i18n.catalogue import translator
from app.i18n.formats import format_moment, format_number
from app.i18n.marks import N_
from app.web.audit.forms import write_filter
from app.web.language import current_language
from app.web.schools import words
from geodata.queries import audit_log
from geodata.queries.audit_records import record_names
from geodata.queries.imports import may_see_restricted
from geodata.records.audit import AuditFilter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.database import Session
    from geodata.records.audit import AuditEntry, RecordChange

PAGE = 25
CHANGES_PAGE = 50
LONGEST_VALUE = 300
RESTRICTED = frozenset({"restricted_answer"})
ANYTHING = N_("Anything")

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$")
CODES = {
    "condition": words.CONDITIONS,
    "heating": words.HEATING,
    "location_quality": words.LOCATION_QUALITY,
    "use": words.BUILDING_USES,
}

Names = dict[tuple[str, int], str]


@dataclass(frozen=True)
class Field:
    """A changed field: None where there was, or is, no record."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Change:
    """What happened to one record, and the address of everything that ever happened to it."""

    what: str
    record: str
    action: str
    kind: str
    fields: list[Field]
    address: str


@dataclass(frozen=True)
class Entry:
    """One link. ``counts`` are words such as "School: changed 3"; ``hidden`` is how many changes are not shown here."""

    position: int
    address: str
    moment: str
    iso: str
    who: str
    request: str
    request_address: str
    reason: str
    sha256: str
    events: list[str]
    counts: list[str]
    changes: list[Change]
    hidden: int


@dataclass(frozen=True)
class AuditPage:
    """The list, or one link with a part of its changes."""

    wanted: dict[str, str]
    entries: list[Entry]
    older: str | None
    start: str | None
    newest: tuple[int, str] | None = None
    links: int = 0
    restricted: int = 0
    """Changes of one link that this reader may not see."""


def list_page(session: Session, wanted: AuditFilter, before: int | None) -> AuditPage:
    """Return one page of the list, newest first."""
    found = audit_log.entries(session, wanted, before=before, limit=PAGE + 1)
    shown, chosen = found[:PAGE], write_filter(wanted)
    names = record_names(session, {(one.table, one.record_id) for entry in shown for one in entry.changes})
    older = _list_address(chosen, str(shown[-1].position)) if len(found) > PAGE else None
    newest = audit_log.newest(session)
    every = newest[0] if newest else 0
    return AuditPage(
        wanted=chosen,
        entries=[_entry(entry, entry.changes, names, wanted) for entry in shown],
        older=older,
        start=_list_address(chosen) if before is not None else None,
        newest=newest,
        links=audit_log.size(session, wanted)[0] if chosen else every,
    )


def _list_address(wanted: dict[str, str], before: str | None = None) -> str:
    return url_for("audit.index", **(wanted | ({"before": before} if before else {})))  # type: ignore[arg-type]


def entry_page(session: Session, position: int, after: tuple[int, int]) -> AuditPage | None:
    """Return one link with its changes after ``after``; None when there is no such link."""
    entry = audit_log.entry(session, position)
    if entry is None:
        return None
    found = audit_log.changes(session, entry.transaction_id, AuditFilter(), after=after, limit=CHANGES_PAGE + 1)
    shown = found[:CHANGES_PAGE]
    names = record_names(session, {(one.table, one.record_id) for one in shown})
    older = None
    if len(found) > CHANGES_PAGE:
        last = shown[-1]
        older = url_for("audit.entry", position=position, change=last.change_id, place=last.place)
    start = url_for("audit.entry", position=position) if after != (0, 0) else None
    kept = sum(count for (table, _action), count in entry.counts.items() if table in RESTRICTED)
    restricted = 0 if may_see_restricted(session) else kept
    return AuditPage({}, [_entry(entry, shown, names, AuditFilter())], older, start, restricted=restricted)


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the form offers: (value, word), in the order of words."""
    say = translator(current_language())
    offered = {"event": EVENTS, "action": ACTIONS, "table": TABLES}
    return {
        name: [
            ("", say(ANYTHING)),
            *sorted(((value, say(word)) for value, word in words.items()), key=lambda one: one[1]),
        ]
        for name, words in offered.items()
    }


def _entry(entry: AuditEntry, changes: Iterable[RecordChange], names: Names, wanted: AuditFilter) -> Entry:
    language = current_language()
    say = translator(language)
    shown = [_change(change, names) for change in changes]
    return Entry(
        position=entry.position,
        address=url_for("audit.entry", position=entry.position),
        moment=format_moment(entry.at, language),
        iso=entry.at.isoformat(),
        who=entry.account_name or (say(SYSTEM) if entry.account_id is None else f"#{entry.account_id}"),
        request=entry.request_id or "",
        request_address=url_for("audit.index", request=entry.request_id) if entry.request_id else "",
        reason=entry.reason or "",
        sha256=entry.sha256,
        events=[f"{say(EVENTS.get(event.tag, event.tag))} {event.subject or ''}".strip() for event in entry.events],
        counts=[
            f"{say(TABLES.get(table, table))}: {say(ACTIONS[action]).lower()} {format_number(count, language)}"
            for (table, action), count in sorted(entry.counts.items())
        ],
        changes=shown,
        hidden=0 if wanted.asks_for_records else max(0, entry.records - len(shown)),
    )


def _change(change: RecordChange, names: Names) -> Change:
    say = translator(current_language())
    number = f"#{change.record_id}"
    return Change(
        what=say(TABLES.get(change.table, change.table)),
        record=names.get((change.table, change.record_id), number),
        action=say(ACTIONS[change.action]),
        kind=change.action,
        fields=[
            Field(
                field_label(change.table, name, say),
                _shown(name, change.old[name]) if name in change.old else None,
                _shown(name, change.new[name]) if name in change.new else None,
            )
            for name in dict.fromkeys((*change.new, *change.old))
        ],
        address=url_for("audit.index", table=change.table, record=number),
    )


def _shown(name: str, value: Any) -> str:
    """Return a value in words; moments in the time of Bishkek, codes as other pages say them."""
    language = current_language()
    say = translator(language)
    if isinstance(value, str):
        if value in CODES.get(name, {}):
            return say(CODES[name][value])
        if MOMENT.match(value):
            return format_moment(datetime.fromisoformat(value), language)
    return value_text(name, value, say)[:LONGEST_VALUE]
