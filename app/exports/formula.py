"""The formula of a ranking in words and rows, so that a reader recomputes each priority from the file itself."""

from __future__ import annotations

from dataclasses import dataclass

from app.exports import words
from app.i18n.catalogue import Translate
from app.i18n.formats import format_number
from app.i18n.marks import N_

HEADINGS = (
    N_("Part"),
    N_("Meaning"),
    N_("Weight"),
    N_("Value 0 at"),
    N_("Value 1 at"),
    N_("Unit"),
    N_("Value of x in a spreadsheet"),
)
"""Columns of the table of parts, as msgids."""


@dataclass(frozen=True, slots=True)
class FactorRule:
    """One part: ``weight`` as the run states it; ``kind`` linear or log with the anchors ``x0`` (0) and ``x1`` (1)."""

    code: str
    weight: str
    kind: str
    x0: str
    x1: str

    @property
    def spreadsheet(self) -> str:
        """Return the value of a cell called x, as a spreadsheet computes it."""
        if self.kind == "linear":
            return f"MIN(1, MAX(0, (x - {self.x0}) / ({self.x1} - {self.x0})))"
        return f"IF(x <= 0, 0, MIN(1, MAX(0, LN(x / {self.x0}) / LN({self.x1} / {self.x0}))))"


@dataclass(frozen=True, slots=True)
class Formula:
    """What a ranking was computed with; ``draws`` None = its intervals are bounds and not drawn."""

    factors: tuple[FactorRule, ...]
    hazards: tuple[str, ...]
    unknown_value: float
    draws: int | None
    seed: int | None
    priors: int | None = None
    """Number of the table of priors that the run used; None: none was in force."""

    def sentences(self, say: Translate, language: str) -> list[str]:
        """Return how the parts make a priority, in the language of the file."""
        hazards = ", ".join(say(words.HAZARD_LABELS[code]) for code in self.hazards if code in words.HAZARD_LABELS)
        found = [
            say(N_("Priority = sum of 100 x weight x value over all parts; the points of each stand in the list.")),
            say(
                N_("A part whose x is unknown has the value %(half)s, and 0 and 1 in the lower and the upper bound."),
                half=format_number(self.unknown_value, language, 1),
            ),
            say(N_("Equal priorities stand by C1, then by C2, then by the code of the school.")),
            say(N_("Hazards that count in C1 to C3, where there is a layer: %(names)s, fire."), names=hazards),
        ]
        if self.priors is not None:
            found.append(
                say(
                    N_(
                        "Where nobody assessed anything, C4 and C5 have the value of table of priors %(number)s: "
                        "their points stand in the list."
                    ),
                    number=self.priors,
                )
            )
        if self.draws:
            found.append(
                say(
                    N_("Intervals of ranks: nine of ten of %(draws)s draws, seed %(seed)s."),
                    draws=format_number(self.draws, language),
                    seed=self.seed,
                )
            )
        return found

    def rows(self, say: Translate) -> list[tuple[str, ...]]:
        """Return one row a part, in the order of ``HEADINGS``; numbers are written as the run states them."""
        return [
            (
                f"{rule.code} {say(words.FACTOR_SHORT[rule.code])}",
                say(words.FACTOR_MEANINGS[rule.code]),
                rule.weight,
                rule.x0,
                rule.x1,
                say(words.FACTOR_UNITS[rule.code]),
                rule.spreadsheet,
            )
            for rule in self.factors
        ]
