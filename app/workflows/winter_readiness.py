"""How ready the schools are for a heating season, by what is public and by the rules that ship as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import FAILS, PARTLY, CodeArray, IntArray
from app.assessment.winter import NO_DAY, BoolArray, Cells, cells_of_schools, readiness
from app.risk.parameters import RiskParameters, default_parameters
from app.workflows.ranking_answers import Block, load_counted
from app.workflows.ranking_inputs import Buildings, Schools, load_buildings, load_schools, prepare_schools, row_of
from geodata.queries import scoring, winter
from geodata.readers.winter import read_winter_rules

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Criterion, StandardEdition
    from geodata.records.winter import Season, WinterCriterion, WinterRules

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Winter:
    """All open schools in the order of their codes, by the requirements of the rules that the edition has."""

    season: Season
    rules: WinterRules
    asked: tuple[WinterCriterion, ...]
    criteria: tuple[Criterion, ...]
    """Of the edition, in the order of ``asked``."""
    school_ids: IntArray
    pupils: NDArray[np.float64]
    """NaN = unknown."""
    avalanche: NDArray[np.int8]
    """Level 1 to 4; 0 = unknown."""
    cells: Cells
    decides: BoolArray
    """Shape (schools, requirements): required, and it applies in this school."""
    state: NDArray[np.int8]
    """Index into ``app.assessment.winter.STATES``."""

    def failing(self, row: int) -> list[int]:
        """Return which requirements that decide a school does not meet, as columns."""
        codes = self.cells.codes[row]
        return np.flatnonzero(self.decides[row] & ((codes == FAILS) | (codes == PARTLY))).tolist()

    def evidence_on(self, row: int, column: int) -> date | None:
        """Return the day of the oldest evidence behind a cell; None without any."""
        day = int(self.cells.day[row, column])
        return None if day == NO_DAY else EPOCH + timedelta(days=day)


def winter_readiness(
    session: Session, edition: StandardEdition, run_id: int | None, day: date, only: IntArray | None = None
) -> Winter:
    """Return the schools that are open on ``day``, for the season that the day lies in or that comes next.

    ``only``: ids of some schools (None: all), for who asks for a part and has no memory of the whole.

    Which answer counts in a building is the ranking's own rule; avalanches are those of the run ``run_id`` (None: all
    unknown). Requirements that the edition does not have are left out. Four queries.
    """
    rules, parameters = read_winter_rules(), default_parameters()
    season = rules.season_of(day)
    by_code = {one.code: one for one in scoring.public_criteria(session, edition.id)}
    asked = tuple(one for one in rules.criteria if one.code in by_code)
    criteria = tuple(by_code[one.code] for one in asked)
    schools = load_schools(session, day, parameters)
    buildings = load_buildings(session, schools, day, parameters)
    if only is not None:
        schools, buildings = _kept(schools, buildings, only, parameters)
    ids: IntArray = schools.columns["id"]
    block = Block(ids, buildings.columns["id"], buildings.school, buildings.share)
    months = np.array([np.nan if one.shelf_life_months is None else one.shelf_life_months for one in criteria])
    counted = load_counted(session, edition.id, [one.id for one in criteria], block, months, parameters)
    rows = _lived_in(buildings.columns["is_taught_in"] == 1, buildings.school, len(ids))
    cells = cells_of_schools(
        counted.codes[rows],
        counted.evidence_day[rows],
        counted.expiry_day[rows],
        buildings.school[rows],
        len(ids),
        np.array([one.freshness == "season" for one in asked], dtype=bool),
        (season.evidence_from - EPOCH).days,
        (day - EPOCH).days,
    )
    avalanche = np.zeros(len(ids), dtype=np.int8)
    if run_id is not None:
        found = winter.load_avalanche_levels(session, run_id)
        place = row_of(ids, found["school_id"])
        avalanche[place[place >= 0]] = found["level"][place >= 0]
    decides = _decides(asked, avalanche, rules.avalanche_level)
    state = _states(cells.codes, decides)
    return Winter(season, rules, asked, criteria, ids, schools.pupils, avalanche, cells, decides, state)


def _kept(
    schools: Schools, buildings: Buildings, only: IntArray, parameters: RiskParameters
) -> tuple[Schools, Buildings]:
    """Return some of the schools with their buildings; what replacing those costs is not asked for here."""
    chosen = np.isin(schools.columns["id"], only)
    rows = np.flatnonzero(chosen[buildings.school])
    place = np.cumsum(chosen) - 1
    columns = {name: values[rows] for name, values in buildings.columns.items()}
    kept = prepare_schools({name: values[chosen] for name, values in schools.columns.items()}, parameters)
    unknown = np.full((len(rows), 3), np.nan)
    return kept, Buildings(columns, place[buildings.school[rows]], buildings.share[rows], unknown)


def _lived_in(is_taught_in: BoolArray, school: IntArray, schools: int) -> IntArray:
    """Return the rows of buildings where pupils learn; of a school without one, all its buildings."""
    has_one = np.zeros(schools, dtype=bool)
    has_one[school[is_taught_in]] = True
    return np.flatnonzero(is_taught_in | ~has_one[school])


def _decides(asked: tuple[WinterCriterion, ...], avalanche: NDArray[np.int8], level: int) -> BoolArray:
    may_reach = (avalanche == 0) | (avalanche >= level)
    columns = [
        (may_reach if one.applies == "avalanche" else np.ones(len(avalanche), dtype=bool)) & (one.role == "required")
        for one in asked
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((len(avalanche), 0), dtype=bool)


def _states(codes: CodeArray, decides: BoolArray) -> NDArray[np.int8]:
    """Return the states; where an edition asks nothing of winter, nothing is known of it."""
    found = readiness(codes, decides)
    return np.where(decides.any(axis=1), found, 0).astype(np.int8)
