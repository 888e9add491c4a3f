"""Columns of the three published methods beside the priority; part of ``app.exports.columns.COLUMNS``."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from app.exports.column import Column, Kind, Value
from app.i18n.marks import N_


def _figure(key: str, label: str, description: str, kind: Kind, unit: str = "") -> Column:
    read: Callable[..., Value] = attrgetter(key)
    return Column(key, label, description, kind, lambda row, _places: read(row), unit=unit)


TOP_BY_WEIGHTS = {
    "stays": N_("in with every weight"),
    "falls": N_("in, and out when a weight moves"),
    "enters": N_("out, and in when a weight moves"),
    "outside": N_("out with every weight"),
}
"""Words of ``app.prioritisation.weight_steps.STANDINGS``."""

METHOD_COLUMNS: tuple[Column, ...] = (
    _figure(
        "safety_rank",
        N_("Rank, safety first"),
        N_("Place by grade from E to A, schools without a grade after D; then C1, C2, code. Empty = older ranking."),
        "integer",
    ),
    _figure(
        "gap_points",
        N_("Standard gap"),
        N_("100 minus the conformity index, times pupils; empty = unknown."),
        "decimal",
        N_("points times pupils"),
    ),
    _figure(
        "gap_rank",
        N_("Rank, standard gap"),
        N_("Place by the standard gap, the largest first; empty = the gap is unknown."),
        "integer",
    ),
    _figure(
        "benefit_cost",
        N_("Benefit for the cost"),
        N_(
            "Best of the measures offered: what it takes away of the country's danger, loss and need, over its cost. "
            "Rankings without offers: loss and lives that the better of retrofit and replacement saves in a year, "
            "over its cost, in som a year per som. Empty = unknown."
        ),
        "decimal",
        N_("millionths of the country per million som"),
    ),
    _figure(
        "benefit_rank",
        N_("Rank, benefit for the cost"),
        N_("Place by benefit for the cost, the largest first; empty = cost or effect is unknown."),
        "integer",
    ),
    Column(
        "top_by_weights",
        N_("First N under moved weights"),
        N_(
            "N: schools funded by the plan in force, else a tenth of the list. Each weight moves up and down by the "
            "stated share, the others give way within their bounds. Empty = older ranking."
        ),
        "choice",
        lambda row, _places: row.top_by_weights,
        choices=TOP_BY_WEIGHTS,
    ),
    Column(
        "top_moves",
        N_("Moves of weights that change it"),
        N_("Parts of the priority whose weight, lower (-) or higher (+), brings the school in or puts it out."),
        "text",
        lambda row, _places: ";".join(row.top_moves or ()) or None,
    ),
)
