"""Scoring answers, risk and ranks: the rules on synthetic arrays, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from app.assessment.grades import Cuts
from app.assessment.schools import score_all
from app.assessment.standard import Standard
from app.prioritisation.factors import SchoolFacts
from app.prioritisation.index import measure_factors, prioritise
from app.prioritisation.ranking import rank_bounds, rank_schools, rank_within
from app.prioritisation.scheme import load_scheme
from app.risk.building_risk import BuildingInputs, assess_buildings, assess_schools
from app.risk.parameters import default_parameters
from scripts.benches import SIZES, Figure, bench, best_of

CRITERIA = 119
UNKNOWN_SHARE = 0.1
CUTS = Cuts(0.6, 30.0, 60.0, 85.0)
BLOCK = 20_000
"""Schools whose answers are scored at a time, as in a ranking."""


@bench("scoring")
def scoring(n: int) -> Iterator[Figure]:
    """Priorities and ranks of n schools beside bare numpy, their annual risk, and indices of 119 answers."""
    rng = np.random.default_rng(n)
    facts, scheme = _facts(n, rng), load_scheme("default")
    area = rng.integers(0, 500, n)

    def score_and_rank() -> None:
        made = prioritise(facts, scheme)
        national = rank_schools(made.central, facts.individual_risk[:, 0], facts.equivalent_fatalities[:, 0])
        rank_bounds(made.lower, made.upper)
        rank_within(area, national)

    times = 5 if n < SIZES[-1] else 2
    columns = np.ascontiguousarray(np.moveaxis(measure_factors(facts, scheme.factors), 1, 0))
    ours, bare = best_of(times, score_and_rank), best_of(times, lambda: _bare(columns, scheme))
    yield Figure(
        "score and rank with bounds, parts and ranks within areas", n, ours,
        peer="bare numpy: values, three sums, one sort, bounds", ratio=round(ours / bare, 2),
        goal="<= 1.5 x bare numpy", details={"peer_seconds": round(bare, 6)},
    )  # fmt: skip
    yield Figure("annual risk of the buildings (1 a school)", n, best_of(1, lambda: _risk(n, rng)))
    yield Figure(f"conformity of {CRITERIA} answers a building, in blocks", n, best_of(1, lambda: _conformity(n, rng)))


def _triple(values: Any, rng: np.random.Generator) -> Any:
    """Return central, lower and upper of ``values``; a tenth is unknown."""
    values[rng.random(len(values)) < UNKNOWN_SHARE] = np.nan
    return np.stack([values, values * 0.8, values * 1.2], axis=1)


def _facts(n: int, rng: np.random.Generator) -> SchoolFacts:
    return SchoolFacts(
        individual_risk=_triple(10 ** rng.uniform(-7, -4, n), rng),
        equivalent_fatalities=_triple(10 ** rng.uniform(-5, -2, n), rng),
        loss_ratio=_triple(10 ** rng.uniform(-4, -2, n), rng),
        index=_triple(rng.uniform(0, 80, n), rng),
        completeness=np.full(n, 0.9),
        basic_deficiency=_triple(rng.uniform(0, 0.8, n), rng),
        basic_completeness=np.full(n, 0.9),
        pupils=rng.integers(20, 2_000, n).astype(float),
        seats=rng.integers(20, 2_000, n).astype(float),
        minutes_to_alternative=np.full(n, np.nan),
        poverty_index=rng.uniform(0.1, 0.5, n),
    )


def _bare(x: Any, scheme: Any) -> None:
    """Do the least that such a ranking must: the value of each factor, three sums, one sort, the bounds of ranks.

    Unknown values take their numbers: sums that are NaN would cost nothing to sort.
    """
    values = np.stack([function(x[column]) for column, function in enumerate(scheme.functions)])
    values = np.where(np.isnan(values), (0.5, 0.0, 1.0), values)
    central, low, high = (np.einsum("f,fn->n", scheme.weight_array, values[:, :, bound]) for bound in range(3))
    np.argsort(-central)
    for one, other in ((low, high), (high, low)):
        np.searchsorted(np.sort(one), np.sort(other))


def _risk(n: int, rng: np.random.Generator) -> None:
    parameters = default_parameters()
    inputs = BuildingInputs(
        building_type=rng.integers(0, len(parameters.types) + 1, n),
        modifiers=np.zeros(n, dtype=np.int64),
        a475_g=rng.uniform(0.1, 0.5, n),
        levels={},
        counted=("earthquake",),
        persons=rng.uniform(20, 500, n),
        presence=np.full(n, 0.15),
    )
    risk = assess_buildings(inputs, parameters)
    assess_schools(np.arange(n), risk, np.ones(n), np.ones(n), n)


def _conformity(n: int, rng: np.random.Generator) -> None:
    standard = Standard(
        codes=tuple(f"K{number}" for number in range(CRITERIA)),
        weight=np.ones(CRITERIA),
        cap=np.where(np.arange(CRITERIA) < 20, 40.0, np.nan),
        domain=tuple(f"D{number % 10}" for number in range(CRITERIA)),
        group=("physical",) * CRITERIA,
    )
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        codes = rng.integers(0, 5, (size, CRITERIA)).astype(np.int8)
        score_all(codes, codes > 0, np.arange(size), np.ones(size), size, standard, CUTS)
