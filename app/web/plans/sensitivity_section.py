"""What of a plan would be different under other assumptions, for the plan's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.charts.bars import tone_bar
from app.web.language import current_language
from app.web.plans.words import ASSUMPTIONS, REASONS, VARIANTS
from geodata.queries import sensitivity

if TYPE_CHECKING:
    from markupsafe import Markup

    from geodata.database import Session
    from geodata.records.plan import PlanFacts
    from geodata.records.sensitivity import VariantRow

SHOWN = 25
RULES, CUT = "rules", "simple_cut"


@dataclass(frozen=True)
class VariantLine:
    """One variant as the table shows it; ``bar`` is the share of the plan's money that stays with the same schools."""

    assumption: str
    words: str
    reason: str | None
    row: VariantRow
    bar: Markup | None


@dataclass(frozen=True)
class RuleLine:
    """What one rule costs: benefit that is lost by it, as a share of the country's total, and how exact that is."""

    words: str
    is_cut: bool
    lost_pct: float
    exact_to_pct: float
    schools: int
    reason: str | None


@dataclass(frozen=True)
class HangingLine:
    """A school whose money hangs on one assumption."""

    code: str
    name: str
    rank: int
    is_planned: bool
    assumption: str
    variants: str


def sensitivity_section(session: Session, plan: PlanFacts) -> dict[str, Any] | None:
    """Return the newest report of a plan in the reader's language, None without one."""
    found = sensitivity.newest_report(session, plan.id)
    if found is None:
        return None
    report, rows = found
    schools, count = sensitivity.hanging_schools(session, report.id, SHOWN)
    language = current_language()
    return {
        "report": report,
        "planned": plan.schools,
        "no_regret_pct": 100 * report.no_regret / plan.schools if plan.schools else None,
        "gap_pct": 100 * report.gap_asked,
        "worst_gap_pct": 100 * max((row.gap or 0.0 for row in rows if row.assumption != RULES), default=0.0),
        "variants": [_variant(row) for row in rows if row.assumption != RULES],
        "rules": [_rule(row, plan) for row in rows if row.assumption == RULES],
        "hanging_count": count,
        "hanging": [
            HangingLine(
                one.code, local_name(one, language) or one.code, one.national_rank, one.is_planned,
                _(ASSUMPTIONS[one.hangs_on]), "; ".join(_(VARIANTS[code]) for code in one.changed_by),
            )
            for one in schools
        ],
    }  # fmt: skip


def _variant(row: VariantRow) -> VariantLine:
    words = _(VARIANTS[row.code])
    bar = None
    if row.shared_money is not None:
        bar = tone_bar(100 * row.shared_money, _("%(variant)s: share of the plan's money that stays", variant=words))
    return VariantLine(_(ASSUMPTIONS[row.assumption]), words, _(REASONS[row.reason]) if row.reason else None, row, bar)


def _rule(row: VariantRow, plan: PlanFacts) -> RuleLine:
    """Return what a rule costs; of the simple cut, what it would take away less than the plan."""
    is_cut = row.code == CUT
    other = row.benefit or 0.0
    lost = plan.benefit - other if is_cut else other - plan.benefit
    inexact = (row.gap or 0.0) * other + plan.gap * plan.bound
    reason = _(REASONS[row.reason]) if row.reason else None
    return RuleLine(_(VARIANTS[row.code]), is_cut, 100 * max(lost, 0.0), 100 * inexact, row.schools or 0, reason)
