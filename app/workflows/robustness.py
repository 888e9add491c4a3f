"""How firm the ranks of a run are: the rules drawn many times over what the run loaded (method 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.rivals import CutSums, Rivals, near_cut
from app.prioritisation.scheme import Scheme, weight_bounds
from app.prioritisation.stability import (
    LABELS,
    LabelCuts,
    RankArray,
    draw_weights,
    labels_of,
    probability_of_top,
    rank_interval,
    ranks_of,
    room_for_ranks,
)
from app.risk.building_risk import BuildingInputs
from app.risk.parameters import RiskParameters
from app.risk.risk_draws import RiskDraws, draw_blocks, laws_of
from app.risk.school_sums import SchoolSums
from app.workflows.draw_plan import DrawPlan
from app.workflows.factor_draws import FactorDraws, drawn_answers
from app.workflows.ranking_answers import BlockAnswers
from app.workflows.ranking_inputs import Buildings, Hazards, Schools
from app.workflows.ranking_scores import Edition, Ranked, building_inputs
from geodata.database import Session
from geodata.queries import rivals, robustness
from geodata.readers.parameter_tables import ParameterTables

TOLD = 20
"""How often the progress of the draws is told."""

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Report = Callable[[float], None]


@dataclass(slots=True)
class Robustness:
    """What the draws say of each school, in the order of the schools."""

    plan: DrawPlan
    low: IntArray
    high: IntArray
    p_top: FloatArray
    p_first: FloatArray
    p_above_next: FloatArray
    """NaN for the school of the last rank."""
    label: IntArray
    score_low: FloatArray
    score_high: FloatArray
    decided_by: IntArray  # index into the scheme's factors
    decided_share: FloatArray
    rivals: Rivals


class _Sums:
    """What is added up over the draws, without keeping scores."""

    def __init__(self, ranked: Ranked, factors: int) -> None:
        schools = len(ranked.national)
        self.order = np.argsort(ranked.national)
        self.wins = np.zeros(max(schools - 1, 0))
        self.score, self.square = np.zeros(schools), np.zeros(schools)
        self.part, self.product = (np.zeros((factors, schools)) for _ in range(2))
        self.drawn, self.drawn_square = np.zeros(schools), np.zeros(schools)
        self.draws = 0

    def add(self, scores: FloatArray, parts: FloatArray) -> None:
        """Add ``scores`` (draws, schools) under drawn weights and ``parts`` (factors, draws, schools) under fixed."""
        sorted_scores = scores[:, self.order]
        self.wins += (sorted_scores[:, :-1] > sorted_scores[:, 1:]).sum(axis=0)
        whole = parts.sum(axis=0)
        self.score += whole.sum(axis=0)
        self.square += (whole**2).sum(axis=0)
        self.part += parts.sum(axis=1)
        self.product += np.einsum("fds,ds->fs", parts, whole)
        self.drawn += scores.sum(axis=0)
        self.drawn_square += (scores**2).sum(axis=0)
        self.draws += len(scores)

    def spread(self, share: float) -> tuple[FloatArray, FloatArray]:
        """Return the range of the middle ``share`` of the scores, 0..100, by their mean and standard deviation."""
        from scipy.special import ndtri

        mean = self.drawn / self.draws
        deviation = np.sqrt(np.maximum(self.drawn_square / self.draws - mean**2, 0.0))
        reach = float(ndtri((1 + share) / 2)) * deviation
        return np.clip(mean - reach, 0.0, 100.0), np.clip(mean + reach, 0.0, 100.0)

    def deciding(self) -> tuple[IntArray, FloatArray]:
        """Return the factor whose part moves most with the score, and its share of the score's variance."""
        mean = self.score / self.draws
        variance = self.square / self.draws - mean**2
        shared = self.product / self.draws - self.part / self.draws * mean
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(variance > 1e-12, shared / variance, 0.0)
        chosen = np.argmax(share, axis=0)
        return chosen, np.clip(share[chosen, np.arange(len(mean))], 0.0, 1.0)


def draw_ranks(
    blocks: Iterable[BlockAnswers],
    edition: Edition,
    schools: Schools,
    buildings: Buildings,
    hazards: Hazards,
    ranked: Ranked,
    scheme: Scheme,
    parameters: RiskParameters,
    plan: DrawPlan,
    report: Report,
    tables: ParameterTables | None = None,
) -> Robustness:
    """Draw the list ``plan.draws`` times; the same inputs and the same seed give the same bytes.

    Args:
        blocks: What counts in the buildings. ``tables``: whose bounds of weights hold, None: those installed.

    Raises:
        TooManyDrawsError: The ranks would not fit into memory.
    """
    ranks = room_for_ranks(len(schools), plan.draws)
    rng = np.random.Generator(np.random.PCG64(plan.seed))
    inputs = building_inputs(schools, buildings, hazards, scheme, parameters)
    near = near_cut(ranked.national, plan.top, int(parameters["uncertainty.near_cut"]))
    values = FactorDraws(
        ranked, scheme, drawn_answers(blocks, edition, buildings, parameters, rng, plan.draws), rng,
        RiskDraws(inputs, _sums(buildings, inputs, len(schools)), parameters, laws_of(parameters), rng),
    )  # fmt: skip
    sums, done = _Sums(ranked, len(scheme.factors)), 0
    around = CutSums(near, plan.top, len(scheme.factors))
    weights = draw_weights(rng, plan.draws, *weight_bounds(scheme, tables))
    fixed = 100 * scheme.weight_array[:, None, None]
    for size in draw_blocks(plan.draws):
        rows = slice(done, done + size)
        drawn = values.next_block(size)
        scores = 100 * np.einsum("df,fds->ds", weights[rows], drawn)
        ranks_of(scores, ranks[rows])
        sums.add(scores, fixed * drawn)
        around.add(scores, ranks[rows], weights[rows])
        done += size
        if done * TOLD // plan.draws > (done - size) * TOLD // plan.draws:
            report(done / plan.draws)
    for size in draw_blocks(min(plan.draws, int(parameters["uncertainty.draws_confidence"]))):
        around.add_facts(values.next_block(size))
    return _summary(ranked, ranks, sums, around.summary(), plan, parameters)


def _summary(
    ranked: Ranked, ranks: RankArray, sums: _Sums, rivals: Rivals, plan: DrawPlan, parameters: RiskParameters
) -> Robustness:
    low, high = rank_interval(ranks, parameters["uncertainty.interval"])
    p_top = probability_of_top(ranks, plan.top)
    cuts = LabelCuts(*(parameters[f"uncertainty.label_{name}"] for name in ("robust", "likely", "contested")))
    above = np.full(len(low), np.nan)
    above[sums.order[:-1]] = sums.wins / plan.draws
    decided_by, decided_share = sums.deciding()
    score_low, score_high = sums.spread(parameters["uncertainty.interval"])
    return Robustness(
        plan=plan,
        # the published rank is one of those that are possible, whatever the draws say
        low=np.minimum(low, ranked.national),
        high=np.maximum(high, ranked.national),
        p_top=p_top,
        p_first=probability_of_top(ranks, 1),
        p_above_next=above,
        label=labels_of(p_top, cuts),
        score_low=score_low,
        score_high=score_high,
        decided_by=decided_by,
        decided_share=decided_share,
        rivals=rivals,
    )


def _sums(buildings: Buildings, inputs: BuildingInputs, schools: int) -> SchoolSums:
    return SchoolSums(
        buildings.school, buildings.share, buildings.replacement[:, 0], inputs.persons, inputs.presence, schools
    )


def store(session: Session, run_id: int, schools: Schools, scheme: Scheme, found: Robustness) -> None:
    """Store what the draws say, in the session's transaction."""
    mean = [float(one) for one in found.rivals.mean_weights]
    robustness.add_draws(session, run_id, found.plan.draws, found.plan.seed, found.plan.top, mean)
    columns = {
        "school_id": ("int8", schools.columns["id"]),
        "p_top": ("float8", found.p_top),
        "p_first": ("float8", found.p_first),
        "p_above_next": ("float8", found.p_above_next),
        "label": ("int2", found.label),
        "score_low": ("float8", found.score_low),
        "score_high": ("float8", found.score_high),
        "decided_by": ("int2", found.decided_by),
        "decided_share": ("float8", found.decided_share),
    }
    robustness.store_schools(session, run_id, columns, LABELS, scheme.factors)
    _store_rivals(session, run_id, schools.columns["id"], found.rivals)


def _store_rivals(session: Session, run_id: int, ids: IntArray, found: Rivals) -> None:
    """Store the schools around the cut, and how often each stands above each other."""
    near = ids[found.near].tolist()
    rows = [
        {
            "school_id": school,
            "place": place,
            "top_draws": int(found.top_draws[place - 1]),
            "top_weights": _or_none(found.top_weights[place - 1]),
            "confidence": None if np.isnan(found.confidence[place - 1]) else float(found.confidence[place - 1]),
            "first_draws": int(found.first_draws[place - 1]),
            "first_weights": _or_none(found.first_weights[place - 1]),
        }
        for place, school in enumerate(near, 1)
    ]
    pairs = [
        {"school_id": one, "rival_id": other, "p_above": float(found.wins[row, column])}
        for row, one in enumerate(near)
        for column, other in enumerate(near)
        if row != column
    ]
    rivals.add_rivals(session, run_id, rows, pairs)


def _or_none(weights: FloatArray) -> list[float] | None:
    return None if np.isnan(weights).any() else [float(one) for one in weights]
