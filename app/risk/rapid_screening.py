"""FEMA P-154 Level 1 as a second opinion on each building: never averaged into a loss (method 4).

Scores are a table of published numbers, ``p154_level1_scores.csv``. A fact that nobody knows takes its worst value, so
that a missing fact never lets a building pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.errors import MissingParameterError
from app.risk.parameters import UNKNOWN_TYPE, FloatArray, IntArray, RiskParameters
from geodata.readers.parameter_tables import ParameterTables, of_tables, read_parameter_tables

REGIONS = ("Moderate", "Moderately High", "High", "Very High")
MODIFIER_ITEMS = (
    "VERT_SEVERE", "VERT_MODERATE", "PLAN", "PRE_CODE", "POST_BENCHMARK", "SOIL_AB", "SOIL_E_1_3", "SOIL_E_GT3",
)  # fmt: skip
ITEMS = ("BASIC", *MODIFIER_ITEMS, "SMIN")
NO_VERTICAL, MODERATE_VERTICAL, SEVERE_VERTICAL = range(3)
PRE_CODE, CODE, POST_BENCHMARK = range(3)
SOIL_AB, SOIL_CD, SOIL_E = range(3)
SOFT = 3
"""Soil class III of the register."""
LOW_STOREYS = 3
"""The form has one modifier of soil E for 1-3 storeys and one for more."""


@dataclass(frozen=True, slots=True, eq=False)
class ScreeningTable:
    """Scores by region, type of P-154 and item of ``ITEMS``; 0 where a modifier does not apply to a type."""

    types: tuple[str, ...]
    scores: FloatArray
    type_of_ours: tuple[tuple[int, ...], ...]
    """Candidates of each of our building types, in the order of the parameters, the unknown type last."""


class ScreeningFacts(NamedTuple):
    """One row a building; the constants of this module."""

    region: IntArray
    """Index into ``REGIONS``; -1 = unknown."""
    vertical: IntArray
    plan: NDArray[np.bool_]
    era: IntArray
    soil: IntArray
    storeys: IntArray


class Screening(NamedTuple):
    """One row a building: ``score`` after the least score of its type, ``raw`` before; NaN = unknown."""

    score: FloatArray
    raw: FloatArray


@of_tables
def default_screening() -> ScreeningTable:
    """Return the table that ships with the project."""
    return screening_table(read_parameter_tables())


def screening_table(tables: ParameterTables) -> ScreeningTable:
    """Build the typed form; raises ``MissingParameterError`` where a basic or least score is missing."""
    rows = tables.rows["p154_level1_scores"]
    types = tuple(dict.fromkeys(row["building_type"] for row in rows))
    scores = np.zeros((len(REGIONS), len(types), len(ITEMS)))
    seen = set()
    for row in rows:
        place = REGIONS.index(row["seismicity"]), types.index(row["building_type"]), ITEMS.index(row["item"])
        if row["applicable"] == "yes":
            scores[place] = float(row["value"])
            seen.add(place)
    for region in range(len(REGIONS)):
        for kind, name in enumerate(types):
            for item in ("BASIC", "SMIN"):
                if (region, kind, ITEMS.index(item)) not in seen:
                    raise MissingParameterError(f"p154: {REGIONS[region]} {name} {item}")
    ours = [types.index(row["p154_type"]) for row in tables.rows["building_types"] if row["code"] != UNKNOWN_TYPE]
    return ScreeningTable(types, scores, (*((kind,) for kind in ours), tuple(sorted(set(ours)))))


def screen(facts: ScreeningFacts, kind: IntArray, table: ScreeningTable) -> Screening:
    """Return S = max(BASIC + modifiers, SMIN) of types of P-154.

    Severe and moderate irregularity exclude each other, so do pre-code and post-benchmark; soil C/D adds nothing.

    Args:
        kind: Index into ``table.types``.
    """
    known = facts.region >= 0
    scores = table.scores[np.where(known, facts.region, 0), kind]
    is_soft = facts.soil == SOIL_E
    applies = np.stack(
        [
            facts.vertical == SEVERE_VERTICAL,
            facts.vertical == MODERATE_VERTICAL,
            facts.plan,
            facts.era == PRE_CODE,
            facts.era == POST_BENCHMARK,
            facts.soil == SOIL_AB,
            is_soft & (facts.storeys <= LOW_STOREYS),
            is_soft & (facts.storeys > LOW_STOREYS),
        ],
        axis=1,
    )
    raw = scores[:, 0] + (scores[:, 1:-1] * applies).sum(axis=1)
    raw = np.where(known, raw, np.nan)
    return Screening(np.fmax(raw, np.where(known, scores[:, -1], np.nan)), raw)


def screen_types(facts: ScreeningFacts, building_type: IntArray, table: ScreeningTable) -> Screening:
    """Return the score of our building types; of several candidates the lowest counts.

    ``building_type``: index into the parameters' types, and their number for the unknown type.
    """
    score, raw = (np.full(len(building_type), np.nan) for _ in range(2))
    for number, candidates in enumerate(table.type_of_ours):
        rows = np.flatnonzero(building_type == number)
        if not len(rows):
            continue
        mine = _rows_of(facts, rows)
        found = [screen(mine, np.full(len(rows), kind), table) for kind in candidates]
        lowest = np.argmin(np.stack([one.score for one in found]), axis=0)
        score[rows] = np.stack([one.score for one in found])[lowest, np.arange(len(rows))]
        raw[rows] = np.stack([one.raw for one in found])[lowest, np.arange(len(rows))]
    return Screening(score, raw)


def _rows_of(facts: ScreeningFacts, rows: IntArray) -> ScreeningFacts:
    """Return some of the buildings."""
    return ScreeningFacts(
        facts.region[rows],
        facts.vertical[rows],
        facts.plan[rows],
        facts.era[rows],
        facts.soil[rows],
        facts.storeys[rows],
    )


def collapse_probability(score: FloatArray) -> FloatArray:
    """Return 10^-S, the probability of collapse at the maximum considered motion."""
    return np.power(10.0, -np.asarray(score, dtype=float))


def screening_facts(
    msk: FloatArray,
    soil: IntArray,
    is_vertical: NDArray[np.bool_],
    is_plan: NDArray[np.bool_],
    year_built: IntArray,
    storeys: IntArray,
    parameters: RiskParameters,
    *,
    is_moderate: NDArray[np.bool_] | None = None,
) -> ScreeningFacts:
    """Turn what the register knows into what P-154 asks.

    Args:
        msk: Intensity of the zone (soil II), NaN = unknown. 7: Moderate, 8: Moderately High, 9: High, or Very High on
            soil III, above: Very High (``p154_seismicity_regions.csv``).
        soil: Classes 1, 2, 3; 0 = unknown, which counts as D.
        is_vertical: Known to be irregular; counts as severe, unless a survey found (``is_moderate``) that it is not.
        year_built: 0 = unknown, which counts as before the first code.
        storeys: 0 = unknown, which counts as more than three.
    """
    zone = np.floor(np.nan_to_num(msk, nan=-1.0) + 0.5).astype(np.int64)
    above = zone - int(parameters["p154.moderate_msk"])
    region = np.where(zone < 0, -1, np.clip(above, 0, 3))
    region = np.where((region == REGIONS.index("High")) & (soil == SOFT), REGIONS.index("Very High"), region)
    first, benchmark = parameters["p154.first_code_year"], parameters["p154.benchmark_year"]
    era = np.where(year_built >= benchmark, POST_BENCHMARK, np.where(year_built < first, PRE_CODE, CODE))
    irregular = np.full(len(region), SEVERE_VERTICAL)
    if is_moderate is not None:
        irregular = np.where(is_moderate, MODERATE_VERTICAL, SEVERE_VERTICAL)
    return ScreeningFacts(
        region=region,
        vertical=np.where(is_vertical, irregular, NO_VERTICAL),
        plan=np.asarray(is_plan, dtype=bool),
        era=era,
        soil=np.select([soil == 1, soil == SOFT], [SOIL_AB, SOIL_E], default=SOIL_CD),
        storeys=np.where(storeys > 0, storeys, np.iinfo(np.int64).max),
    )


def needs_review(score: FloatArray, individual_risk: FloatArray, parameters: RiskParameters) -> NDArray[np.bool_]:
    """Return where P-154 and the engine disagree: S passes but the risk is too high, or the reverse.

    False where either is unknown: there is nothing to compare.
    """
    cut, most = parameters["p154.cut_off"], parameters["risk.individual_limit"]
    with np.errstate(invalid="ignore"):
        passes, is_low = score >= cut, individual_risk <= most
    return (passes != is_low) & ~np.isnan(score) & ~np.isnan(individual_risk)
