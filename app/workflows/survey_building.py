"""Survey a building: begin, keep what was seen as it is answered, keep the document, hand over.

Handed over, a survey is a change of its building on the way of all changes: somebody else verifies and publishes it.
A look from outside does not replace what a full survey found, for as long as a full survey is good.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from app.workflows import evidence_files, pictures
from app.workflows.assess import today
from app.workflows.assess_answer import day_of, key_of, whole_of
from app.workflows.assess_errors import (
    NotCertifiedError,
    NotOpenError,
    NotYoursError,
    RefusedAnswerError,
    SurveyConflictError,
    SurveyRefusedError,
    UnknownVisitError,
)
from app.workflows.revise_check import check_texts
from app.workflows.revise_steps import take_step
from app.workflows.survey_score import screen_survey
from geodata.database import ACCOUNT_KEY
from geodata.queries import assessing, imports, record_facts, revisions, schools, surveys
from geodata.records.survey import FACTS, FULL_FACTS, METHODS, QUALITY, VERTICAL, Survey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geodata.database import Session
    from geodata.records.revision import Facts, StoredRecord
    from geodata.records.table import RowProblem

FLAGS = ("plan_irregularity", "flexible_diaphragm", "pounding")
GOOD_MONTHS = 60
"""A full survey is good for five years (STR-01 of the standard); until then a look does not replace what it found."""
ALWAYS = ("condition",)
"""What a look may say all the same: buildings get worse."""
LONGEST_TEXT, LONGEST_NOTE = 200, 2_000


def begin(session: Session, school_code: str, building_code: str, method: str) -> int:
    """Return the number of this account's survey of a building: begun now, or the one that is open.

    Raises:
        UnknownVisitError: There is no such school or building for this reader.
        NotYoursError: The account does not survey there.
        RefusedAnswerError: There is no such method.
    """
    school = schools.find_school(session, school_code)
    block = (
        next((one for one in assessing.blocks(session, school.id) if one.code == building_code), None)
        if school
        else None
    )
    if school is None or block is None:
        raise UnknownVisitError(building_code)
    if not assessing.holds(session, "survey", school.id):
        raise NotYoursError(building_code)
    if method not in METHODS:
        raise RefusedAnswerError("method_unknown", "method", method)
    imports.hold_key(session, f"survey {session.info.get(ACCOUNT_KEY)} {block.id} {method}")
    found = surveys.own_open(session, block.id, method)
    return surveys.add(session, school.id, block.id, method) if found is None else found


def open_survey(session: Session, number: int, *, for_author: bool = False) -> Survey:
    """Return a survey that this reader may see; ``for_author``: that they may change now.

    Raises ``UnknownVisitError``, ``NotYoursError``, ``NotOpenError``.
    """
    found = surveys.find(session, number)
    if found is None:
        raise UnknownVisitError(number)
    if for_author:
        if found.created_by != session.info.get(ACCOUNT_KEY):
            raise NotYoursError(number)
        if not found.is_open:
            raise NotOpenError(number)
    return found


def fields_of(survey: Survey) -> tuple[str, ...]:
    """Return which facts a survey of this method asks."""
    return FULL_FACTS if survey.method == "full" else FACTS


def save_facts(session: Session, number: int, sent: Mapping[str, str]) -> Survey:
    """Keep what was sent over the version that the sender saw, and return what stands. Empty is "not seen".

    Raises:
        SurveyRefusedError, RefusedAnswerError: A value cannot be; nothing was written.
        SurveyConflictError: It was changed meanwhile.
        UnknownVisitError, NotYoursError, NotOpenError: See ``open_survey``.
    """
    survey = open_survey(session, number, for_author=True)
    given = {name: str(value or "").replace("\0", "").strip() for name, value in sent.items()}
    key = key_of(given.get("key", ""))
    if survey.last_key == key:
        return survey
    record = _record(session, survey)
    facts = _checked(session, survey, record, given)
    surveyed_on = day_of(given.get("surveyed_on", ""))
    wanted = replace(
        survey,
        facts=facts,
        surveyed_on=surveyed_on,
        surveyor=given.get("surveyor", "")[:LONGEST_TEXT] or None,
        note=given.get("note", "")[:LONGEST_NOTE] or None,
    )
    if wanted == survey:
        return survey
    version = surveys.save(
        session,
        number,
        whole_of(given.get("base_version") or "0", "base_version"),
        facts=facts,
        surveyed_on=surveyed_on,
        surveyor=wanted.surveyor,
        note=wanted.note,
        key=str(key),
    )
    if version is None:
        raise SurveyConflictError(open_survey(session, number, for_author=True))
    return replace(wanted, version=version, last_key=key)


def _record(session: Session, survey: Survey) -> StoredRecord:
    record = record_facts.stored_record(session, "building", survey.school_id, survey.building_id)
    if record is None:
        raise UnknownVisitError(survey.id)
    return record


def _checked(session: Session, survey: Survey, record: StoredRecord, given: Mapping[str, str]) -> Facts:
    """Return the facts of what was sent, by the rules of the importer; what is unknown is left out."""
    vertical = given.get("vertical", "")
    problems: dict[str, list[RowProblem]] = {}
    if vertical and vertical not in VERTICAL:
        raise RefusedAnswerError("choice_unknown", "vertical", vertical)
    texts = {name: given.get(name, "") for name in fields_of(survey) if name != "vertical"}
    checked = check_texts(session, record, texts)
    problems |= checked.errors
    if problems:
        raise SurveyRefusedError(problems)
    unknown = (None, "", "KG-UNK", "unknown")
    facts = {name: value for name, value in checked.values.items() if value not in unknown}
    return facts | ({"vertical": vertical} if vertical else {})


def keep_document(session: Session, folder: Path, number: int, data: bytes, name: str) -> Survey:
    """Keep the document of a full survey: a PDF, by its content. The former file stays on the disk.

    Raises what ``open_survey`` raises, and ``RefusedAnswerError``.
    """
    survey = open_survey(session, number, for_author=True)
    if survey.method != "full":
        raise RefusedAnswerError("document_not_asked", "file")
    try:
        judged = pictures.judge(data)
    except pictures.PictureError as error:
        raise RefusedAnswerError(error.code, "file") from error
    if judged.kind != "document":
        raise RefusedAnswerError("document_kind", "file")
    sha256 = evidence_files.keep(folder, judged.original)
    title = name.replace("\0", "").replace("\\", "/").rpartition("/")[2].strip()[:LONGEST_TEXT] or sha256[:12]
    if not surveys.keep_document(session, number, sha256, len(data), title):
        raise NotOpenError(number)
    return open_survey(session, number)


def remove(session: Session, number: int) -> None:
    """Take away a draft that was never handed over; raises what ``open_survey`` raises."""
    open_survey(session, number, for_author=True)
    if not surveys.remove(session, number):
        raise NotOpenError(number)


def changes_of(session: Session, survey: Survey) -> tuple[Facts, tuple[str, ...]]:
    """Return what a survey changes in its building, and which of its facts give way to a full survey that is good."""
    facts = {name: value for name, value in survey.facts.items() if name != "vertical"}
    if "vertical" in survey.facts:
        facts["vertical_irregularity"] = survey.facts["vertical"] != "none"
    if survey.method == "full":
        return facts, ()
    kept = tuple(
        name
        for name, origin in surveys.provenance_of(session, survey.building_id).items()
        if name in facts and name not in ALWAYS and origin.get("quality") == QUALITY["full"] and _is_good(origin)
    )
    return {name: value for name, value in facts.items() if name not in kept}, kept


def _is_good(origin: Mapping[str, Any]) -> bool:
    try:
        day = date.fromisoformat(str(origin.get("date")))
    except ValueError:
        return True
    now = today()
    return (now.year - day.year) * 12 + now.month - day.month < GOOD_MONTHS


def hand_over(session: Session, number: int, version: int) -> Survey:
    """Make a survey of ``version`` the change of its building that others verify, and return it.

    Raises:
        NotCertifiedError: The account has no valid certificate of an engineer.
        RefusedAnswerError: Something is missing, or nothing of it would change the building.
        SurveyConflictError: It was changed meanwhile.
        UnknownVisitError, NotYoursError, NotOpenError: See ``open_survey``.
    """
    survey = open_survey(session, number, for_author=True)
    if survey.version != version:
        raise SurveyConflictError(survey)
    if surveys.own_level(session) != "certified":
        raise NotCertifiedError
    _complete(survey)
    changes, kept = changes_of(session, survey)
    if not changes:
        raise RefusedAnswerError("survey_weaker" if kept else "survey_empty", "building_type")
    record = _record(session, survey)
    draft = revisions.own_draft(session, "building", survey.school_id, survey.building_id)
    if draft is not None and draft.id != survey.revision_id:
        raise RefusedAnswerError("draft_open", "building_type")
    revision_id = draft.id if draft else revisions.add_draft(session, "building", survey.school_id, survey.building_id)
    is_kept = revisions.save_draft(
        session,
        revision_id,
        draft.version if draft else 1,
        base_version=record.version,
        base={name: record.facts.get(name) for name in changes},
        changes=changes,
        source=_source(survey),
        source_date=survey.surveyed_on,
        reason=survey.note or _source(survey),
    )
    score = screen_survey(session, survey).score
    if not is_kept or not surveys.link_revision(session, number, version, revision_id, score):
        raise SurveyConflictError(open_survey(session, number))
    drafted = revisions.find_revision(session, revision_id)
    assert drafted is not None
    take_step(session, revision_id, "submit", version=drafted.version)
    return open_survey(session, number)


def _complete(survey: Survey) -> None:
    missing = {
        "day_missing": ("surveyed_on", survey.surveyed_on),
        "surveyor_missing": ("surveyor", survey.surveyor),
        "survey_empty": ("building_type", survey.facts),
        "document_missing": ("file", survey.document_sha256 or survey.method != "full"),
    }
    for code, (field, value) in missing.items():
        if not value:
            raise RefusedAnswerError(code, field)


def _source(survey: Survey) -> str:
    """Return the source as it stands beside values, the same in all languages."""
    what = survey.document_name if survey.method == "full" else "FEMA P-154"
    return f"{what} ({survey.surveyor})"[:LONGEST_TEXT]
