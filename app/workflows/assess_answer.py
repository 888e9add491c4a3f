"""Keep one answer: once for its key, over the version that it was based on, and only if it answers the question.

A page, a queue on a device and a quick-entry screen send the same thing. Nothing that is refused is lost: the sender
keeps it with the reason and may send it again, corrected, under the same key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from app.workflows.assess import open_visit, today
from app.workflows.assess_errors import AnswerConflictError, RefusedAnswerError
from geodata.queries import assessing, surveys, writes_assessing
from geodata.records.assessing import OF_BLOCK, Block, GivenAnswer, Question, Visit
from geodata.validation.answers import state_of_value
from geodata.validation.context import KnownCriterion

if TYPE_CHECKING:
    from geodata.database import Session

STATES = ("meets", "partly", "fails", "not_applicable", "unknown")
LARGEST, LONGEST_NOTE = 1e6, 2_000
CLOCK_AHEAD = timedelta(minutes=5)
OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as it was sent. Texts are what somebody typed or a device wrote; empty is not stated.

    ``is_confirmed``: the answer that stands still holds, from today. ``base_version``: the version that the sender saw,
    0 where there was no answer. ``rooms`` were looked at, ``passed`` of them keep the norm.
    """

    criterion: str
    state: str = ""
    building: str = ""
    value: str = ""
    unit: str = ""
    rooms: str = ""
    passed: str = ""
    note: str = ""
    evidence_on: str = ""
    edition: str = ""
    key: str = ""
    base_version: str = "0"
    answered_at: str = ""
    is_confirmed: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> SentAnswer:
        """Return what a form or a device sent; what it does not know is passed over."""
        names = cls.__dataclass_fields__.keys() - {"is_confirmed"}
        given = {name: "" if fields.get(name) is None else str(fields[name]).strip() for name in names}
        given["base_version"] = given["base_version"] or "0"
        return cls(**given, is_confirmed=str(fields.get("is_confirmed") or "") in ("1", "true", "True"))


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What stands now. ``remarks``: codes of what the sender should know; ``is_repeated``: this key was here before."""

    question: Question
    building_code: str | None
    answer: GivenAnswer
    remarks: tuple[str, ...] = ()
    is_repeated: bool = False


def save_answer(session: Session, number: int, sent: SentAnswer, language: str = "ky") -> KeptAnswer:
    """Keep an answer and return what stands.

    Raises:
        UnknownVisitError, NotYoursError, NotOpenError: See ``app.workflows.assess.open_visit``.
        RefusedAnswerError: It does not answer the question; the reason is told by its code.
        AnswerConflictError: Somebody answered meanwhile otherwise; both are there to choose from.
    """
    visit = open_visit(session, number, for_answers=True)
    question, block = question_of(session, visit, sent, language)
    key, block_id = key_of(sent.key), block.id if block else None
    building_code = block.code if block else None
    place = (number, question.id, block_id)
    stands, went = assessing.standing(session, *place, key, is_protected=question.is_protected)
    if went is not None:
        return _repeated(sent, question, building_code, stands, is_here=went == place)
    if visit.kind == "survey" and question.is_engineering and surveys.own_level(session) != "certified":
        raise RefusedAnswerError("level_needed", "criterion", sent.criterion)
    content, remarks = _content(sent, question, stands)
    answered_at, is_ahead = _moment(sent.answered_at)
    remarks += ("clock_ahead",) if is_ahead else ()
    written = writes_assessing.keep_answer(
        session,
        *place,
        content,
        key=str(key),
        is_protected=question.is_protected,
        base_version=_base(sent, content, stands),
        answered_at=answered_at,
    )
    if written is None:
        now, went = assessing.standing(session, *place, key, is_protected=question.is_protected)
        if went is not None:  # the same answer was sent twice at once: it counts once
            return _repeated(sent, question, building_code, now, is_here=went == place)
        raise AnswerConflictError(now, assessing.answered_by(session, *place))
    version, is_new_key = written
    if not is_new_key:
        raise RefusedAnswerError("key_used", "key", sent.key)
    kept = GivenAnswer(question.id, block_id, **content, answered_at=answered_at, version=version)
    return KeptAnswer(question, building_code, kept, remarks)


def _repeated(
    sent: SentAnswer, question: Question, building_code: str | None, stands: GivenAnswer | None, *, is_here: bool
) -> KeptAnswer:
    """Return what stands for a key that arrived before; it was this question's, else it is refused."""
    if stands is None or not is_here:
        raise RefusedAnswerError("key_used", "key", sent.key)
    return KeptAnswer(question, building_code, stands, is_repeated=True)


def _base(sent: SentAnswer, content: Mapping[str, Any], stands: GivenAnswer | None) -> int:
    """Return the version to write over: the sender's, or the one that stands where both say the same."""
    base = whole_of(sent.base_version, "base_version")
    if stands is not None and _says(content) == _says(stands.content()):
        return stands.version
    return base


def _says(content: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(content[name] for name in ("state", "value", "room_share", "note"))


def question_of(
    session: Session, visit: Visit, sent: SentAnswer, language: str, *, needs_building: bool = True
) -> tuple[Question, Block | None]:
    """Return the criterion and building that something was sent for; raises ``RefusedAnswerError``."""
    if sent.edition and sent.edition != visit.edition_code:
        raise RefusedAnswerError("edition_wrong", "edition", sent.edition, {"edition": visit.edition_code})
    with_protected = "see_restricted" in visit.rights
    question = assessing.find_question(
        session, visit.edition_id, sent.criterion, language, with_protected=with_protected
    )
    if question is None:
        raise RefusedAnswerError("criterion_unknown", "criterion", sent.criterion)
    if not sent.building:
        if needs_building and question.scope == "building" and assessing.blocks(session, visit.school_id):
            raise RefusedAnswerError("building_needed", "building")
        return question, None
    if question.scope not in OF_BLOCK:
        raise RefusedAnswerError("building_not_asked", "building", sent.building)
    block = next((one for one in assessing.blocks(session, visit.school_id) if one.code == sent.building), None)
    if block is None:
        raise RefusedAnswerError("building_unknown", "building", sent.building)
    return question, block


def _content(
    sent: SentAnswer, question: Question, stands: GivenAnswer | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what is written, and remarks; a value and looked-at rooms decide over the button."""
    evidence_on = day_of(sent.evidence_on) or today()
    if sent.is_confirmed:
        if stands is None:
            raise RefusedAnswerError("nothing_to_confirm", "is_confirmed")
        content = stands.content() | {"evidence_on": evidence_on}
        return content, ()
    value, share = _value(sent, question), _share(sent, question)
    state = sent.state
    if state and state not in STATES:
        raise RefusedAnswerError("state_unknown", "state", state)
    decided = None
    if share is not None:
        decided = "meets" if share >= 1 else "partly" if share >= 0.5 else "fails"
    elif value is not None:
        decided = state_of_value(_norm(question), value)
    remarks: tuple[str, ...] = ()
    if decided and state not in ("", decided):
        remarks = ("rooms_decide",) if share is not None else ("value_decides",)
    state = decided or state
    if not state:
        raise RefusedAnswerError("answer_missing", "state")
    note = sent.note.replace("\0", "")[:LONGEST_NOTE] or None
    content = {"state": state, "value": value, "room_share": share, "note": note, "evidence_on": evidence_on}
    return content, remarks


def _norm(question: Question) -> KnownCriterion:
    return KnownCriterion(
        question.code,
        question.scope,
        question.value_type,
        None,
        question.threshold_min,
        question.threshold_max,
        question.is_protected,
    )


def _value(sent: SentAnswer, question: Question) -> float | None:
    if not sent.value:
        return None
    if not question.has_number:
        raise RefusedAnswerError("value_not_asked", "value", sent.value)
    if sent.unit and sent.unit != question.unit:
        raise RefusedAnswerError("unit_wrong", "unit", sent.unit, {"unit": question.unit})
    value = number_of(sent.value, "value")
    low = -LARGEST if "°C" in question.unit or "minus" in question.unit else 0.0
    if not low <= value <= LARGEST:
        raise RefusedAnswerError("value_outside", "value", sent.value, {"low": f"{low:g}", "high": f"{LARGEST:.0f}"})
    return value


def _share(sent: SentAnswer, question: Question) -> float | None:
    if not sent.rooms and not sent.passed:
        return None
    if question.scope != "room":
        raise RefusedAnswerError("rooms_not_asked", "rooms", sent.rooms)
    rooms, passed = whole_of(sent.rooms, "rooms"), whole_of(sent.passed, "passed")
    if rooms == 0 or passed > rooms:
        raise RefusedAnswerError("rooms_wrong", "passed", sent.passed, {"rooms": str(rooms)})
    return passed / rooms


def number_of(text: str, field: str) -> float:
    """Return a number as people write it, with comma or point; raises ``RefusedAnswerError``."""
    try:
        value = float(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RefusedAnswerError("number_wrong", field, text)
    return value


def whole_of(text: str, field: str) -> int:
    """Return a whole number, not negative; raises ``RefusedAnswerError``."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise RefusedAnswerError("number_wrong", field, text)
    return int(text)


def day_of(text: str) -> date | None:
    """Return the day of the evidence, None where none is stated; raises ``RefusedAnswerError``."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RefusedAnswerError("day_wrong", "evidence_on", text) from None
    if day > today():
        raise RefusedAnswerError("day_ahead", "evidence_on", text)
    if day < OLDEST:
        raise RefusedAnswerError("day_wrong", "evidence_on", text)
    return day


def _moment(text: str) -> tuple[datetime, bool]:
    """Return when it was answered, and whether the device's clock runs ahead: then the time of receipt is written."""
    now = datetime.now(UTC)
    try:
        claimed = datetime.fromisoformat(text.replace("Z", "+00:00")) if text else now
    except ValueError:
        return now, False
    if claimed.tzinfo is None:
        claimed = claimed.replace(tzinfo=UTC)
    return (now, True) if claimed > now + CLOCK_AHEAD else (claimed, False)


def key_of(text: str) -> UUID:
    """Return the sender's key; without one the server makes it, and the answer counts each time that it is sent."""
    if not text:
        return uuid4()
    try:
        return UUID(text)
    except ValueError:
        raise RefusedAnswerError("key_wrong", "key", text) from None
