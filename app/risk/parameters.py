"""The parameters of risk as data: each with range, unit, status and source; none hides in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.risk.errors import InvalidParameterError, MissingParameterError, UnknownBuildingTypeError
from app.risk.parameter_checks import (
    check_casualties,
    check_constants,
    check_depths,
    check_fragility,
    check_ranges,
    check_rates,
    check_shares,
    check_weights,
    check_zones,
)
from geodata.readers.parameter_tables import ParameterTables, of_tables, read_parameter_tables

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

UNKNOWN_TYPE = "KG-UNK"
STATES = ("slight", "moderate", "extensive", "complete")
COLLAPSE_STATES = (*STATES[:3], "complete_no_collapse", "complete_collapse")
MODELS = ("F1", "F2", "F3")
LEVELS = ("1", "2", "3", "4")
DEPTH_COLUMNS = ("depth_m", "JRC_Asia_commercial_incl_schools")
"""Schools belong to the class Commerce of the source."""
MODIFIERS = ("vertical_irregularity", "plan_irregularity", "poor_condition", "flexible_diaphragm", "pounding")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of the method; None where a bound is not given. ``status`` is verified, recalled, proposal ..."""

    name: str
    default: float
    low: float | None
    high: float | None
    unit: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class OtherHazard:
    """Rows by level 1..4 (index 0..3): annual rate, loss ratio, deaths per person present and event."""

    rate: FloatArray
    loss: FloatArray
    death: FloatArray
    lowest_level: int
    """Lowest tabulated level, which stands for an unknown one."""
    rate_low: FloatArray
    rate_high: FloatArray
    """The range of the rate, for draws."""


@dataclass(frozen=True, slots=True, eq=False)
class RiskParameters:
    """Everything that the risk engine reads. Medians in g; rates per year; casualties as shares of people."""

    constants: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]]
    """Lowest and highest value of each constant; the default where none is stated."""
    types: tuple[str, ...]
    """Known building types, in the order of the table; ``KG-UNK`` is a mixture of them."""
    medians: Mapping[str, FloatArray]
    """F1 and F2: shape (types, 4), g."""
    betas: Mapping[str, FloatArray]
    vulnerability_index: FloatArray
    """V of model F3, shape (types,)."""
    loss_states: FloatArray
    """Loss ratio by state of F1 and F2, shape (4,)."""
    loss_grades: FloatArray
    """Loss ratio by grade D1..D5 of F3, shape (5,)."""
    casualties: FloatArray
    """Shape (types, 4 states, 4 severities); complete is mixed by the type's collapse share."""
    casualties_macroseismic: FloatArray
    """Shape (types, 5 grades, 4 severities)."""
    collapse: FloatArray
    """Share of the buildings in state complete that collapse, shape (types,)."""
    standing: FloatArray
    fallen: FloatArray
    """Casualties in state complete without and with collapse, shape (types, 4 severities)."""
    severity_weights: FloatArray
    msk_pga: Mapping[int, float]
    hazards: Mapping[str, OtherHazard]
    depth_damage: Mapping[str, FloatArray]
    """Per hazard that maps of depth may tell: depth (m) and loss ratio of a school, shape (points, 2)."""

    def __getitem__(self, name: str) -> float:
        """Return a constant, or raise ``MissingParameterError``."""
        if name not in self.constants:
            raise MissingParameterError(name)
        return self.constants[name]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def parameters() -> list[Parameter]:
    """Return every constant with its range, status and source, in the order of the table, for the method page."""
    return [_parameter(row) for row in read_parameter_tables().rows["method_constants"]]


def _parameter(row: Mapping[str, str]) -> Parameter:
    low, high = _number(row["low"]), _number(row["high"])
    return Parameter(row["name"], float(row["default"]), low, high, row["unit"], row["status"], row["source"])


def bounds_of(one: Parameter) -> tuple[float, float]:
    """Return lowest and highest value; the default stands in where none is stated, never where 0 is."""
    return (one.default if one.low is None else one.low, one.default if one.high is None else one.high)


@of_tables
def default_parameters() -> RiskParameters:
    """Return the parameters that ship with the project."""
    return parameters_of(read_parameter_tables())


def parameters_of(tables: ParameterTables) -> RiskParameters:
    """Build the typed form of the tables.

    Raises:
        MissingParameterError: A row is missing. UnknownBuildingTypeError: A row is of no known type or state.
        InvalidParameterError: See ``app.risk.parameter_checks``.
    """
    rows = tables.rows
    found = [_parameter(row) for row in rows["method_constants"]]
    constants = {one.name: one.default for one in found}
    check_constants(constants)
    types = tuple(row["code"] for row in rows["building_types"] if row["code"] != UNKNOWN_TYPE)
    medians, betas, collapse = _fragility(rows["fragility"], types)
    index_of_class = {row["ems_class"]: float(row["V_most_likely"]) for row in rows["ems98_vulnerability_index"]}
    class_of_type = {row["code"]: row["ems98_most_likely"] for row in rows["building_types"]}
    losses = {(row["model"], row["damage_state"]): float(row["loss_ratio"]) for row in rows["loss_ratios"]}
    states, grades, standing, fallen = _casualties(
        rows, types, collapse, constants["casualty.macroseismic_d4_death_floor"]
    )
    check_weights("model weights", [constants[f"model_weight.{model}"] for model in MODELS])
    loss_states = np.array([losses["HAZUS-EDU1", state] for state in STATES])
    loss_grades = np.array([losses["EMS-IRMA", f"D{grade}"] for grade in range(1, 6)])
    check_shares("loss ratios by state", loss_states)
    check_shares("loss ratios by grade", loss_grades)
    msk_pga = {
        10 if row["msk_zone"].startswith(">") else int(row["msk_zone"]): float(row["pga475_design_g"])
        for row in rows["hazard_seismic_levels"]
    }
    hazards = _other_hazards(rows["hazard_other_levels"])
    check_zones(msk_pga)
    check_ranges(rows)
    return RiskParameters(
        constants=constants,
        bounds={one.name: bounds_of(one) for one in found},
        types=types,
        medians=medians,
        betas=betas,
        vulnerability_index=np.array([index_of_class[class_of_type[code]] for code in types]),
        loss_states=loss_states,
        loss_grades=loss_grades,
        casualties=states,
        casualties_macroseismic=grades,
        collapse=np.array([collapse[code] for code in types]),
        standing=standing,
        fallen=fallen,
        severity_weights=np.array([constants[f"casualty.weight_S{severity}"] for severity in range(1, 5)]),
        msk_pga=msk_pga,
        hazards=hazards,
        depth_damage={"flood": _depth_damage(rows["hazard_flood_depth_damage"])},
    )


def _depth_damage(rows: list[dict[str, str]]) -> FloatArray:
    found = np.array([[float(row[name]) for name in DEPTH_COLUMNS] for row in rows])
    check_depths(found)
    return found


def _fragility(
    rows: list[dict[str, str]], types: tuple[str, ...]
) -> tuple[dict[str, FloatArray], dict[str, FloatArray], dict[str, float]]:
    medians = {model: np.full((len(types), 4), np.nan) for model in ("F1", "F2")}
    betas = {model: np.full((len(types), 4), np.nan) for model in ("F1", "F2")}
    collapse: dict[str, float] = {}
    for row in rows:
        if row["building_type"] not in types or row["damage_state"] not in STATES:
            raise UnknownBuildingTypeError(f"fragility: {row['building_type']} {row['damage_state']}")
        place = types.index(row["building_type"]), STATES.index(row["damage_state"])
        model = row["model"][:2]
        medians[model][place] = float(row["median_pga_g"])
        betas[model][place] = float(row["beta"])
        if row["p_collapse_given_complete"]:
            collapse[row["building_type"]] = float(row["p_collapse_given_complete"])
    if any(np.isnan(values).any() for values in medians.values()):
        raise MissingParameterError("fragility: a type lacks a model or a damage state")
    check_fragility(medians, betas, types, STATES)
    if not all(0 <= share <= 1 for share in collapse.values()):
        raise InvalidParameterError("fragility: a share of collapses lies outside 0 to 1")
    return medians, betas, collapse


def _casualties(
    rows: Mapping[str, list[dict[str, str]]], types: tuple[str, ...], collapse: Mapping[str, float], floor: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    severities = ("S1_light", "S2_hospital", "S3_life_threatening", "S4_death")
    rate = {
        (row["group"], row["damage_state"]): np.array([float(row[name]) for name in severities])
        for row in rows["casualty_rates"]
        if row["model"] == "HAZUS-indoor"
    }
    for group in dict.fromkeys(group for group, _state in rate):
        check_casualties(group, {state: rate[group, state] for state in COLLAPSE_STATES if (group, state) in rate})
    group_of = {row["building_type"]: row["hazus_group"] for row in rows["casualty_groups"]}
    states, grades = np.zeros((len(types), 4, 4)), np.zeros((len(types), 5, 4))
    standing, collapsed = np.zeros((len(types), 4)), np.zeros((len(types), 4))
    for number, code in enumerate(types):
        group, share = group_of[code], collapse[code]
        whole, fallen = rate[group, "complete_no_collapse"], rate[group, "complete_collapse"]
        standing[number], collapsed[number] = whole, fallen
        light = [rate[group, state] for state in STATES[:3]]
        states[number] = [*light, (1 - share) * whole + share * fallen]
        grades[number] = [*light, np.append(whole[:3], max(whole[3], floor)), fallen]
    return states, grades, standing, collapsed


def _other_hazards(rows: list[dict[str, str]]) -> dict[str, OtherHazard]:
    """Level 1 without a row has rate 0; any other level takes the next higher row, else the highest there is."""
    found: dict[str, OtherHazard] = {}
    columns = (
        "annual_rate_default", "loss_ratio", "death_given_event_occupied", "annual_rate_low", "annual_rate_high",
    )  # fmt: skip
    for hazard in dict.fromkeys(row["hazard"] for row in rows):
        table = {row["level"]: [float(row[name]) for name in columns] for row in rows if row["hazard"] == hazard}
        check_rates(hazard, table)
        if "base" in table:
            values, lowest = np.array([table["base"]] * 4), 1
        else:
            lowest = min(map(int, table))
            values = np.zeros((4, len(columns)))
            for level in range(4, 0, -1):
                if str(level) in table:
                    values[level - 1] = table[str(level)]
                elif level > 1:
                    values[level - 1] = values[level] if level < 4 else table[str(max(map(int, table)))]
        rate, loss, death, low, high = values.T
        found[hazard.lower()] = OtherHazard(rate, loss, death, lowest, low, high)
    return found
