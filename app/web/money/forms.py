"""The wish of the budget page, read from its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.allocate_budget import FLOOR_SHARE, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping

MILLION = 1_000_000
MOST_MILLIONS = 1_000_000
DEFAULT_MILLIONS = 2_000
FLOORS = (0.0, 0.25, 0.5, 0.75)

NOT_MONEY = N_("The budget is a whole number of million som from 0 to 1,000,000. Correct it and try again.")
NOT_SHARE = N_("Choose one of the floors of the list.")


def read_wish(args: Mapping[str, str]) -> tuple[Wish, str | None]:
    """Return the wish of an address (``budget`` in million som, ``floors`` in percent) and what is wrong with it.

    What cannot be read is told, and the figures are those of the default.
    """
    budget, floors = args.get("budget", "").strip(), args.get("floors", "").strip()
    default = Wish(DEFAULT_MILLIONS * MILLION)
    if budget and not (budget.isascii() and budget.isdecimal() and int(budget) <= MOST_MILLIONS):
        return default, NOT_MONEY
    shares = {f"{share:.0%}".rstrip("%"): share for share in FLOORS}
    if floors and floors not in shares:
        return default, NOT_SHARE
    millions = int(budget) if budget else DEFAULT_MILLIONS
    return Wish(millions * MILLION, shares.get(floors, FLOOR_SHARE)), None
