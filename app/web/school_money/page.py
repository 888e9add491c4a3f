"""What a school's money page shows: bundles with costs and benefits, the rule, why funded or not, stated costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.measure_words import bundle_text, measure_text
from app.funding.bundles import RELOCATE, REPLACE, RETROFIT, STEP
from app.funding.catalogue import Catalogue, default_catalogue
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.language import current_language
from app.web.priorities.plan_marks import shown_plan
from app.web.school_money import words
from app.web.school_money.ground import why_of
from app.web.school_money.sentences import chance_sentence, why_sentences
from geodata.queries import school_money, schools, works
from geodata.readers.parameter_tables import of_tables, read_parameter_tables

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.school_money import MeasureOffer, PlanShown, SchoolMoney
    from geodata.records.school import DomainFacts, FailedCriterion, SchoolFacts

OPENS_WALLS = (RETROFIT, STEP)
FIRST = {"retrofit": RETROFIT, "replace": REPLACE, "relocate": RELOCATE}
DOMAINS_AT_ONCE = 3
"""Failed domains that one works order serves, from which the walls should be opened once for all of them."""


@dataclass(frozen=True)
class OfferRow:
    """One bundle as the page shows it. ``lives``: equivalent fatalities avoided over the life of the works."""

    facts: MeasureOffer
    text: str
    lives: float | None
    of_line_pct: float | None
    passes: list[FailedCriterion]
    domains: list[str]
    opens_once: bool
    is_funded: bool
    is_below: bool


@dataclass(frozen=True)
class RuleWords:
    """The rule with its numbers. ``measure``: what it or a decision leads to, None where it is not known."""

    share_pct: float | None
    most_pct: float
    verdict: str
    measure: str


def money_page(session: Session, run: Run | None, school: SchoolFacts, plan_hash: str | None) -> dict[str, Any]:
    """Return the page of ``school``; without a run or a plan their parts say that there is none."""
    language = current_language()
    plan = shown_plan(session, run, plan_hash) if run else None
    run_id = run.id if run else 0
    money = school_money.money_of_school(session, run_id, plan.id if plan else None, school.id)
    domains = schools.domain_results(session, run_id, school.id) if run else []
    page: dict[str, Any] = {
        "school": school,
        "name": local_name(school, language),
        "run": run,
        "plan": plan,
        "rows": [offer_row(one, domains, money, plan) for one in money.offers],
        "unpriced": _unpriced(money, domains),
        "rule": money.rule,
        "rule_words": rule_words(money) if money.rule else None,
        "main": _main_offer(money),
        "figures": works.figures_at(session, school.id),
        "choices": works.choices_at(session, school.id),
        "words": words,
        "measure": lambda code: bundle_text(code, language),
        "life_years": horizon(),
        "why": [],
    }
    if plan is not None:
        found, why = why_of(session, plan, school.id, money.item)
        page["why"] = why_sentences(plan, money, found, why)
        page["chance"] = chance_sentence(money)
    return page


def offer_row(offer: MeasureOffer, domains: list[DomainFacts], money: SchoolMoney, plan: PlanShown | None) -> OfferRow:
    """Return one bundle with what it makes pass; ``of_line_pct``: its worth against the line of the plan."""
    passes, served = passing(offer.bundle, domains)
    worth = offer.benefit / offer.cost_som if offer.cost_som else None
    price = plan.shadow_price if plan else 0.0
    return OfferRow(
        facts=offer,
        text=bundle_text(offer.bundle, current_language()),
        lives=None if offer.fatalities_avoided is None else horizon() * offer.fatalities_avoided,
        of_line_pct=100 * worth / price if worth is not None and price > 0 else None,
        passes=passes,
        domains=served,
        opens_once=offer.bundle.split("+")[0] in OPENS_WALLS and len(served) >= DOMAINS_AT_ONCE,
        is_funded=money.item is not None and money.item.bundle == offer.bundle,
        is_below=worth is not None and price > 0 and worth < price,
    )


def passing(bundle: str, domains: list[DomainFacts]) -> tuple[list[FailedCriterion], list[str]]:
    """Return the failed criteria that a bundle makes pass, and the names of their domains."""
    catalogue = default_catalogue()
    measures = [code for part in bundle.split("+") for code in _kinds(part, catalogue)]
    passes, served = [], []
    for domain in domains:
        codes = [one.code for one in domain.failed]
        met = [any(catalogue.interventions[one].passes([code])[0] for one in measures) for code in codes]
        found = [one for one, is_met in zip(domain.failed, met, strict=True) if is_met]
        passes += found
        if found:
            served.append(local_name(domain, current_language()))
    return passes, served


def _kinds(code: str, catalogue: Catalogue) -> list[str]:
    if code == RETROFIT:
        return sorted({kind for kind in catalogue.retrofit.values() if kind in catalogue.interventions})
    return [code] if code in catalogue.interventions else []


def _unpriced(money: SchoolMoney, domains: list[DomainFacts]) -> list[dict[str, Any]]:
    """Return the measures that would help and whose unit cost nobody has stated."""
    offered = {part for one in money.offers for part in one.bundle.split("+")}
    found = []
    for code, measure in sorted(default_catalogue().interventions.items()):
        if measure.is_priced or code in offered:
            continue
        passes, _served = passing(code, domains)
        if passes:
            found.append({"code": code, "text": measure_text(code, current_language()), "passes": passes})
    return found


def rule_words(money: SchoolMoney) -> RuleWords:
    """Return the rule between retrofit, replacement and relocation with its numbers, in words."""
    rule = money.rule
    assert rule is not None
    most = 100 * default_parameters()["offer.retrofit_most"]
    share = 100 * rule.retrofit_som / rule.replacement_som if rule.retrofit_som and rule.replacement_som else None
    if rule.choice:
        decided = _("Decided in place of the rule: %(choice)s.", choice=_(words.CHOICES[rule.choice]))
        return RuleWords(share, most, decided, FIRST[rule.choice])
    if rule.is_condemned:
        verdict, measure = _("A building is in an emergency state: strengthening is not offered."), REPLACE
    elif share is None:
        verdict, measure = _("The rule cannot be applied: type or floor area of the buildings is unknown."), RETROFIT
    elif share > most:
        verdict, measure = _("Strengthening costs too much of a new building: it is not offered."), REPLACE
    else:
        verdict, measure = _("Strengthening is worth it: it costs less than the threshold."), RETROFIT
    return RuleWords(share, most, verdict, measure)


def _main_offer(money: SchoolMoney) -> MeasureOffer | None:
    """Return the bundle of the rule, whose cost stands for the estimate of the school; None: it is unknown."""
    if money.rule is None:
        return None
    wanted = rule_words(money).measure
    return next((one for one in money.offers if one.bundle == wanted and one.cost_som is not None), None)


@of_tables
def horizon() -> float:
    """Return the years over which works make a building safer (method 10)."""
    rows = read_parameter_tables().rows["economic"]
    return next(float(row["default"]) for row in rows if row["parameter"] == "horizon structural")
