"""Put a school's point right from the fix-it queue: the same draft, check, lock, steps and audit as the edit form's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.web.revisions import words
from app.web.revisions.forms import plain_text, read_shown
from app.web.revisions.proposed_point import is_confirmed, point_of
from app.workflows.revise import Refused, SentForm, ToChoose, open_edit, save_draft
from app.workflows.revise_steps import missing_of, take_step
from geodata.queries import record_facts, revisions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.workflows.revise import EditState
    from app.workflows.revise_errors import Conflict
    from geodata.database import Session

FIELDS = ("location", "location_quality")
NOTES = ("source", "dated", "reason")


class PlaceRefusedError(Exception):
    """Nothing was written; ``errors`` are what and remedy by field, "" for the whole form."""

    def __init__(self, errors: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class PlaceDoubtedError(Exception):
    """Nothing was written: ``point`` is in doubt and wants an explicit confirmation."""

    def __init__(self, point: dict[str, Any]) -> None:
        super().__init__(point["value"])
        self.point = point


class PlaceConflictError(Exception):
    """Nothing was written: somebody else has changed what the form shows; ``conflicts`` say to what."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(", ".join(one.name for one in conflicts))
        self.conflicts = conflicts


def open_place(session: Session, code: str, *, lock: bool = False) -> EditState:
    """Return what the form of a school's place starts from.

    Raises:
        NotFound: There is no such school for who asks.
        OutsideTerritoryError: The account may not edit it.
    """
    record = record_facts.stored_school(session, code)
    if record is None:
        raise NotFound
    return open_edit(session, record, lock=lock)


def shown_of(state: EditState) -> str:
    """Return what the form was opened with, as JSON for its hidden field."""
    return json.dumps({name: {**state.texts, **state.notes}[name] for name in (*FIELDS, *NOTES)}, ensure_ascii=False)


def place_school(session: Session, code: str, form: Mapping[str, str]) -> int:
    """Save another point as the account's draft, submit it, and return its number; the caller commits.

    Raises:
        PlaceRefusedError: A value cannot be read or is missing.
        PlaceConflictError: The record or the draft moved on under the form.
        PlaceDoubtedError: The point is in doubt, and the form does not confirm it.
        PointUnderWayError: Another correction of the point is not decided yet.
    """
    state = open_place(session, code, lock=True)
    texts = {name: plain_text(form.get(name, "")) for name in (*FIELDS, *NOTES)}
    if not texts["location"]:
        raise PlaceRefusedError({"location": [(_(words.VALUE_MISSING[0]), _("Click on the map or type it."))]})
    sent = SentForm(
        {name: texts[name] for name in FIELDS},
        read_shown(form.get("shown", "")),
        form.get("stamp", "")[:100],
        texts["source"],
        texts["dated"],
        texts["reason"],
    )
    outcome = save_draft(session, state, sent)
    if isinstance(outcome, ToChoose):
        raise PlaceConflictError(outcome.conflicts or outcome.merged)
    if isinstance(outcome, Refused):
        raise PlaceRefusedError(
            {name: [words.problem_words(one) for one in found] for name, found in outcome.errors.items()}
            or {"": [_both(words.MISSING["changes"])]}
        )
    revision = revisions.find_revision(session, outcome.number)
    assert revision is not None
    missing = missing_of(revision)
    if missing:
        raise PlaceRefusedError({"" if name == "changes" else name: [_both(words.MISSING[name])] for name in missing})
    point = point_of(session, revision)
    if point is not None and not is_confirmed(point, form):
        raise PlaceDoubtedError(point)
    take_step(session, revision.id, "submit", version=revision.version)
    return revision.id


def _both(found: tuple[str, str]) -> tuple[str, str]:
    return _(found[0]), _(found[1])
