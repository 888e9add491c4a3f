"""What a planner asks for: money by source and year, rules of fairness, schools that must be acted on.

All of it stands in the canonical text of a plan, so that the plan's hash says it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from app.risk.parameters import default_parameters

FLAGGED = "structural_flag"
"""The rule: every school of grade E with a critical structural requirement failed must be acted on."""

RULES = (FLAGGED,)


def default_floor_share() -> float:
    """Return the share that a region is sure of, of what its need alone would bring it (method 10)."""
    return default_parameters()["plan.floor_share"]


class AllocationError(Exception):
    """Base of what can be wrong with a plan before the solver is asked."""


class WishError(AllocationError):
    """A wish names an area or a school that the ranking does not have; ``what`` is area or school."""

    def __init__(self, what: str, code: str) -> None:
        super().__init__(f"{what} {code!r} is not in this ranking")
        self.what, self.code = what, code


@dataclass(frozen=True, slots=True)
class EnvelopeWish:
    """Whole som of one source in one year; ``area_code``: the oblast or republican city that it is tied to."""

    source: str
    year: int
    som: int
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class MustActWish:
    """One school that must be acted on, with the reason."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class AreaLimit:
    """Least and most whole som of an oblast or rayon over all years; None: no limit of that side."""

    area_code: str
    floor_som: int | None = None
    ceiling_som: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a planner asks for. ``floor_share`` 0: no floors; ``gini_most`` None: no limit on unevenness.

    Without ``envelopes`` the budget is of one year and of one source without a name; with them it is their sum.
    """

    budget_som: int
    floor_share: float = field(default_factory=default_floor_share)
    gini_most: float | None = None
    envelopes: tuple[EnvelopeWish, ...] = ()
    must_act: tuple[MustActWish, ...] = ()
    must_rule: str | None = None
    """One of ``RULES``, beside the schools named."""
    limits: tuple[AreaLimit, ...] = ()
    works_most: int | None = None
    """Most structural works that contractors of one oblast carry out in one year; None: not known, no limit."""

    def __post_init__(self) -> None:
        """Refuse a budget that is not the sum of its envelopes: two answers to one question."""
        if self.envelopes and self.budget_som != sum(one.som for one in self.envelopes):
            raise WishError("budget", str(self.budget_som))


def wish_of_envelopes(envelopes: tuple[EnvelopeWish, ...], **others: Any) -> Wish:
    """Return the wish whose budget is the sum of its envelopes; ``others`` are fields of ``Wish``."""
    return Wish(sum(one.som for one in envelopes), envelopes=envelopes, **others)


def wish_content(wish: Wish) -> dict[str, Any]:
    """Return a wish as plain values, lists in a fixed order: equal wishes have equal text."""
    found = asdict(wish)
    found["envelopes"] = sorted((asdict(one) for one in wish.envelopes), key=_order)
    found["must_act"] = sorted((asdict(one) for one in wish.must_act), key=_order)
    found["limits"] = sorted((asdict(one) for one in wish.limits), key=_order)
    return found


def wish_from(content: dict[str, Any]) -> Wish:
    """Return the wish that ``wish_content`` gave, from a job's parameters or a plan's text (shares are text there)."""
    gini = content.get("gini_most")
    return Wish(
        budget_som=content["budget_som"],
        floor_share=float(content.get("floor_share", default_floor_share())),
        gini_most=None if gini is None else float(gini),
        envelopes=tuple(EnvelopeWish(**one) for one in content.get("envelopes", ())),
        must_act=tuple(MustActWish(**one) for one in content.get("must_act", ())),
        must_rule=content.get("must_rule"),
        limits=tuple(AreaLimit(**one) for one in content.get("limits", ())),
        works_most=content.get("works_most"),
    )


def _order(row: dict[str, Any]) -> list[str]:
    return [str(value) for value in row.values()]
