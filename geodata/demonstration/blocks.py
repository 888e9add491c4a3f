"""Buildings (blocks) of the schools: about 7,000, types and condition by age and place, unknown kept unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.geography import BISHKEK
from geodata.demonstration.schools import UNKNOWN, Schools

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
UNKNOWN_TYPE = "KG-UNK"
MEAN_BLOCKS = 2.92
"""7,000 buildings of 2,394 schools."""

USES = ("gym", "education", "canteen", "workshop", "boiler", "dormitory", "other")
USE_SHARES = (0.26, 0.34, 0.12, 0.08, 0.10, 0.02, 0.08)
TYPES_BY_AGE = (
    # until, shares by type: our assumption, in the order in which these types were built
    (1950, {"KG-ADB": 0.42, "KG-STN": 0.06, "KG-SNC": 0.14, "KG-URM-W": 0.24, "KG-TIM": 0.04, UNKNOWN_TYPE: 0.10}),
    (1960, {"KG-ADB": 0.30, "KG-SNC": 0.12, "KG-URM-W": 0.42, "KG-TIM": 0.05, UNKNOWN_TYPE: 0.11}),
    (1975, {"KG-ADB": 0.12, "KG-URM-W": 0.34, "KG-URM-C": 0.34, "KG-RCF-P": 0.08, "KG-TIM": 0.02, UNKNOWN_TYPE: 0.10}),
    (1992, {"KG-URM-C": 0.26, "KG-URM-S": 0.32, "KG-RCF-P": 0.26, "KG-RCF-I": 0.05, UNKNOWN_TYPE: 0.11}),
    (2009, {"KG-URM-S": 0.40, "KG-RCF-I": 0.24, "KG-RCF-P": 0.08, "KG-STL": 0.06, "KG-ADB": 0.04, UNKNOWN_TYPE: 0.18}),
    (2100, {"KG-CM": 0.36, "KG-RCF-M": 0.34, "KG-RCW": 0.14, "KG-STL": 0.08, UNKNOWN_TYPE: 0.08}),
)  # fmt: skip
ONE_STOREY = ("KG-ADB", "KG-STN", "KG-SNC", "KG-TIM", "KG-STL")
SERIES = {"KG-RCF-P": "ИИС-04", "KG-LPP": "105", "KG-URM-C": "222-1-211", "KG-URM-S": "222-1-212"}
COAL_FROM_M2 = 350.0


@dataclass(frozen=True, slots=True)
class Blocks:
    """One row per building; NaN, ``UNKNOWN`` (-1) and None are unknown. ``school`` is the row of the school."""

    school: IntArray
    number: IntArray
    use: NDArray[Any]
    building_type: NDArray[Any]
    year_built: IntArray
    storeys: IntArray
    area_m2: FloatArray
    condition: NDArray[Any]
    series: list[str | None]
    heating: NDArray[Any]
    pupil_share: FloatArray
    irregular: NDArray[np.int8]
    """Shape (buildings, 4): vertical, plan, flexible diaphragm, pounding; 1 yes, 0 no, -1 unknown."""


def make_blocks(schools: Schools, rng: np.random.Generator) -> Blocks:
    """Return the buildings of all schools; the first of each school is for education."""
    counts = np.minimum(7, 1 + rng.poisson((MEAN_BLOCKS - 1) * _size_factor(schools.pupils)))
    school = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(school)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    use = np.where(number == 1, "education", rng.choice(USES, len(school), p=USE_SHARES)).astype(object)
    year = _years(schools, school, number, rng)
    building_type = _types(year, rng)
    storeys = np.where(
        np.isin(building_type.astype(str), ONE_STOREY) | (use != "education"), 1, rng.integers(1, 4, len(school))
    )
    share = _pupil_shares(school, use, rng)
    pupils = schools.pupils[school]
    area = np.where(share > 0, 60 + 3.2 * pupils * np.maximum(share, 0.05), rng.uniform(80, 420, len(school)))
    area = np.round(area * rng.lognormal(0, 0.2, len(school)))
    condition = _conditions(year, rng)
    heating = np.where(
        schools.first_level[school] == BISHKEK,
        "central",
        rng.choice(["coal", "coal", "coal", "electric", "stove", "gas"], len(school)),
    ).astype(object)
    series = [
        SERIES.get(kind) if known else None
        for kind, known in zip(building_type, rng.random(len(school)) < 0.4, strict=True)
    ]
    year = np.where(rng.random(len(school)) < 0.06, UNKNOWN, year)
    for values, unknown in ((storeys, 0.03), (heating, 0.05)):
        lost = rng.random(len(school)) < unknown
        values[lost] = "unknown" if values.dtype == object else UNKNOWN
    area[rng.random(len(school)) < 0.08] = np.nan
    irregular = rng.choice(np.array([-1, 0, 1], dtype=np.int8), (len(school), 4), p=[0.72, 0.21, 0.07])
    return Blocks(school, number, use, building_type, year, storeys, area, condition, series, heating, share, irregular)


def _size_factor(pupils: IntArray) -> FloatArray:
    size = np.sqrt(pupils)
    return np.asarray(size / size.mean())


def _years(schools: Schools, school: IntArray, number: IntArray, rng: np.random.Generator) -> IntArray:
    """Return years: in Bishkek 60 % of the schools are of the 1950s; nearly 30 % of all are older than 50 years."""
    count = len(schools.pupils)
    decade = rng.choice([1938, 1952, 1962, 1972, 1982, 1996, 2012], count, p=[0.05, 0.07, 0.14, 0.17, 0.28, 0.13, 0.16])
    is_bishkek = schools.first_level == BISHKEK
    public = schools.ownership != "private"
    decade = np.where(is_bishkek & public & (rng.random(count) < 0.62), 1950, decade)
    decade = np.where(~public, rng.choice([1982, 1996, 2012], count, p=[0.2, 0.3, 0.5]), decade)
    year = np.minimum(decade[school] + rng.integers(0, 10, len(school)), 2025)
    later = (number > 1) & (rng.random(len(school)) < 0.35)
    return np.where(later, np.minimum(2025, year + rng.integers(5, 35, len(school))), year)


def _types(year: IntArray, rng: np.random.Generator) -> NDArray[Any]:
    found = np.full(len(year), UNKNOWN_TYPE, dtype=object)
    start = 0
    for until, shares in TYPES_BY_AGE:
        own = (year >= start) & (year < until)
        found[own] = rng.choice(list(shares), int(own.sum()), p=list(shares.values()))
        start = until
    return found


def _pupil_shares(school: IntArray, use: NDArray[Any], rng: np.random.Generator) -> FloatArray:
    """Return shares that sum to 1 over the teaching blocks of each school, in thousandths."""
    weight = np.where(use == "education", rng.uniform(0.5, 1.5, len(school)), 0.0)
    share = np.floor(1000 * weight / np.bincount(school, weights=weight)[school]) / 1000
    rest = 1 - np.bincount(school, weights=share)
    first = np.unique(school, return_index=True)[1]
    share[first] += rest
    return np.asarray(np.round(share, 3))


def _conditions(year: IntArray, rng: np.random.Generator) -> NDArray[Any]:
    age = (2026 - year) / 60 + rng.normal(0, 0.35, len(year))
    found = np.select([age > 1.55, age > 0.95, age > 0.45], ["emergency", "poor", "fair"], "good").astype(object)
    found[rng.random(len(year)) < 0.09] = "unknown"
    return found
