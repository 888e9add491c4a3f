"""One earthquake: shaking at a place by a published equation, and what it does to each building (method 4, 17).

Arithmetic only. The equation and its coefficients are rows of ``intensity_prediction.csv``; the events of the past are
rows of ``scenario_events.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.risk.damage import exceedance_probability, grade_probability, macroseismic_law, state_probability
from app.risk.errors import MissingParameterError
from app.risk.hazard_curve import intensity_of_motion
from app.risk.parameters import MODELS, FloatArray, IntArray, RiskParameters
from app.risk.vulnerability import macroseismic_step, modifier_factor
from geodata.readers.parameter_tables import read_parameter_tables

EARTH_RADIUS_KM = 6371.0
HIGHEST_INTENSITY = 12.0


@dataclass(frozen=True, slots=True)
class IntensityEquation:
    """I = a1 M + a2 - a3 log10(sqrt((R^2 + h^2) / h^2)) - a4 (sqrt(R^2 + h^2) - h); R epicentral, h km."""

    name: str
    a1: float
    a2: float
    a3: float
    a4: float
    depth_km: float
    sigma: float
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An earthquake of the past, with the titles of its repeat."""

    code: str
    titles: dict[str, str]
    happened_on: str
    magnitude: float
    lon: float
    lat: float
    equation: str
    source: str
    status: str


class BuildingImpact(NamedTuple):
    """What one event does to each building, shape (buildings, models): expected shares 0..1; NaN = unknown motion."""

    unusable: FloatArray
    """P(the building cannot be used)."""
    severe: FloatArray
    """Share of the people inside who need a hospital or die."""
    death: FloatArray
    loss: FloatArray


def load_equation(name: str) -> IntensityEquation:
    """Return an equation of the table; raises ``MissingParameterError``."""
    for row in read_parameter_tables().rows["intensity_prediction"]:
        if row["name"] == name:
            a1, a2, a3, a4, depth, sigma = (
                float(row[column]) for column in ("a1", "a2", "a3", "a4", "depth_km", "sigma")
            )
            return IntensityEquation(name, a1, a2, a3, a4, depth, sigma, row["source"], row["status"])
    raise MissingParameterError(f"intensity equation {name}")


def past_events() -> list[PastEvent]:
    """Return the events of the past whose repeat can be computed."""
    return [
        PastEvent(
            code=row["code"],
            titles={language: row[f"title_{language}"] for language in ("ky", "ru", "en")},
            happened_on=row["happened_on"],
            magnitude=float(row["magnitude"]),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            equation=row["equation"],
            source=row["source"],
            status=row["status"],
        )
        for row in read_parameter_tables().rows["scenario_events"]
    ]


def distance_km(lon: FloatArray, lat: FloatArray, to_lon: float, to_lat: float) -> FloatArray:
    """Return the great-circle distance of places (EPSG:4326, degrees) to one place, km; NaN stays NaN."""
    x, y, to_x, to_y = (np.radians(angle) for angle in (lon, lat, to_lon, to_lat))
    half = np.sin((y - to_y) / 2) ** 2 + np.cos(y) * np.cos(to_y) * np.sin((x - to_x) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)), dtype=float)


def intensity_at(magnitude: float, epicentral_km: FloatArray, equation: IntensityEquation) -> FloatArray:
    """Return the MSK-64 intensity that the equation expects, 1..12."""
    hypocentral = np.sqrt(np.asarray(epicentral_km, dtype=float) ** 2 + equation.depth_km**2)
    expected = (
        equation.a1 * magnitude
        + equation.a2
        - equation.a3 * np.log10(hypocentral / equation.depth_km)
        - equation.a4 * (hypocentral - equation.depth_km)
    )
    return np.asarray(np.clip(expected, 1.0, HIGHEST_INTENSITY), dtype=float)


def building_impact(
    motion_g: FloatArray,
    building_type: IntArray,
    modifiers: IntArray,
    parameters: RiskParameters,
    type_share: FloatArray | None = None,
) -> BuildingImpact:
    """Return what a motion at the surface does to each building, by model.

    ``building_type``: index into the parameters' types, and their number for the unknown type, which is the mean over
    types by ``type_share`` (buildings, types); None: over all types alike.
    """
    shape = (len(motion_g), len(MODELS))
    found = BuildingImpact(*(np.zeros(shape) for _ in BuildingImpact._fields))
    types = len(parameters.types)
    for kind in np.unique(building_type):
        candidates = range(types) if kind == types else (int(kind),)
        for bits in np.unique(modifiers[building_type == kind]):
            rows = np.flatnonzero((building_type == kind) & (modifiers == bits))
            factor = modifier_factor(int(bits), parameters)
            for candidate in candidates:
                part = _impact_of_type(motion_g[rows], candidate, factor, parameters)
                share = type_share[rows, candidate][:, None] if type_share is not None and kind == types else None
                for whole, mine in zip(found, part, strict=True):
                    whole[rows] += mine / len(candidates) if share is None else mine * share
    unknown = np.isnan(motion_g)
    for whole in found:
        whole[unknown] = np.nan
    return found


def _impact_of_type(motion_g: FloatArray, kind: int, factor: float, parameters: RiskParameters) -> BuildingImpact:
    """Return the impact on buildings of one known type, shape (buildings, models)."""
    parts: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]] = []
    no_damage_below = parameters["seismic.grid_low_g"]
    for model in MODELS[:2]:
        median, beta = parameters.medians[model][kind] * factor, parameters.betas[model][kind]
        states = state_probability(exceedance_probability(motion_g, median, beta, no_damage_below))[..., 1:]
        parts.append(
            _shares(states, parameters.loss_states, parameters.casualties[kind], int(parameters["scenario.state"]))
        )
    index = np.asarray(parameters.vulnerability_index[kind] + macroseismic_step(factor, parameters))
    intensity = intensity_of_motion(motion_g, parameters)
    grades = grade_probability(intensity, index, macroseismic_law(parameters))[..., 1:]
    parts.append(
        _shares(
            grades, parameters.loss_grades, parameters.casualties_macroseismic[kind], int(parameters["scenario.grade"])
        )
    )
    return BuildingImpact(*(np.stack(columns, axis=1) for columns in zip(*parts, strict=True)))


def _shares(
    probability: FloatArray, loss: FloatArray, casualties: FloatArray, first_unusable: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return unusable, severe, death and loss from probabilities of states; ``first_unusable`` counts from 1."""
    by_severity = probability @ casualties
    return (
        probability[:, first_unusable - 1 :].sum(axis=1),
        by_severity[:, 1:].sum(axis=1),
        by_severity[:, -1],
        probability @ loss,
    )
