"""How firm ranks are: draws of risk, answers and weights for the country, and weights alone with every rank."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.assessment.answer_draws import draw_answers
from app.assessment.standard import Standard
from app.prioritisation.scheme import load_scheme, weight_bounds
from app.prioritisation.stability import acceptability, draw_weights, rank_interval, ranks_of, room_for_ranks
from app.risk.parameters import default_parameters
from app.risk.risk_draws import RiskDraws, default_laws, draw_blocks
from app.risk.school_sums import SchoolSums
from scripts.benches import SIZES, Figure, bench, best_of
from scripts.benches.portfolio import BUILDINGS_A_SCHOOL, make_portfolio

CRITERIA, CRITICAL = 119, 20
REALISATIONS = 256
RISK_FACTORS = 3


@bench("robustness", sizes=(SIZES[0],))
def robustness(n: int) -> Iterator[Figure]:
    """Ranks of the country drawn 1,000 and 10,000 times, and the full acceptability of weights alone."""
    for draws, goal in ((1_000, "<= 6 s at the screen"), (10_000, "<= 60 s and <= 1 GB as a job")):
        seconds = best_of(1, lambda draws=draws: _draw(n, draws))  # type: ignore[misc]
        yield Figure(f"{draws} draws of risk, answers and weights", n, seconds, goal=goal)
    values = np.random.default_rng(n).random((n, len(load_scheme("default").factors)))

    def weights_alone() -> None:
        rng = np.random.default_rng(n)
        acceptability(values, draw_weights(rng, 10_000, *weight_bounds(load_scheme("default"))), pairwise=False)

    yield Figure(
        "10000 draws of weights alone, every rank of every school", n, best_of(1, weights_alone), goal="<= 3 s"
    )


def _draw(schools: int, draws: int) -> None:
    """Draw as ``app.workflows.robustness`` does, without its database."""
    inputs, school = make_portfolio(schools, round(schools * BUILDINGS_A_SCHOOL), schools)
    buildings, parameters, scheme = len(school), default_parameters(), load_scheme("default")
    rng = np.random.Generator(np.random.PCG64(schools))
    pupils = np.ones(buildings)
    index, deficiency = _answers(school, schools, pupils, draws, rng)
    sums = SchoolSums(school, pupils, np.full(buildings, 1e7), inputs.persons, inputs.presence, schools)
    risk = RiskDraws(inputs, sums, parameters, default_laws(), rng)
    weights = draw_weights(rng, draws, *weight_bounds(scheme))
    ranks, done = room_for_ranks(schools, draws), 0
    for size in draw_blocks(draws):
        chosen = rng.integers(0, index.shape[1], (size, schools))
        columns = [function(x).T for function, x in zip(scheme.functions, risk.next_block(size), strict=False)]
        columns += [1 - index.T[chosen, np.arange(schools)] / 100, deficiency.T[chosen, np.arange(schools)]]
        columns += [rng.random((size, schools)) for _ in range(len(scheme.factors) - len(columns))]
        rows = slice(done, done + size)
        ranks_of(np.einsum("df,fds->ds", weights[rows], np.stack(columns)), ranks[rows])
        done += size
    rank_interval(ranks, parameters["uncertainty.interval"])


def _answers(
    school: np.ndarray, schools: int, pupils: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    standard = Standard(
        codes=tuple(f"K{number}" for number in range(CRITERIA)),
        weight=np.full(CRITERIA, 3.0),
        cap=np.where(np.arange(CRITERIA) < CRITICAL, 25.0, np.nan),
        domain=tuple("WSH" if number % 5 == 0 else "STR" for number in range(CRITERIA)),
        group=("physical",) * CRITERIA,
    )
    codes = rng.choice([0, 1, 2, 3], (len(school), CRITERIA), p=[0.3, 0.1, 0.2, 0.4]).astype(np.int8)
    shared = np.arange(CRITERIA) % 2 == 0
    verified = np.zeros(codes.shape, dtype=bool)
    realisations = min(draws, REALISATIONS)
    return draw_answers(codes, verified, shared, school, pupils, schools, standard, 0.5, 0.8, realisations, rng)
