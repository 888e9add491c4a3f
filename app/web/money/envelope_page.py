"""Money by source and year, must-act schools and rules in conflict, for the budget page and the page of a plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.funding.envelopes import LOCAL, MOST_YEARS, SOURCES
from app.funding.errors import CrossedLimitsError, FloorsAboveBudgetError, InfeasibleError
from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.deviations.words import MONEY
from app.web.language import current_language
from app.web.money.forms import Read, first_year
from app.web.remembered import remembered
from app.workflows.allocate_budget import is_superseded
from app.workflows.allocate_job import ENVELOPE, FLOORS, UNKNOWN
from app.workflows.choose_plan import FUNDED, NO_MEASURE
from app.workflows.plan_address import write_address
from app.workflows.plan_problem import own_shares
from app.workflows.plan_wish import FLAGGED, WishError, wish_from
from geodata.queries import plans

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Area
    from geodata.records.plan import OfferTable, PlanFacts

SHOWN_LEFT = 25
FLAGGED_WORDS = N_("grade E with a critical structural requirement failed")
NO_MEASURE_WORDS = N_("no safety measure of known cost: facts first")
NO_MONEY_WORDS = N_("the money does not reach under these rules")
CONFLICTS = {
    "budget": N_("the budget"),
    "gini": N_("the limit on unevenness"),
    "must_act": N_("schools that must be acted on"),
}
OF_AREA = {
    "floor": N_("least money of %(area)s"),
    "ceiling": N_("most money of %(area)s"),
    "rayon_floor": N_("least money of %(area)s"),
    "rayon_ceiling": N_("most money of %(area)s"),
    "capacity": N_("works at a time in %(area)s"),
}


@dataclass(frozen=True)
class MoneyRow:
    """One source in one year: what there is, what the plan takes of it, and what is left."""

    year: int
    source: str
    envelope_som: int
    paid_som: int

    @property
    def left_som(self) -> int:
        """Return the som that nobody uses."""
        return self.envelope_som - self.paid_som


@dataclass(frozen=True)
class YearRow:
    """One year: money of all sources together, and the schools whose works begin in it."""

    year: int
    envelope_som: int
    paid_som: int
    schools: int


@dataclass(frozen=True)
class LeftRow:
    """One must-act school that stays without a safety measure."""

    code: str
    name: str
    reason: str
    why: str


def reason_words(reason: str) -> str:
    """Return why a school must be acted on; a rule in the reader's words, a reason of a planner as it was written."""
    return _(FLAGGED_WORDS) if reason == FLAGGED else reason


def why_words(outcome: str) -> str:
    """Return why a must-act school stays without."""
    return _(NO_MEASURE_WORDS) if outcome == NO_MEASURE else _(NO_MONEY_WORDS)


def money_rows(envelopes: Iterable[Any], paid: Mapping[tuple[str, int], int]) -> list[MoneyRow]:
    """Return what each source has and pays in each year; ``envelopes`` have source, year and som."""
    total: dict[tuple[str, int], int] = {}
    for one in envelopes:
        total[one.source, one.year] = total.get((one.source, one.year), 0) + one.som
    order = sorted(total, key=lambda key: (key[1], SOURCES.index(key[0])))
    return [
        MoneyRow(year, _(MONEY[source]), total[source, year], paid.get((source, year), 0)) for source, year in order
    ]


def year_rows(rows: Sequence[MoneyRow], schools: Mapping[int, int]) -> list[YearRow]:
    """Return the sums of each year of ``rows``; ``schools``: how many begin in it."""
    found = []
    for year in sorted({row.year for row in rows}):
        mine = [row for row in rows if row.year == year]
        envelope, paid = sum(row.envelope_som for row in mine), sum(row.paid_som for row in mine)
        found.append(YearRow(year, envelope, paid, schools.get(year, 0)))
    return found


def left_rows(schools: Iterable[Any]) -> list[LeftRow]:
    """Return the first must-act schools without a safety measure; ``schools`` have code, names, reason, outcome."""
    language = current_language()
    left = [one for one in schools if one.outcome != FUNDED]
    return [
        LeftRow(one.code, local_name(one, language), reason_words(one.reason), why_words(one.outcome))
        for one in left[:SHOWN_LEFT]
    ]


def plan_money(session: Session, plan: PlanFacts) -> dict[str, Any]:
    """Return the money, the years and the must-act schools of a stored plan, and whether its ranking is superseded."""
    wish = wish_from(json.loads(plan.canonical))
    spent = plans.spending(session, plan.id) if wish.envelopes else []
    rows = money_rows(wish.envelopes, {(one.source, one.year): one.som for one in spent})
    must = plans.must_act_schools(session, plan.id) if wish.must_act or wish.must_rule else []
    return {
        "money": rows,
        "years": year_rows(rows, {one.year: one.schools for one in spent if not one.source}),
        "must_act": len(must),
        "left": plan.must_act_left,
        "left_rows": left_rows(must),
        "is_old": run_is_old(session, plan.run_hash),
    }


def run_is_old(session: Session, run_hash: str) -> bool:
    """Return whether another ranking is in force; asked once as long as the data stay."""
    return remembered(("superseded", run_hash), lambda: is_superseded(session, run_hash))


def conflict_words(names: str, named: Mapping[str, Area]) -> list[str]:
    """Return the rules of an address (``floor:417...`` and so on) in words; what is no rule is left out."""
    found = []
    for name in names.split()[:60]:
        kind, _colon, rest = name.partition(":")
        if kind in OF_AREA:
            area = local_name(named[rest], current_language()) if rest in named else _("Area unknown")
            found.append(_(OF_AREA[kind], area=area))
        elif kind == "money":
            found.append(_("money of %(year)s", year=rest[:4]))
        elif name in CONFLICTS:
            found.append(_(CONFLICTS[name]))
    return list(dict.fromkeys(found))


def wrong_words(error: Exception) -> str:
    """Return what is wrong with a wish, and what to correct."""
    if isinstance(error, FloorsAboveBudgetError):
        floors, budget = (format_number(som, current_language()) for som in (error.floors_som, error.budget_som))
        return _(FLOORS, floors=floors, budget=budget)
    if isinstance(error, WishError):
        return _(UNKNOWN, code=error.code)
    if isinstance(error, CrossedLimitsError):
        return _("The least money of an area is above its most. Correct one of them.")
    if isinstance(error, InfeasibleError):
        return _("The floors ask for more than there is. Lower the floors or raise the budget.")
    return _(ENVELOPE)


def form_view(read: Read, table: OfferTable, named: Mapping[str, Area], year: int) -> dict[str, Any]:
    """Return the fields of the form as they were sent, with the names of sources, years and areas."""
    fields, language = read.fields, current_language()
    first = first_year(fields, year)
    oblasts = [table.area_code[one] for one in table.regions if one in table.area_code]
    rayons = sorted({table.area_code[one] for one in table.rayons if one in table.area_code} - set(oblasts))
    names = {code: local_name(named[code], language) for code in (*oblasts, *rayons) if code in named}
    return {
        "first": first,
        "years": list(range(first, first + MOST_YEARS)),
        "sources": [
            {
                "code": source,
                "label": _(MONEY[source]),
                "is_local": source == LOCAL,
                "cells": [fields.get(f"m-{source}-{number}", "") for number in range(MOST_YEARS)],
            }
            for source in SOURCES
        ],
        "oblasts": [(code, names[code], fields.get(f"low-{code}", ""), fields.get(f"high-{code}", ""))
                    for code in oblasts if code in names],
        "rayons": [(code, names[code]) for code in rayons if code in names],
        "rayon_rows": _rayon_rows(fields, read, rayons),
        "shares": _shares(named),
        "donor_area": fields.get("donor_area", ""),
        "must": fields.get("must", ""),
        "must_rule": fields.get("must_rule", ""),
        "works": fields.get("works", ""),
        "gini": fields.get("gini", ""),
        "has_sources": any(name.startswith("m-") and value for name, value in fields.items()),
        "has_rules": any(
            value and (name in ("must", "must_rule", "works", "gini") or name.startswith(("low-", "high-", "rayon")))
            for name, value in fields.items()
        ),
        "hidden": sorted(write_address(read.wish).items()),
    }  # fmt: skip


def _shares(named: Mapping[str, Area]) -> list[dict[str, Any]]:
    """Return the own shares of local budgets in percent; the row without an area stands for every other one."""
    return [
        {
            "name": local_name(named[code], current_language()) if code in named else _("Every other area"),
            "declared": share.declared / 10,
            "capacity": share.capacity / 10,
            "used": share.permille / 10,
        }
        for code, share in own_shares().items()
        if not code or code in named
    ]


def _rayon_rows(fields: Mapping[str, str], read: Read, rayons: Sequence[str]) -> list[dict[str, str]]:
    """Return three rows of rayon limits: those of an address that a job wrote, else those of the form."""
    given = [one for one in read.wish.limits if one.area_code in rayons][:3]
    rows = []
    for number in range(1, 4):
        row = {"area": fields.get(f"rayon{number}", ""), "low": fields.get(f"rayon{number}_low", ""),
               "high": fields.get(f"rayon{number}_high", "")}  # fmt: skip
        if not row["area"] and len(given) >= number and not any(fields.get(f"rayon{n}") for n in range(1, 4)):
            one = given[number - 1]
            row = {"area": one.area_code, "low": _million(one.floor_som), "high": _million(one.ceiling_som)}
        rows.append(row)
    return rows


def _million(som: int | None) -> str:
    return "" if som is None else str(som // 1_000_000)
