"""What a budget buys, for the page: figures, regions, first schools above and below the line, all from one preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flask_babel import gettext as _

from app.exports.measure_words import bundle_text
from app.funding.equity import gini
from app.funding.portfolio import spend_by_region
from app.i18n.names import local_name
from app.web.charts.bars import tone_bar
from app.web.language import current_language
from app.workflows.allocate_budget import (
    Wish,
    cut_by_rank,
    need_of_regions,
    offers_of,
    preview_budget,
    preview_hash,
    rules_of,
)
from geodata.queries import areas, plans

if TYPE_CHECKING:
    from markupsafe import Markup

    from geodata.database import Session
    from geodata.models import Run
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


def bundle_words(code: str) -> str:
    """Return a bundle in the reader's words, its measures one after another."""
    return bundle_text(code, current_language())


def budget_page(session: Session, run: Run, table: OfferTable, wish: Wish) -> dict[str, Any]:
    """Return all figures of the budget page for one wish."""
    offers, rules = offers_of(table), rules_of(table, wish)
    made = preview_budget(table, wish)
    chosen = made.plan.chosen
    simple = cut_by_rank(table, wish.budget_som)
    free = preview_budget(table, Wish(wish.budget_som, 0.0))
    benefit_simple = float(table.benefit[simple].sum())
    funded = np.unique(table.school[chosen])
    spent = spend_by_region(offers, rules, chosen)
    return {
        "hash": preview_hash(run.hash, wish),
        "plan": made.plan,
        "funded": len(chosen),
        "pupils": int(np.nansum(table.pupils[funded])),
        "gap_pct": 100 * made.plan.gap,
        "benefit_pct": 100 * made.plan.benefit,
        "price_pct": 100 * made.shadow_price * BILLION,
        "simple": {"schools": len(simple), "benefit_pct": 100 * benefit_simple},
        "fairness_pct": 100 * max(0.0, free.plan.benefit - made.plan.benefit),
        "gini": gini(spent.astype(float), rules.pupils),
        "regions": _regions(session, table, wish, chosen, spent),
        "first": _named(session, run, table, chosen[:SHOWN]),
        "below": _named(session, run, table, np.array([made.first_below])) if made.first_below is not None else [],
        "unknown_costs": len(table.school_id) - len(np.unique(table.school)),
    }


def _regions(session: Session, table: OfferTable, wish: Wish, chosen: Any, spent: Any) -> list[RegionRow]:
    names = {area.id: area for area in areas.names(session, (1,)).values()}
    rules, need = rules_of(table, wish), need_of_regions(table)
    funded = np.bincount(table.region[table.school[chosen]], minlength=len(table.regions))
    per_pupil = np.divide(spent, rules.pupils, out=np.full(len(spent), np.nan), where=rules.pupils > 0)
    most = float(np.nanmax(per_pupil, initial=0.0)) or 1.0
    language, found = current_language(), []
    for at, region in enumerate(table.regions):
        name = local_name(names[region], language) if region in names else _("Area unknown")
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


def _named(session: Session, run: Run, table: OfferTable, rows: Any) -> list[Chosen]:
    ids = [int(one) for one in table.school_id[table.school[rows]]]
    names = plans.schools_named(session, run.id, ids)
    language, found = current_language(), []
    for row, number in zip(rows, ids, strict=True):
        code, name_ky, name_ru, name_en, grade, rank = names[number]
        by_language = {"ky": name_ky, "ru": name_ru, "en": name_en}
        name = by_language[language] or name_ky or name_ru or name_en or code
        bundle = bundle_words(table.codes[int(table.bundle[row])])
        found.append(Chosen(code, name, grade, rank, bundle, int(table.cost_som[row])))
    return found
