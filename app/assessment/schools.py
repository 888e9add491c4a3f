"""From buildings to schools: index, label, basic services and the profile by domain (method 6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import FAILS, MISSING, NOT_APPLICABLE, CodeArray
from app.assessment.grades import INSUFFICIENT, NO_GRADE, Cuts, classify, grade, worst_building
from app.assessment.scoring import (
    Conformity,
    GroupSums,
    basic_deficiency,
    columns_of,
    group_index,
    score_buildings,
    sum_groups,
)
from app.assessment.standard import BoolArray, FloatArray, Standard

IntArray = NDArray[np.int64]


class BuildingScores(NamedTuple):
    """One row a building."""

    conformity: Conformity
    conformity_class: IntArray
    """Index into ``app.assessment.grades.CLASSES``."""
    grade: IntArray


class SchoolScores(NamedTuple):
    """One row a school. Indices 0..100, shares 0..1; NaN where nothing applies."""

    lower: FloatArray
    central: FloatArray
    upper: FloatArray
    completeness: FloatArray
    verified_completeness: FloatArray
    conformity_class: IntArray
    grade: IntArray
    failed_flags: BoolArray
    """Shape (schools, criteria): red flags that failed in a building at least."""
    failed: BoolArray
    """Shape (schools, criteria): criteria that failed in a building at least."""
    basic_deficiency: FloatArray
    """C5, shape (schools, 3): central, lower, upper."""
    domain_index: FloatArray
    """Shape (schools, domains, 4): lower, central, upper, completeness."""
    basic_completeness: FloatArray
    """Completeness of the basic services behind C5."""


def score_all(
    codes: CodeArray,
    verified: BoolArray,
    school: IntArray,
    share: FloatArray,
    schools: int,
    standard: Standard,
    cuts: Cuts,
    prior: FloatArray | float = 0.5,
    trust: float = 1.0,
) -> tuple[BuildingScores, SchoolScores]:
    """Score buildings and their schools.

    Args:
        codes: Shape (buildings, criteria): what counts in each building; ``verified`` the same shape.
        school: School of each building; every school has one at least (a school without has a stand-in).
        share: Share of the school's pupils in the building; equal weights where all are 0.
        prior: See ``app.assessment.scoring.sum_groups``; ``trust``: weight of an unverified answer, there too.
    """
    sums = sum_groups(codes, _group_weights(standard), prior, verified, trust)
    conformity = score_buildings(codes, standard, columns_of(sums, slice(0, 1)))
    has_failed: BoolArray = np.asarray(conformity.failed_flags.any(axis=1))
    classes = classify(*conformity[:4], has_failed, cuts)
    grades = grade(classes, has_failed)
    weight = pupil_weights(school, share, schools)
    worst = worst_building(school, grades, schools)
    verified_share = _share_verified(codes, verified, standard, sums.applicable[:, 0])
    columns = np.column_stack([*conformity[:4], verified_share, *_basic_services(columns_of(sums, slice(1, 2)))])
    means = mean_of_school(school, columns, weight, schools)
    return BuildingScores(conformity, classes, grades), SchoolScores(
        lower=means[:, 0],
        central=means[:, 1],
        upper=means[:, 2],
        completeness=means[:, 3],
        verified_completeness=means[:, 4],
        conformity_class=np.where(worst >= 0, classes[worst], INSUFFICIENT),
        grade=np.where(worst >= 0, grades[worst], NO_GRADE),
        failed_flags=any_of_school(school, conformity.failed_flags, schools),
        failed=any_of_school(school, codes == FAILS, schools),
        basic_deficiency=means[:, 5:8],
        domain_index=_domain_profile(columns_of(sums, slice(2, None)), school, weight, schools),
        basic_completeness=means[:, 8],
    )


def _basic_services(sums: GroupSums) -> tuple[FloatArray, ...]:
    """Return C5 as central, lower, upper, and the completeness behind it."""
    return *basic_deficiency(sums), group_index(sums)[3][:, 0]


def _share_verified(codes: CodeArray, verified: BoolArray, standard: Standard, applicable: FloatArray) -> FloatArray:
    """Return the completeness of the physical criteria by verified answers alone."""
    checked = (verified & (codes != MISSING) & (codes != NOT_APPLICABLE)) @ _group_weights(standard)[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return checked / applicable


def _group_weights(standard: Standard) -> FloatArray:
    """Return weights of physical criteria, basic services and each domain, shape (criteria, 2 + domains)."""
    of_domain = np.array(standard.domain)
    groups = [standard.is_physical, standard.is_basic_service, *(of_domain == domain for domain in standard.domains)]
    return np.stack([np.where(group, standard.weight, 0.0) for group in groups], axis=1)


def _domain_profile(sums: GroupSums, school: IntArray, weight: FloatArray, schools: int) -> FloatArray:
    """Public criteria (physical and management) of each domain, without caps."""
    return np.stack([mean_of_school(school, part, weight, schools) for part in group_index(sums)], axis=2)


def pupil_weights(school: IntArray, share: FloatArray, schools: int) -> FloatArray:
    """Return the weight of each building in its school: its share of the pupils, equal ones where all are 0."""
    total = np.bincount(school, share, schools)
    return np.where((total > 0)[school], share, 1.0)


def mean_of_school(school: IntArray, values: FloatArray, weight: FloatArray, schools: int) -> FloatArray:
    """Return weighted means, shape (schools, columns); a NaN value of a building is left out of its column."""
    found = np.empty((schools, values.shape[1]))
    for column in range(values.shape[1]):
        known = ~np.isnan(values[:, column])
        counted = np.where(known, weight, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[:, column] = np.bincount(school, np.where(known, values[:, column] * weight, 0.0), schools) / (
                np.bincount(school, counted, schools)
            )
    return found


def any_of_school(school: IntArray, values: BoolArray, schools: int) -> BoolArray:
    """Return whether any building of a school has it, shape (schools, columns)."""
    found = np.zeros((schools, values.shape[1]), dtype=bool)
    if len(school):
        order = np.argsort(school, kind="stable")
        rows = school[order]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        found[rows[starts]] = np.logical_or.reduceat(values[order], starts, axis=0)
    return found
