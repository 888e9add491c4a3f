"""CP-SAT of OR-Tools on the same offers and rules: the peer of the proven plan, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys

from app.funding.portfolio import Offers, Rules
from scripts.benches.place import FOLDER, say

FOLDER_OF_CPSAT = FOLDER / "cpsat"
WHOLE_BENEFIT = 10**9
"""CP-SAT counts in whole numbers: a benefit of 1 is so many."""

PEER = """
import json, sys, time
from importlib.metadata import version
from ortools.sat.python import cp_model

asked = json.load(sys.stdin)
start = time.perf_counter()
model = cp_model.CpModel()
taken = [model.new_bool_var("") for _ in asked["school"]]
of_school, of_region = {}, {}
for row, (school, region) in enumerate(zip(asked["school"], asked["region"])):
    of_school.setdefault(school, []).append(taken[row])
    of_region.setdefault(region, []).append(row)
for rows in of_school.values():
    model.add_at_most_one(rows)
cost = asked["cost_som"]
model.add(cp_model.LinearExpr.weighted_sum(taken, cost) <= asked["budget_som"])
for region, rows in of_region.items():
    spent = cp_model.LinearExpr.weighted_sum([taken[row] for row in rows], [cost[row] for row in rows])
    model.add(spent >= asked["floor_som"][region])
model.maximize(cp_model.LinearExpr.weighted_sum(taken, asked["benefit"]))
solver = cp_model.CpSolver()
solver.parameters.num_workers = asked["workers"]
solver.parameters.relative_gap_limit = asked["gap"]
solver.parameters.max_time_in_seconds = asked["seconds"]
status = solver.solve(model)
told = {"seconds": time.perf_counter() - start, "version": version("ortools"), "status": solver.status_name(status)}
told |= {"objective": solver.objective_value, "bound": solver.best_objective_bound}
json.dump(told, sys.stdout)
"""


def install() -> str:
    """Make the environment once; return "" or the reason why it cannot be had here."""
    if (FOLDER_OF_CPSAT / "complete").exists():
        return ""
    say(f"bench: installing ortools into {FOLDER_OF_CPSAT}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", str(FOLDER_OF_CPSAT)],
        [str(FOLDER_OF_CPSAT / "bin/python"), "-m", "pip", "install", "--quiet", "ortools"],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip().splitlines()[-1][:200]
    (FOLDER_OF_CPSAT / "complete").touch()
    return ""


def solve(offers: Offers, rules: Rules, gap: float, seconds: float, workers: int = 2) -> dict[str, float | str]:
    """Return seconds, status and gap of CP-SAT on the same problem; ``error`` where it cannot be had or run."""
    reason = install()
    if reason:
        return {"error": reason}
    asked = {
        "school": offers.school.tolist(),
        "region": rules.region[offers.school].tolist(),
        "cost_som": offers.cost_som.tolist(),
        "benefit": [round(WHOLE_BENEFIT * value) for value in offers.benefit.tolist()],
        "floor_som": rules.floor_som.tolist(),
        "budget_som": rules.budget_som,
        "gap": gap,
        "seconds": seconds,
        "workers": workers,
    }
    command = [str(FOLDER_OF_CPSAT / "bin/python"), "-c", PEER]
    done = subprocess.run(command, input=json.dumps(asked), check=False, capture_output=True, text=True)
    if done.returncode != 0:
        return {"error": (done.stderr or "no answer").strip().splitlines()[-1][:200]}
    told: dict[str, float | str] = json.loads(done.stdout)
    found, bound = float(told["objective"]), float(told["bound"])
    told["gap"] = round(max(0.0, 1 - found / bound), 6) if bound > 0 else 1.0
    told["benefit"] = found / WHOLE_BENEFIT
    return told
