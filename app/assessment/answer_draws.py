"""What the index of a school may be once its open answers are known: draws of missing and doubted answers (method 8).

Arithmetic only. A missing answer is drawn as met with the prior pass rate; the part of an unverified answer that is
not believed likewise. A missing answer to a criterion of the school or its site is one fact for all its buildings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import FAILS, MISSING, NOT_APPLICABLE, CodeArray
from app.assessment.schools import mean_of_school
from app.assessment.scoring import columns_of, sum_groups
from app.assessment.standard import BoolArray, FloatArray, Standard

IntArray = NDArray[np.int64]
SmallFloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class OpenAnswers:
    """What is still open in each building, one row an open answer, in the order of buildings.

    ``building``, ``criterion``: of each row. ``fact``: which drawn fact an open answer takes, 0..``facts`` - 1.
    ``start``: first row of each of ``some``.
    """

    building: IntArray
    criterion: IntArray
    facts: int
    fact: IntArray
    weight: SmallFloatArray
    is_basic: BoolArray
    start: IntArray
    some: IntArray
    """Buildings that have open answers."""
    cap_rows: IntArray
    """Rows of missing red flags, and the cap of each; in the order of buildings."""
    cap: SmallFloatArray
    cap_start: IntArray
    cap_some: IntArray


def find_open_answers(
    codes: CodeArray, verified: BoolArray, is_shared: BoolArray, school: IntArray, standard: Standard, trust: float
) -> OpenAnswers:
    """Return what is open.

    Args:
        codes: Shape (buildings, criteria); ``verified`` the same.
        is_shared: Shape (criteria,): one answer for the whole school.
        school: School of each building, in ascending order.
        trust: Weight of an unverified answer; the rest of it is open.
    """
    weight = np.where(standard.is_physical, standard.weight, 0.0)
    missing = codes == MISSING
    doubted = ~verified & ~missing & (codes != NOT_APPLICABLE)
    is_open = (missing | (doubted & (trust < 1))) & (weight > 0)
    building, criterion = np.nonzero(is_open)
    is_missing = missing[building, criterion]
    own = np.arange(len(building)) + len(school) * codes.shape[1]
    key = np.where(is_missing & is_shared[criterion], school[building] * codes.shape[1] + criterion, own)
    keys, fact = np.unique(key, return_inverse=True)
    some, start = np.unique(building, return_index=True)
    critical = np.flatnonzero(is_missing & standard.is_critical[criterion])
    cap_some, cap_start = np.unique(building[critical], return_index=True)
    return OpenAnswers(
        building=building,
        criterion=criterion,
        facts=len(keys),
        fact=fact.reshape(-1),
        weight=(weight[criterion] * np.where(is_missing, 1.0, 1 - trust)).astype(np.float32),
        is_basic=standard.is_basic_service[criterion],
        start=start,
        some=some,
        cap_rows=critical,
        cap=standard.cap[criterion[critical]].astype(np.float32),
        cap_start=cap_start,
        cap_some=cap_some,
    )


def draw_answers(
    codes: CodeArray,
    verified: BoolArray,
    is_shared: BoolArray,
    school: IntArray,
    pupils: FloatArray,
    schools: int,
    standard: Standard,
    prior: FloatArray | float,
    trust: float,
    realisations: int,
    rng: np.random.Generator,
) -> tuple[SmallFloatArray, SmallFloatArray]:
    """Return drawn indices (0..100, after caps) and deficiencies of basic services (0..1).

    Args:
        pupils: Weight of each building in its school (``app.assessment.schools``).
        prior: Probability that a missing answer is "meets": one, or of each building and criterion.

    Returns:
        Two arrays of shape (schools, realisations); NaN where nothing applies.
    """
    open_answers = find_open_answers(codes, verified, is_shared, school, standard, trust)
    physical = np.where(standard.is_physical, standard.weight, 0.0)
    basic = np.where(standard.is_basic_service, standard.weight, 0.0)
    sums = sum_groups(codes, np.stack([physical, basic], axis=1), prior, verified, trust)
    whole, services = columns_of(sums, slice(0, 1)), columns_of(sums, slice(1, 2))
    known_cap, chance = known_caps(codes, standard), chances_of(open_answers, prior)
    index, deficiency = (np.empty((schools, realisations), dtype=np.float32) for _ in range(2))
    for number in range(realisations):
        met = (rng.random(open_answers.facts, dtype=np.float32) < chance)[open_answers.fact]
        gained, gained_basic, cap = _gains(met, open_answers, len(codes))
        with np.errstate(invalid="ignore", divide="ignore"):
            of_building = 100 * (whole.earned[:, 0] + gained) / whole.applicable[:, 0]
            lacking = 1 - (services.earned[:, 0] + gained_basic) / services.applicable[:, 0]
        of_building = np.minimum(of_building, np.minimum(cap, known_cap))
        columns = mean_of_school(school, np.column_stack([of_building, lacking]), pupils, schools)
        index[:, number], deficiency[:, number] = columns[:, 0], columns[:, 1]
    return index, deficiency


def chances_of(found: OpenAnswers, prior: FloatArray | float) -> FloatArray | float:
    """Return the probability that a fact is "meets": ``prior``, or of each fact the mean over its buildings."""
    if isinstance(prior, float):
        return prior
    total = np.bincount(found.fact, prior[found.building, found.criterion], found.facts)
    return np.asarray(total / np.bincount(found.fact, minlength=found.facts))


def known_caps(codes: CodeArray, standard: Standard) -> FloatArray:
    """Return the cap of the red flags that each building has failed; infinite without any."""
    critical = np.flatnonzero(standard.is_critical)
    caps = np.where(codes[:, critical] == FAILS, standard.cap[critical], np.inf)
    return np.asarray(caps.min(axis=1, initial=np.inf))


def _gains(met: BoolArray, found: OpenAnswers, buildings: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the weight that open answers add, the part of it in basic services, and the cap of failed red flags."""
    gained, gained_basic, cap = np.zeros(buildings), np.zeros(buildings), np.full(buildings, np.inf)
    if len(found.some):
        weight = met * found.weight
        gained[found.some] = np.add.reduceat(weight, found.start)
        gained_basic[found.some] = np.add.reduceat(weight * found.is_basic, found.start)
    if len(found.cap_some):
        caps = np.where(met[found.cap_rows], np.float32(np.inf), found.cap)
        cap[found.cap_some] = np.minimum.reduceat(caps, found.cap_start)
    return gained, gained_basic, cap
