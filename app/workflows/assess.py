"""Begin an assessment, lay its questions out over the blocks of the school, and submit it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.workflows.assess_errors import (
    NoEditionError,
    NothingAnsweredError,
    NotOpenError,
    NotYoursError,
    RefusedAnswerError,
    UnknownVisitError,
)
from geodata.queries import assessing, schools, scoring, writes_assessing
from geodata.records.assessing import OF_BLOCK, Block, GivenAnswer, Question, Visit

if TYPE_CHECKING:
    from geodata.database import Session

BISHKEK = ZoneInfo("Asia/Bishkek")
KINDS = ("self", "verification", "survey", "instrument")
"""Kinds that people begin; ``baseline`` comes from files alone."""
PREFILLED = ("self",)
"""Who looks a second time looks with fresh eyes: only a school's own answers start from the last ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """One question at one place: the whole school (``block`` None) or a building; ``answer`` None: nothing yet."""

    question: Question
    block: Block | None
    answer: GivenAnswer | None

    @property
    def is_answered(self) -> bool:
        """Whether something is known; "unknown" counts once somebody said so."""
        given = self.answer
        return given is not None and (given.state != "unknown" or given.answered_at is not None)

    @property
    def is_taken_over(self) -> bool:
        """Whether the answer is from before and nobody has confirmed it yet."""
        return self.answer is not None and self.answer.answered_at is None


@dataclass(frozen=True, slots=True)
class Sheet:
    """An assessment with all its places, in the order of the standard."""

    visit: Visit
    blocks: tuple[Block, ...]
    places: tuple[Place, ...]
    may_edit: bool

    def of_domain(self, code: str) -> list[Place]:
        """Return the places of one domain."""
        return [place for place in self.places if place.question.domain_code == code]


def today() -> date:
    """Return the day in Bishkek."""
    return datetime.now(BISHKEK).date()


def start(session: Session, school_code: str, kind: str, assessed_on: date) -> int:
    """Return the number of the assessment of that school, kind and day: begun now as a draft, or there already.

    A school's own assessment begins with the last published answers, each with the day of its evidence.

    Raises:
        UnknownVisitError: There is no such school for this reader.
        NotYoursError: The account may not assess there.
        RefusedAnswerError: The kind or the day is none.
        NoEditionError: There is no standard yet.
    """
    school = schools.find_school(session, school_code)
    if school is None:
        raise UnknownVisitError(school_code)
    if not assessing.holds(session, "edit", school.id):
        raise NotYoursError(school_code)
    if kind not in KINDS:
        raise RefusedAnswerError("kind_unknown", "kind", kind)
    if assessed_on > today():
        raise RefusedAnswerError("day_ahead", "assessed_on", assessed_on.isoformat())
    edition = scoring.current_edition(session)
    if edition is None:
        raise NoEditionError
    number = writes_assessing.add_visit(session, school.id, edition.id, kind, assessed_on)
    if number is None:
        found = assessing.visit_id(session, school.id, edition.id, kind, assessed_on)
        if found is None:
            raise NotYoursError(school_code)
        return found
    if kind in PREFILLED:
        writes_assessing.take_over(session, number, school.id, edition.id)
    return number


def open_visit(session: Session, number: int, *, for_answers: bool = False) -> Visit:
    """Return an assessment that this reader may see; ``for_answers``: that they may answer now.

    Raises:
        UnknownVisitError: There is none for this reader.
        NotYoursError: They may not answer it.
        NotOpenError: Nobody may: it was submitted or published.
    """
    visit = assessing.find_visit(session, number)
    if visit is None or "see" not in visit.rights:
        raise UnknownVisitError(number)
    if for_answers:
        if "edit" not in visit.rights:
            raise NotYoursError(number)
        if not visit.is_open:
            raise NotOpenError(number)
    return visit


def open_sheet(session: Session, number: int, language: str) -> Sheet:
    """Return an assessment with its places; criteria of the protection group for those who may see them there.

    Raises ``UnknownVisitError``.
    """
    visit = open_visit(session, number)
    with_protected = "see_restricted" in visit.rights
    found = assessing.blocks(session, visit.school_id)
    given = assessing.answers(session, number)
    places = [
        Place(question, block, given.get((question.id, block.id if block else None)))
        for question in assessing.questions(session, visit.edition_id, language, with_protected=with_protected)
        for block in blocks_of(question, found)
    ]
    may_edit = visit.is_open and "edit" in visit.rights
    return Sheet(visit, tuple(found), tuple(places), may_edit)


def blocks_of(question: Question, found: list[Block]) -> list[Block] | list[None]:
    """Return where a question is asked: in each building, or once where it is about the school or none is known."""
    return found if question.scope in OF_BLOCK and found else [None]


def submit(session: Session, number: int) -> None:
    """Hand an assessment over for verification.

    Raises what ``open_visit`` raises, and ``NothingAnsweredError``.
    """
    visit = open_visit(session, number, for_answers=True)
    if not any(one.state != "unknown" for one in assessing.answers(session, number).values()):
        raise NothingAnsweredError(number)
    if not writes_assessing.take_step(session, number, visit.status, "submitted"):
        raise NotOpenError(number)


def take_back(session: Session, number: int) -> None:
    """Take a submitted assessment back into a draft.

    Raises what ``open_visit`` raises; ``NotOpenError`` also when somebody has verified it meanwhile.
    """
    visit = open_visit(session, number)
    if "edit" not in visit.rights:
        raise NotYoursError(number)
    if not writes_assessing.take_step(session, number, "submitted", "draft"):
        raise NotOpenError(number)
