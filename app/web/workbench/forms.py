"""What a workbench is asked: weights in an address, a saved scheme, rankings to compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.prioritisation.weights import UNITS, Bounds, WeightFlaw, find_flaws, read_units, rebalance
from app.web.filters import InvalidFilterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.datastructures import MultiDict

FACTOR = re.compile(r"C\d{1,2}")
INLINE = re.compile(r"\d{1,4}(-\d{1,4}){7}")
SHOWN = (25, 50, 100, 200)
LONGEST = 40


@dataclass(frozen=True)
class AskedWeights:
    """Weights of an address in thousandths; None = it names none, or they cannot be read. ``texts`` as typed."""

    units: tuple[int, ...] | None
    flaws: tuple[WeightFlaw, ...]
    texts: dict[str, str]
    is_scaled: bool = False


def read_weights(args: MultiDict[str, str], bounds: Bounds, start: Sequence[int]) -> AskedWeights:
    """Return the weights that an address names; those it leaves out are taken from ``start``.

    ``scale=1`` asks for the proportions to be kept and the sum to be made 1. Nothing else is repaired.
    """
    given = {name: args.get(name, "")[:LONGEST].strip() for name in args if FACTOR.fullmatch(name)}
    if not given:
        return AskedWeights(None, (), {})
    flaws = [WeightFlaw("unknown_factor", name, given[name]) for name in sorted(given) if name not in bounds.codes]
    units = list(start)
    for place, code in enumerate(bounds.codes):
        if code in given:
            found = read_units(given[code])
            if found is None:
                flaws.append(WeightFlaw("not_a_number", code, given[code]))
            else:
                units[place] = found
    is_scaled = args.get("scale") == "1" and not flaws
    if is_scaled:
        units = rebalance(units, bounds)
    elif not flaws:
        flaws.extend(find_flaws(units, bounds))
    return AskedWeights(tuple(units), tuple(flaws), given, is_scaled)


def read_shown(args: MultiDict[str, str]) -> int:
    """Return how many rows are shown: one of ``SHOWN``, 50 where none is named.

    Raises:
        InvalidFilterError: Any other number.
    """
    text, offered = args.get("show", ""), tuple(map(str, SHOWN))
    if text and text not in offered:
        raise InvalidFilterError("show", text, offered)
    return int(text or 50)


def write_inline(units: Sequence[int]) -> str:
    """Return weights as one word of an address: 300-150-80-200-100-70-50-50."""
    return "-".join(map(str, units))


def read_inline(text: str) -> tuple[int, ...] | None:
    """Return the weights of such a word when they sum to 1, else None."""
    if not INLINE.fullmatch(text):
        return None
    units = tuple(map(int, text.split("-")))
    return units if sum(units) == UNITS else None
