"""The result of an assessment while it is answered: index with bounds, class, grade, red flags, what would lift it.

Scored by the functions of the run, over the answers of this assessment alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.assessment.answers import (
    FIRST_VERIFIED,
    KINDS,
    MISSING,
    STATE_CODES,
    CodeArray,
    codes_of_rooms,
)
from app.assessment.grades import CLASSES, GRADES, Cuts
from app.assessment.lifting import find_lift
from app.assessment.pass_rates import filled
from app.assessment.schools import mean_of_school, pupil_weights, score_all
from app.assessment.scoring import group_index, sum_groups
from app.assessment.standard import MANAGEMENT, PROTECTION, Standard
from app.risk.parameters import RiskParameters, default_parameters

if TYPE_CHECKING:
    from app.assessment.standard import FloatArray
    from app.workflows.assess import Place, Sheet
    from app.workflows.assess_priors import RatesOfBlocks
    from geodata.records.assessing import Block, Question


@dataclass(frozen=True, slots=True)
class ApartIndex:
    """The index of a group that counts in no grade, 0..100; None where nothing of it is answered or asked."""

    lower: float
    central: float
    upper: float
    completeness: float


@dataclass(frozen=True, slots=True)
class LiftStep:
    """What would lift one building: the criteria to meet, and the grade that follows."""

    block: Block | None
    questions: tuple[Question, ...]
    grade: str | None


@dataclass(frozen=True, slots=True)
class AssessResult:
    """What the answers come to. Indices 0..100, completeness 0..1; None = nothing applies. ``grade`` None: no grade."""

    lower: float | None
    central: float | None
    upper: float | None
    completeness: float
    conformity_class: str
    grade: str | None
    red_flags: tuple[Question, ...]
    lifts: tuple[LiftStep, ...]
    management: ApartIndex | None
    protection: ApartIndex | None


def result_of(
    sheet: Sheet, parameters: RiskParameters | None = None, rates: RatesOfBlocks | None = None
) -> AssessResult | None:
    """Return the result of an assessment as it stands; None for an edition without public criteria.

    ``rates``: what the table of priors in force says of the blocks (``app.workflows.assess_priors``).
    """
    values = parameters or default_parameters()
    questions = list(dict.fromkeys(place.question for place in sheet.places))
    public = [one for one in questions if not one.is_protected]
    if not public:
        return None
    blocks: list[Block | None] = list(sheet.blocks) or [None]
    codes = _codes(sheet.places, public, blocks, values)
    verified = np.full(codes.shape, KINDS.index(sheet.visit.kind) >= FIRST_VERIFIED)
    standard = _standard(public, values)
    cuts = Cuts(
        values["conformity.completeness"],
        values["conformity.cut_critical"],
        values["conformity.cut_non_conforming"],
        values["conformity.cut_partly"],
    )
    trust = values["conformity.unverified_trust"]
    prior = _prior(rates, [one.code for one in public], values)
    school = np.zeros(len(blocks), dtype=np.int64)
    share = np.array([block.pupil_share or 0.0 if block else 1.0 for block in blocks])
    buildings, schools = score_all(codes, verified, school, share, 1, standard, cuts, prior, trust)
    lifts = []
    worst = buildings.grade.max()
    for row in np.flatnonzero(buildings.grade == worst):  # the label of the school is that of its worst buildings
        own = prior if isinstance(prior, float) else prior[row]
        lift = find_lift(int(row), codes[row], verified[row], standard, cuts, own, trust)
        if lift is not None:
            lifts.append(LiftStep(blocks[row], tuple(public[at] for at in lift.criteria), GRADES[lift.grade]))
    return AssessResult(
        _number(schools.lower[0]),
        _number(schools.central[0]),
        _number(schools.upper[0]),
        _number(schools.completeness[0]) or 0.0,
        CLASSES[int(schools.conformity_class[0])],
        GRADES[int(schools.grade[0])],
        tuple(public[at] for at in np.flatnonzero(schools.failed_flags[0])),
        tuple(lifts),
        _apart(sheet, MANAGEMENT, questions, blocks, values, rates),
        _apart(sheet, PROTECTION, questions, blocks, values),  # protected answers are in no table
    )


def _prior(rates: RatesOfBlocks | None, codes: list[str], values: RiskParameters) -> FloatArray | float:
    return filled(None if rates is None else rates(codes), values["conformity.prior_pass_rate"])


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _standard(public: list[Question], values: RiskParameters) -> Standard:
    caps = [values["conformity.red_flag_cap"] if one.cap is None else one.cap for one in public]
    return Standard(
        codes=tuple(one.code for one in public),
        weight=np.array([one.weight for one in public], dtype=float),
        cap=np.array([cap if one.is_critical else np.nan for one, cap in zip(public, caps, strict=True)], dtype=float),
        domain=tuple(one.domain_code for one in public),
        group=tuple(one.grouping for one in public),
    )


def _codes(
    places: tuple[Place, ...], questions: list[Question], blocks: list[Block | None], values: RiskParameters
) -> CodeArray:
    """Return what counts in each building: its own answer, else that of the whole school."""
    columns = {one.id: at for at, one in enumerate(questions)}
    rows = {block.id if block else None: at for at, block in enumerate(blocks)}
    codes = np.full((len(blocks), len(questions)), MISSING, dtype=np.int8)
    shares = np.full(codes.shape, np.nan)
    for place in places:
        given, column = place.answer, columns.get(place.question.id)
        if given is None or column is None:
            continue
        where = slice(None) if place.block is None else rows[place.block.id]
        codes[where, column] = STATE_CODES[given.state]
        shares[where, column] = np.nan if given.room_share is None else given.room_share
    return codes_of_rooms(codes, shares, values["conformity.room_share_partly"])


def _apart(
    sheet: Sheet,
    group: str,
    questions: list[Question],
    blocks: list[Block | None],
    values: RiskParameters,
    rates: RatesOfBlocks | None = None,
) -> ApartIndex | None:
    wanted = [one for one in questions if one.grouping == group]
    codes = _codes(sheet.places, wanted, blocks, values)
    if not wanted or not (codes != MISSING).any():
        return None
    verified = np.full(codes.shape, KINDS.index(sheet.visit.kind) >= FIRST_VERIFIED)
    weights = np.array([one.weight for one in wanted], dtype=float)[:, None]
    prior, trust = _prior(rates, [one.code for one in wanted], values), values["conformity.unverified_trust"]
    columns = np.column_stack([part[:, 0] for part in group_index(sum_groups(codes, weights, prior, verified, trust))])
    school = np.zeros(len(blocks), dtype=np.int64)
    share = np.array([block.pupil_share or 0.0 if block else 1.0 for block in blocks])
    means = mean_of_school(school, columns, pupil_weights(school, share, 1), 1)[0]
    return None if np.isnan(means).any() else ApartIndex(*(float(one) for one in means))
