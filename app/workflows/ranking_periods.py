"""Layers that tell of one hazard for several return periods, gathered layer by layer into curves at buildings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.risk.depth_curve import losses_of_depths
from app.risk.hazard_curve import SurfaceHazard, surface_hazard
from app.risk.intensity_curve import LEAST_DEGREES, greater_of, hazard_of_degrees

if TYPE_CHECKING:
    from app.risk.parameters import FloatArray, IntArray, RiskParameters
    from app.workflows.ranking_inputs import MeasuredLayer

EARTHQUAKE = "earthquake"


@dataclass(frozen=True, slots=True)
class MeasuredPlace:
    """What one layer says, shape (places,), NaN = unknown."""

    hazard: str
    manifest: Mapping[str, Any]
    value: FloatArray


class MapsByPeriod:
    """Values at buildings by return period in years; where several layers tell of one the greater known one counts."""

    def __init__(self, buildings: int) -> None:
        """Know nothing yet: a zone of NaN at each building."""
        self.zone = np.full(buildings, np.nan)
        self.motions: dict[int, FloatArray] = {}
        self.degrees: dict[int, FloatArray] = {}
        self.depths: dict[str, dict[int, FloatArray]] = {}

    def add(self, layer: MeasuredLayer | MeasuredPlace) -> None:
        """Take what a layer measured, if it is a map of shaking or of depth; other layers are levels alone."""
        quantity, period = layer.manifest.get("quantity"), layer.manifest.get("return_period_years")
        if layer.hazard == EARTHQUAKE and quantity == "pga_g" and period:
            _keep_greater(self.motions, period, layer.value)
        elif layer.hazard == EARTHQUAKE and quantity == "msk" and period:
            _keep_greater(self.degrees, period, layer.value)
        elif layer.hazard == EARTHQUAKE and quantity == "msk":
            self.zone = np.fmax(self.zone, layer.value)
        elif quantity == "depth_m" and period:
            _keep_greater(self.depths.setdefault(layer.hazard, {}), period, layer.value)

    def shaking(self, soil: IntArray, parameters: RiskParameters) -> SurfaceHazard:
        """Return the shaking at the surface; one map of intensity alone is a zone, whatever its return period."""
        if len(self.degrees) < LEAST_DEGREES:
            zone = np.fmax.reduce([self.zone, *self.degrees.values()])
            return surface_hazard(self.motions, zone, soil, parameters)
        found = surface_hazard(self.motions, self.zone, soil, parameters)
        return greater_of(found, hazard_of_degrees(self.degrees, soil, parameters))

    def losses(self, parameters: RiskParameters) -> dict[str, FloatArray]:
        """Return the loss ratio of a year of each hazard told by depths; NaN = by level."""
        return losses_of_depths(self.depths, parameters.depth_damage)


def _keep_greater(by_period: dict[int, FloatArray], period: int, value: FloatArray) -> None:
    by_period[period] = np.fmax(by_period[period], value) if period in by_period else value
