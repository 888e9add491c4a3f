"""Schemes: weights and hazards that count, as TOML; anchors and bounds come from the method's table."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from app.prioritisation.errors import InvalidSchemeError, UnknownSchemeError
from app.prioritisation.factors import FACTORS
from app.prioritisation.value_functions import FloatArray, ValueFunction
from geodata.readers.parameter_tables import ParameterTables, read_parameter_tables

EARTHQUAKE, TRIGGERED = "earthquake", "earthquake_landslide"
"""Hazards whose rates stand in other tables than that of levels; this room may not ask ``app.risk`` for the names."""
SCHEME_FOLDER = Path(__file__).resolve().parent / "schemes"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One policy: which factors count by how much (sum 1), and which hazards count in the risk."""

    name: str
    title: str
    status: str
    factors: tuple[str, ...]
    weights: tuple[Decimal, ...]
    functions: tuple[ValueFunction, ...]
    hazards: tuple[str, ...]
    sha256: str

    @property
    def weight_array(self) -> FloatArray:
        """Return the weights in the order of ``factors``."""
        return np.array([float(weight) for weight in self.weights])


def list_schemes(folder: Path = SCHEME_FOLDER) -> list[str]:
    """Return the names of all schemes."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_scheme(name: str, folder: Path = SCHEME_FOLDER) -> Scheme:
    """Return a scheme.

    Raises:
        UnknownSchemeError: No such file.
        InvalidSchemeError: Weights do not sum to 1, leave the bounds of the method's table, or name no factor; or a
            hazard has no annual rate in the tables.
    """
    if name not in list_schemes(folder):
        raise UnknownSchemeError(name)
    return scheme_of(name, (folder / f"{name}.toml").read_bytes(), read_parameter_tables())


def scheme_of(name: str, content: bytes, tables: ParameterTables) -> Scheme:
    """Return the scheme of a file's ``content`` under the anchors and bounds of ``tables``.

    Raises:
        InvalidSchemeError: See ``load_scheme``.
    """
    found = tomllib.loads(content.decode("utf-8"))
    rows = {row["id"]: row for row in tables.rows["criteria_weights"]}
    weights = {code: Decimal(str(weight)) for code, weight in found["weights"].items()}
    for code, weight in weights.items():
        if code not in FACTORS or code not in rows:
            raise InvalidSchemeError(f"{name}: nobody computes factor {code}")
        if not Decimal(rows[code]["weight_min"]) <= weight <= Decimal(rows[code]["weight_max"]):
            raise InvalidSchemeError(f"{name}: weight {weight} of {code} leaves its bounds")
    rated = {row["hazard"].lower() for row in tables.rows["hazard_other_levels"]} | {EARTHQUAKE, TRIGGERED}
    if unrated := sorted(set(found["hazards"]) - rated):
        raise InvalidSchemeError(f"{name}: no table gives an annual rate for {', '.join(unrated)}")
    if missing := sorted(set(rows) - set(weights)):
        raise InvalidSchemeError(f"{name}: no weight for {', '.join(missing)}")
    if sum(weights.values()) != 1:
        raise InvalidSchemeError(f"{name}: weights sum to {sum(weights.values())}, not to 1")
    codes = tuple(code for code in FACTORS if code in weights)
    return Scheme(
        name=name,
        title=found["title"],
        status=found["status"],
        factors=codes,
        weights=tuple(weights[code] for code in codes),
        functions=tuple(value_function(rows[code]) for code in codes),
        hazards=tuple(found["hazards"]),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def weight_bounds(scheme: Scheme, tables: ParameterTables | None = None) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest weight of each factor, in the order of ``scheme.factors``.

    ``tables``: None = those installed.
    """
    rows = {row["id"]: row for row in (tables or read_parameter_tables()).rows["criteria_weights"]}
    low, high = (
        np.array([float(rows[code][column]) for code in scheme.factors]) for column in ("weight_min", "weight_max")
    )
    return low, high


def value_function(row: dict[str, str]) -> ValueFunction:
    """Return the value function of a row of ``criteria_weights.csv``."""
    low, high = float(row["anchor_v0"]), float(row["anchor_v1"])
    if not low < high or (row["value_function"] == "log" and not low > 0):
        raise InvalidSchemeError(
            f"criteria_weights.csv, row {row['id']}: anchors {low:g} and {high:g} must rise, and be above 0 under a "
            "logarithm; put them in order"
        )
    return ValueFunction(row["value_function"], low, high)
