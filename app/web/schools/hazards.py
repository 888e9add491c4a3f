"""The layers measured at a school in groups: natural or made by people, counted in the score or only shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.prioritisation.scheme import load_scheme
from app.risk.other_hazards import LANDSLIDE, TRIGGERED
from app.web.method.scheme import DEFAULT_SCHEME
from app.web.priorities.run_inputs import read_canonical
from layers.manifest import HAZARDS, TECHNOGENIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.models import Run
    from geodata.records.school import ExposureFacts

TITLES = {
    (False, True): N_("Natural, counted in the score"),
    (False, False): N_("Natural, shown only"),
    (True, True): N_("Technogenic, counted in the score"),
    (True, False): N_("Technogenic, shown only"),
}
"""By (made by people, counted): what a group is called; in the order of the page."""


@dataclass(frozen=True, slots=True)
class HazardGroup:
    """Layers of one group, in the order of ``layers.manifest.HAZARDS``; ``title`` is a msgid."""

    title: str
    is_counted: bool
    rows: list[ExposureFacts]


def hazard_groups(exposures: Sequence[ExposureFacts], run: Run | None) -> list[HazardGroup]:
    """Return the groups that have layers; what counts is what the run's scheme names (the default without a run)."""
    counted = counted_hazards(run)
    ordered = sorted(exposures, key=lambda one: _place(one.hazard))
    found = []
    for (is_technogenic, is_counted), title in TITLES.items():
        rows = [
            one
            for one in ordered
            if (one.hazard in TECHNOGENIC) == is_technogenic and (one.hazard in counted) == is_counted
        ]
        if rows:
            found.append(HazardGroup(title, is_counted, rows))
    return found


def counted_hazards(run: Run | None) -> frozenset[str]:
    """Return the hazards whose levels enter the risk of ``run``: those that its scheme names."""
    stated = read_canonical(run.canonical).get("scheme") if run is not None else None
    named = stated.get("hazards") if isinstance(stated, dict) else None
    codes = load_scheme(DEFAULT_SCHEME).hazards if named is None else named
    return frozenset(LANDSLIDE if code == TRIGGERED else str(code) for code in codes)


def _place(hazard: str) -> int:
    return HAZARDS.index(hazard) if hazard in HAZARDS else len(HAZARDS)
