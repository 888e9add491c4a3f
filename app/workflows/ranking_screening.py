"""Second opinions on the buildings of a run: FEMA P-154 beside the engine, and where the two disagree (method 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.risk.building_risk import BuildingInputs, assess_buildings
from app.risk.hazard_curve import intensity_of_motion, soil_factor
from app.risk.other_hazards import EARTHQUAKE
from app.risk.parameters import MODIFIERS, IntArray, RiskParameters
from app.risk.rapid_screening import (
    MODERATE_VERTICAL,
    POST_BENCHMARK,
    PRE_CODE,
    SEVERE_VERTICAL,
    SOIL_AB,
    SOIL_E,
    ScreeningFacts,
    default_screening,
    needs_review,
    screen_types,
    screening_facts,
)
from app.workflows.ranking_inputs import Buildings, Hazards
from geodata.database import Session
from geodata.queries import robustness, surveys

ITEMS = (
    "VERT_SEVERE", "PLAN", "PRE_CODE", "POST_BENCHMARK", "SOIL_AB", "SOIL_E", "YEAR_UNKNOWN", "TYPE_UNKNOWN",
    "VERT_MODERATE",
)  # fmt: skip
"""What moved a score: modifiers of the form, and what was unknown and took its worst value."""


def applied_items(facts: ScreeningFacts, year_built: IntArray, kind: IntArray, types: int) -> NDArray[np.bool_]:
    """Return which of ``ITEMS`` moved the score of each building, shape (buildings, items).

    ``year_built`` 0 and ``kind`` ``types`` are unknown.
    """
    return np.stack(
        [
            facts.vertical == SEVERE_VERTICAL,
            facts.plan,
            facts.era == PRE_CODE,
            facts.era == POST_BENCHMARK,
            facts.soil == SOIL_AB,
            facts.soil == SOIL_E,
            year_built == 0,
            kind == types,
            facts.vertical == MODERATE_VERTICAL,
        ],
        axis=1,
    )


def shaking_risk(buildings: Buildings, hazards: Hazards, parameters: RiskParameters) -> NDArray[np.float64]:
    """Return the yearly risk of dying by shaking alone of a person who is always inside; NaN = unknown motion.

    P-154 speaks of the building under an earthquake: not of other hazards, whatever the scheme counts, and not of how
    many hours a pupil is there.
    """
    inputs = BuildingInputs(
        building_type=buildings.columns["type"].astype(np.int64),
        modifiers=buildings.columns["modifiers"].astype(np.int64),
        a475_g=hazards.a475_g,
        levels={},
        counted=(EARTHQUAKE,),
        persons=np.zeros(len(buildings)),
        presence=np.ones(len(buildings)),
        curve_g=hazards.curve_g,
        curve_rate=hazards.curve_rate,
        type_share=buildings.type_share,
    )
    return assess_buildings(inputs, parameters).individual_risk[:, 0]


def store(session: Session, run_id: int, buildings: Buildings, hazards: Hazards, parameters: RiskParameters) -> None:
    """Store the second opinion on each building, in the session's transaction."""
    real = np.flatnonzero(buildings.columns["id"] > 0)
    columns = {name: values[real] for name, values in buildings.columns.items()}
    soil = columns["soil"].astype(np.int64)
    modifiers = columns["modifiers"].astype(np.int64)
    year, kind = columns["year_built"].astype(np.int64), columns["type"].astype(np.int64)
    # the zone is drawn for soil II; P-154 has modifiers of its own for soil
    zone = hazards.a475_g[real] * parameters["soil.II"] / soil_factor(soil, parameters)
    facts = screening_facts(
        intensity_of_motion(zone, parameters),
        soil,
        (modifiers >> MODIFIERS.index("vertical_irregularity") & 1) == 1,
        (modifiers >> MODIFIERS.index("plan_irregularity") & 1) == 1,
        year,
        columns["storeys"].astype(np.int64),
        parameters,
        is_moderate=np.isin(columns["id"], surveys.moderately_irregular(session)),
    )
    found = screen_types(facts, kind, default_screening())
    applied = applied_items(facts, year, kind, len(parameters.types))
    review = needs_review(found.score, shaking_risk(buildings, hazards, parameters)[real], parameters)
    robustness.store_screening(
        session,
        run_id,
        {
            "building_id": ("int8", columns["id"]),
            "score": ("float8", found.score),
            "items": ("int4", applied @ (1 << np.arange(len(ITEMS)))),
            "modifiers": ("int4", modifiers),
            "needs_review": ("int2", review.astype(np.int16)),
        },
        ITEMS,
        MODIFIERS,
    )
