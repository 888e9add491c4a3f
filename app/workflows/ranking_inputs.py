"""What a ranking reads, prepared for the rules: people, places and hazards as arrays in the order of codes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.risk.parameters import RiskParameters
from app.risk.people import hours_with_boarders, mean_persons_present, share_of_boarders, shares_of_pupils
from app.workflows import prior_tables, ranking_sources
from app.workflows.ranking_periods import MapsByPeriod
from geodata.database import Session
from geodata.queries import exposures, hazard_conflicts, scoring
from layers.registry import load_catalogue

CONTEXT_HAZARDS = ("altitude", "fault")
UNKNOWN_LEVEL = 0

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(slots=True)
class Schools:
    """One row a school, in the order of codes; NaN and area 0 are unknown."""

    columns: dict[str, NDArray[Any]]
    pupils: FloatArray
    first_hours: FloatArray
    """Hours a day of a mean first-shift pupil; a boarder is there day and night."""
    persons: FloatArray
    """Mean persons present over a year."""
    peak_pupils: FloatArray
    """Pupils of the fullest shift; unknown where the shifts are not told apart."""
    boarding: FloatArray
    """Share 0..1 of the pupils who board; NaN = nobody knows."""

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.columns["id"])


@dataclass(slots=True)
class Buildings:
    """One row a building, in the order of schools; a school without buildings has one stand-in of id 0."""

    columns: dict[str, NDArray[Any]]
    school: IntArray
    share: FloatArray
    replacement: FloatArray
    """Shape (buildings, 3): central, lower, upper, som; NaN = unknown."""
    priors: prior_tables.PlacedPriors | None = None
    """What the table of priors says of each building; None: no table is in force."""

    @property
    def type_share(self) -> FloatArray | None:
        """Return what a building of unknown type may be, shape (buildings, types); None: all types alike."""
        return None if self.priors is None else self.priors.type_share

    def __len__(self) -> int:
        """Return the number of buildings, stand-ins included."""
        return len(self.school)


@dataclass(slots=True)
class Hazards:
    """Hazards at buildings and schools."""

    levels: dict[str, NDArray[np.int8]]
    """Per hazard that has a layer, at buildings: 1..4, 0 = unknown."""
    school_levels: dict[str, NDArray[np.int8]]
    """Per hazard kind of the catalogue, at schools: the worst of the school's place and its buildings."""
    a475_g: FloatArray
    curve_g: FloatArray | None
    curve_rate: FloatArray | None
    annual_loss: dict[str, FloatArray]
    """Per hazard with maps of depth for two return periods: loss ratio of a year at buildings, NaN = by level."""
    versions: dict[str, Any]
    """Per layer: version, hash of its data, hash of what was measured."""
    is_synthetic: bool


def load_schools(session: Session, day: date, parameters: RiskParameters) -> Schools:
    """Load the schools that are open on ``day``; see ``prepare_schools``."""
    return prepare_schools(scoring.load_schools(session, day), parameters)


def prepare_schools(found: dict[str, NDArray[Any]], parameters: RiskParameters) -> Schools:
    """Work out who is inside; an unknown number of staff is estimated from the pupils."""
    default = np.where(
        found["is_primary"] == 1, parameters["occupancy.hours_primary"], parameters["occupancy.hours_secondary"]
    )
    shifts = np.stack([found[f"shift_pupils_{number}"] for number in (1, 2, 3)], axis=1)
    hours = np.stack([found[f"shift_hours_{number}"] for number in (1, 2, 3)], axis=1)
    hours = np.where(np.isnan(hours), default[:, None], hours)
    has_shifts = ~np.isnan(shifts).all(axis=1)
    in_shifts = np.nansum(shifts, axis=1)
    pupils = np.where(np.isnan(found["pupils"]) & has_shifts, in_shifts, found["pupils"])
    pupil_hours = np.where(has_shifts, np.nansum(shifts * hours, axis=1), pupils * hours[:, 0])
    taught = np.where(has_shifts, in_shifts, pupils)
    boarding = share_of_boarders(found["boarding_pupils"], taught)
    pupil_hours = _with_boarders(pupil_hours, taught, boarding, parameters)
    staff = np.where(np.isnan(found["staff"]), pupils * parameters["occupancy.staff_per_pupil"], found["staff"])
    fullest = np.nan_to_num(shifts, nan=0.0).max(axis=1, initial=0.0)
    peak = np.where(has_shifts, fullest, np.where(found["shifts"] == 1, pupils, np.nan))
    first_hours = hours_with_boarders(hours[:, 0], boarding, parameters)
    return Schools(found, pupils, first_hours, mean_persons_present(pupil_hours, staff, parameters), peak, boarding)


def _with_boarders(
    pupil_hours: FloatArray, pupils: FloatArray, boarding: FloatArray, parameters: RiskParameters
) -> FloatArray:
    """Return pupils x hours a day, where boarders, whose shift nobody knows, are drawn from all shifts alike."""
    some = np.nan_to_num(boarding, nan=0.0) > 0
    mean = np.divide(pupil_hours, pupils, out=np.zeros_like(pupil_hours), where=some)
    return np.where(some, pupils * hours_with_boarders(mean, boarding, parameters), pupil_hours)


def load_buildings(session: Session, schools: Schools, day: date, parameters: RiskParameters) -> Buildings:
    """Load the buildings of ``schools``; see ``prepare_buildings``."""
    priors = prior_tables.priors_in_force(session, schools, parameters)
    return prepare_buildings(scoring.load_buildings(session, day, parameters.types), schools, parameters, priors)


def prepare_buildings(
    found: dict[str, NDArray[Any]],
    schools: Schools,
    parameters: RiskParameters,
    priors: prior_tables.PriorsOfSchools | None = None,
) -> Buildings:
    """Complete the shares of pupils and the replacement values; add the stand-ins, and what priors say of each."""
    school = row_of(schools.columns["id"], found["school_id"])
    bare = np.flatnonzero(np.bincount(school, minlength=len(schools)) == 0)
    stand_in = {
        "id": 0, "type": len(parameters.types), "pupil_share": 1.0, "area_m2": np.nan,
        "replacement_som": np.nan, "soil": 0, "modifiers": 0, "is_taught_in": 1, "year_built": 0, "storeys": 0,
    }  # fmt: skip
    school = np.concatenate([school, bare])
    order = np.argsort(school, kind="stable")
    columns = {
        name: np.concatenate([found[name], np.full(len(bare), value, dtype=found[name].dtype)])[order]
        for name, value in stand_in.items()
    }
    columns["school_id"] = schools.columns["id"][school[order]]
    school = school[order]
    share = shares_of_pupils(
        school, columns["pupil_share"], columns["area_m2"], columns["is_taught_in"] == 1, len(schools)
    )
    placed = None if priors is None else prior_tables.place(priors, school, columns, parameters)
    return Buildings(columns, school, share, _replacement(columns, parameters), placed)


def _replacement(columns: Mapping[str, NDArray[Any]], parameters: RiskParameters) -> FloatArray:
    """Declared value, else floor area x cost of a square metre (default, low, high)."""
    name = "replacement.som_per_m2"
    per_m2 = np.array([parameters[name], *parameters.bounds[name]])
    declared = columns["replacement_som"]
    return np.where(np.isnan(declared)[:, None], columns["area_m2"][:, None] * per_m2, declared[:, None])


def row_of(ids: IntArray, wanted: IntArray) -> IntArray:
    """Return the row of each wanted id in ``ids`` (any order, unique); -1 where it is absent."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(ids, kind="stable")
    place = np.clip(np.searchsorted(ids, wanted, sorter=order), 0, len(ids) - 1)
    rows = order[place]
    return np.where(ids[rows] == wanted, rows, -1)


@dataclass(slots=True)
class MeasuredLayer:
    """One layer at buildings and at schools (NaN and 0 = unknown)."""

    code: str
    hazard: str
    version: int
    data_sha256: str
    manifest: Mapping[str, Any]
    value: FloatArray
    level: NDArray[np.int8]
    school_level: NDArray[np.int8]

    @property
    def content(self) -> bytes:
        """What the hash of the measuring is over: values (little-endian), then levels."""
        return self.value.astype("<f8").tobytes() + self.level.tobytes()


def _measured(session: Session, layer: Any, run_id: int, schools: Schools, buildings: Buildings) -> MeasuredLayer:
    """A building without a row of its own takes its school's."""
    found = scoring.load_exposure(session, run_id)
    at_school = found["building_id"] == 0
    school = row_of(schools.columns["id"], found["school_id"])
    building = row_of(buildings.columns["id"], found["building_id"])
    value = np.full(len(schools), np.nan)
    level = np.zeros(len(schools), dtype=np.int8)
    rows = np.flatnonzero(at_school & (school >= 0))
    value[school[rows]], level[school[rows]] = found["value"][rows], found["level"][rows]
    building_value, building_level = value[buildings.school], level[buildings.school]
    rows = np.flatnonzero(~at_school & (building >= 0))
    building_value[building[rows]] = found["value"][rows]
    building_level[building[rows]] = found["level"][rows]
    worst = level.copy()
    np.maximum.at(worst, buildings.school, building_level)
    facts = (layer.code, layer.hazard, layer.version, layer.data_sha256, layer.manifest)
    return MeasuredLayer(*facts, building_value, building_level, worst)


def load_hazards(session: Session, schools: Schools, buildings: Buildings, parameters: RiskParameters) -> Hazards:
    """Load the current measuring of every current layer; see ``combine_layers``."""
    layers = scoring.counted_layers(session)
    kinds = {hazard for _, _, _, hazard in exposures.current_runs(session)}
    kinds |= {layer.hazard for layer in load_catalogue().values()}
    is_synthetic = any(layer.is_synthetic for layer in layers)
    measured = measured_layers(session, schools, buildings)
    return combine_layers(measured, sorted(kinds), schools, buildings, parameters, is_synthetic=is_synthetic)


def measured_layers(session: Session, schools: Schools, buildings: Buildings) -> Iterator[MeasuredLayer]:
    """Yield the current measuring of every layer that counts, one after another, in order of codes."""
    runs = {code: run_id for run_id, _, code, _ in exposures.current_runs(session)}
    layers = [
        layer for layer in scoring.counted_layers(session) if layer.hazard not in CONTEXT_HAZARDS and layer.code in runs
    ]
    resolutions = hazard_conflicts.in_force(session)
    chosen = ranking_sources.chosen_layers(resolutions, schools.columns["id"])
    wanted = {one.layer_code for one in resolutions}
    named = {
        layer.code: _measured(session, layer, runs[layer.code], schools, buildings)
        for layer in layers
        if layer.code in wanted
    }
    for layer in layers:
        measured = named.get(layer.code) or _measured(session, layer, runs[layer.code], schools, buildings)
        yield ranking_sources.settle(measured, chosen.get(layer.hazard), named, buildings.school)


def combine_layers(
    layers: Iterable[MeasuredLayer],
    kinds: Sequence[str],
    schools: Schools,
    buildings: Buildings,
    parameters: RiskParameters,
    *,
    is_synthetic: bool = False,
) -> Hazards:
    """Return the hazards at buildings and schools from layers one after another.

    Where several layers tell of one hazard the worst known level counts. Shaking comes from three or more layers of
    peak acceleration with different return periods (a curve) or from the 475-year layer, and from an MSK zone, or a
    curve of two MSK layers with different return periods: the greater one counts, as long as no decision has made the
    other one unknown (``app.workflows.ranking_sources``). Depths for two return periods tell the loss of their hazard.
    """
    count = len(buildings)
    found = Hazards(
        levels={},
        school_levels={kind: np.zeros(len(schools), np.int8) for kind in kinds if kind not in CONTEXT_HAZARDS},
        a475_g=np.full(count, np.nan),
        curve_g=None,
        curve_rate=None,
        annual_loss={},
        versions={},
        is_synthetic=is_synthetic,
    )
    told = MapsByPeriod(count)
    for layer in layers:
        digest = hashlib.sha256(layer.content).hexdigest()
        found.versions[layer.code] = {"version": layer.version, "data": layer.data_sha256, "measured": digest}
        known = found.levels.setdefault(layer.hazard, np.zeros(count, np.int8))
        np.maximum(known, layer.level, out=known)
        np.maximum(found.school_levels[layer.hazard], layer.school_level, out=found.school_levels[layer.hazard])
        told.add(layer)
    found.annual_loss = told.losses(parameters)
    shaking = told.shaking(buildings.columns["soil"], parameters)
    found.a475_g, found.curve_g, found.curve_rate = shaking
    return found
