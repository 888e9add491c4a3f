"""The wish of the budget page, read from its address or form; what cannot be read is told and stays in its field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.funding.envelopes import MOST_YEARS, SOURCES
from app.i18n.marks import N_
from app.workflows.plan_address import MILLION
from app.workflows.plan_wish import RULES, AreaLimit, EnvelopeWish, MustActWish, Wish, default_floor_share

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_MILLIONS = 1_000_000
DEFAULT_MILLIONS = 2_000
FLOORS = (0.0, 0.25, 0.5, 0.75)
FIRST_YEAR, LAST_YEAR = 2020, 2100
MOST_SCHOOLS, MOST_LIMITS, LONGEST_REASON, MOST_WORKS = 500, 60, 300, 10_000
TIED = "donor"
"""The source that may be tied to an oblast."""

NOT_MONEY = N_("The budget is a whole number of million som from 0 to 1,000,000. Correct it and try again.")
NOT_SHARE = N_("Choose one of the floors of the list.")
NOT_YEAR = N_("The first year has four digits.")
NOT_CELL = N_("Money of a source, and least and most of an area, are whole millions of som from 0 to 1,000,000.")
NOT_SCHOOL = N_("Write one school a line: its code, a space, and the reason why it cannot wait.")
NOT_RULE = N_("Unevenness is a whole number from 0 to 100; works at a time are a whole number from 0 to 10,000.")


class _WrongError(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Read:
    """What was asked for, what is wrong with it, and the fields as they were sent."""

    wish: Wish
    wrong: str | None
    fields: Mapping[str, str]


def read_wish(args: Mapping[str, str], year: int) -> Read:
    """Return the wish of an address; what cannot be read is told, and the figures are those of the default.

    ``year`` is the first year where none is named.
    """
    try:
        return Read(_read(args, year), None, args)
    except _WrongError as error:
        return Read(Wish(DEFAULT_MILLIONS * MILLION), error.message, args)


def _read(args: Mapping[str, str], year: int) -> Wish:
    budget = _millions(args, "budget", NOT_MONEY)
    floors = args.get("floors", "").strip()
    shares = {f"{share:.0%}".rstrip("%"): share for share in FLOORS}
    if floors and floors not in shares:
        raise _WrongError(NOT_SHARE)
    envelopes = _envelopes(args, year)
    total = DEFAULT_MILLIONS * MILLION if budget is None else budget
    gini = _number(args, "gini", 100)
    return Wish(
        budget_som=sum(one.som for one in envelopes) if envelopes else total,
        floor_share=shares.get(floors, default_floor_share()),
        gini_most=None if gini is None else gini / 100,
        envelopes=envelopes,
        must_act=_must_act(args),
        must_rule=args["must_rule"] if args.get("must_rule") in RULES else None,
        limits=_limits(args),
        works_most=_number(args, "works", MOST_WORKS),
    )


def _millions(args: Mapping[str, str], name: str, wrong: str = NOT_CELL) -> int | None:
    """Return the som of a field in whole millions, None where it is empty."""
    text = args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and int(text) <= MOST_MILLIONS):
        raise _WrongError(wrong)
    return int(text) * MILLION


def _number(args: Mapping[str, str], name: str, most: int) -> int | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text) <= most):
        raise _WrongError(NOT_RULE)
    return int(text)


def first_year(args: Mapping[str, str], year: int) -> int:
    """Return the first year of the envelopes, ``year`` where it is not named or none."""
    text = args.get("first", "").strip()
    is_year = text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
    return int(text) if is_year else year


def _envelopes(args: Mapping[str, str], year: int) -> tuple[EnvelopeWish, ...]:
    text = args.get("first", "").strip()
    first = first_year(args, year)
    if text and str(first) != text:
        raise _WrongError(NOT_YEAR)
    tied = args.get("donor_area", "").strip() or None
    found = []
    for source in SOURCES:
        for number in range(MOST_YEARS):
            som = _millions(args, f"m-{source}-{number}")
            if som:
                found.append(EnvelopeWish(source, first + number, som, tied if source == TIED else None))
    return tuple(found)


def _must_act(args: Mapping[str, str]) -> tuple[MustActWish, ...]:
    found: dict[str, MustActWish] = {}
    for line in args.get("must", "").splitlines():
        code, _space, reason = line.strip().partition(" ")
        if not code:
            continue
        if not reason.strip() or len(reason) > LONGEST_REASON or len(found) >= MOST_SCHOOLS:
            raise _WrongError(NOT_SCHOOL)
        found[code] = MustActWish(code, reason.strip())
    return tuple(found.values())


def _limits(args: Mapping[str, str]) -> tuple[AreaLimit, ...]:
    found: dict[str, AreaLimit] = {}
    for name in sorted(args):
        side, _dash, code = name.partition("-")
        som = _millions(args, name) if side in ("low", "high") and code else None
        if som is None or len(found) >= MOST_LIMITS:
            continue
        known = found.get(code, AreaLimit(code))
        found[code] = replace(known, floor_som=som) if side == "low" else replace(known, ceiling_som=som)
    for number in range(1, 4):  # rayons are chosen from a list, so that their fields do not name them
        code = args.get(f"rayon{number}", "").strip()
        low, high = _millions(args, f"rayon{number}_low"), _millions(args, f"rayon{number}_high")
        if code and (low is not None or high is not None):
            found[code] = AreaLimit(code, low, high)
    return tuple(found[code] for code in sorted(found))


def typed_millions(read: Read) -> str:
    """Return what stands in the field of the budget: as it was sent, else the default."""
    return read.fields.get("budget", "").strip() or str(DEFAULT_MILLIONS)
