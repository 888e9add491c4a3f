"""Indicators that shade areas, and their classes: one list for the map, its tiles, drawings and files."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.i18n.formats import NBSP, format_number
from app.i18n.marks import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

CLASS_COLOURS = ("#efe9f0", "#dccfdd", "#c2abc4", "#9f80a3", "#74547a")
"""One hue, light to dark (classes 1..5): never mistaken for a grade or for water, ordered in black and white too."""

NO_DATA = 0
"""The class of what is unknown: hatched, never a pale colour."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of an area. ``attribute`` is its name in tiles; ``breaks`` are the lower bounds of classes 2..5.

    ``is_reversed``: a low value is the bad one, so it is the dark one. ``needs_cover``: only areas with enough of
    their schools covered get a class.
    """

    code: str
    attribute: str
    label: str
    meaning: str
    unit: str
    breaks: tuple[float, float, float, float]
    is_reversed: bool = False
    needs_cover: bool = True

    def value_of(self, area: Any) -> float | None:
        """Return the figure of an area (``AreaShape`` or ``AreaRow``), None when unknown or not covered enough."""
        if area.schools is None or (self.needs_cover and not area.is_rankable):
            return None
        match self.code:
            case "priority":
                return area.mean_priority  # type: ignore[no-any-return]
            case "conformity":
                return area.mean_index  # type: ignore[no-any-return]
            case "coverage":
                return 100.0 * area.assessed / area.schools if area.schools else None
            case "at_risk":
                known = area.pupils_at_risk is not None and area.pupils
                return 100.0 * area.pupils_at_risk / area.pupils if known else None
        return area.pupils_at_risk  # type: ignore[no-any-return]

    def class_of(self, value: float | None) -> int:
        """Return the class 1..5 (5 is darkest), or 0 for an unknown value."""
        if value is None or value != value:
            return NO_DATA
        step = bisect_right(self.breaks, value)
        return 5 - step if self.is_reversed else step + 1

    def class_label(self, number: int, language: str) -> str:
        """Return the bounds of class 1..5 as text, such as ``20-34 %``."""
        step = 5 - number if self.is_reversed else number - 1
        edges = (0.0, *self.breaks)
        lower = format_number(edges[step], language)
        unit = "" if not self.unit else ("%" if language == "en" else f"{NBSP}%")
        if step == 4:
            return f"{lower}{unit} +" if not self.unit else f"{lower}–{format_number(100, language)}{unit}"
        return f"{lower}–{format_number(edges[step + 1] - 1, language)}{unit}"


INDICATORS: dict[str, Indicator] = {
    one.code: one
    for one in (
        Indicator(
            "at_risk",
            "at_risk",
            N_("Share of pupils in schools graded D or E"),
            N_("Share of the area's pupils who study in schools graded D or E."),
            "%",
            (20, 35, 50, 65),
        ),
        Indicator(
            "priority",
            "priority",
            N_("Mean priority"),
            N_("Mean priority of the area's schools, 0 to 100."),
            "",
            (20, 30, 40, 50),
        ),
        Indicator(
            "conformity",
            "index",
            N_("Mean conformity with the Standard"),
            N_("Mean conformity index of the area's schools, 0 to 100: dark where it is low."),
            "",
            (40, 55, 70, 85),
            is_reversed=True,
        ),
        Indicator(
            "coverage",
            "coverage",
            N_("Share of schools assessed"),
            N_("Share of the area's schools that have been assessed."),
            "%",
            (20, 40, 60, 80),
            needs_cover=False,
        ),
        Indicator(
            "pupils_at_risk",
            "pupils_at_risk",
            N_("Number of pupils in schools graded D or E"),
            N_("How many of the area's pupils study in schools graded D or E."),
            "",
            (500, 2000, 5000, 20000),
        ),
    )
}
DEFAULT_INDICATOR = "at_risk"


def count_classes(indicator: Indicator, areas: Sequence[Any]) -> list[int]:
    """Return how many areas fall into classes 0 (no data) to 5."""
    counts = [0] * 6
    for area in areas:
        counts[indicator.class_of(indicator.value_of(area))] += 1
    return counts
