"""What the workbench shows: weights with bounds and sum, the list under them, who moved, the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flask import url_for
from flask_babel import gettext as _

from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.prioritisation.weights import UNITS, Bounds, WeightFlaw, rank_under, write_units
from app.web.filters import InvalidFilterError
from app.web.language import current_language
from app.web.method.scheme import Factor, factors
from app.web.workbench.drawing import draw_moves
from app.web.workbench.forms import AskedWeights, read_shown, read_weights, write_inline
from app.web.workbench.table import Bench, name_of, oblast_of
from geodata.queries import schemes, workbench

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from geodata.database import Session
    from geodata.models import Run, WeightScheme

FLAWS = {
    "not_a_number": N_("%(part)s: “%(value)s” is no number from 0 to 1."),
    "below": N_("%(part)s: %(value)s is less than the least allowed."),
    "above": N_("%(part)s: %(value)s is more than the most allowed."),
    "sum": N_("The weights sum to %(value)s, not to 1."),
    "unknown_factor": N_("There is no part “%(part)s” of the priority."),
}
AS_TYPED = ("not_a_number", "unknown_factor")
"""Flaws that repeat what was typed; the others name a number."""

PATTERNS = {
    "moved": N_("%(moved)s of %(total)s schools have moved; %(entered)s of the first %(top)s are new there."),
    "rise": N_("Most up: %(school)s, from %(before)s to %(after)s."),
    "fall": N_("Most down: %(school)s, from %(before)s to %(after)s."),
}
"""Sentences that the browser fills too."""


@dataclass(frozen=True)
class WeightField:
    """One part with its weight as shown in the field (as typed where it is wrong), and as an address holds it."""

    factor: Factor
    value: str
    sent: str
    is_wrong: bool


@dataclass(frozen=True)
class MovedRow:
    """One school under the weights of the page."""

    rank: int
    before: int
    code: str
    name: str
    area: str
    grade: str | None
    points: float

    @property
    def step(self) -> int:
        """Places won; negative = lost."""
        return self.before - self.rank


def bounds_of(used: list[Factor]) -> Bounds:
    """Return the bounds of the parts in thousandths."""
    return Bounds(
        tuple(factor.code for factor in used),
        tuple(round(UNITS * factor.weight_min) for factor in used),
        tuple(round(UNITS * factor.weight_max) for factor in used),
    )


def start_units(used: list[Factor]) -> tuple[int, ...]:
    """Return the weights of the shown run in thousandths."""
    return tuple(round(UNITS * factor.weight) for factor in used)


def flaw_texts(asked: AskedWeights) -> list[str]:
    """Return what is wrong with the weights, in sentences."""
    return [_(FLAWS[flaw.kind]) % {"part": flaw.code, "value": _flaw_value(flaw)} for flaw in asked.flaws]


def _flaw_value(flaw: WeightFlaw) -> str:
    return flaw.value if flaw.kind in AS_TYPED else format_number(float(flaw.value), current_language(), 3)


def weight_text(units: int) -> str:
    """Return a weight in thousandths as the reader's language writes it: 0,300 or 0.300; ``read_units`` takes both."""
    return format_number(units / UNITS, current_language(), 3)


def units_of(scheme: WeightScheme) -> tuple[int, ...]:
    """Return the weights of a saved scheme in thousandths."""
    return tuple(round(UNITS * weight) for weight in scheme.weights)


def chosen_weights(
    session: Session, args: MultiDict[str, str], used: list[Factor]
) -> tuple[AskedWeights, tuple[int, ...], WeightScheme | None]:
    """Return what the address asks, the weights that are shown, and the saved scheme that it opens.

    Raises:
        InvalidFilterError: No scheme that this reader may see has the code.
    """
    start = start_units(used)
    wish = args.get("scheme", "")
    scheme = workbench.find_schemes(session, [wish]).get(wish) if wish else None
    if wish and scheme is None:
        offered = {one.code: one.title for one in workbench.list_schemes(session)}
        raise InvalidFilterError("scheme", wish, offered)
    asked = read_weights(args, bounds_of(used), units_of(scheme) if scheme else start)
    if asked.units is not None and not asked.flaws:
        return asked, asked.units, scheme
    return asked, units_of(scheme) if scheme else start, scheme


def bench_page(session: Session, run: Run, bench: Bench, args: MultiDict[str, str]) -> dict[str, Any]:
    """Return the page under the weights of the address; wrong ones are named and the run's own are shown."""
    used = factors(run)
    asked, units, scheme = chosen_weights(session, args, used)
    found = bench.found
    scores, ranks = rank_under(found.values, units, bench.unknown_value, found.risk[:, 0], found.risk[:, 1])
    area, shown = args.get("area", ""), read_shown(args)
    if area and area not in bench.oblasts:
        names = {code: local_name(oblast, current_language()) for code, oblast in bench.oblasts.items()}
        raise InvalidFilterError("area", area, names)
    order = np.argsort(ranks)
    rows = [int(row) for row in order if not area or found.oblasts[row] == area][:shown]
    moved = np.flatnonzero(ranks != found.ranks)
    entered = np.flatnonzero((ranks <= bench.top) & (found.ranks > bench.top))
    wrong = {flaw.code for flaw in asked.flaws}
    return {
        "run": run,
        "fields": [
            WeightField(
                factor,
                asked.texts.get(factor.code, "") if asked.flaws else weight_text(value),
                write_units(value),
                factor.code in wrong,
            )
            for factor, value in zip(used, units, strict=True)
        ],
        "flaws": flaw_texts(asked),
        "is_scaled": asked.is_scaled,
        "sum": (sum(asked.units or units) if not wrong - {""} else sum(units)) / UNITS,
        "units": units,
        "inline": write_inline(units),
        "scheme": scheme,
        "schemes": workbench.list_schemes(session),
        "official": schemes.official(session),
        "is_start": tuple(units) == start_units(used),
        "rows": [_row(bench, row, ranks, scores) for row in rows],
        "top": bench.top,
        "total": len(found.codes),
        "said": say_moves(bench, ranks, len(moved), len(entered)),
        "patterns": {name: _(text) for name, text in PATTERNS.items()},
        "map": draw_moves(session, bench, ranks),
        "area": area,
        "areas": bench.oblasts.values(),
        "shown": shown,
        "share": _address(run, used, units, area),
        "reset": url_for("workbench.index", run=args.get("run") or None),
    }


def _address(run: Run, used: list[Factor], units: tuple[int, ...], area: str) -> str:
    weights: dict[str, Any] = {factor.code: write_units(value) for factor, value in zip(used, units, strict=True)}
    return url_for("workbench.index", run=run.hash[:16], area=area or None, **weights)


def _row(bench: Bench, row: int, ranks: np.ndarray, scores: np.ndarray) -> MovedRow:
    language = current_language()
    found = bench.found
    return MovedRow(
        int(ranks[row]),
        int(found.ranks[row]),
        found.codes[row],
        name_of(bench, row, language),
        oblast_of(bench, row, language),
        found.grades[row],
        float(scores[row]),
    )


def say_moves(bench: Bench, ranks: np.ndarray, moved: int, entered: int) -> list[str]:
    """Return in sentences how many schools moved, who entered the first N, and who rose and fell most."""
    language = current_language()
    if not moved:
        return [_("Nobody has moved: the order is that of the ranking shown.")]
    steps = bench.found.ranks - ranks
    rise, fall = int(np.argmax(steps)), int(np.argmin(steps))
    numbers = {
        "moved": format_number(moved, language),
        "total": format_number(len(ranks), language),
        "entered": format_number(entered, language),
        "top": format_number(bench.top, language),
    }
    first = PATTERNS["moved"]
    sentences = [_(first) % numbers]
    for row, pattern in ((rise, "rise"), (fall, "fall")):
        if steps[row]:
            values = {
                "school": name_of(bench, row, language),
                "before": format_number(int(bench.found.ranks[row]), language),
                "after": format_number(int(ranks[row]), language),
            }
            sentences.append(_(PATTERNS[pattern]) % values)
    return sentences
