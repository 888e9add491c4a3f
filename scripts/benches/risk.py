"""The annual risk of the country's buildings: three models, every hazard, and from buildings to schools."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.risk.building_risk import BuildingInputs, assess_buildings, assess_schools
from app.risk.event import building_impact
from app.risk.parameters import RiskParameters, default_parameters
from app.risk.vulnerability import response, unit_outputs
from scripts.benches import SIZES, Figure, bench, best_of, openquake
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
    if is_country:
        yield _beside_openquake(n, inputs, parameters)


def _beside_openquake(n: int, inputs: BuildingInputs, parameters: RiskParameters) -> Figure:
    """One model's damage of the same assets, and OpenQuake's where it can be installed; else why it cannot."""
    found, kept = openquake.of_model_f1(inputs, parameters)
    seconds = best_of(3, lambda: openquake.of_model_f1(inputs, parameters))
    name = f"annual damage of {len(kept.building_type)} buildings by model F1"
    missing = openquake.install()
    if missing:
        return Figure(name, n, seconds, details={"peer_missing": missing})
    peer_seconds, version, theirs = openquake.ask_peer(kept, parameters)
    apart = float(np.abs(found - theirs).max())
    return Figure(
        name, n, seconds, peer=f"OpenQuake {version} classical_damage", ratio=seconds / peer_seconds,
        details={"peer_seconds": round(peer_seconds, 3), "largest_difference": apart},
    )  # fmt: skip
