"""The annual risk of the country's buildings: three models, every hazard, and from buildings to schools."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.risk.building_risk import assess_buildings, assess_schools
from app.risk.event import building_impact
from app.risk.parameters import default_parameters
from app.risk.vulnerability import response, unit_outputs
from scripts.benches import SIZES, Figure, bench, best_of
from scripts.benches.portfolio import BUILDINGS_A_SCHOOL, make_portfolio


@bench("risk", sizes=(SIZES[0], SIZES[-1]))
def risk(n: int) -> Iterator[Figure]:
    """Annual risk of buildings and schools by three models and all hazards, and one scenario event."""
    is_country = n == SIZES[0]
    buildings = round(n * BUILDINGS_A_SCHOOL) if is_country else n
    inputs, school = make_portfolio(n, buildings, n)
    share, value = np.ones(buildings), np.full(buildings, 1e7)
    parameters = default_parameters()

    def chain() -> None:
        response.cache_clear()
        unit_outputs.cache_clear()
        assess_schools(school, assess_buildings(inputs, parameters), share, value, n)

    goal = "<= 2 s for the country" if is_country else "<= 60 s for 1.5 million buildings in blocks"
    yield Figure(f"annual risk of {buildings} buildings, caches empty", n, best_of(1, chain), goal=goal)
    shaken = best_of(1, lambda: building_impact(inputs.a475_g, inputs.building_type, inputs.modifiers, parameters))
    yield Figure(f"one scenario event at {buildings} buildings", n, shaken)
