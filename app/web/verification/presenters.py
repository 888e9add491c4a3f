"""What the pages of verification show: rows of the queue, answers beside what was found before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.assessment.raters import advice_of, weight_of
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.assess.words import LEVELS
from app.web.language import current_language
from app.web.schools.words import ASSESSMENTS
from app.web.verification import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.queries.assessors import Rater
    from geodata.records.verification import ComparedCriterion, GivenAnswer, WaitingAssessment


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer in words."""

    building: str
    state: str
    word: str
    measured: str
    note: str
    day: str
    kind: str
    is_confirmed: bool


def shown_answer(given: GivenAnswer, unit: str | None) -> ShownAnswer:
    """Return an answer in words, with its value and unit."""
    language = current_language()
    measured = ""
    if given.value is not None:
        number = format_number(given.value, language, 0 if given.value == int(given.value) else 2)
        measured = f"{number} {_(unit)}" if unit else number
    elif given.room_share is not None:
        measured = _("%(share)s of the rooms", share=format_percent(100 * given.room_share, language))
    return ShownAnswer(
        given.building or "",
        given.state,
        _(words.STATES[given.state]),
        measured,
        given.note or "",
        format_date(given.day, language) if given.day else _("Unknown"),
        _(ASSESSMENTS.get(given.kind, given.kind)),
        given.is_confirmed,
    )


def queue_rows(found: Sequence[WaitingAssessment]) -> list[dict[str, Any]]:
    """Return the rows of one box of the queue."""
    return [
        {
            "facts": one,
            "school": local_name(one, current_language()) or one.school_code,
            "kind": _(ASSESSMENTS.get(one.kind, one.kind)),
            "status": _(words.STATUSES[one.status]),
            "address": url_for("verification.assessment", assessment_id=one.id),
        }
        for one in found
    ]


def domain_tables(
    compared: Sequence[ComparedCriterion], domains: Sequence[tuple[str, str, str, str]], *, only_differences: bool
) -> list[dict[str, Any]]:
    """Return the criteria by domain, in the order of the edition; domains without a row are left out."""
    column = {"ky": 1, "ru": 2, "en": 3}[current_language()]
    tables = []
    for domain in domains:
        rows = [
            {
                "facts": one,
                "text": local_name(one, current_language(), "text"),
                "answers": [shown_answer(given, one.unit) for given in one.answers],
                "former": [shown_answer(given, one.unit) for given in one.former],
                "differs": one.differs,
            }
            for one in compared
            if one.domain_code == domain[0] and (one.differs or not only_differences)
        ]
        if rows:
            tables.append({"code": domain[0], "name": domain[column], "rows": rows})
    return tables


def counts_of(compared: Sequence[ComparedCriterion]) -> dict[str, int]:
    """Return how many criteria are answered, compared and different, and how many answers nobody confirmed."""
    return {
        "answered": sum(any(given.state != "unknown" for given in one.answers) for one in compared),
        "compared": sum(bool(one.answers and one.former) for one in compared),
        "different": sum(one.differs for one in compared),
        "unanswered": sum(not one.answers for one in compared),
        "unconfirmed": sum(not given.is_confirmed for one in compared for given in one.answers),
    }


@dataclass(frozen=True, slots=True)
class RaterRow:
    """A rater in words: share of equal answers, what an answer weighs, what follows."""

    facts: Rater
    level: str
    share: str
    weight: str
    advice: str


def rater_rows(found: list[Rater]) -> list[RaterRow]:
    """Return the raters as the page shows them; nothing compared is unknown, never full agreement."""
    language, values = current_language(), default_parameters()
    trust = values["conformity.unverified_trust"]
    least_agreement, least_compared = values["raters.least_agreement"], values["raters.least_compared"]
    return [
        RaterRow(
            one,
            _(LEVELS[one.level]),
            format_percent(100 * one.equal / one.compared, language) if one.compared else _("Unknown"),
            format_number(weight_of(one.level, trust), language, 1),
            _(words.ADVICE[advice_of(one.equal, one.compared, least_agreement, least_compared)]),
        )
        for one in found
    ]
