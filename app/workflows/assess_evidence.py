"""Keep a photo or document of an assessment: by criterion, block and day, once for its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.workflows import evidence_files, pictures
from app.workflows.assess import open_visit, today
from app.workflows.assess_answer import day_of, key_of, question_of
from app.workflows.assess_errors import RefusedAnswerError, UnknownVisitError
from geodata.queries import assessing, evidence, imports, writes_assessing

if TYPE_CHECKING:
    from pathlib import Path

    from app.workflows.assess_answer import SentAnswer
    from geodata.database import Session
    from geodata.records.assessing import EvidenceFacts

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class SentFile:
    """What came with an answer's criterion, building, key and day: the bytes, a title, and the older picture."""

    data: bytes
    title: str = ""
    before: str = ""


def save_evidence(
    session: Session, folder: Path, number: int, sent: SentAnswer, file: SentFile, language: str = "ky"
) -> int:
    """Keep a file and return the number of the evidence; the same key again is the same evidence.

    Raises:
        UnknownVisitError, NotYoursError, NotOpenError: See ``app.workflows.assess.open_visit``.
        RefusedAnswerError: The file is none that is taken, or it belongs to no question; nothing was written.
    """
    visit = open_visit(session, number, for_answers=True)
    question, block = question_of(session, visit, sent, language, needs_building=False)
    key = key_of(sent.key)
    imports.hold_key(session, f"evidence {key}")
    found = evidence.by_key(session, key)
    if found is not None:
        return found
    taken_on = day_of(sent.evidence_on) or today()
    before = _before(session, file.before, visit.school_id)
    try:
        judged = pictures.judge(file.data)
    except pictures.PictureError as error:
        raise RefusedAnswerError(error.code, "file") from error
    hashes = [
        None if one is None else evidence_files.keep(folder, one)
        for one in (judged.original, judged.shown, judged.thumbnail)
    ]
    content = {
        "kind": judged.kind,
        "media_type": judged.media_type,
        "taken_on": taken_on,
        "title": file.title.replace("\0", "")[:LONGEST_TITLE] or None,
        "before_id": before,
        "sha256": hashes[0],
        "byte_count": len(file.data),
        "public_sha256": hashes[1],
        "thumbnail_sha256": hashes[2],
        "width": judged.width,
        "height": judged.height,
    }
    block_id = block.id if block else None
    number_of_evidence = evidence.add(
        session, key, number, question.id, block_id, content, is_protected=question.is_protected
    )
    _note(session, key, number, question.id, block_id, content, is_protected=question.is_protected, kind="evidence")
    return number_of_evidence


def remove_evidence(session: Session, number: int, evidence_id: int) -> None:
    """Take evidence out of an assessment that is still answered; its file stays for what else shows it.

    Raises what ``save_evidence`` raises; ``UnknownVisitError`` also when the evidence is none of this assessment.
    """
    open_visit(session, number, for_answers=True)
    facts = evidence.find(session, evidence_id)
    if facts is None or facts.assessment_id != number or not evidence.remove(session, evidence_id):
        raise UnknownVisitError(evidence_id)
    key = key_of("")
    content = {"sha256": facts.sha256, "title": facts.title}
    _note(
        session, key, number, facts.criterion_id, facts.building_id, content,
        is_protected=facts.is_restricted, kind="removal",
    )  # fmt: skip


def _before(session: Session, text: str, school_id: int) -> int | None:
    if not text:
        return None
    facts: EvidenceFacts | None = evidence.find(session, int(text)) if text.isascii() and text.isdigit() else None
    if facts is None or facts.school_id != school_id or facts.kind != "photo":
        raise RefusedAnswerError("before_unknown", "before", text)
    return facts.id


def _note(
    session: Session,
    key: UUID,
    number: int,
    criterion_id: int | None,
    building_id: int | None,
    content: dict[str, Any],
    *,
    is_protected: bool,
    kind: str,
) -> None:
    writes_assessing.note_change(
        session,
        str(key),
        number,
        criterion_id,
        building_id,
        content,
        kind=kind,
        is_protected=is_protected,
        version=None,
        answered_at=None,
    )


def may_see_original(session: Session, facts: EvidenceFacts) -> bool:
    """Return whether this reader works where the evidence is from: they get the file as it was sent."""
    return assessing.holds(session, "see", facts.school_id)
