"""How firm the ranks of a run are: the rules drawn many times over what the run loaded (method 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.assessment.answer_draws import draw_answers
from app.assessment.schools import pupil_weights
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
from app.risk.risk_draws import RiskDraws, default_laws, draw_blocks
from app.risk.school_sums import SchoolSums
from app.workflows.draw_plan import DrawPlan
from app.workflows.ranking_answers import Block, load_counted
from app.workflows.ranking_inputs import Buildings, Hazards, Schools
from app.workflows.ranking_scores import BLOCK, Edition, Ranked, building_inputs
from geodata.database import Session
from geodata.queries import robustness, scoring

OF_BUILDING = ("building", "room")  # scopes that are answered building by building; others are one fact of a school

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
    session: Session,
    edition: Edition,
    schools: Schools,
    buildings: Buildings,
    hazards: Hazards,
    ranked: Ranked,
    scheme: Scheme,
    parameters: RiskParameters,
    plan: DrawPlan,
    report: Report,
) -> Robustness:
    """Draw the list ``plan.draws`` times; the same inputs and the same seed give the same bytes.

    Raises:
        TooManyDrawsError: The ranks would not fit into memory.
    """
    ranks = room_for_ranks(len(schools), plan.draws)
    rng = np.random.Generator(np.random.PCG64(plan.seed))
    inputs = building_inputs(schools, buildings, hazards, scheme, parameters)
    values = _FactorDraws(
        ranked, scheme, _drawn_answers(session, edition, schools, buildings, parameters, rng, plan.draws), rng,
        RiskDraws(inputs, _sums(buildings, inputs, len(schools)), parameters, default_laws(), rng),
    )  # fmt: skip
    sums, done = _Sums(ranked, len(scheme.factors)), 0
    weights = draw_weights(rng, plan.draws, *weight_bounds(scheme))
    fixed = 100 * scheme.weight_array[:, None, None]
    for size in draw_blocks(plan.draws):
        rows = slice(done, done + size)
        drawn = values.next_block(size)
        scores = 100 * np.einsum("df,fds->ds", weights[rows], drawn)
        ranks_of(scores, ranks[rows])
        sums.add(scores, fixed * drawn)
        done += size
        if done * TOLD // plan.draws > (done - size) * TOLD // plan.draws:
            report(done / plan.draws)
    return _summary(ranked, ranks, sums, plan, parameters)


def _summary(ranked: Ranked, ranks: RankArray, sums: _Sums, plan: DrawPlan, parameters: RiskParameters) -> Robustness:
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
    )


def _sums(buildings: Buildings, inputs: BuildingInputs, schools: int) -> SchoolSums:
    return SchoolSums(
        buildings.school, buildings.share, buildings.replacement[:, 0], inputs.persons, inputs.presence, schools
    )


def _drawn_answers(
    session: Session,
    edition: Edition,
    schools: Schools,
    buildings: Buildings,
    parameters: RiskParameters,
    rng: np.random.Generator,
    draws: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return drawn indices and deficiencies, shape (schools, realisations): each draw of the list takes one of them."""
    scopes = {found.id: found.scope for found in scoring.public_criteria(session, edition.id)}
    is_shared = np.array([scopes[number] not in OF_BUILDING for number in edition.criterion_ids])
    realisations = min(draws, int(parameters["uncertainty.answer_realisations"]))
    parts = []
    for start in range(0, len(schools), BLOCK):
        stop = min(start + BLOCK, len(schools))
        first, last = np.searchsorted(buildings.school, [start, stop])
        block = Block(
            schools.columns["id"][start:stop],
            buildings.columns["id"][first:last],
            buildings.school[first:last] - start,
            buildings.share[first:last],
        )
        counted = load_counted(session, edition.id, edition.criterion_ids, block, edition.shelf_life_months, parameters)
        parts.append(
            draw_answers(
                counted.codes,
                counted.verified,
                is_shared,
                block.school,
                pupil_weights(block.school, block.share, stop - start),
                stop - start,
                edition.standard,
                parameters["conformity.prior_pass_rate"],
                parameters["conformity.unverified_trust"],
                realisations,
                rng,
            )
        )
    index, deficiency = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return index, deficiency


class _FactorDraws:
    """Values 0..1 of the factors, draw by draw; an unknown factor is anything between 0 and 1 in each school."""

    RISK = ("C1", "C2", "C3")

    def __init__(
        self,
        ranked: Ranked,
        scheme: Scheme,
        answers: tuple[NDArray[np.float32], NDArray[np.float32]],
        rng: np.random.Generator,
        risk: RiskDraws,
    ) -> None:
        self.scheme, self.rng, self.risk = scheme, rng, risk
        self.known, self.value = ranked.priorities.known, ranked.priorities.value
        functions = dict(zip(scheme.factors, scheme.functions, strict=True))
        self.by_answers = {
            code: np.ascontiguousarray(functions[code](x).T)
            for code, x in (("C4", 1 - answers[0].astype(float) / 100), ("C5", answers[1].astype(float)))
            if code in functions
        }
        self.realisations = answers[0].shape[1]

    def next_block(self, draws: int) -> FloatArray:
        """Return shape (factors, draws, schools)."""
        schools = len(self.known)
        found = np.empty((len(self.scheme.factors), draws, schools))
        risk = dict(zip(self.RISK, self.risk.next_block(draws), strict=True))
        chosen = self.rng.integers(0, self.realisations, (draws, schools))
        for number, (code, function) in enumerate(zip(self.scheme.factors, self.scheme.functions, strict=True)):
            if code in risk:
                found[number] = function(risk[code]).T
            elif code in self.by_answers:
                found[number] = self.by_answers[code][chosen, np.arange(schools)]
            else:
                found[number] = self.value[:, number]
            unknown = np.flatnonzero(~self.known[:, number])
            if len(unknown):
                found[number][:, unknown] = self.rng.random((draws, len(unknown)))
        return found


def store(session: Session, run_id: int, schools: Schools, scheme: Scheme, found: Robustness) -> None:
    """Store what the draws say, in the session's transaction."""
    robustness.add_draws(session, run_id, found.plan.draws, found.plan.seed, found.plan.top)
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
