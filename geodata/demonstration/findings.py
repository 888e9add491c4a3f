"""Assessments and answers: one to three a school, at different dates and completeness; some schools have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.blocks import Blocks
from geodata.demonstration.schools import Schools

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
STATES = ("meets", "partly", "fails", "not_applicable", "unknown")
FULL_SHARE, PARTIAL_SHARE = 0.66, 0.17
"""Of the schools that can have answers: with a complete and with an incomplete last assessment; others have none."""

MOST_ASSESSED = 20_000
"""At most so many schools, drawn from the seed, can have answers, however many schools there are: a bench of lists
and maps needs schools, not half a billion answers."""

MEAN, SPREAD, CRITERION_SPREAD = -1.15, 0.80, 0.55
UNIT_SPREAD, RAYON_SPREAD = 0.35, 0.45
CRITICAL_BONUS = 4.9
"""Logits, calibrated so that 84 % of the assessed schools come out unsafe (grade C, D or E), as in 2012-13."""

BASELINE_DAY = date(2012, 10, 1)


@dataclass(frozen=True, slots=True)
class Visits:
    """One row per assessment: row of the school, kind, day, share of the criteria answered."""

    school: IntArray
    kind: NDArray[Any]
    day: list[date]
    coverage: FloatArray


@dataclass(frozen=True, slots=True)
class Answers:
    """One row per answer: rows of the assessment, criterion and building (-1: the whole school), index of ``STATES``.

    ``room_share`` is the share of inspected rooms that pass, NaN for criteria that are not of rooms.
    """

    visit: IntArray
    criterion: IntArray
    building: IntArray
    state: NDArray[np.int8]
    room_share: FloatArray


def make_visits(schools: Schools, rng: np.random.Generator) -> Visits:
    """Return the assessments: a baseline of 2012-13 for old schools, a self-assessment, for some a verification."""
    count = min(len(schools.pupils), MOST_ASSESSED)
    rows = np.sort(rng.choice(len(schools.pupils), count, replace=False))
    luck = rng.random(count)
    is_full = luck < FULL_SHARE
    is_assessed = luck < FULL_SHARE + PARTIAL_SHARE
    coverage = np.where(is_full, rng.uniform(0.86, 1.0, count), rng.uniform(0.2, 0.7, count))
    found: list[tuple[int, str, date, float]] = []
    for row, full, assessed, share in zip(rows.tolist(), is_full, is_assessed, coverage, strict=True):
        if not assessed:
            continue
        days = rng.integers(0, 700, 3)
        if rng.random() < 0.45:
            found.append((row, "baseline", BASELINE_DAY + timedelta(days=int(days[0]) % 120), 0.3))
        own = date(2024, 9, 1) + timedelta(days=int(days[1]))
        found.append((row, "self", own, float(share)))
        if full and rng.random() < 0.3:
            found.append((row, "verification", own + timedelta(days=30 + int(days[2]) % 90), 0.55))
    return Visits(
        np.array([row[0] for row in found], dtype=np.int64),
        np.array([row[1] for row in found], dtype=object),
        [min(row[2], date(2026, 11, 1)) for row in found],
        np.array([row[3] for row in found]),
    )


def make_answers(
    schools: Schools, blocks: Blocks, visits: Visits, criteria: list[dict[str, Any]], rng: np.random.Generator
) -> Answers:
    """Answer the criteria of the edition at each assessment.

    A school's own assessment answers for the whole school; a verification answers building criteria for each
    teaching block. Every school has a level of its own, so that its answers agree with each other.
    """
    level = rng.normal(MEAN, SPREAD, len(schools.pupils)) + _age_effect(schools, blocks) + _place_effect(schools, rng)
    easy = rng.normal(0, CRITERION_SPREAD, len(criteria)) + np.array(
        [CRITICAL_BONUS if row["is_critical"] else 0.0 for row in criteria]
    )
    per_block = np.array([row["scope"] in ("building", "room") for row in criteria])
    visit, criterion = np.nonzero(rng.random((len(visits.school), len(criteria))) < visits.coverage[:, None])
    by_block = per_block[criterion] & (visits.kind[visit] == "verification")
    whole = _draw(visit[~by_block], criterion[~by_block], None, level, easy, visits, criteria, rng)
    detailed = _spread(visit[by_block], criterion[by_block], visits, blocks)
    parts = _draw(detailed[0], detailed[1], detailed[2], level, easy, visits, criteria, rng)
    return Answers(
        *(
            np.concatenate([getattr(one, name) for one in (whole, parts)])
            for name in ("visit", "criterion", "building", "state", "room_share")
        )
    )


def _age_effect(schools: Schools, blocks: Blocks) -> FloatArray:
    """Return a bonus for schools with young main blocks and a malus for old ones, in logits."""
    main = np.flatnonzero(blocks.number == 1)
    year = blocks.year_built[main]
    effect = np.where(year < 0, 0.0, (year - 1985) / 60)
    found = np.zeros(len(schools.pupils))
    found[blocks.school[main]] = effect
    return found


def _place_effect(schools: Schools, rng: np.random.Generator) -> FloatArray:
    """Return what schools of one first-level unit, and of one rayon or town, have in common, in logits."""
    sites = schools.sites
    found = np.zeros(len(schools.pupils))
    groups = (
        ([settlement.first_level for settlement in sites.settlements], UNIT_SPREAD),
        ([settlement.area_code[:10] for settlement in sites.settlements], RAYON_SPREAD),
    )
    for names, spread in groups:
        effect = {
            name: float(value)
            for name, value in zip(sorted(set(names)), rng.normal(0, spread, len(set(names))), strict=True)
        }
        found += np.array([effect[name] for name in names])[sites.settlement]
    return found


def _spread(
    visit: IntArray, criterion: IntArray, visits: Visits, blocks: Blocks
) -> tuple[IntArray, IntArray, IntArray]:
    """Repeat each (visit, criterion) for every teaching block of the visit's school."""
    teaching = np.flatnonzero(blocks.use == "education")
    owner = blocks.school[teaching]
    first = np.searchsorted(owner, visits.school[visit], side="left")
    count = np.searchsorted(owner, visits.school[visit], side="right") - first
    start = np.repeat(first, count)
    offset = np.arange(len(start)) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(visit, count), np.repeat(criterion, count), teaching[start + offset]


def _draw(
    visit: IntArray,
    criterion: IntArray,
    building: IntArray | None,
    level: FloatArray,
    easy: FloatArray,
    visits: Visits,
    criteria: list[dict[str, Any]],
    rng: np.random.Generator,
) -> Answers:
    flattered = np.where(visits.kind[visit] == "self", 0.15, 0.0)
    pass_share = 1 / (1 + np.exp(-(level[visits.school[visit]] + easy[criterion] + flattered)))
    draw = rng.random(len(visit))
    state = np.where(draw < pass_share, 0, np.where(draw < pass_share + 0.35 * (1 - pass_share), 1, 2))
    is_critical = np.array([row["is_critical"] for row in criteria])[criterion]
    state = np.where(is_critical & (state == 1), 0, state)
    luck = rng.random(len(visit))
    state = np.where(luck < 0.03, 3, np.where(luck < 0.06, 4, state)).astype(np.int8)
    is_room = np.array([row["scope"] == "room" for row in criteria])[criterion] & (state <= 2)
    part = np.round(rng.uniform(0.5, 0.95, len(visit)), 2)
    room_share = np.where(is_room, np.select([state == 0, state == 1], [1.0, part], np.round(part - 0.5, 2)), np.nan)
    return Answers(visit, criterion, np.full(len(visit), -1) if building is None else building, state, room_share)
