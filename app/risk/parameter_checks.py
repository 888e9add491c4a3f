"""What the parameter tables must not say: such a table is refused by table, row and value, never repaired."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.risk.errors import InvalidParameterError

FloatArray = NDArray[np.float64]
TOLERANCE = 1e-9

RANGES = (
    ("default", "low", "high"),
    ("annual_rate_default", "annual_rate_low", "annual_rate_high"),
    ("loss_ratio", "loss_low", "loss_high"),
    ("pga475_design_g", "pga475_low_g", "pga475_high_g"),
    ("weight_default", "weight_min", "weight_max"),
    ("V_most_likely", "V_least_plausible", "V_greatest_plausible"),
)
"""Columns that hold a value and the ends of its range."""
SHARES = (
    "occupancy.attendance", "occupancy.staff_per_pupil", "priority.unknown_value", "conformity.prior_pass_rate",
    "conformity.completeness", "conformity.unverified_trust", "conformity.room_share_partly", "area.coverage",
    "model_weight.", "glosi.vertical", "glosi.plan_", "glosi.poor", "glosi.flexible", "glosi.pounding", "glosi.floor",
    "casualty.", "confidence.width_", "uncertainty.label_", "uncertainty.interval", "uncertainty.top_share",
    "uncertainty.weight_step",
    "uncertainty.zero_rate_share", "cost.design", "cost.supervision", "cost.contingency", "objective.",
    "offer.retrofit_most", "plan.floor_share", "raters.least_agreement", "risk.individual_limit",
)  # fmt: skip
"""Beginnings of the constants that are shares or probabilities."""
POSITIVE = (
    "seismic.", "soil.", "glosi.", "occupancy.weeks", "occupancy.days", "occupancy.hours_", "replacement.",
    "macroseismic.", "motion.", "landslide.", "travel.", "uncertainty.factor_", "scenario.", "risk.",
)  # fmt: skip
"""Beginnings of the constants of which 0 has no meaning."""
ORDERS = (
    ("soil.I", "soil.II", "soil.III"),
    ("conformity.cut_critical", "conformity.cut_non_conforming", "conformity.cut_partly"),
    ("confidence.width_4", "confidence.width_3", "confidence.width_2"),
    ("uncertainty.label_contested", "uncertainty.label_likely", "uncertainty.label_robust"),
    ("seismic.grid_low_g", "seismic.grid_high_g"),
    ("motion.trace_g", "motion.least_greatest_g", "motion.doubtful_g", "motion.most_g"),
    ("uncertainty.factor_low", "uncertainty.factor_high"),
    ("p154.first_code_year", "p154.benchmark_year"),
)
"""Constants that rise from the first to the last."""


def refused(table: str, row: str, what: str, remedy: str) -> InvalidParameterError:
    """Return the error: which table, which row, what is wrong, what to do."""
    return InvalidParameterError(f"{table}.csv, row {row}: {what}; {remedy}")


def check_ranges(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Refuse a value outside its stated range, a range that is turned round, and what is no finite number.

    Raises:
        InvalidParameterError: See ``refused``.
    """
    for table, rows in tables.items():
        for value, low, high in RANGES:
            for row in rows if rows and value in rows[0] else ():
                found = [number_of(row.get(name, "")) for name in (value, low, high)]
                if found[0] is None:
                    continue
                name = " ".join(list(row.values())[:2]) if value != "default" else next(iter(row.values()))
                if not all(math.isfinite(one) for one in found if one is not None):
                    raise refused(table, name, f"{value} {row[value]} is no number", "state one")
                least, most = (found[0] if one is None else one for one in found[1:])
                if not least <= found[0] <= most:
                    what = f"{value} {row[value]} is not within its range {least:g} to {most:g}"
                    raise refused(
                        table, name, what, "correct the value, or state a range that holds it, with its source"
                    )


def number_of(text: str) -> float | None:
    """Return the number of a cell; None where it is empty or words."""
    try:
        return float(text)
    except ValueError:
        return None


def check_constants(constants: Mapping[str, float]) -> None:
    """Refuse constants that are negative, no share where one is needed, 0 without a meaning, or out of order.

    Raises:
        InvalidParameterError: See ``refused``.
    """
    table = "method_constants"
    for name, value in constants.items():
        if name.startswith(SHARES) and not 0 <= value <= 1:
            raise refused(table, name, f"{value:g} is no share from 0 to 1", "state it as a share, not in percent")
        if value < 0 or (value == 0 and name.startswith(POSITIVE)):
            raise refused(table, name, f"{value:g} is not above 0", "state the value of the source")
    for names in ORDERS:
        for lower, upper in itertools.pairwise(name for name in names if name in constants):
            is_same_allowed = lower.startswith("soil.")
            if constants[lower] > constants[upper] or (constants[lower] == constants[upper] and not is_same_allowed):
                what = f"{constants[upper]:g} does not lie above {constants[lower]:g} of {lower}"
                raise refused(table, upper, what, "put both in order")


def check_casualties(group: str, by_state: Mapping[str, FloatArray]) -> None:
    """Refuse shares of casualties outside 0..1, and a heavier state with fewer of them than a lighter one.

    ``by_state``: S1..S4 by state, from the lightest to the heaviest.
    """
    earlier = None
    for state, rates in by_state.items():
        row = f"{group} {state}"
        if not ((rates >= 0).all() and (rates <= 1).all() and rates.sum() <= 1 + TOLERANCE):
            told = ", ".join(f"{rate:g}" for rate in rates)
            raise refused(
                "casualty_rates", row, f"{told} are no shares of people", "state shares from 0 to 1, together 1 at most"
            )
        if earlier is not None and (rates < by_state[earlier]).any():
            raise refused("casualty_rates", row, f"fewer casualties than in {earlier}", "correct one of the two rows")
        earlier = state


def check_zones(motion: Mapping[int, float]) -> None:
    """Refuse motions of MSK zones (g) that are not positive and rising."""
    earlier = None
    for zone in sorted(motion):
        if not motion[zone] > 0 or (earlier is not None and motion[zone] <= motion[earlier]):
            what = f"{motion[zone]:g} g does not lie above that of the zone before it"
            raise refused("hazard_seismic_levels", str(zone), what, "state motions that rise from zone to zone, in g")
        earlier = zone


def check_depths(damage: FloatArray) -> None:
    """Refuse a curve of damage by depth (shape (points, 2)) that does not begin dry, rise in depth, or stay a share."""
    table = "hazard_flood_depth_damage"
    earlier = None
    for depth, loss in damage.tolist():
        row = f"{depth:g}"
        if not 0 <= loss <= 1:
            raise refused(table, row, f"{loss:g} is no share of the value", "state a share from 0 to 1")
        if earlier is None and (depth, loss) != (0, 0):
            raise refused(table, row, "the first row is not dry", "begin with depth 0 and loss 0")
        if earlier is not None and (depth <= earlier[0] or loss < earlier[1]):
            raise refused(table, row, "depth or loss falls from the row before", "put the rows in order of depth")
        earlier = depth, loss
    if earlier is None:
        raise refused(table, "1", "there is no row", "state the depths and their losses")


def check_fragility(
    medians: Mapping[str, FloatArray], betas: Mapping[str, FloatArray], types: Sequence[str], states: Sequence[str]
) -> None:
    """Refuse medians that are not positive and rising from state to state, and spreads that are not positive.

    Raises:
        InvalidParameterError: The message names model, type and states.
    """
    for model, values in medians.items():
        for row, name in zip(values, types, strict=True):
            for number, state in enumerate(states):
                if not row[number] > 0:
                    raise InvalidParameterError(f"fragility {model} {name}: the median of {state} is not positive")
                if number and row[number] <= row[number - 1]:
                    raise InvalidParameterError(
                        f"fragility {model} {name}: the median of {state}, {row[number]:g} g, is not above that of "
                        f"{states[number - 1]}, {row[number - 1]:g} g"
                    )
        bad = np.argwhere(~(betas[model] > 0))
        if len(bad):
            kind, state_number = bad[0]
            raise InvalidParameterError(f"fragility {model} {types[kind]}: beta of {states[state_number]} is no spread")


def check_shares(name: str, values: FloatArray) -> None:
    """Refuse shares outside 0..1, or falling from the lighter to the heavier state."""
    if (values < 0).any() or (values > 1).any():
        raise InvalidParameterError(f"{name}: a share lies outside 0 to 1")
    if (np.diff(values) < 0).any():
        raise InvalidParameterError(f"{name}: a heavier state has a smaller share than a lighter one")


def check_weights(name: str, weights: Sequence[float]) -> None:
    """Refuse weights that are negative or do not sum to 1."""
    if min(weights) < 0 or abs(sum(weights) - 1) > TOLERANCE:
        raise InvalidParameterError(f"{name}: the weights sum to {sum(weights):g}, not to 1, or one is negative")


def check_rates(hazard: str, table: Mapping[str, Sequence[float]]) -> None:
    """Refuse a hazard whose rates, losses or death shares are negative, or whose range does not hold its default.

    ``table``: by level (default rate, loss ratio, death share, low rate, high rate).
    """
    for level, (rate, loss, death, low, high) in table.items():
        if min(rate, loss, death, low) < 0 or max(loss, death) > 1:
            raise InvalidParameterError(f"hazard {hazard}, level {level}: a rate is negative or a share outside 0 to 1")
        if not low <= rate <= high:
            raise InvalidParameterError(f"hazard {hazard}, level {level}: the rate {rate:g} is not within its range")
