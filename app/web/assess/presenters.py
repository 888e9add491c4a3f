"""What the pages of an assessment show: questions with their places, progress by domain, the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.names import local_name
from app.web.assess.words import REFUSALS, REMARKS, STATES
from app.web.language import current_language
from app.web.standard.words import MUST_BE_MET, UNITS

if TYPE_CHECKING:
    from app.workflows.assess import Place, Sheet
    from app.workflows.assess_answer import KeptAnswer
    from app.workflows.assess_errors import AnswerConflictError, RefusedAnswerError
    from geodata.records.assessing import GivenAnswer, Question


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One question at one place. ``value`` and ``note`` are as a form shows them again."""

    form_id: str
    building: str
    building_name: str
    state: str
    state_word: str
    value: str
    share: str
    note: str
    evidence: str
    version: int
    is_taken_over: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A criterion with its places; ``norm`` and ``unit`` in the reader's words."""

    question: Question
    norm: str
    unit: str
    places: list[PlaceView]


@dataclass(frozen=True, slots=True)
class DomainView:
    """How far a domain is: criteria whose every place is answered, of how many."""

    code: str
    name: str
    done: int
    total: int


def norm_of(question: Question) -> str:
    """Return the norm in words; its unit is translated, the numbers stay as the edition has them."""
    if question.unit == "yes/no":
        return _(MUST_BE_MET)
    if question.unit in UNITS and question.requirement.endswith(question.unit):
        return question.requirement.removesuffix(question.unit) + _(UNITS[question.unit])
    return question.requirement


def unit_of(question: Question) -> str:
    """Return the unit of the norm in words."""
    return _(UNITS[question.unit]) if question.unit in UNITS else question.unit


def form_id(criterion: str, building: str) -> str:
    """Return the anchor of a question at a place."""
    return f"a-{criterion}-{building}" if building else f"a-{criterion}"


def place_view(place: Place) -> PlaceView:
    """Return a place as the page shows it."""
    given, block = place.answer, place.block
    building = block.code if block else ""
    name = (block.name or block.code) if block else ""
    if given is None:
        return PlaceView(form_id(place.question.code, building), building, name, "", "", "", "", "", "", 0, False)
    words = answer_words(given)
    return PlaceView(
        form_id(place.question.code, building),
        building,
        name,
        given.state,
        words["state_word"],
        _plain(given.value),
        words["share"],
        given.note or "",
        words["evidence"],
        given.version,
        place.is_taken_over,
    )


def answer_words(given: GivenAnswer) -> dict[str, str]:
    """Return an answer in words: state, value, share of rooms, day of the evidence, note."""
    language = current_language()
    value = "" if given.value is None else format_number(given.value, language, 0 if given.value.is_integer() else 2)
    return {
        "state_word": _(STATES[given.state]),
        "value": value,
        "share": "" if given.room_share is None else format_percent(100 * given.room_share, language),
        "evidence": "" if given.evidence_on is None else format_date(given.evidence_on, language),
        "note": given.note or "",
    }


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def questions_of(sheet: Sheet, domain: str) -> list[QuestionView]:
    """Return the questions of a domain in the order of the standard, each with its places."""
    found: dict[str, QuestionView] = {}
    for place in sheet.of_domain(domain):
        question = place.question
        view = found.setdefault(question.code, QuestionView(question, norm_of(question), unit_of(question), []))
        view.places.append(place_view(place))
    return list(found.values())


def progress(sheet: Sheet, names: dict[str, Any]) -> list[DomainView]:
    """Return the domains with how far each is, in the order of the standard."""
    done: dict[str, dict[str, bool]] = {}
    for place in sheet.places:
        domain = done.setdefault(place.question.domain_code, {})
        domain[place.question.code] = domain.get(place.question.code, True) and place.is_answered
    language = current_language()
    return [
        DomainView(code, local_name(names[code], language) if code in names else code, sum(one.values()), len(one))
        for code, one in done.items()
    ]


def refusal(error: RefusedAnswerError) -> dict[str, str]:
    """Return what is wrong with something that was sent, and what to do, in words."""
    what, remedy = REFUSALS[error.code]
    limits = {name: str(value) for name, value in error.limits.items()}
    return {
        "code": error.code,
        "field": error.field,
        "value": error.value,
        "what": _(what),
        "remedy": _(remedy),
        **limits,
    }


def conflict(error: AnswerConflictError) -> dict[str, Any]:
    """Return what stands now, for whoever has to decide."""
    now = (
        {"version": 0}
        if error.now is None
        else {"version": error.now.version, "state": error.now.state, **answer_words(error.now)}
    )
    return {"now": now, "by": error.by or _("Somebody else")}


def kept(one: KeptAnswer) -> dict[str, Any]:
    """Return the answer that stands, for the page and for the queue of a device."""
    return {
        "criterion": one.question.code,
        "building": one.building_code or "",
        "state": one.answer.state,
        "version": one.answer.version,
        "is_repeated": one.is_repeated,
        "remarks": [_(REMARKS[code]) for code in one.remarks],
        **answer_words(one.answer),
    }
