"""What the pages of surveys show: the result in words, the form's choices, the surveys of a school by building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.words import UNKNOWN
from app.i18n.formats import format_date, format_number
from app.i18n.names import local_name
from app.web.assess import survey_words as words
from app.web.language import current_language
from app.web.revisions.words import label_of, problem_words
from app.web.schools.firmness import ITEMS, MODIFIERS
from app.web.schools.passport import building_types
from app.web.schools.words import CONDITIONS
from geodata.records.survey import in_force

if TYPE_CHECKING:
    from app.workflows.assess_errors import SurveyRefusedError
    from app.workflows.survey_score import Screened
    from geodata.records.assessing import Block
    from geodata.records.survey import Survey

UNKNOWN_TYPE = "KG-UNK"


@dataclass(frozen=True, slots=True)
class ResultView:
    """A score in words. ``state`` meets, fails or unknown; ``meaning`` a sentence; ``moved`` what it rests on."""

    state: str
    score: str
    meaning: str
    moved: list[str]


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey in the history of its building; ``standing`` is a key of ``STANDING``."""

    survey: Survey
    method: str
    standing: str
    word: str
    score: str
    confidence: str


def result_view(found: Screened) -> ResultView:
    """Return the score of P-154 with what it means."""
    language = current_language()
    cut = format_number(found.cut, language, 1)
    moved = [_(ITEMS[code]) for code in found.items]
    moved += [
        _("lowers the strength in the risk model: %(weakness)s", weakness=_(MODIFIERS[one])) for one in found.weaknesses
    ]
    if found.score is None or found.collapse is None or found.msk is None:
        meaning = _("No layer knows how strongly it can shake here, so that there is no score.")
        return ResultView("unknown", _("Score: unknown"), meaning, moved)
    once = format_number(round(1 / found.collapse), language)
    told = {"cut": cut, "once": once, "msk": format_number(found.msk, language)}
    if found.state == "meets":
        meaning = _(
            "At least %(cut)s: no detailed evaluation is due. About 1 in %(once)s such buildings collapses in the "
            "strongest shaking that is considered in zone %(msk)s of MSK-64.",
            **told,
        )
    else:
        meaning = _(
            "Below %(cut)s: a detailed evaluation by engineers is due. About 1 in %(once)s such buildings collapses in "
            "the strongest shaking that is considered in zone %(msk)s of MSK-64.",
            **told,
        )
    return ResultView(found.state, _("Score: %(score)s", score=format_number(found.score, language, 1)), meaning, moved)


def told_to_device(survey: Survey, found: Screened) -> dict[str, Any]:
    """Return what stands, for the page and the queue of a device: the names that answers have."""
    view = result_view(found)
    return {
        "version": survey.version,
        "state": view.state,
        "state_word": view.score,
        "value": view.meaning,
        "share": "",
        "evidence": "; ".join(view.moved),
        "note": "",
        "remarks": [],
    }


def refusal_of(error: SurveyRefusedError) -> dict[str, str]:
    """Return the first value that cannot be, and what to do."""
    name, problems = next(iter(error.problems.items()))
    what, remedy = problem_words(problems[0])
    return {
        "code": "value",
        "field": name,
        "value": "",
        "what": f"{label_of('building', name)}: {what}",
        "remedy": remedy,
    }


def type_choices() -> list[tuple[str, str, str]]:
    """Return the building types in the order of their table: code, name, what the drawing shows; unknown is last."""
    language = current_language()
    return [
        (code, _(words.NOT_SURE) if code == UNKNOWN_TYPE else local_name(row, language), _(words.DRAWINGS[code]))
        for code, row in building_types().items()
    ]


def choices() -> dict[str, Any]:
    """Return what the form offers besides the drawings; "not seen" is an empty value."""
    conditions = [(code, _(word)) for code, word in CONDITIONS.items() if code != "unknown"]
    return {
        "conditions": [("", _(UNKNOWN)), *conditions],
        "soils": [(code, _(word)) for code, word in words.SOILS.items()],
        "verticals": [*((code, _(word)) for code, word in words.VERTICAL.items()), ("", _(UNKNOWN))],
        "flags": [(name, _(label), _(hint)) for name, (label, hint) in words.FLAGS.items()],
        "yes_no": [(code, _(word)) for code, word in words.YES_NO.items()],
    }


def form_values(survey: Survey) -> dict[str, str]:
    """Return the survey as its form shows it; unknown is empty."""
    flags = {True: "yes", False: "no", None: ""}
    found = {name: "" if value is None else str(value) for name, value in survey.facts.items()}
    found |= {name: flags[survey.facts.get(name)] for name in words.FLAGS}
    if isinstance(area := survey.facts.get("area_m2"), float):
        found["area_m2"] = f"{area:g}"
    found["surveyed_on"] = survey.surveyed_on.isoformat() if survey.surveyed_on else ""
    return found | {"surveyor": survey.surveyor or "", "note": survey.note or ""}


def by_building(found: list[Survey], blocks: list[Block], own: int | None) -> list[tuple[Block, list[SurveyRow]]]:
    """Return the surveys of each building, the one that counts first; drafts of others are not told."""
    rows = []
    for block in blocks:
        mine = [
            one for one in found if one.building_id == block.id and (one.status != "draft" or one.created_by == own)
        ]
        counts = in_force(mine)
        mine.sort(key=lambda one: one is not counts)
        rows.append((block, [_row(one, is_in_force=one is counts) for one in mine]))
    return rows


def _row(survey: Survey, *, is_in_force: bool) -> SurveyRow:
    language = current_language()
    standing = survey.status if survey.status != "published" else "in_force" if is_in_force else "former"
    score = "" if survey.score is None else format_number(survey.score, language, 1)
    return SurveyRow(
        survey,
        _(words.METHODS[survey.method]),
        standing,
        _(words.STANDING[standing]),
        score or _("Unknown"),
        _(words.CONFIDENCE[survey.method]),
    )


def facts_told(survey: Survey) -> list[tuple[str, str]]:
    """Return what was found, in words, for who only reads."""
    language = current_language()
    told = []
    for name, value in survey.facts.items():
        if name == "vertical":
            told.append((_(words.HEIGHT), _(words.VERTICAL[value])))
            continue
        label = _(words.FLAGS[name][0]) if name in words.FLAGS else label_of("building", name)
        told.append((label, _value_text(name, value, language)))
    if survey.surveyed_on:
        told.append((_(words.DAY), format_date(survey.surveyed_on, language)))
    return told


def _value_text(name: str, value: Any, language: str) -> str:
    from app.web.revisions.words import value_text
    from app.workflows.revise_fields import find_edit_field, text_of

    edited = find_edit_field("building", name)
    return str(value) if edited is None else value_text("building", name, text_of(edited, value))
