"""The mixed-integer program of an allocation and its solver, HiGHS (method 10).

One binary variable a bundle. Money stands in the rows in thousand som, so that the solver's tolerance stays below one
som for any budget of the country.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.funding.portfolio import NO_LIMIT, THOUSAND_SOM, FloatArray, IntArray, Offers, Rules

FEASIBILITY = 1e-9
LARGEST_OBJECTIVE = 1_000.0


@dataclass(slots=True)
class Program:
    """A program with rows ``low <= A x <= high``; columns are bundles, then one for each pair of regions."""

    columns: int
    integers: int
    rows: list[tuple[IntArray, FloatArray, float, float]]
    """Each row: columns, coefficients, low, high."""

    def add(self, columns: IntArray, values: FloatArray, low: float, high: float) -> None:
        """Add one row."""
        self.rows.append((columns.astype(np.int32), values.astype(np.float64), low, high))


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver says: ``None`` values where it found none."""

    values: FloatArray | None
    bound: float
    status: str


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The linear relaxation: its value, what each bundle loses against it, and ``optimal``, or why there is none."""

    bound: float
    losses: FloatArray
    status: str


def build(offers: Offers, rules: Rules) -> Program:
    """Return the program: one bundle a school, budget, floors, ceilings, must-act schools, limits, Gini limit."""
    regions = len(rules.pupils)
    pairs = regions * (regions - 1) // 2 if rules.gini_most is not None else 0
    program = Program(columns=len(offers) + pairs, integers=len(offers), rows=[])
    cost = offers.cost_som / THOUSAND_SOM
    everything = np.arange(len(offers))
    for columns in np.split(everything, np.flatnonzero(np.diff(offers.school)) + 1):
        program.add(columns, np.ones(len(columns)), 0.0, 1.0)
    program.add(everything, cost, 0.0, rules.budget_som / THOUSAND_SOM)
    region = rules.region[offers.school]
    for number in range(regions):
        floor, ceiling = int(rules.floor_som[number]), int(rules.ceiling_som[number])
        if floor > 0 or ceiling < NO_LIMIT:
            inside = np.flatnonzero(region == number)
            high = ceiling / THOUSAND_SOM if ceiling < NO_LIMIT else np.inf
            program.add(inside, cost[inside], floor / THOUSAND_SOM, high)
    for school in rules.must_act.tolist():
        safe = np.flatnonzero((offers.school == school) & offers.is_safety)
        program.add(safe, np.ones(len(safe)), 1.0, np.inf)
    for limit in rules.limits:
        unit = THOUSAND_SOM if limit.is_money else 1.0
        columns = np.flatnonzero(limit.weight)
        high = limit.high / unit if limit.high < NO_LIMIT else np.inf
        program.add(columns, limit.weight[columns] / unit, limit.low / unit, high)
    if rules.gini_most is not None:
        _limit_gini(program, offers, rules, cost, region)
    return program


def _limit_gini(program: Program, offers: Offers, rules: Rules, cost: FloatArray, region: IntArray) -> None:
    """Add ``d_gh >= |p_h s_g - p_g s_h|`` and ``sum d_gh <= G P S``; exact, no approximation."""
    pupils = rules.pupils / rules.pupils.sum()
    column = len(offers)
    for g in range(len(pupils)):
        for h in range(g + 1, len(pupils)):
            inside = np.flatnonzero((region == g) | (region == h))
            weight = np.where(region[inside] == g, pupils[h], -pupils[g]) * cost[inside]
            for sign in (1.0, -1.0):
                columns, values = np.append(inside, column), np.append(sign * weight, -1.0)
                program.add(columns, values, -np.inf, 0.0)
            column += 1
    columns = np.arange(program.columns)
    values = np.concatenate([-float(rules.gini_most or 0.0) * cost, np.ones(program.columns - len(offers))])
    program.add(columns, values, -np.inf, 0.0)


def solve(
    program: Program, objective: FloatArray, *, gap: float, seconds: float, seed: int, hint: FloatArray | None = None,
    target: float = -np.inf,
) -> Solved:  # fmt: skip
    """Minimise ``objective`` over the bundles; the same program, gap and seed give the same, unless time runs out.

    ``hint``: a plan to start from, 0 or 1 for each bundle. ``target``: a value that is good enough to stop at.
    """
    import highspy

    scale = _scale(objective)
    options = {"random_seed": seed, "time_limit": seconds, "mip_rel_gap": gap, "mip_abs_gap": 0.0}
    options |= {"mip_feasibility_tolerance": FEASIBILITY}
    solver = _solver(options if target == -np.inf else options | {"objective_target": scale * target})
    solver.passModel(_model(program, scale * objective, highspy))
    if hint is not None and program.columns == program.integers:
        solution = highspy.HighsSolution()
        solution.col_value = hint.tolist()
        solver.setSolution(solution)
    solver.run()
    status = solver.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Solved(None, np.inf, "infeasible")
    information = solver.getInfo()
    found = information.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.asarray(solver.getSolution().col_value) if found else None
    word = "optimal" if status == highspy.HighsModelStatus.kOptimal else "time limit"
    return Solved(values, float(information.mip_dual_bound) / scale, word)


def relax(program: Program, objective: FloatArray, *, seconds: float, seed: int = 0) -> Relaxed:
    """Minimise ``objective`` where bundles may be taken in part: a bound of every plan, and what each bundle loses.

    A plan with a bundle is worse than the bound by that bundle's loss at least (its reduced cost). ``bound`` is the
    smallest value of the objective; minus infinity and no losses where time ran out.
    """
    import highspy

    scale = _scale(objective)
    solver = _solver({"time_limit": seconds, "random_seed": seed})
    solver.passModel(_model(program, scale * objective, highspy, is_relaxed=True))
    solver.run()
    status = solver.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Relaxed(np.inf, np.zeros(program.integers), "infeasible")
    if status != highspy.HighsModelStatus.kOptimal:
        return Relaxed(-np.inf, np.zeros(program.integers), "time limit")
    prices = np.maximum(np.asarray(solver.getSolution().col_dual)[: program.integers], 0.0) / scale
    return Relaxed(float(solver.getInfo().objective_function_value) / scale, prices, "optimal")


def _scale(objective: FloatArray) -> float:
    """Return the factor that lifts benefits, fractions of a country's total, far above the tolerances."""
    return LARGEST_OBJECTIVE / (float(np.abs(objective).max(initial=0.0)) or 1.0)


def _solver(options: dict[str, Any]) -> Any:
    import highspy

    with _without_banner():
        solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "primal_feasibility_tolerance": FEASIBILITY}.items():
        solver.setOptionValue(name, value)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


@contextmanager
def _without_banner() -> Iterator[None]:
    """Keep the two lines that the library prints when it is made out of what programs read."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _model(program: Program, objective: FloatArray, highspy: Any, *, is_relaxed: bool = False) -> Any:
    model = highspy.HighsLp()
    extra = program.columns - program.integers
    model.num_col_, model.num_row_ = program.columns, len(program.rows)
    model.col_cost_ = np.concatenate([objective, np.zeros(extra)])
    model.col_lower_ = np.zeros(program.columns)
    most = np.inf if is_relaxed else 1.0  # one bundle a school: its row keeps every bundle below one
    model.col_upper_ = np.concatenate([np.full(program.integers, most), np.full(extra, np.inf)])
    model.row_lower_ = np.array([row[2] for row in program.rows])
    model.row_upper_ = np.array([row[3] for row in program.rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[0]) for row in program.rows])]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([row[0] for row in program.rows]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([row[1] for row in program.rows])
    if not is_relaxed:
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger] * program.integers + [kinds.kContinuous] * extra
    return model
