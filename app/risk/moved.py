"""Parameters with one table moved to an end of its range: medians of fragility, rates and losses of other hazards.

Medians have a law, no columns of low and high: lognormal by type and by building (method 8). Their ends are those that
hold nine of ten draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from app.risk.errors import InvalidParameterError
from app.risk.parameters import RiskParameters, parameters_of
from app.risk.vulnerability import macroseismic_step
from geodata.readers.parameter_tables import ParameterTables

NINE_OF_TEN = 1.645
"""Standard deviations to either side that hold nine of ten draws of a normal law."""
ENDS = ("low", "high")
OTHER = "hazard_other_levels"
COLUMNS = {"rate": ("annual_rate_default", "annual_rate_{}"), "loss": ("loss_ratio", "loss_{}")}


def median_ends(sigma: float) -> tuple[float, float]:
    """Return the factors on a median at both ends of its law; ``sigma`` of its logarithm."""
    reach = float(np.exp(NINE_OF_TEN * sigma))
    return 1 / reach, reach


def with_medians(parameters: RiskParameters, factor: float, building_type: int | None = None) -> RiskParameters:
    """Return the parameters with all medians times ``factor``, or those of one type; V of model F3 moves with them.

    V moves by ``glosi.macroseismic_step`` log2(1/factor) / log2(1.6), as it does for weaknesses (method 14a).
    """
    at = slice(None) if building_type is None else slice(building_type, building_type + 1)
    medians = {model: values.copy() for model, values in parameters.medians.items()}
    for values in medians.values():
        values[at] *= factor
    index = parameters.vulnerability_index.copy()
    index[at] += macroseismic_step(factor, parameters)
    return replace(parameters, medians=medians, vulnerability_index=index)


def with_hazard(tables: ParameterTables, hazard: str, what: str, end: str) -> RiskParameters:
    """Return the parameters with the rates or the losses of one hazard at an end of their ranges, at all its levels.

    Args:
        hazard: As the table names it, in small letters. ``what``: rate or loss. ``end``: one of ``ENDS``.

    A low rate of 0 counts as ``uncertainty.zero_rate_share`` of the high one (method 8).
    """
    default, pattern = COLUMNS[what]
    share = next(float(row["default"]) for row in tables.rows["method_constants"]
                 if row["name"] == "uncertainty.zero_rate_share")  # fmt: skip
    changed = [
        {**row, default: _end(row, pattern, end, share)} if row["hazard"].lower() == hazard else row
        for row in tables.rows[OTHER]
    ]
    return parameters_of(ParameterTables({**tables.rows, OTHER: changed}, tables.sha256))


def _end(row: Mapping[str, str], pattern: str, end: str, zero_share: float) -> str:
    value = row[pattern.format(end)]
    if end == "low" and pattern.startswith("annual") and float(value) == 0:
        return repr(zero_share * float(row[pattern.format("high")]))
    return value


def status_of(rows: list[dict[str, str]]) -> str:
    """Return the status of rows together, the least firm one: proposal, recalled, computed here or verified."""
    texts: list[Any] = [row["status"].lower() for row in rows]
    if not texts:
        raise InvalidParameterError("no rows")
    firm = [text for text in texts if text.startswith(("verified", "median verified", "source median verified"))]
    if len(firm) == len(texts):
        return "verified"
    if any("proposal" in text for text in texts if text not in firm):
        return "proposal"
    return "recalled" if any("recalled" in text for text in texts) else "computed here"
