"""What moves each score of a run: its kit ranked again with one value at a time at both ends of its stated range."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.index import Priorities
from app.prioritisation.ranking import rank_schools
from app.prioritisation.swings import Swing, largest, ledger
from app.risk.errors import RiskError
from app.risk.parameters import RiskParameters, parameters_of
from app.workflows import kit_inputs, ranking_scores
from app.workflows.prior_swings import PRIOR, RATE, TYPES, with_types, without_rates
from app.workflows.reproduce_kit import Rule, rule_of
from app.workflows.table_swings import count_of, swings_of_tables
from geodata.readers.parameter_tables import ParameterTables, parameter_tables

if TYPE_CHECKING:
    from app.prioritisation.scheme import Scheme
    from app.workflows.kit_format import Kit

FloatArray = NDArray[np.float64]
MOVING = (
    "seismic.",
    "soil.",
    "glosi.",
    "casualty.",
    "occupancy.",
    "landslide.",
    "replacement.",
    "conformity.",
    "priority.",
)
"""Constants behind a score; others decide money, words or draws."""
MODELS = "model_weight."
OF_ANSWERS = "conformity."
MISSING, WEIGHT = "missing", "weight"


@dataclass(slots=True)
class Base:
    """A run as its kit gives it again."""

    schools: Any
    assessed: ranking_scores.Assessed
    ranked: ranking_scores.Ranked
    types: set[int]
    """Positions of the known types of its buildings; the unknown type is a mean of all, so that all move it."""

    @property
    def points(self) -> FloatArray:
        """The published points, by school in the order of codes."""
        return self.ranked.priorities.central


def swings_of(kit: Kit, report: Callable[[float], None] = lambda _done: None) -> tuple[list[str], Base, list[Swing]]:
    """Return the codes of a run's schools, the run itself, and every swing that moves one of them.

    A weight of a model is moved with the other two in proportion, so that their sum stays 1; so is a weight of the
    scheme. An unknown part of a school goes from 0 to its whole weight, and no other school with it.

    Raises:
        KitRefusedError, KeyError, ValueError: The kit cannot be read. Errors of ``rule_of``.
    """
    rule = rule_of(kit)
    prefix = "parameters/"
    tables = parameter_tables(
        {name.removeprefix(prefix): body for name, body in kit.files.items() if name.startswith(prefix)}
    )
    base = _rank(kit, rule, None)
    rows = [row for row in tables.rows["method_constants"] if _moves(row)]
    types, hazards = base.types, set(rule.scheme.hazards)
    steps, found = len(rows) + count_of(types, hazards), []
    for row in rows:
        found.append(_of_constant(kit, rule, tables, row, base))
        report(len(found) / steps)

    def rank(changed: RiskParameters) -> ranking_scores.Ranked:
        return _rank(kit, Rule(kit, rule.scheme, changed), base.assessed).ranked

    for swing in swings_of_tables(rank, rule.parameters, tables, types, hazards, lambda points: _alone(points, base)):
        found.append(swing)
        report(min(len(found) / steps, 1.0))
    found += [*_of_weights(rule.scheme, tables, base), *_of_unknown(rule.scheme, base), _of_types(kit, rule, base)]
    moved = [one for one in found if one is not None and _is_felt(one, base.points)]
    return [row["code"] for row in _school_rows(kit)], base, moved


def _school_rows(kit: Kit) -> list[dict[str, str]]:
    from app.workflows.kit_facts import SCHOOLS, rows_in

    return rows_in(kit, SCHOOLS)


def _moves(row: dict[str, str]) -> bool:
    try:
        low, high = float(row["low"]), float(row["high"])
    except ValueError:
        return False
    return low < high and row["name"].startswith((*MOVING, MODELS))


def _is_felt(swing: Swing, points: FloatArray) -> bool:
    return bool(max(np.abs(swing.points_low - points).max(), np.abs(swing.points_high - points).max()) > 1e-9)


def _rank(
    kit: Kit, rule: Rule, assessed: ranking_scores.Assessed | None, change: Callable[[Any], Any] = lambda found: found
) -> Base:
    """Rank a kit; ``change``: what is done to its buildings first."""
    parameters = rule.parameters
    day = date.fromisoformat(str(kit.canonical["data_date"]))
    schools = kit_inputs.schools_of(kit, day, parameters)
    buildings = change(kit_inputs.buildings_of(kit, schools, parameters))
    hazards = kit_inputs.hazards_of(kit, schools, buildings, parameters)
    if assessed is None:
        edition = kit_inputs.edition_of(kit, parameters)
        assessed = kit_inputs.assessed_of(kit, edition, schools, buildings, parameters)
    ranked = ranking_scores.rank(schools, buildings, hazards, assessed, rule.scheme, parameters)
    count, found = len(parameters.types), set(buildings.columns["type"].tolist())
    return Base(schools, assessed, ranked, set(range(count)) if count in found else found)


def _of_constant(kit: Kit, rule: Rule, tables: ParameterTables, row: dict[str, str], base: Base) -> Swing | None:
    """Return the swing of one constant; None where one end is refused, so that nothing can be said."""
    name, ends = row["name"], (float(row["low"]), float(row["high"]))
    answers = None if name.startswith(OF_ANSWERS) else base.assessed
    status, kit = (PRIOR, without_rates(kit)) if name == RATE else (row["status"], kit)
    try:
        low, high = (
            _rank(kit, Rule(kit, rule.scheme, parameters_with(tables, name, value)), answers).ranked for value in ends
        )
    except RiskError:
        return None
    return Swing(name, status, *ends, low.priorities.central, high.priorities.central, low.national, high.national)


def _of_types(kit: Kit, rule: Rule, base: Base) -> Swing:
    """Return the swing of the types that nobody knows: at the best and the worst that each building may be."""
    ends = []
    for worst in (False, True):
        moved = _rank(kit, rule, base.assessed, partial(with_types, parameters=rule.parameters, worst=worst))
        ends.append(moved.points)
    low, high = ends
    return Swing(TYPES, PRIOR, np.nan, np.nan, low, high, _alone(low, base), _alone(high, base))


def parameters_with(tables: ParameterTables, name: str, value: float) -> RiskParameters:
    """Return the parameters with one constant changed; weights of models keep the sum 1.

    Raises:
        RiskError: The table says what cannot be.
    """
    rows = tables.rows["method_constants"]
    others = [row for row in rows if row["name"].startswith(MODELS) and row["name"] != name]
    left = sum(float(row["default"]) for row in others)
    changed = []
    for row in rows:
        if row["name"] == name:
            changed.append({**row, "default": repr(value)})
        elif name.startswith(MODELS) and row["name"].startswith(MODELS):
            share = float(row["default"]) / left if left else 1 / len(others)
            changed.append({**row, "default": repr((1 - value) * share)})
        else:
            changed.append(row)
    return parameters_of(ParameterTables({**tables.rows, "method_constants": changed}, tables.sha256))


def _of_weights(scheme: Scheme, tables: ParameterTables, base: Base) -> Iterator[Swing]:
    bounds = {row["id"]: row for row in tables.rows["criteria_weights"]}
    weights = scheme.weight_array
    for number, code in enumerate(scheme.factors):
        least, most = (float(bounds[code][column]) for column in ("weight_min", "weight_max"))
        found = [_reweighed(scheme, weights, number, value, base) for value in (least, most)]
        yield Swing(f"{WEIGHT}.{code}", "proposal", least, most, found[0][0], found[1][0], found[0][1], found[1][1])


def _reweighed(
    scheme: Scheme, weights: FloatArray, number: int, value: float, base: Base
) -> tuple[FloatArray, NDArray[np.int64]]:
    others = np.delete(weights, number).sum()
    moved = np.where(np.arange(len(weights)) == number, value, weights * (1 - value) / others)
    points = np.round(100 * (_values(base.ranked.priorities, scheme) @ moved), 9)
    return points, _ranks(points, base)


def _values(found: Priorities, scheme: Scheme) -> FloatArray:
    """Return v of each factor, with what the run took for an unknown one."""
    return np.asarray(found.contribution / (100 * scheme.weight_array))


def _ranks(points: FloatArray, base: Base) -> NDArray[np.int64]:
    risk = base.ranked.school_risk
    return rank_schools(points, risk.individual_risk[:, 0], risk.equivalent_fatalities[:, 0])


def _of_unknown(scheme: Scheme, base: Base) -> Iterator[Swing]:
    """Yield the swing of each part that is unknown at a school; where it is known nothing moves."""
    found = base.ranked.priorities
    for number, code in enumerate(scheme.factors):
        unknown, most = ~found.known[:, number], 100 * float(scheme.weights[number])
        if not unknown.any():
            continue
        low = np.where(unknown, found.central - found.contribution[:, number], found.central)
        high = np.where(unknown, low + most, found.central)
        yield Swing(f"unknown.{code}", MISSING, np.nan, np.nan, low, high, _alone(low, base), _alone(high, base))


def _alone(points: FloatArray, base: Base) -> NDArray[np.int64]:
    """Return the rank of each school if it alone had other points."""
    others = np.sort(base.points)
    above = len(others) - np.searchsorted(others, points, side="right")
    was_above = base.points > points
    rank = above - was_above + 1
    return np.where(points == base.points, base.ranked.national, rank).astype(np.int64)


def rows_of(kit: Kit, ids: dict[str, int], report: Callable[[float], None]) -> list[dict[str, Any]]:
    """Return the rows of a run's ledger: the largest swings of each school, and by status how far all can pull."""
    codes, base, swings = swings_of(kit, report)
    found: list[dict[str, Any]] = []
    for placed in largest(swings, base.points):
        one, school = swings[placed.swing], placed.school
        found.append(
            {
                "school_id": ids[codes[school]],
                "place": placed.place,
                "name": one.name,
                "status": one.status,
                "low": _or_none(one.low),
                "high": _or_none(one.high),
                "points_low": float(one.points_low[school]),
                "points_high": float(one.points_high[school]),
                "rank_low": int(one.rank_low[school]),
                "rank_high": int(one.rank_high[school]),
            }
        )
    for status, (down, up) in ledger(swings, base.points).items():
        found += [
            {
                "school_id": ids[code], "place": 0, "name": status, "status": status, "low": None, "high": None,
                "points_low": float(down[row]), "points_high": float(up[row]), "rank_low": None, "rank_high": None,
            }
            for row, code in enumerate(codes)
        ]  # fmt: skip
    return found


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
