"""Run a scenario event over the schools as they are now; by itself an earthquake of the past again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.risk.event import (
    BuildingImpact,
    building_impact,
    distance_km,
    intensity_at,
    load_equation,
    past_events,
)
from app.risk.hazard_curve import intensity_of_motion, motion_of_intensity, soil_factor
from app.risk.parameters import MODELS, RiskParameters, default_parameters
from app.workflows import ranking_inputs
from app.workflows.rank_schools import code_version
from app.workflows.ranking_inputs import Buildings, Schools, row_of
from app.workflows.scenario_errors import (
    NothingShakenError,
    ScenarioCodeError,
    ScenarioExistsError,
    UnknownScenarioError,
    WeaklyShakenError,
)
from geodata.database import Session
from geodata.queries import audit, scenarios, scoring
from geodata.readers.footprint_values import INSIDE

FloatArray = NDArray[np.float64]
CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", re.ASCII)
LONGEST_CODE = 64
"""A code stands in addresses: letters of the Latin alphabet, digits, and hyphens between them."""


@dataclass(frozen=True, slots=True)
class ScenarioSummary:
    """What a scenario did."""

    code: str
    schools: int
    strongest_msk: float | None
    """None: the event has no degree."""


@dataclass(frozen=True, slots=True)
class Shaking:
    """Shaking at schools: intensity for soil II, or acceleration at the surface; NaN = outside or unknown.

    ``measure`` inside: 1 in the area of a storm or a warning, which says where and not how strongly.
    """

    measure: str
    values: FloatArray


def run_past_event(session: Session, code: str, *, publish: bool = False, replace: bool = False) -> ScenarioSummary:
    """Compute the repeat of an earthquake of the past by the published equation of its row; the caller commits.

    Raises:
        UnknownScenarioError: No such event. ScenarioExistsError, NothingShakenError: See there.
    """
    event = next((found for found in past_events() if found.code == code), None)
    if event is None:
        raise UnknownScenarioError(f"no event {code}; there are: {', '.join(found.code for found in past_events())}")
    equation = load_equation(event.equation)
    facts = {
        "code": code,
        "kind": "historical",
        "measure": "msk",
        "source": f"{event.source} ({event.status})",
        "equation": f"{equation.source} ({equation.status})",
        "happened_on": date.fromisoformat(event.happened_on),
        "magnitude": event.magnitude,
        "depth_km": equation.depth_km,
        "lon": event.lon,
        "lat": event.lat,
        "input_sha256": hashlib.sha256(_canonical(event, equation)).hexdigest(),
    } | {f"title_{language}": title for language, title in event.titles.items()}

    def shake(lon: FloatArray, lat: FloatArray) -> Shaking:
        km = distance_km(lon, lat, event.lon, event.lat)
        return Shaking("msk", intensity_at(event.magnitude, km, equation))

    return run_event(session, facts, shake, publish=publish, replace=replace)


def run_past_events(session: Session) -> list[ScenarioSummary]:
    """Compute and publish the repeat of every earthquake of the past, anew where it stands; the caller commits."""
    return [run_past_event(session, event.code, publish=True, replace=True) for event in past_events()]


def _canonical(*facts: Any) -> bytes:
    return json.dumps([str(found) for found in facts], ensure_ascii=False).encode()


def run_event(
    session: Session,
    facts: dict[str, Any],
    shake: Callable[[FloatArray, FloatArray], Shaking],
    *,
    publish: bool = False,
    replace: bool = False,
) -> ScenarioSummary:
    """Compute and store a scenario of ``facts``, columns of its row, by what shakes at places; the caller commits.

    Raises:
        ScenarioCodeError, ScenarioExistsError, NothingShakenError: See there.
    """
    code = facts["code"]
    if len(code) > LONGEST_CODE or not CODE.fullmatch(code):
        raise ScenarioCodeError(
            f"the code {code!r} cannot stand in an address: give Latin letters, digits and hyphens between them, "
            f"{LONGEST_CODE} at most, as in kemin-1911"
        )
    if replace:
        scenarios.remove_scenario(session, code)
    if scenarios.find_scenario(session, code) is not None:
        raise ScenarioExistsError(f"scenario {code} stands already")
    parameters = default_parameters()
    edition = scoring.current_edition(session)
    day = scoring.data_date(session, edition.id) if edition is not None else None
    if day is None:
        raise NothingShakenError("there are no schools")
    schools = ranking_inputs.load_schools(session, day, parameters)
    buildings = ranking_inputs.load_buildings(session, schools, day, parameters)
    lon, lat = _places(session, schools)
    shaking = shake(lon, lat)
    columns = _columns(schools, buildings, shaking, parameters)
    shaken = columns["msk"][1]
    if not len(columns["school_id"][1]):
        raise _nothing_shaken(shaking, parameters)
    facts = facts | {
        "code_version": code_version(),
        "data_date": day,
        "is_synthetic": bool(facts.get("is_synthetic")) or bool(schools.columns["is_synthetic"].any()),
    }
    scenarios.store_results(session, scenarios.add_scenario(session, facts), columns)
    if publish:
        publish_scenario(session, code)
    return ScenarioSummary(code, len(shaken), None if shaking.measure == INSIDE else float(shaken.max()))


def _nothing_shaken(shaking: Shaking, parameters: RiskParameters) -> NothingShakenError:
    known = shaking.values[~np.isnan(shaking.values)]
    if not len(known):
        return NothingShakenError("no school lies inside the footprint")
    msk = known if shaking.measure == "msk" else intensity_of_motion(known, parameters)
    return WeaklyShakenError(len(known), float(max(msk.max(), 0.0)), parameters["scenario.least_msk"])


def publish_scenario(session: Session, code: str) -> None:
    """Let everybody see a scenario; the caller commits. Raises ``UnknownScenarioError``."""
    if not scenarios.publish_scenario(session, code):
        raise UnknownScenarioError(f"there is no scenario {code}")
    audit.record(session, "scenario:published", subject=code)


def _places(session: Session, schools: Schools) -> tuple[FloatArray, FloatArray]:
    found = scenarios.school_points(session, schools.columns["id"].tolist())
    lon, lat = (np.full(len(schools), np.nan) for _ in range(2))
    rows = row_of(schools.columns["id"], found["school_id"])
    lon[rows], lat[rows] = found["lon"], found["lat"]
    return lon, lat


def _columns(
    schools: Schools, buildings: Buildings, shaking: Shaking, parameters: RiskParameters
) -> dict[str, tuple[str, NDArray[Any]]]:
    """Return what is stored of the schools that are shaken: weaker shaking than the least, and NaN, are left out.

    In an area without a degree every school counts, and its shares are unknown: no model speaks of them.
    """
    if shaking.measure == INSIDE:
        rows = np.flatnonzero(~np.isnan(shaking.values))
        unknown = np.full(len(rows), np.nan)
        return _stored(schools, rows, dict.fromkeys(scenarios.SHARES, unknown), parameters)
    values = shaking.values[buildings.school]
    soil = soil_factor(buildings.columns["soil"].astype(np.int64), parameters)
    if shaking.measure == "msk":  # drawn for soil II, like the zones
        motion = motion_of_intensity(values, parameters) * soil / parameters["soil.II"]
        msk: FloatArray = shaking.values
        surface: FloatArray = motion_of_intensity(shaking.values, parameters)
    else:
        motion, surface = values, shaking.values
        msk = intensity_of_motion(shaking.values, parameters)
    kinds, modifiers = (buildings.columns[name].astype(np.int64) for name in ("type", "modifiers"))
    impact = building_impact(motion, kinds, modifiers, parameters, buildings.type_share)
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(msk >= parameters["scenario.least_msk"])
    weights = np.array([parameters[f"model_weight.{model}"] for model in MODELS])
    count = len(schools)
    by_school = BuildingImpact(*(_mean_of_school(part, buildings, count)[rows] for part in impact))
    shares = {
        "msk": msk[rows],
        "pga_g": surface[rows],
        "unusable_low": by_school.unusable.min(axis=1),
        "unusable": by_school.unusable @ weights,
        "unusable_high": by_school.unusable.max(axis=1),
        "severe_share": by_school.severe @ weights,
        "death_share": by_school.death @ weights,
        "loss_ratio": by_school.loss @ weights,
    }
    return _stored(schools, rows, shares, parameters)


def _stored(
    schools: Schools, rows: NDArray[np.intp], shares: Mapping[str, FloatArray], parameters: RiskParameters
) -> dict[str, tuple[str, NDArray[Any]]]:
    columns: dict[str, tuple[str, NDArray[Any]]] = {name: ("float8", found) for name, found in shares.items()}
    counts = _present(schools, parameters) | {"staff": schools.columns["staff"], "seats": schools.columns["seats"]}
    columns |= {name: ("float8", np.asarray(np.round(found))[rows]) for name, found in counts.items()}
    columns |= {name: ("int8", schools.columns[name][rows]) for name in ("oblast_id", "rayon_id")}
    return columns | {"school_id": ("int8", schools.columns["id"][rows])}


def _mean_of_school(values: FloatArray, buildings: Buildings, schools: int) -> FloatArray:
    """Return means weighted by the pupils of each building, shape (schools, models); equal weights without pupils."""
    total = np.bincount(buildings.school, buildings.share, schools)
    weight = np.where((total > 0)[buildings.school], buildings.share, 1.0)
    whole = np.bincount(buildings.school, weight, schools)
    columns = [
        np.bincount(buildings.school, np.where(weight > 0, values[:, number] * weight, 0.0), schools) / whole
        for number in range(values.shape[1])
    ]
    return np.stack(columns, axis=1)


def _present(schools: Schools, parameters: RiskParameters) -> dict[str, FloatArray]:
    """Return the pupils present of each shift and at each hour; where the shifts are not told apart all are the first.

    Boarders are of all shifts alike, and there at each hour. A boarding school of which nobody has said how many board
    has an unknown number at night; at another school without the number nobody is taken to board.
    """
    shifts = np.stack([schools.columns[f"shift_pupils_{number}"] for number in (1, 2, 3)], axis=1)
    has_shifts = ~np.isnan(shifts).all(axis=1)
    first = np.where(has_shifts, shifts[:, 0], schools.pupils)
    others = np.where(has_shifts[:, None], shifts[:, 1:], np.where(np.isnan(schools.pupils), np.nan, 0.0)[:, None])
    attendance = parameters["occupancy.attendance"]
    leaving = attendance * (1 - np.nan_to_num(schools.boarding, nan=0.0))
    taught = np.where(has_shifts, np.nansum(shifts, axis=1), schools.pupils)
    stated = schools.columns["boarding_pupils"]
    boarders = np.where(np.isnan(stated), np.nan, np.fmin(stated, taught))
    nobody = np.isnan(boarders) & (schools.columns["is_boarding"] == 0)
    return {
        "pupils_1": first * leaving,
        "pupils_2": np.where(np.isnan(others[:, 0]) & ~np.isnan(first), 0.0, others[:, 0]) * leaving,
        "pupils_3": np.where(np.isnan(others[:, 1]) & ~np.isnan(first), 0.0, others[:, 1]) * leaving,
        "pupils_boarding": np.where(nobody, 0.0, boarders * attendance),
    }
