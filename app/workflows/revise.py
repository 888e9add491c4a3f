"""Draft a change of a school or a building. Two people, or two tabs, never overwrite each other unseen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from app.workflows.revise_check import CheckedTexts, check_texts
from app.workflows.revise_errors import Conflict, OutsideTerritoryError, RecordChangedError, UnknownRevisionError
from app.workflows.revise_fields import EditField, editable, find_edit_field, text_of, texts_of
from geodata.database import ACCOUNT_KEY
from geodata.queries import imports, revisions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.records.revision import Facts, RevisionFacts, StoredRecord

CHOICES = ("now", "mine")
NOTES = ("source", "dated", "reason")
"""What is said beside the values; it has versions like them."""


@dataclass(frozen=True, slots=True)
class EditState:
    """What an edit form starts from: the record, this person's draft of it, and what they may edit there."""

    record: StoredRecord
    draft: RevisionFacts | None
    fields: tuple[EditField, ...]
    others: list[RevisionFacts]

    @property
    def stamp(self) -> str:
        """Which versions the form was made from; another stamp at saving means that something changed meanwhile."""
        own = f"{self.draft.id}.{self.draft.version}" if self.draft else "0.0"
        return f"{self.record.version or 0}.{own}"

    @property
    def notes(self) -> dict[str, str]:
        """Source, date and reason of the draft; empty without one."""
        draft = self.draft
        found = (draft.source, draft.source_date and draft.source_date.isoformat(), draft.reason) if draft else ()
        return dict(zip(NOTES, (text or "" for text in found or ("", "", "")), strict=True))

    @property
    def stored(self) -> dict[str, str]:
        """The record's texts."""
        return texts_of(self.record.kind, self.record.facts)

    @property
    def texts(self) -> dict[str, str]:
        """The record's texts with the draft's changes on top."""
        return texts_of(self.record.kind, {**self.record.facts, **(self.draft.changes if self.draft else {})})


@dataclass(slots=True)
class SentForm:
    """What came back from a form: ``shown`` are the texts that it was opened with, ``stamp`` the versions of them.

    ``choices`` (field -> "now" or "mine") is None unless the person was asked to choose. Source, day and reason are in
    both under their names.
    """

    texts: dict[str, str]
    shown: dict[str, str]
    stamp: str
    source: str = ""
    dated: str = ""
    reason: str = ""
    choices: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft is kept; ``remarks`` are what was normalised in it."""

    number: int
    remarks: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written: ``errors`` by field; none at all means that nothing is changed."""

    errors: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class ToChoose:
    """Nothing was written: for ``conflicts`` the person decides; ``merged`` changed elsewhere and stay as they are."""

    conflicts: tuple[Conflict, ...]
    merged: tuple[Conflict, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    is_unanswered: bool = False


def open_edit(
    session: Session, record: StoredRecord, draft_number: int | None = None, *, lock: bool = False
) -> EditState:
    """Return what the form of ``record`` starts from. A new building's draft is named by ``draft_number``.

    ``lock``: until the transaction ends nobody saves another draft of this account for this record.

    Raises:
        OutsideTerritoryError: The account may not edit this school.
        UnknownRevisionError: ``draft_number`` is no open draft of this account for such a record.
    """
    rights = revisions.rights_at(session, record.school_id)
    if "edit" not in rights:
        raise OutsideTerritoryError
    account = session.info.get(ACCOUNT_KEY)
    if lock:
        imports.hold_key(session, f"draft {account} {record.kind} {record.school_id} {record.id}")
    draft = None
    if draft_number is not None:
        draft = revisions.find_revision(session, draft_number)
        is_open = draft is not None and draft.created_by == account and draft.status in ("draft", "returned")
        same = draft is not None and (draft.kind, draft.school_id, draft.building_id) == (
            record.kind,
            record.school_id,
            record.id if record.kind == "building" else None,
        )
        if not (is_open and same):
            raise UnknownRevisionError(draft_number)
    elif record.id is not None:
        draft = revisions.own_draft(session, record.kind, record.school_id, _building_id(record))
    others = (
        []
        if record.id is None
        else revisions.others_under_way(session, record.kind, record.school_id, _building_id(record))
    )
    return EditState(record, draft, editable(record.kind, rights), others)


def _building_id(record: StoredRecord) -> int | None:
    return record.id if record.kind == "building" else None


def record_conflicts(revision: RevisionFacts, record: StoredRecord) -> tuple[Conflict, ...]:
    """Return the fields that ``revision`` changes and that somebody else has changed to something else since."""
    found = []
    for name, wanted in revision.changes.items():
        now, then = record.facts.get(name), revision.base.get(name)
        edited = find_edit_field(revision.kind, name)
        if edited is not None and now not in (then, wanted):
            found.append(Conflict(name, text_of(edited, then), text_of(edited, now), text_of(edited, wanted)))
    return tuple(found)


def draft_conflicts(state: EditState) -> tuple[Conflict, ...]:
    """Return what the owner of an open draft has to decide, because the record moved on under it."""
    draft = state.draft
    if draft is None or draft.base_version == state.record.version:
        return ()
    return record_conflicts(draft, state.record)


def save_draft(session: Session, state: EditState, sent: SentForm) -> Saved | Refused | ToChoose:
    """Save what was sent as the account's draft, unless it cannot be read or somebody has to decide first."""
    now = {**state.texts, **state.notes}
    allowed = {edited.name for edited in state.fields}
    sent.texts |= {"source": sent.source, "dated": sent.dated, "reason": sent.reason}
    mine = {
        name: sent.texts[name]
        for name in (allowed | set(NOTES)) & sent.texts.keys()
        if sent.texts[name] != sent.shown.get(name, now[name])
    }
    asked = _differences(state, sent, now, mine)
    if asked is not None:
        return asked
    stored = state.stored
    wanted = {**now, **mine}
    changed = {name: wanted[name] for name in allowed if wanted[name] != stored[name]}
    checked = check_texts(session, state.record, changed, dated=wanted["dated"], source=wanted["source"])
    if checked.errors:
        return Refused(checked.errors)
    changes = _changes(state, checked)
    if not changes and state.draft is None:
        return Refused({})
    return Saved(_write(session, state, checked, changes, wanted["reason"]), checked.remarks)


def check_form(session: Session, state: EditState, sent: SentForm, skip: frozenset[str]) -> Refused:
    """Return what cannot be read of what was sent, fields in ``skip`` left out; nothing is written."""
    stored = state.stored
    changed = {
        edited.name: sent.texts[edited.name]
        for edited in state.fields
        if edited.name not in skip and sent.texts.get(edited.name, stored[edited.name]) != stored[edited.name]
    }
    return Refused(check_texts(session, state.record, changed, dated=sent.dated, source=sent.source).errors)


def _differences(state: EditState, sent: SentForm, now: dict[str, str], mine: dict[str, str]) -> ToChoose | None:
    """Return what to decide; None once everything is. Answers are taken into ``mine``."""
    if sent.stamp != state.stamp:
        shown = {name: sent.shown.get(name, text) for name, text in now.items()}
        moved = [name for name, text in now.items() if text != shown[name]]
        if moved:
            clashing = [name for name in moved if name in mine and mine[name] != now[name]]
            return ToChoose(
                tuple(Conflict(name, shown[name], now[name], mine[name]) for name in clashing),
                tuple(Conflict(name, shown[name], now[name], now[name]) for name in moved if name not in mine),
                {**now, **mine},
            )
    answers = sent.choices or {}
    stale = [one for one in draft_conflicts(state) if answers.get(one.name) not in CHOICES]
    open_ones = [name for name, answer in answers.items() if answer not in CHOICES and name in mine]
    if stale or open_ones:
        texts = {**now, **mine}
        asked = {one.name: Conflict(one.name, one.then, one.now, texts[one.name]) for one in stale}
        for name in open_ones:
            asked.setdefault(name, Conflict(name, "", sent.shown.get(name, now[name]), mine[name]))
        return ToChoose(tuple(asked.values()), texts=texts, is_unanswered=bool(answers))
    for name, answer in answers.items():
        if answer == "now" and name in mine:
            mine[name] = sent.shown.get(name, now[name])
    return None


def _changes(state: EditState, checked: CheckedTexts) -> Facts:
    """Return the values that differ from the record's."""
    found: Facts = {}
    for name, value in checked.values.items():
        edited = find_edit_field(state.record.kind, name)
        if edited is None:
            continue
        before = state.record.facts.get(name)
        if value != before and text_of(edited, value) != text_of(edited, before):
            found[name] = value
    return found


def _write(session: Session, state: EditState, checked: CheckedTexts, changes: Facts, reason: str) -> int:
    record, draft = state.record, state.draft
    number = draft.id if draft else revisions.add_draft(session, record.kind, record.school_id, _building_id(record))
    is_kept = revisions.save_draft(
        session,
        number,
        draft.version if draft else 1,
        base_version=record.version,
        base={name: record.facts.get(name) for name in changes},
        changes=changes,
        source=checked.source,
        source_date=date.fromisoformat(checked.dated) if checked.dated else None,
        reason=reason.strip() or None,
    )
    if not is_kept:
        raise RecordChangedError
    return number
