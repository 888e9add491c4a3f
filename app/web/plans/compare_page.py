"""Two to four stored plans side by side: money, benefit, schools, oblasts, and what they have in common."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.language import current_language
from app.web.money.presenters import bundle_words
from geodata.queries import areas, plan_comparison, plans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.plan import PlanFacts
    from geodata.records.plan_comparison import ComparedSchool

LEAST, MOST, SHORTEST = 2, 4, 8
SHOWN = 100


@dataclass(frozen=True)
class PlanColumn:
    """One plan as a column. ``pupils`` of the schools it helps where the number is known, unknown at ``without``."""

    plan: PlanFacts
    title: str
    floor_pct: float | None
    gini_most: float | None
    pupils: int
    without: int
    only_here: int


@dataclass(frozen=True)
class SchoolLine:
    """One school that not every plan funds; a cell is the bundle in words and its som, None = not funded."""

    code: str
    name: str
    rank: int
    grade: str | None
    cells: list[tuple[str, int] | None]


@dataclass(frozen=True)
class PairLine:
    """What two plans have in common; ``share``: schools in both over schools in either, in percent."""

    first: str
    second: str
    shared: int
    share_pct: float | None


def wanted_hashes(words: Sequence[str]) -> list[str]:
    """Return the different plans that an address names, at most four."""
    asked = (word.strip().lower()[:64] for word in words)
    return list(dict.fromkeys(word for word in asked if word))[:MOST]


def compare_page(session: Session, run: Run | None, words: Sequence[str]) -> dict[str, Any]:
    """Return the page; a hash that names no plan is told, never left out silently."""
    asked = wanted_hashes(words)
    named = plan_comparison.find_plans(session, [one for one in asked if len(one) >= SHORTEST])
    found = list({plan.id: plan for plan in (named.get(one) for one in asked) if plan is not None}.values())
    page: dict[str, Any] = {
        "asked": {plan.hash for plan in found},
        "lost": [one for one in asked if one not in named],
        "choices": _choices(session, run, found),
        "is_enough": len(found) >= LEAST,
    }
    return page | _compare(session, found) if page["is_enough"] else page


def _choices(session: Session, run: Run | None, found: list[PlanFacts]) -> list[PlanFacts]:
    """Return the plans that can be chosen: those of the shown ranking, and what is compared already."""
    listed = plans.list_plans(session, run.id) if run is not None else []
    return list({plan.id: plan for plan in (*found, *listed)}.values())


def _compare(session: Session, found: list[PlanFacts]) -> dict[str, Any]:
    schools = plan_comparison.compared_schools(session, [plan.id for plan in found])
    columns = [_column(plan, schools) for plan in found]
    some = [school for school in schools if len(school.given) < len(found)]
    language = current_language()
    return {
        "columns": columns,
        "runs": len({plan.run_hash for plan in found}),
        "in_all": len(schools) - len(some),
        "in_some": len(some),
        "pairs": [_pair(one, other, schools) for one, other in combinations(columns, 2)],
        "regions": _regions(session, found, schools),
        "rows": [
            SchoolLine(
                school.code,
                local_name(school, language) or school.code,
                school.rank,
                school.grade,
                [_cell(school.given.get(plan.id)) for plan in found],
            )
            for school in some[:SHOWN]
        ],
        "shown": SHOWN,
        "address": url_for("plans.compare", plan=[plan.hash[:16] for plan in found]),
    }


def _cell(given: tuple[str, int] | None) -> tuple[str, int] | None:
    return None if given is None else (bundle_words(given[0]), given[1])


def _column(plan: PlanFacts, schools: list[ComparedSchool]) -> PlanColumn:
    own = [school for school in schools if plan.id in school.given]
    asked = _wish(plan)
    return PlanColumn(
        plan=plan,
        title=plan.hash[:8],
        floor_pct=None if asked.get("floor_share") is None else 100 * float(asked["floor_share"]),
        gini_most=None if asked.get("gini_most") is None else float(asked["gini_most"]),
        pupils=sum(school.pupils or 0 for school in own),
        without=sum(school.pupils is None for school in own),
        only_here=sum(len(school.given) == 1 for school in own),
    )


def _wish(plan: PlanFacts) -> dict[str, Any]:
    """Return what was asked for, from the text that the plan's hash stands for."""
    found: dict[str, Any] = json.loads(plan.canonical)
    wish: dict[str, Any] = found.get("wish", found)
    return wish


def _pair(one: PlanColumn, other: PlanColumn, schools: list[ComparedSchool]) -> PairLine:
    both = sum(one.plan.id in school.given and other.plan.id in school.given for school in schools)
    either = sum(one.plan.id in school.given or other.plan.id in school.given for school in schools)
    return PairLine(one.title, other.title, both, 100 * both / either if either else None)


def _regions(
    session: Session, found: list[PlanFacts], schools: list[ComparedSchool]
) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return schools and som of each plan in each oblast or republican city, all of them, by name."""
    named = {area.id: local_name(area, current_language()) for area in areas.names(session, (1,)).values()}
    sums: dict[int, dict[int, list[int]]] = {area: {} for area in named}
    for school in schools:
        for plan_id, (_bundle, cost) in school.given.items():
            cell = sums.setdefault(school.oblast_id or 0, {}).setdefault(plan_id, [0, 0])
            cell[0] += 1
            cell[1] += cost
    rows = []
    for area, cells in sums.items():
        pairs = [tuple(cells.get(plan.id, (0, 0))) for plan in found]
        rows.append((named.get(area, _("Area unknown")), [(int(one), int(som)) for one, som in pairs]))
    return sorted(rows, key=lambda row: row[0])
