"""The danger in a school, in people and som: what one strong earthquake on a school day does, and what a year costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flask_babel import gettext as _

from app.i18n.formats import format_number, format_percent
from app.risk.day_scenario import toll
from app.risk.vulnerability import BOUNDS
from app.web.language import current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geodata.records.school import BuildingFacts, SchoolFacts

FEW = 10
"""Below so many people one decimal is shown."""


@dataclass(frozen=True)
class Ranged:
    """A number in words with the range over the models and over what is unknown; "" = no range."""

    text: str
    between: str = ""


@dataclass(frozen=True)
class ShiftDay:
    """One shift on the day of the earthquake."""

    label: str
    present: str
    severe: Ranged
    death: Ranged


@dataclass(frozen=True)
class DangerBuilding:
    """One building under the motion of its place."""

    name: str
    motion: str
    unusable: Ranged


@dataclass(frozen=True)
class Danger:
    """What the section shows; texts are translated."""

    motion: str
    shifts: list[ShiftDay]
    seats: Ranged
    yearly_people: Ranged
    yearly_som: Ranged
    buildings: list[DangerBuilding]
    is_partly_unknown: bool


def danger_of(school: SchoolFacts, buildings: Sequence[BuildingFacts]) -> Danger | None:
    """Return the danger by the stored results of a run; None where the run has none of this school's buildings."""
    held = [one for one in buildings if "day_severe" in one.risk]
    if not held:
        return None
    language = current_language()
    share = np.array([_share(one.risk) for one in held])
    parts = {name: np.stack([_bounds(one.risk, name) for one in held]) for name in PARTS}
    motions = [one.risk.get("motion_g") for one in held]
    known = sorted(float(str(motion)) for motion in motions if motion is not None)
    seats = np.nan if school.seats is None else float(school.seats)
    return Danger(
        motion=_between(known, language) if known else _("Unknown"),
        shifts=[
            ShiftDay(
                label,
                format_number(None if np.isnan(pupils) else pupils, language),
                _people(toll(share, parts["day_severe"], pupils)),
                _people(toll(share, parts["day_death"], pupils)),
            )
            for label, pupils in _shifts(school)
        ],
        seats=_people(toll(share, parts["day_unusable"], seats)),
        yearly_people=_ranged(parts["equivalent_fatalities"].sum(axis=0), 4),
        yearly_som=_ranged(np.ceil(parts["eal_som"].sum(axis=0)), 0),
        buildings=[
            DangerBuilding(
                one.name or one.code,
                _("Unknown") if motion is None else f"{format_number(float(str(motion)), language, 2)}\u00a0g",
                _percent(parts["day_unusable"][number]),
            )
            for number, (one, motion) in enumerate(zip(held, motions, strict=True))
        ],
        is_partly_unknown=len(known) < len(held),
    )


PARTS = ("day_unusable", "day_severe", "day_death", "equivalent_fatalities", "eal_som")


def _share(risk: dict[str, Any]) -> float:
    value = risk.get("share")
    return 0.0 if value is None else float(value)


def _bounds(risk: dict[str, Any], name: str) -> NDArray[np.float64]:
    found = risk.get(name) or {}
    return np.array([np.nan if found.get(bound) is None else float(found[bound]) for bound in BOUNDS])


def _shifts(school: SchoolFacts) -> list[tuple[str, float]]:
    """Return the pupils inside in each shift, and at night; boarders, drawn from all shifts alike, are there in each.

    Where the shifts are not told apart nobody knows how many are inside at once.
    """
    night = _boarders(school)
    if school.shift_pupils:
        away = 1 - night[0][1] / max(sum(school.shift_pupils), 1) if night else 1.0
        at_night = night[0][1] if night else 0.0
        return [
            (_("shift %(number)s", number=number), pupils * away + at_night)
            for number, pupils in enumerate(school.shift_pupils, 1)
        ] + night
    if school.shifts == 1 and school.pupils is not None:
        return [(_("shift %(number)s", number=1), float(school.pupils)), *night]
    everybody = np.nan if school.pupils is None else float(school.pupils)
    return [(_("all pupils, if they were inside together"), everybody), *night]


def _boarders(school: SchoolFacts) -> list[tuple[str, float]]:
    """Return who is inside at night, where somebody boards; more than the school has count as all of them."""
    if not school.boarding_pupils:
        return []
    pupils = sum(school.shift_pupils) or school.pupils
    return [(_("at night: pupils who board"), float(min(school.boarding_pupils, pupils or school.boarding_pupils)))]


def _people(found: NDArray[np.float64]) -> Ranged:
    top = float(np.nanmax(found)) if not np.isnan(found).all() else 0.0
    return _ranged(found, 0 if top >= FEW else 1)


def _ranged(found: NDArray[np.float64], decimals: int) -> Ranged:
    language = current_language()
    if np.isnan(found[0]):
        return Ranged(_("Unknown"))
    low, high = (format_number(float(value), language, decimals) for value in (np.nanmin(found), np.nanmax(found)))
    return Ranged(format_number(float(found[0]), language, decimals), _("%(low)s to %(high)s", low=low, high=high))


def _percent(found: NDArray[np.float64]) -> Ranged:
    language = current_language()
    if np.isnan(found[0]):
        return Ranged(_("Unknown"))
    low, high = (format_percent(100 * float(value), language) for value in (np.nanmin(found), np.nanmax(found)))
    return Ranged(format_percent(100 * float(found[0]), language), _("%(low)s to %(high)s", low=low, high=high))


def _between(known: list[float], language: str) -> str:
    low, high = (format_number(value, language, 2) for value in (known[0], known[-1]))
    return f"{low}\u00a0g" if low == high else _("%(low)s to %(high)s", low=low, high=high) + "\u00a0g"
