"""How firm a school's rank is, and the second opinions on its buildings, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT
from app.i18n.formats import format_number, format_percent
from app.i18n.marks import N_
from app.web.language import current_language

if TYPE_CHECKING:
    from geodata.records.priority import PriorityRow
    from geodata.records.robustness import FirmRank
    from geodata.records.school import BuildingFacts

LABELS = {
    "robust": N_("Firmly among the first %(top)s: so in %(share)s of the draws."),
    "likely": N_("Likely among the first %(top)s: so in %(share)s of the draws."),
    "contested": N_("Contested: among the first %(top)s in %(share)s of the draws."),
    "unlikely": N_("Hardly among the first %(top)s: so in %(share)s of the draws."),
}
ITEMS = {
    "VERT_SEVERE": N_("irregular in height, counted as severe"),
    "PLAN": N_("irregular in plan"),
    "PRE_CODE": N_("built before the first seismic code, 1957"),
    "POST_BENCHMARK": N_("built in 2009 or later"),
    "SOIL_AB": N_("rock or firm soil, class I"),
    "SOIL_E": N_("soft soil, class III"),
    "YEAR_UNKNOWN": N_("year unknown, counted as before the first code"),
    "TYPE_UNKNOWN": N_("type unknown, the lowest score of all types"),
    "VERT_MODERATE": N_("moderately irregular in height, by a survey"),
}
"""What moved a score of P-154; codes of ``app.workflows.ranking_screening.ITEMS``."""
MODIFIERS = {
    "vertical_irregularity": N_("vertical irregularity"),
    "plan_irregularity": N_("plan irregularity"),
    "poor_condition": N_("poor condition"),
    "flexible_diaphragm": N_("flexible diaphragm"),
    "pounding": N_("pounding"),
}
"""Known weaknesses that lower the fragility in the engine; codes of ``app.risk.parameters.MODIFIERS``."""


@dataclass(frozen=True)
class Opinion:
    """The second opinion on one building."""

    building: str
    score: str
    needs_detail: bool
    review: str
    """In which direction screening and model disagree; "" = they do not."""
    items: list[str]
    modifiers: list[str]


@dataclass(frozen=True)
class Firmness:
    """What the draws say of a school; texts are translated. Without draws only ``opinions`` is filled."""

    draws: int
    label: str
    decided_by: str
    above_next: str
    opinions: list[Opinion]
    reviews: int


def firmness_of(found: FirmRank | None, row: PriorityRow, buildings: list[BuildingFacts]) -> Firmness:
    """Return the firmness of a school's rank in words."""
    opinions = _opinions(buildings)
    reviews = sum(bool(one.review) for one in opinions)
    if found is None:
        return Firmness(0, "", "", "", opinions, reviews)
    language = current_language()
    values = {
        "top": format_number(found.top_count, language),
        "share": format_percent(100 * found.p_top, language),
    }
    factor, share = _(FACTOR_SHORT[found.decided_by]), format_percent(100 * found.decided_share, language)
    is_known = row.known[list(FACTOR_SHORT).index(found.decided_by)]
    if is_known:
        decided = _("What moves its score most: %(factor)s, %(share)s of the spread.", factor=factor, share=share)
    else:
        decided = _(
            "What would decide its place: the unknown part %(factor)s, %(share)s of the spread.",
            factor=factor,
            share=share,
        )
    above = found.p_above_next
    next_text = (
        _("It stands above the next school in %(share)s of the draws.", share=format_percent(100 * above, language))
        if above is not None
        else ""
    )
    return Firmness(found.draws, _(LABELS[found.label]) % values, decided, next_text, opinions, reviews)


def _review(score: float | None, cut: float) -> str:
    if score is not None and score >= cut:
        return _("To be reviewed: the screening passes, the risk model sees danger by earthquakes.")
    return _("To be reviewed: the screening fails, the risk model sees little danger by earthquakes.")


def _opinions(buildings: list[BuildingFacts]) -> list[Opinion]:
    from app.risk.parameters import default_parameters

    cut, language = default_parameters()["p154.cut_off"], current_language()
    return [
        Opinion(
            building=building.name or building.code,
            score=_("Unknown") if facts.score is None else format_number(facts.score, language, 1),
            needs_detail=facts.score is not None and facts.score < cut,
            review=_review(facts.score, cut) if facts.needs_review else "",
            items=[_(ITEMS[code]) for code in facts.items],
            modifiers=[_(MODIFIERS[code]) for code in facts.modifiers],
        )
        for building in buildings
        if (facts := building.screening) is not None
    ]
