"""Why a school is funded or not, in sentences from templates; every case of ``app.funding.why_funded`` has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.measure_words import bundle_text
from app.exports.plan_columns import MONEY
from app.i18n.formats import format_number, format_percent
from app.web.language import current_language
from app.web.school_money.words import OUTCOMES

if TYPE_CHECKING:
    from app.funding.why_funded import Why
    from app.web.school_money.ground import PlanGround
    from geodata.queries.school_money import PlanShown, SchoolMoney

FELT_SHARE = 0.0001
"""A smaller share of the benefit of all is told as no loss that could be seen."""


def why_sentences(plan: PlanShown, money: SchoolMoney, found: PlanGround, why: Why) -> list[str]:
    """Return the text: funded or not, by how much, which rule moved it, and what would change it."""
    told = _must_act(money)
    if why.state == "funded" or money.item is not None:
        return told + _funded(plan, money, found, why)
    if why.state == "no_cost":
        return told + _no_cost(money)
    if why.state == "no_gain":
        return [*told, _("Not funded: none of its measures takes danger, loss or an unmet requirement away.")]
    return told + _not_funded(plan, found, why) + _changes(found, why)


def _must_act(money: SchoolMoney) -> list[str]:
    if money.must_act is None:
        return []
    reason, outcome = money.must_act
    words = _(OUTCOMES[reason]) if reason in OUTCOMES else reason
    if outcome == "no_measure":
        return [_("The plan had to act on it (%(reason)s), but no measure of known cost was there.", reason=words)]
    if outcome == "no_money":
        return [_("The plan had to act on it (%(reason)s), but the money did not reach.", reason=words)]
    return [_("The plan had to act on it: %(reason)s.", reason=words)]


def _funded(plan: PlanShown, money: SchoolMoney, found: PlanGround, why: Why) -> list[str]:
    item, language = money.item, current_language()
    assert item is not None
    values = {"measures": bundle_text(item.bundle, language), "cost": format_number(item.cost_som, language)}
    if item.year is None:
        told = [_("Funded: %(measures)s, %(cost)s som.", **values)]
    else:
        told = [_("Funded in %(year)s: %(measures)s, %(cost)s som.", year=item.year, **values)]
    if item.payments:
        parts = [f"{_(MONEY[source])} {format_number(som, language)}" for source, som in item.payments]
        told.append(_("Who pays, som: %(list)s.", list=", ".join(parts)))
    if why.worth is not None and plan.shadow_price > 0:
        share = format_percent(100 * why.worth / plan.shadow_price, language)
        told.append(_("What it gives for a som is %(share)s of what the line of this plan asks for.", share=share))
    if why.floors == "helped":
        told.append(_("The floor of its region helped: without floors the money would go elsewhere."))
    return told


def _no_cost(money: SchoolMoney) -> list[str]:
    if money.offers:
        return [
            _("Not funded: the cost of all its measures is unknown, and nothing of unknown cost is funded by itself."),
            _("What would change it: the floor area of its buildings, the number of pupils, or an engineer's cost."),
        ]
    return [
        _("Not funded: no measure could be worked out, as nothing is known of its buildings and requirements."),
        _("What would change it: a first survey, so that buildings and answers are recorded."),
    ]


def _not_funded(plan: PlanShown, found: PlanGround, why: Why) -> list[str]:
    language = current_language()
    row = why.row or 0
    values = {
        "measures": bundle_text(found.bundle(row), language),
        "cost": format_number(found.cost_som(row), language),
    }
    told = [_("Not funded. It would get most for its money from: %(measures)s, %(cost)s som.", **values)]
    if why.state == "below" and plan.shadow_price > 0:
        share = format_percent(100 * (why.worth or 0.0) / plan.shadow_price, language)
        told.append(_("That gives for a som %(share)s of what the line of this plan asks for.", share=share))
    elif why.floors != "hurt":
        told.append(_("It is worth its money, but what was left did not suffice: measures are funded whole."))
    if why.floors == "hurt":
        told.append(_("The floors of other regions hurt it: without floors it would be funded."))
    return told


def _changes(found: PlanGround, why: Why) -> list[str]:
    language, told = current_language(), []
    if why.less_som is not None and why.row is not None:
        less, cost = why.less_som, found.cost_som(why.row)
        values = {"less": format_number(less, language), "cost": format_number(cost - less, language)}
        told.append(
            _("It would be funded if that cost %(less)s som less (%(cost)s), or others paid so much.", **values)
        )
    if why.enters_som is not None:
        told.append(_("A budget of %(budget)s som would fund it.", budget=format_number(why.enters_som, language)))
    if why.loss_share is not None:
        if why.loss_share < FELT_SHARE:
            told.append(_("Funding it all the same would cost the others next to nothing."))
        else:
            share = format_percent(100 * why.loss_share, language, 2)
            told.append(
                _("Funding it all the same would cost all others %(share)s of what the plan gives.", share=share)
            )
    return told


def chance_sentence(money: SchoolMoney) -> str:
    """Return how often the school gets money while costs and benefits are drawn (method 8)."""
    chance = money.chance
    if chance is None:
        return _("How often it would get money while what is uncertain is drawn was not worked out for this plan.")
    language = current_language()
    draws = format_number(chance.draws, language)
    if chance.p_funded is None:
        return _(
            "How often it would get money in %(draws)s draws is unknown: nothing can be bought for it at a known cost.",
            draws=draws,
        )
    share = format_percent(100 * chance.p_funded, language)
    if money.item is not None:
        return _("It gets money in %(share)s of %(draws)s draws of what is uncertain.", share=share, draws=draws)
    return _("It would get money in %(share)s of %(draws)s draws of what is uncertain.", share=share, draws=draws)
