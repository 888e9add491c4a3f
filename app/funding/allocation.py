"""The best plan for a budget, proven by HiGHS, and made unique by breaking its ties (method 10).

One binary variable a bundle. Money stands in the rows in thousand som, so that the solver's tolerance stays below one
som for any budget of the country; the plan is summed again in whole som, and one that overspends is never returned.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.funding.core import price_losses
from app.funding.errors import InfeasibleError, SolverStoppedError
from app.funding.portfolio import NO_LIMIT, THOUSAND_SOM, FloatArray, IntArray, Offers, Plan, Rules, plan_of
from app.funding.preview import Preview, floors_met, preview

TIE_TOLERANCE = 1e-6
"""Relative: plans whose benefit differs by less are equally good; the cheapest of them is taken."""

FEASIBILITY = 1e-9
LARGEST_OBJECTIVE = 1_000.0
ROUNDING = 1e-9
"""Relative: what sums of benefits lose in binary fractions."""

KERNEL = 3_000
"""Bundles that lose least at the preview's prices; a good plan is found among them in seconds."""


@dataclass(slots=True)
class Program:
    """A linear program with rows ``low <= A x <= high``; columns are bundles, then one for each pair of regions."""

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


def allocate(
    offers: Offers, rules: Rules, rank: IntArray, *, gap: float = 1e-4, seconds: float = 60.0, seed: int = 0
) -> Plan:
    """Return the plan of most benefit under the rules; ties go to the cheapest, then to the higher ranks.

    Args:
        rank: Rank of each school in the run that the plan rests on, 1 = first.
        gap: Relative gap that counts as proven. ``seconds``: time for each of the three steps.

    Raises:
        InfeasibleError: With a smallest set of rules that conflict.
        SolverStoppedError: No plan was found in time.
    """
    quick = _start(offers, rules)
    if quick is None or rules.gini_most is not None:
        found = _solve_core(offers, np.arange(len(offers)), rules, quick, gap=gap, seconds=seconds, seed=seed)
        if found is None:
            from app.funding.conflict import smallest_conflict

            raise InfeasibleError(smallest_conflict(offers, rules))
        return _unique(offers, rules, found, rank, seconds=seconds, seed=seed)
    losses, bound = price_losses(offers, rules, quick.shadow_price, quick.region_price)
    plan = replace(quick.plan, bound=min(bound, quick.plan.bound))
    nearest = np.sort(np.argsort(losses, kind="stable")[:KERNEL])
    for rows in (nearest, None):
        if plan.gap <= gap:
            break
        kept = _near(losses, bound, plan.benefit) if rows is None else rows
        better = _solve_core(offers, kept, rules, plan, gap=gap, seconds=seconds, seed=seed)
        if better is not None and better.benefit >= plan.benefit:
            plan = replace(better, bound=min(plan.bound, better.bound if rows is None else plan.bound))
    proven = plan.gap <= gap
    plan = replace(plan, is_proven=proven, status="optimal" if proven else "time limit")
    near = _near(losses, bound, plan.benefit * (1 - TIE_TOLERANCE))
    return _unique(offers, rules, plan, rank, rows=near, seconds=seconds, seed=seed)


def _near(losses: FloatArray, bound: float, known: float) -> IntArray:
    """Return the rows that a plan of at least ``known`` benefit may hold; ``bound`` belongs to the same prices."""
    return np.flatnonzero(losses <= bound - known + ROUNDING * abs(bound))


def _start(offers: Offers, rules: Rules) -> Preview | None:
    """Return the preview where it keeps every rule but the evenness, else None."""
    try:
        quick = preview(offers, rules)
    except InfeasibleError:
        return None
    return quick if floors_met(offers, rules, quick.plan).all() else None


def _solve_core(
    offers: Offers, kept: IntArray, rules: Rules, start: Plan | Preview | None, *, gap: float, seconds: float, seed: int
) -> Plan | None:
    """Return the best plan among some rows of the offers, None where no plan keeps the rules."""
    core = _only(offers, kept)
    program = build(core, rules)
    known = start.plan if isinstance(start, Preview) else start
    hint = None if known is None else np.isin(kept, known.chosen).astype(float)
    first = solve(program, -core.benefit, gap=gap, seconds=seconds, seed=seed, hint=hint)
    if first.status == "infeasible":
        return None
    if first.values is None:
        if known is None or rules.gini_most is not None:
            raise SolverStoppedError(first.status)
        return known
    chosen = _chosen(first.values, program)
    plan = plan_of(core, chosen, -first.bound, is_proven=first.status == "optimal", status=first.status)
    _check(plan, rules)
    return replace(plan, chosen=kept[plan.chosen])


def _only(offers: Offers, rows: IntArray) -> Offers:
    return Offers(
        offers.school[rows], offers.cost_som[rows], offers.benefit[rows], offers.is_safety[rows], offers.schools
    )


def build(offers: Offers, rules: Rules) -> Program:
    """Return the program of one year: one bundle a school, budget, floors, ceilings, Gini limit, must-act schools."""
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
    program: Program, objective: FloatArray, *, gap: float, seconds: float, seed: int, hint: FloatArray | None = None
) -> Solved:
    """Minimise ``objective`` over the bundles; the same program, gap and seed give the same, unless time runs out.

    ``hint``: a plan to start from, 0 or 1 for each bundle.
    """
    import highspy

    with _without_banner():
        solver = highspy.Highs()
    for name, value in {
        "output_flag": False, "threads": 1, "random_seed": seed, "time_limit": seconds, "mip_rel_gap": gap,
        "mip_abs_gap": 0.0, "mip_feasibility_tolerance": FEASIBILITY, "primal_feasibility_tolerance": FEASIBILITY,
    }.items():  # fmt: skip
        solver.setOptionValue(name, value)
    largest = float(np.abs(objective).max(initial=0.0)) or 1.0
    scale = LARGEST_OBJECTIVE / largest  # benefits are fractions of a country's total: far below the tolerances
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


def _model(program: Program, objective: FloatArray, highspy: Any) -> Any:
    model = highspy.HighsLp()
    extra = program.columns - program.integers
    model.num_col_, model.num_row_ = program.columns, len(program.rows)
    model.col_cost_ = np.concatenate([objective, np.zeros(extra)])
    model.col_lower_ = np.zeros(program.columns)
    model.col_upper_ = np.concatenate([np.ones(program.integers), np.full(extra, np.inf)])
    model.row_lower_ = np.array([row[2] for row in program.rows])
    model.row_upper_ = np.array([row[3] for row in program.rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[0]) for row in program.rows])]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([row[0] for row in program.rows]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([row[1] for row in program.rows])
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger] * program.integers + [kinds.kContinuous] * extra
    return model


def _chosen(values: FloatArray, program: Program) -> IntArray:
    return np.flatnonzero(values[: program.integers] > 0.5)


def _check(plan: Plan, rules: Rules) -> None:
    if plan.cost_som > rules.budget_som:
        raise SolverStoppedError(f"the solver's plan costs {plan.cost_som - rules.budget_som} som too much")


def _unique(
    offers: Offers,
    rules: Rules,
    plan: Plan,
    rank: IntArray,
    *,
    rows: IntArray | None = None,
    seconds: float,
    seed: int,
) -> Plan:
    """Return the cheapest plan of (nearly) the same benefit, of those the one with the highest ranks."""
    kept = np.arange(len(offers)) if rows is None else rows
    core = _only(offers, kept)
    program, everything = build(core, rules), np.arange(len(core))
    scale = plan.benefit or 1.0
    program.add(everything, core.benefit / scale, plan.benefit / scale - TIE_TOLERANCE, np.inf)
    hint = np.isin(kept, plan.chosen).astype(float)
    cheapest = solve(program, core.cost_som / THOUSAND_SOM, gap=0.0, seconds=seconds, seed=seed, hint=hint)
    if cheapest.values is None:
        return plan
    best = _same(offers, plan, kept[_chosen(cheapest.values, program)])
    if cheapest.status != "optimal":
        return best
    program.add(everything, core.cost_som / THOUSAND_SOM, 0.0, (best.cost_som + 0.5) / THOUSAND_SOM)
    hint = np.isin(kept, best.chosen).astype(float)
    ranks = rank[core.school].astype(np.float64)
    ranked = solve(program, ranks, gap=0.0, seconds=seconds, seed=seed, hint=hint)
    if ranked.values is None:
        return best
    made = _same(offers, plan, kept[_chosen(ranked.values, program)])
    return replace(made, is_unique=ranked.status == "optimal")


def _same(offers: Offers, plan: Plan, chosen: IntArray) -> Plan:
    return plan_of(offers, chosen, plan.bound, is_proven=plan.is_proven, status=plan.status)
