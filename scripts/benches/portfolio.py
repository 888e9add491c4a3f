"""A synthetic portfolio for benches of risk: buildings of every type, soil and level, some of them unknown."""

from __future__ import annotations

import numpy as np

from app.risk.building_risk import BuildingInputs, IntArray
from app.risk.parameters import default_parameters

BUILDINGS_A_SCHOOL = 2.9
"""7,000 buildings at 2,400 schools."""
HAZARDS = ("flood", "mudflow", "landslide", "avalanche", "rockfall", "glof")
COUNTED = ("earthquake", *HAZARDS, "earthquake_landslide", "fire")


def make_portfolio(schools: int, buildings: int, seed: int) -> tuple[BuildingInputs, IntArray]:
    """Return buildings and the school of each, in ascending order; a twentieth of types and levels is unknown."""
    rng = np.random.default_rng(seed)
    school = np.sort(np.concatenate([np.arange(schools), rng.integers(0, schools, buildings - schools)]))
    types = len(default_parameters().types)
    kind = np.where(rng.random(buildings) < 0.05, types, rng.integers(0, types, buildings))
    levels = {
        name: np.where(rng.random(buildings) < 0.05, 0, rng.integers(1, 5, buildings)).astype(np.int8)
        for name in HAZARDS
    }
    inputs = BuildingInputs(
        building_type=kind,
        modifiers=rng.integers(0, 32, buildings),
        a475_g=rng.uniform(0.05, 0.5, buildings),
        levels=levels,
        counted=COUNTED,
        persons=rng.uniform(10, 300, buildings),
        presence=np.full(buildings, 0.12),
    )
    return inputs, school
