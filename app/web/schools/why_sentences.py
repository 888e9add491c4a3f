"""Why a school has its rank, in sentences from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT
from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.prioritisation.explanation import smallest_change
from app.web.language import current_language
from app.web.schools.school_page import raw_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.prioritisation.explanation import FactorChange
    from app.web.method.scheme import Factor
    from geodata.models import Run
    from geodata.records.priority import PriorityRow

STEP = 10
"""Places that "what would change it" asks for."""
TOLD = 3
SHOWN = 0.005
"""Points below which two numbers of a list are the same."""
FELT = 0.5
"""Points apart from the middle of the list that a sentence names."""


def sentences_of(
    row: PriorityRow,
    run: Run,
    medians: Sequence[float],
    changes: list[FactorChange],
    values: np.ndarray,
    used: Sequence[Factor],
) -> list[str]:
    """Return the page's text: points, rank, what sets it apart, what is unknown, what would move it."""
    language = current_language()
    number = format_number
    found = [
        _(
            "It has %(points)s points of 100 and stands at rank %(rank)s of %(total)s schools.",
            points=number(row.priority_central, language, 1),
            rank=number(row.national_rank, language),
            total=number(run.ranked_count, language),
        )
    ]
    apart = sorted(((row.contributions[n] - medians[n], n) for n in range(len(used)) if row.known[n]), reverse=True)
    for text, rows in (
        (N_("More points than the middle of the list for: %(list)s."), [one for one in apart if one[0] >= FELT][:TOLD]),
        (N_("Fewer points for: %(list)s."), [one for one in reversed(apart) if one[0] <= -FELT][:TOLD]),
    ):
        if rows:
            told = [f"{_(FACTOR_SHORT[used[n].code])} ({number(abs(gap), language, 1)})" for gap, n in rows]
            found.append(_(text) % {"list": ", ".join(told)})
    for text, names in zip(
        (N_("Unknown, counted at half: %(list)s."), N_("Unknown, counted by the table of priors: %(list)s.")),
        _unknown_parts(row, used),
        strict=True,
    ):
        if names:
            found.append(_(text) % {"list": ", ".join(names)})
    # what nobody assessed has a number, the prior's: no reason to say that it becomes another one
    return found + _change_sentences(changes, np.where(row.known, values, np.nan), used)


def _unknown_parts(row: PriorityRow, used: Sequence[Factor]) -> tuple[list[str], list[str]]:
    """Return the unknown parts that stand at half of their most, and those that a table of priors puts elsewhere."""
    at_half: list[str] = []
    by_table: list[str] = []
    for place, factor in enumerate(used):
        if not row.known[place]:
            is_at_half = abs(row.contributions[place] - factor.most_points / 2) < SHOWN
            (at_half if is_at_half else by_table).append(_(FACTOR_SHORT[factor.code]))
    return at_half, by_table


def _change_sentences(changes: list[FactorChange], values: np.ndarray, used: Sequence[Factor]) -> list[str]:
    by_code = {factor.code: factor for factor in used}
    found = []
    for upwards, text in (
        (True, N_("The smallest change that would move it %(step)s places up: %(part)s becomes %(value)s.")),
        (False, N_("The smallest change that would move it %(step)s places down: %(part)s becomes %(value)s.")),
    ):
        change = smallest_change(changes, values, upwards=upwards)
        target = None if change is None else change.value_up if upwards else change.value_down
        if change is not None and target is not None:
            value = raw_text(change.code, value_of(by_code[change.code], target), current_language())
            words = {"step": STEP, "part": _(FACTOR_SHORT[change.code]), "value": value}
            found.append(_(text) % words)
    return found


def value_of(factor: Factor, value: float) -> float:
    """Return the measured value at which a factor has ``value``, 0 < value < 1, by its fixed anchors."""
    if factor.function == "linear":
        return factor.anchor_0 + value * (factor.anchor_1 - factor.anchor_0)
    return float(factor.anchor_0 * (factor.anchor_1 / factor.anchor_0) ** value)
