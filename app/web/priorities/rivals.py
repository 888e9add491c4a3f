"""Schools around the cut of a run: who stands above whom in the draws, and in words what weights favour each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT
from app.i18n.formats import format_percent
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.method.scheme import factors
from geodata.queries import rivals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.web.method.scheme import Factor
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.rivals import RivalRow

NAMED = 3
"""Parts whose weights are named, those that differ most."""
FELT = 0.01
"""A weight that differs from the mean of all draws by less is told as the same."""


@dataclass(frozen=True)
class RivalLine:
    """One school near the cut; texts are translated. ``above``: share in percent above each school, None = itself."""

    code: str
    name: str
    rank: int
    among_pct: float
    weights: str
    there_pct: float | None
    first: str
    above: list[float | None]


def rival_lines(session: Session, run: Run) -> list[RivalLine]:
    """Return the schools near the cut by rank; empty where the run was not drawn, or before these were worked out."""
    rows, parts = rivals.rivals_of(session, run.id), factors(run)
    codes = [row.code for row in rows]
    return [
        RivalLine(
            row.code,
            local_name(row, current_language()) or row.code,
            row.national_rank,
            100 * row.p_top,
            weight_words(row.top_weights, row, parts) or _("no drawn weights bring it there"),
            None if row.confidence is None else 100 * row.confidence,
            _first(row, parts),
            [None if code == row.code else 100 * row.above[code] for code in codes],
        )
        for row in rows
    ]


def weight_words(weights: Sequence[float] | None, row: RivalRow, parts: Sequence[Factor]) -> str:
    """Return the weights that differ most from the mean of all draws: part, its weight and that mean; '' without."""
    if not weights:
        return ""
    mean = row.mean_weights or [part.weight for part in parts]
    order = sorted(range(len(parts)), key=lambda at: -abs(weights[at] - mean[at]))[:NAMED]
    named = [at for at in order if abs(weights[at] - mean[at]) >= FELT]
    if not named:
        return _("nearly any of the drawn weights")
    language = current_language()
    return "; ".join(
        _(
            "%(part)s %(weight)s instead of %(mean)s",
            part=_(FACTOR_SHORT[parts[at].code]),
            weight=format_percent(100 * weights[at], language),
            mean=format_percent(100 * mean[at], language),
        )
        for at in named
    )


def _first(row: RivalRow, parts: Sequence[Factor]) -> str:
    found = weight_words(row.first_weights, row, parts)
    return _("with %(weights)s", weights=found) if found else _("in no draw")
