"""The score of FEMA P-154 that a survey of one building comes to, by the functions of the run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.risk.hazard_curve import intensity_of_motion
from app.risk.parameters import MODIFIERS, RiskParameters, default_parameters
from app.risk.rapid_screening import collapse_probability, default_screening, screen_types, screening_facts
from app.risk.vulnerability import modifier_factor
from app.workflows import ranking_sources
from app.workflows.ranking_periods import MapsByPeriod, MeasuredPlace
from app.workflows.ranking_screening import ITEMS, applied_items
from geodata.queries import exposures, hazard_conflicts

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.queries.exposures import SchoolExposure
    from geodata.records.revision import Facts
    from geodata.records.survey import Survey

SOILS = {"I": 1, "II": 2, "III": 3}
BAD_CONDITIONS = ("poor", "emergency")


@dataclass(frozen=True, slots=True)
class Screened:
    """What a survey comes to. ``score`` None: no layer knows the shaking there. ``items``: codes of what moved it.

    ``weaknesses``: modifiers of GLOSI that are known to be present; ``strength`` is their factor on the medians.
    """

    score: float | None
    cut: float
    collapse: float | None
    msk: int | None
    items: tuple[str, ...]
    weaknesses: tuple[str, ...]
    strength: float

    @property
    def state(self) -> str:
        """Return meets (no detailed evaluation is due), fails or unknown."""
        return "unknown" if self.score is None else "meets" if self.score >= self.cut else "fails"


def screen_survey(session: Session, survey: Survey, parameters: RiskParameters | None = None) -> Screened:
    """Return the score of a survey at the place of its building; see ``screen_facts``."""
    found = exposures.of_school(session, survey.school_id)
    decided = ranking_sources.decided_layer(hazard_conflicts.in_force(session), "earthquake", survey.school_id)
    found = ranking_sources.settled_exposures(found, decided, survey.building_id)
    return screen_facts(survey.facts, zone_of(found, survey.building_id, parameters), parameters)


def zone_of(found: list[SchoolExposure], building_id: int, parameters: RiskParameters | None = None) -> float:
    """Return the intensity of the zone (MSK-64, soil II) at a building, else at its school; NaN where none knows it.

    Like the run: the greater of the 475-year motion of rock and of the MSK zone, or of
    maps for several periods. ``found``: without the layers that a
    decision has put aside (``app.workflows.ranking_sources.settled_exposures``).
    """
    values = parameters or default_parameters()
    told = MapsByPeriod(1)
    by_layer = {one.code: one for one in found if one.building_id is None}
    by_layer |= {one.code: one for one in found if one.building_id == building_id}
    for one in by_layer.values():
        value = np.array([math.nan if one.value is None else one.value])
        told.add(MeasuredPlace(one.hazard, one.manifest, value))
    shaking = told.shaking(np.array([SOILS["II"]]), values)
    return float(intensity_of_motion(shaking.a475_g, values)[0])


def screen_facts(facts: Facts, msk: float, parameters: RiskParameters | None = None) -> Screened:
    """Return the score of what was seen. What was not seen counts as in the run: at its worst.

    Args:
        facts: See ``geodata.records.survey.FACTS``.
        msk: Intensity of the zone; NaN = unknown, and so is the score then.
    """
    values = parameters or default_parameters()
    kind = facts.get("building_type")
    number = np.array([values.types.index(kind) if kind in values.types else len(values.types)])
    year = np.array([facts.get("year_built") or 0])
    vertical = facts.get("vertical")
    asked = screening_facts(
        np.array([msk]),
        np.array([SOILS.get(facts.get("soil_class") or "", 0)]),
        np.array([vertical in ("moderate", "severe")]),
        np.array([facts.get("plan_irregularity") is True]),
        year,
        np.array([facts.get("storeys") or 0]),
        values,
        is_moderate=np.array([vertical == "moderate"]),
    )
    score = float(screen_types(asked, number, default_screening()).score[0])
    moved = applied_items(asked, year, number, len(values.types))[0]
    present = {
        "vertical_irregularity": vertical in ("moderate", "severe"),
        "plan_irregularity": facts.get("plan_irregularity") is True,
        "poor_condition": facts.get("condition") in BAD_CONDITIONS,
        "flexible_diaphragm": facts.get("flexible_diaphragm") is True,
        "pounding": facts.get("pounding") is True,
    }
    bits = sum(1 << at for at, name in enumerate(MODIFIERS) if present[name])
    is_known = not math.isnan(score)
    return Screened(
        round(score, 1) if is_known else None,
        values["p154.cut_off"],
        float(collapse_probability(np.array([score]))[0]) if is_known else None,
        None if math.isnan(msk) else math.floor(msk + 0.5),
        tuple(item for item, applies in zip(ITEMS, moved, strict=True) if applies),
        tuple(name for name in MODIFIERS if present[name]),
        modifier_factor(bits, values),
    )
