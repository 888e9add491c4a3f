"""On what a plan's benefit and cost rest, for its page: shares by status, and the inputs that matter most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.measure_words import measure_text
from app.web.language import current_language
from app.web.plans.words import RESTS_ON, RESTS_VALUES
from app.web.schools.swings import value_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.queries.provenance import ProvenanceRow

VALUES = ("benefit", "cost")


@dataclass(frozen=True)
class StatusLine:
    """Share in percent of benefit and cost that depends on the inputs of a status; None = on none of it."""

    words: str
    benefit_pct: float | None
    cost_pct: float | None


@dataclass(frozen=True)
class InputLine:
    """One input of the benefit, or of the cost."""

    is_cost: bool
    words: str
    status: str
    share_pct: float


@dataclass(frozen=True)
class PlanLedger:
    """The provenance of a plan; texts are translated."""

    statuses: list[StatusLine]
    inputs: list[InputLine]


def plan_ledger(rows: Sequence[ProvenanceRow]) -> PlanLedger | None:
    """Return the provenance of a plan in the reader's language; None where it was not worked out."""
    if not rows:
        return None
    sums = {(row.value, row.status): 100 * row.share for row in rows if not row.place}
    return PlanLedger(
        [
            StatusLine(_(words), *(sums.get((value, status)) for value in VALUES))
            for status, words in RESTS_ON.items()
            if any((value, status) in sums for value in VALUES)
        ],
        [
            InputLine(row.value == "cost", input_name(row.name), _(RESTS_ON[row.status]), 100 * row.share)
            for row in rows
            if row.place
        ],
    )


def input_name(name: str) -> str:
    """Return what an input of a plan is called."""
    kind, _sign, code = name.partition(".")
    if kind == "effect":
        return _("What the measure does: %(measure)s", measure=measure_text(code, current_language()))
    if kind == "unit_cost":
        return _("Unit cost: %(measure)s", measure=measure_text(code, current_language()))
    if name in RESTS_VALUES:
        return _(RESTS_VALUES[name])
    return _(RESTS_ON[name]) if name in RESTS_ON else value_name(name)
