"""What a budget buys, for the page: figures, regions, first schools above and below the line, all from one preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from flask_babel import gettext as _

from app.exports.measure_words import bundle_text
from app.funding.equity import gini
from app.funding.portfolio import spend_by_region
from app.i18n.names import local_name
from app.web.charts.bars import tone_bar
from app.web.language import current_language
from app.web.money.envelope_page import LeftRow, left_rows, money_rows, year_rows
from app.workflows.allocate_budget import cut_by_rank, need_of_regions, preview_hash
from app.workflows.choose_plan import FUNDED, NO_MEASURE, chosen_of_preview, preview_of
from app.workflows.choose_plan import Chosen as ChosenPlan
from app.workflows.plan_problem import Problem, problem_of
from geodata.queries import plans
from geodata.records.plan import MustAct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from app.workflows.allocate_budget import Wish
    from geodata.database import Session
    from geodata.models import Area, Run
    from geodata.records.plan import OfferTable

SHOWN = 25
BILLION = 1_000_000_000


@dataclass(frozen=True)
class RegionRow:
    """One oblast or republican city under the preview."""

    name: str
    need_pct: float
    floor_som: int
    spent_som: int
    per_pupil_som: float | None
    funded: int
    bar: Markup


@dataclass(frozen=True)
class Chosen:
    """One school with its bundle."""

    code: str
    name: str
    grade: str | None
    rank: int
    bundle: str
    cost_som: int
    year: int | None = None
    """Year of the works; None where the plan names none."""
    chance_pct: float | None = None
    """Share of the draws in which it gets money; None: the plan was not drawn."""


def bundle_words(code: str) -> str:
    """Return a bundle in the reader's words, its measures one after another."""
    return bundle_text(code, current_language())


def budget_page(session: Session, run: Run, table: OfferTable, wish: Wish, named: Mapping[str, Area]) -> dict[str, Any]:
    """Return all figures of the budget page for one wish; ``named``: oblasts and rayons by code.

    Raises:
        FundingError, AllocationError: The wish contradicts itself or the ranking.
    """
    problem = problem_of(table, wish)
    staged = preview_of(problem)
    made = chosen_of_preview(problem, staged, table.rank)
    chosen = made.row
    simple = cut_by_rank(table, wish.budget_som)
    free = preview_of(problem_of(table, replace(wish, floor_share=0.0, limits=())))
    spent = spend_by_region(problem.offers, problem.base, chosen)
    below = np.array([staged.first_below]) if staged.first_below is not None else np.array([], dtype=np.int64)
    left = _left(made)
    schools = [*table.school[chosen[:SHOWN]], *table.school[below], *(at for at, _outcome in left[:SHOWN])]
    names = plans.schools_named(session, run.id, [int(table.school_id[at]) for at in schools])
    return {
        "hash": preview_hash(run.hash, wish),
        "plan": made.plan,
        "funded": len(chosen),
        "pupils": int(np.nansum(table.pupils[np.unique(table.school[chosen])])),
        "gap_pct": 100 * made.plan.gap,
        "benefit_pct": 100 * made.plan.benefit,
        "price_pct": 100 * staged.shadow_price * BILLION,
        "simple": {"schools": len(simple), "benefit_pct": 100 * float(table.benefit[simple].sum())},
        "fairness_pct": 100 * max(0.0, free.plan.benefit - made.plan.benefit),
        "gini": gini(spent.astype(float), problem.base.pupils),
        "regions": _regions(problem, table, chosen, spent, named),
        "first": _named(names, table, chosen[:SHOWN], made.year),
        "below": _named(names, table, below, below * 0),
        "unknown_costs": len(table.school_id) - len(np.unique(table.school)),
        **_money(problem, made),
        "must_act": len(made.outcome),
        "left": len(left),
        "left_rows": _left_rows(names, table, problem, left[:SHOWN]),
    }


def _money(problem: Problem, made: ChosenPlan) -> dict[str, Any]:
    """Return the money of each source and year, and what the preview takes of it."""
    paid: dict[tuple[str, int], int] = {}
    for one in made.payments:
        paid[one.source, one.year] = paid.get((one.source, one.year), 0) + one.som
    schools = {int(year): int(count) for year, count in zip(*np.unique(made.year, return_counts=True), strict=True)}
    rows = money_rows(problem.envelopes, paid)
    return {"money": rows, "years": year_rows(rows, schools)}


def _left(made: ChosenPlan) -> list[tuple[int, str]]:
    """Return position and outcome of the must-act schools without a safety measure, those without money first."""
    left = [(at, outcome) for at, outcome in made.outcome.items() if outcome != FUNDED]
    return sorted(left, key=lambda pair: pair[1] == NO_MEASURE)


def _left_rows(
    names: Mapping[int, Any], table: OfferTable, problem: Problem, left: list[tuple[int, str]]
) -> list[LeftRow]:
    rows = []
    for at, outcome in left:
        code, name_ky, name_ru, name_en = names[int(table.school_id[at])][:4]
        rows.append(MustAct(code, name_ky, name_ru, name_en, problem.reasons[at], outcome))
    return left_rows(rows)


def _regions(
    problem: Problem, table: OfferTable, chosen: Any, spent: Any, named: Mapping[str, Area]
) -> list[RegionRow]:
    rules, need = problem.base, need_of_regions(table)
    funded = np.bincount(table.region[table.school[chosen]], minlength=len(table.regions))
    per_pupil = np.divide(spent, rules.pupils, out=np.full(len(spent), np.nan), where=rules.pupils > 0)
    most = float(np.nanmax(per_pupil, initial=0.0)) or 1.0
    language, found = current_language(), []
    for at, region in enumerate(table.regions):
        code = table.area_code.get(region, "")
        name = local_name(named[code], language) if code in named else _("Area unknown")
        each = None if np.isnan(per_pupil[at]) else float(per_pupil[at])
        title = _("%(area)s: som per pupil", area=name)
        found.append(
            RegionRow(
                name=name,
                need_pct=100 * need[at] / (need.sum() or 1.0),
                floor_som=int(rules.floor_som[at]),
                spent_som=int(spent[at]),
                per_pupil_som=each,
                funded=int(funded[at]),
                bar=tone_bar(100 * (each or 0.0) / most, title),
            )
        )
    return sorted(found, key=lambda row: -row.spent_som)


def _named(names: Mapping[int, Any], table: OfferTable, rows: Any, years: Any) -> list[Chosen]:
    ids = [int(one) for one in table.school_id[table.school[rows]]]
    language, found = current_language(), []
    for row, number, year in zip(rows, ids, years, strict=False):
        code, name_ky, name_ru, name_en, grade, rank = names[number]
        by_language = {"ky": name_ky, "ru": name_ru, "en": name_en}
        name = by_language[language] or name_ky or name_ru or name_en or code
        bundle = bundle_words(table.codes[int(table.bundle[row])])
        found.append(Chosen(code, name, grade, rank, bundle, int(table.cost_som[row]), int(year) or None))
    return found
