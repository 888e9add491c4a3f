"""What the pages of changes show: fields of a form, choices between versions, old and new values, steps."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.language import current_language
from app.web.revisions import words
from app.workflows.revise import NOTES
from app.workflows.revise_fields import FIELDS, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.workflows.revise import EditState, SentForm, ToChoose
    from app.workflows.revise_errors import Conflict
    from geodata.records.revision import RevisionFacts, RevisionKind, StoredRecord


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. ``public`` is what is public now, where the form says something else."""

    name: str
    label: str
    control: str
    text: str
    is_unknown: bool
    public: str
    hint: str
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: tuple[str, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One field in its versions, as people read it."""

    name: str
    label: str
    then: str
    now: str
    mine: str


def record_name(record: StoredRecord | RevisionFacts) -> str:
    """Return the school's name in the page's language, else its code."""
    return local_name(record, current_language()) or record.school_code


def subject_of(revision: RevisionFacts) -> str:
    """Return what a change is about: the school, one of its buildings, a new building."""
    if revision.kind == "school":
        return _("School passport")
    if revision.building_code is None:
        return _("New building")
    return _("Building %(building)s", building=revision.building_name or revision.building_code)


def edit_page(
    state: EditState,
    address: str,
    *,
    sent: SentForm | None = None,
    errors: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ticked: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Return the form: as sent with its errors and the boxes "unknown" that were ticked, else as things stand."""
    texts = {**state.texts, **(sent.texts if sent else {})}
    draft, wrong = state.draft, errors or {}
    kind = state.record.kind
    stored = state.stored
    fields = []
    for edited in state.fields:
        text = texts[edited.name]
        hint = words.HINTS.get(edited.name, "")
        fields.append(
            Field(
                edited.name,
                words.label_of(kind, edited.name),
                edited.control,
                text,
                not text if ticked is None else edited.name in ticked,
                words.value_text(kind, edited.name, stored[edited.name]) if text != stored[edited.name] else "",
                _(hint) if hint else "",
                words.options_of(edited) if edited.control in ("choice", "flag", "many") else [],
                tuple(part.strip() for part in text.split(",")) if edited.control == "many" else (),
                tuple(wrong.get(edited.name, ())),
            )
        )
    return {
        "name": record_name(state.record),
        "subject": _subject(state.record),
        "school_code": state.record.school_code,
        "address": address,
        "fields": fields,
        "errors": wrong,
        "form_errors": list(wrong.get("", ())),
        "stamp": sent.stamp if sent else state.stamp,
        "shown": json.dumps(sent.shown if sent else {**state.texts, **state.notes}, ensure_ascii=False),
        "notes": {name: getattr(sent, name) if sent else state.notes[name] for name in NOTES},
        "draft": draft,
        "others": state.others,
        "review": url_for("revisions.change", number=draft.id) if draft else None,
    }


def _subject(record: StoredRecord) -> str:
    if record.kind == "school":
        return _("School passport")
    if record.code is None:
        return _("New building")
    return _("Building %(building)s", building=record.facts.get("name") or record.code)


def versions_of(kind: RevisionKind, conflicts: Sequence[Conflict]) -> list[Version]:
    """Return fields with their three versions in words."""
    return [
        Version(
            one.name,
            words.label_of(kind, one.name),
            words.value_text(kind, one.name, one.then),
            words.value_text(kind, one.name, one.now),
            words.value_text(kind, one.name, one.mine),
        )
        for one in conflicts
    ]


def choose_page(state: EditState, address: str, asked: ToChoose, sent: SentForm | None = None) -> dict[str, Any]:
    """Return the page on which a person decides between what is there now and what they want."""
    kind = state.record.kind
    shown = {**state.texts, **state.notes, **{one.name: one.now for one in asked.conflicts}}
    return {
        "name": record_name(state.record),
        "subject": _subject(state.record),
        "address": address,
        "conflicts": versions_of(kind, asked.conflicts),
        "merged": versions_of(kind, asked.merged),
        "is_unanswered": asked.is_unanswered,
        "choices": (sent.choices if sent else None) or {},
        "hidden": [(edited.name, edited.control, asked.texts.get(edited.name, "")) for edited in state.fields],
        "stamp": state.stamp,
        "shown": json.dumps(shown, ensure_ascii=False),
        "notes": {name: asked.texts.get(name, "") for name in NOTES},
    }


def changes_of(revision: RevisionFacts) -> list[Version]:
    """Return old and new value of each field that a revision changes, in the order of the form."""
    found = []
    for edited in FIELDS[revision.kind]:
        name = edited.name
        if name not in revision.changes:
            continue
        wanted = revision.changes[name]
        old = words.value_text(revision.kind, name, text_of(edited, revision.base.get(name)))
        new = words.value_text(revision.kind, name, text_of(edited, wanted))
        found.append(Version(name, words.label_of(revision.kind, name), old, old, new))
    return found


def edit_address(revision: RevisionFacts) -> str:
    """Return where the author goes on with a draft."""
    if revision.kind == "school":
        return url_for("revisions.edit_school", code=revision.school_code)
    if revision.building_code is None:
        return url_for("revisions.new_building", code=revision.school_code, change=revision.id)
    return url_for("revisions.edit_building", code=revision.school_code, building=revision.building_code)


def box_rows(revisions: Sequence[RevisionFacts]) -> list[dict[str, Any]]:
    """Return the rows of one box."""
    return [
        {
            "facts": one,
            "school": record_name(one),
            "subject": subject_of(one),
            "fields": ", ".join(words.label_of(one.kind, name) for name in one.changes),
            "status": _(words.STATUSES[one.status]),
            "address": url_for("revisions.change", number=one.id),
        }
        for one in revisions
    ]
