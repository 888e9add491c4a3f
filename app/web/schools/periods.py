"""What maps for several return periods say at a school: depths, degrees or motions from the most frequent event on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from flask_babel import gettext as _

from app.exports.words import HAZARD_LABELS
from app.i18n.formats import format_number, format_percent
from app.i18n.marks import N_
from app.risk.depth_curve import losses_of_depths
from app.risk.parameters import default_parameters
from app.web.conflicts.values import measured_text
from app.web.language import current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.records.school import ExposureFacts

QUANTITIES = {
    "depth_m": N_("Water depth"),
    "msk": N_("Intensity"),
    "pga_g": N_("Acceleration of rock"),
}
"""Quantities of which maps for several return periods are one curve, as msgids."""
DRY_M = 0.01
LEAST = 2
PERCENT = 100


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """One curve: ``rows`` are (return period, what its map says); ``loss`` is the yearly loss that depths come to."""

    hazard: str
    quantity: str
    rows: list[tuple[str, str]]
    loss: str | None


def periods_of(exposures: Sequence[ExposureFacts]) -> list[PeriodTable]:
    """Return the curves of which two maps or more were measured at the school, by hazard."""
    found: dict[tuple[str, str], list[ExposureFacts]] = defaultdict(list)
    for one in exposures:
        quantity = str(one.manifest.get("quantity"))
        if quantity in QUANTITIES and one.manifest.get("return_period_years"):
            found[one.hazard, quantity].append(one)
    return [
        _table(hazard, quantity, sorted(maps, key=_period))
        for (hazard, quantity), maps in sorted(found.items())
        if len({_period(one) for one in maps}) >= LEAST
    ]


def _period(one: ExposureFacts) -> int:
    return int(str(one.manifest["return_period_years"]))


def _table(hazard: str, quantity: str, maps: list[ExposureFacts]) -> PeriodTable:
    language = current_language()
    rows = [(_("%(years)s years", years=format_number(_period(one), language)), _told(one, quantity)) for one in maps]
    return PeriodTable(_(HAZARD_LABELS.get(hazard, hazard)), _(QUANTITIES[quantity]), rows, _loss(hazard, maps))


def _told(one: ExposureFacts, quantity: str) -> str:
    if one.value is None:
        return _("Unknown")
    if quantity == "depth_m" and one.value < DRY_M:
        return _("dry")
    return measured_text(one.value, quantity, str(one.manifest.get("unit") or ""))


def _loss(hazard: str, maps: list[ExposureFacts]) -> str | None:
    """Return the share of the value lost a year at the school's place; None where no curve of damage tells it."""
    depths: dict[int, np.ndarray] = {}
    for one in maps:
        if one.manifest.get("quantity") == "depth_m":
            value = np.array([np.nan if one.value is None else one.value])
            depths[_period(one)] = np.fmax(depths.get(_period(one), value), value)
    found = losses_of_depths({hazard: depths}, default_parameters().depth_damage).get(hazard)
    if found is None or np.isnan(found[0]):
        return None
    return format_percent(PERCENT * float(found[0]), current_language(), 2)
