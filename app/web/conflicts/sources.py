"""Layers of one hazard that say different things at a school, side by side, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.exports.words import HAZARD_LABELS
from app.web.conflicts.values import compared_shaking, is_curve_point, motion_of, told_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geodata.queries.hazard_conflicts import Settled
    from geodata.records.school import ExposureFacts

CONTEXT = ("altitude", "fault")


@dataclass(frozen=True, slots=True)
class Sources:
    """One hazard: what each layer says (title, level and value), and which one counts by decision (None: the worst)."""

    hazard: str
    told: list[tuple[str, str]]
    counts: str | None
    decided_at: datetime | None


def sources_of(exposures: Sequence[ExposureFacts], settled: Sequence[Settled]) -> list[Sources]:
    """Return the hazards whose layers disagree at a school; ``settled``: its decisions and those for everywhere."""
    groups = [(hazard, list(told)) for hazard, told in groupby(exposures, key=lambda one: one.hazard)]
    apart = [(hazard, told) for hazard, told in groups if hazard not in CONTEXT and _is_apart(told)]
    return [_sources(hazard, told, _in_force(settled, hazard)) for hazard, told in apart]


def _is_apart(told: Sequence[ExposureFacts]) -> bool:
    """Other levels, or motions at the surface that are too far apart; what is unknown contradicts nobody.

    Maps for other return periods than the one that is compared are points of a curve.
    """
    compared = [one for one in told if not is_curve_point(one.manifest)]
    if len({one.level for one in compared if one.level is not None}) > 1:
        return True
    motions = [motion_of(one.hazard, one.manifest, one.value) for one in compared]
    known = [motion for motion in motions if motion is not None and motion > 0]
    return len(known) > 1 and max(known) >= compared_shaking().apart_ratio * min(known)


def _in_force(settled: Sequence[Settled], hazard: str) -> Settled | None:
    """The newest of the school itself stands before the newest for everywhere."""
    own = [one for one in settled if one.hazard == hazard]
    return next((one for one in own if one.school_code), own[0] if own else None)


def _sources(hazard: str, told: list[ExposureFacts], settled: Settled | None) -> Sources:
    titles = {one.layer_code: _(str(one.manifest.get("title") or one.layer_code)) for one in told}
    levels = [
        (
            titles[one.layer_code],
            told_text(
                _("Unknown") if one.level is None else str(one.level),
                one.manifest,
                one.value,
                motion_of(one.hazard, one.manifest, one.value),
            ),
        )
        for one in told
    ]
    known = {one.layer_code for one in told if one.level is not None or one.value is not None}
    code = settled.layer_code if settled and settled.layer_code in known else None
    label = _(HAZARD_LABELS.get(hazard, hazard))
    return Sources(label, levels, titles[code] if code else None, settled.decided_at if code and settled else None)
