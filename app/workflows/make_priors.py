"""Count a version of the tables of priors from what is surveyed, and put it in force.

A version is frozen: a later survey changes no score until somebody makes another version. Only what was measured or
declared is counted, never a share or a rate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from app.assessment.answers import MISSING, NOT_APPLICABLE
from app.assessment.pass_rates import RatePool, count_rates
from app.risk.parameters import default_parameters
from app.risk.type_priors import TypePool, count_types, decades_of
from app.workflows import ranking_inputs, ranking_scores
from app.workflows.prior_tables import area_codes_of, type_codes
from app.workflows.ranking_answers import Block, load_counted
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, priors, runs, scoring
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.risk.parameters import RiskParameters
    from app.workflows.ranking_scores import Edition
    from geodata.database import Session
    from geodata.models import PriorVersion

THRESHOLDS = ("prior.least_buildings", "prior.least_answers", "prior.first_decade")
YEARS = "type_years"
COUNTED = ("schools", "buildings", "areas", "criteria")
"""Input tables that a version is counted from, beside the answers."""


class PriorsError(Exception):
    """Base of what is refused about priors."""


class NothingSurveyedError(PriorsError):
    """There is no school, or no edition of the standard in force."""


class UnknownVersionError(PriorsError):
    """There is no version of this number."""


@dataclass(frozen=True, slots=True)
class PriorsSummary:
    """What was made. ``is_new`` False: the same counts stood already."""

    number: int
    buildings: int
    answers: int
    type_pools: int
    answer_pools: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is counted: the buildings, and the answers that count in each of them."""

    edition: Edition
    day: date
    is_synthetic: bool
    columns: dict[str, NDArray[Any]]
    is_surveyed: NDArray[np.bool_]
    """Its type was measured or declared."""
    codes: NDArray[np.int8]
    rayon: NDArray[np.str_]
    oblast: NDArray[np.str_]
    inputs: dict[str, Any]


def make_priors(session: Session, parameters: RiskParameters | None = None, *, in_force: bool = True) -> PriorsSummary:
    """Count a version and put it in force; where nothing to count has changed since the newest one, that one is.

    Args:
        session: National scope with the right to rank; the caller commits.
        parameters: Thresholds of another table; None: those that ship with the project.
        in_force: False: the version is stored and counts nowhere until ``put_in_force``.

    Raises:
        NothingSurveyedError: See there.
    """
    parameters = parameters or default_parameters()
    ground = _load(session, parameters)
    newest = next(iter(priors.list_versions(session)), None)
    if newest is not None and newest.version.inputs == ground.inputs:
        found, is_new, pools = newest.version, False, (0, 0)
    else:
        found, pools = _add(session, ground, parameters)
        is_new = True
    standing = priors.in_force(session)
    if in_force and (standing is None or standing.version.id != found.id):
        _decide(session, found)
    return PriorsSummary(found.number, found.buildings, found.answers, *pools, is_new)


def put_in_force(session: Session, number: int | None) -> None:
    """Decide which version rankings use from now on; None: none, all types alike and one pass rate.

    Raises:
        UnknownVersionError: There is no such version.
    """
    if number is None:
        _decide(session, None)
        return
    found = priors.find_version(session, number)
    if found is None:
        raise UnknownVersionError(f"there is no version {number}")
    _decide(session, found.version)


def _decide(session: Session, version: PriorVersion | None) -> None:
    priors.put_in_force(session, None if version is None else version.id, session.info.get(ACCOUNT_KEY))
    audit.record(session, "priors:decided", subject=None if version is None else str(version.number))


def _load(session: Session, parameters: RiskParameters) -> _Ground:
    scoring.lock_ranking(session)
    edition = ranking_scores.load_edition(session, parameters)
    day = None if edition is None else scoring.data_date(session, edition.id)
    if edition is None or day is None:
        raise NothingSurveyedError("there is no school, or no edition of the standard in force")
    schools = ranking_inputs.load_schools(session, day, parameters)
    buildings = ranking_inputs.load_buildings(session, schools, day, parameters)
    block = Block(schools.columns["id"], buildings.columns["id"], buildings.school, buildings.share)
    counted = load_counted(session, edition.id, edition.criterion_ids, block, edition.shelf_life_months, parameters)
    real = np.flatnonzero(buildings.columns["id"] > 0)
    columns = {name: values[real] for name, values in buildings.columns.items()}
    is_surveyed = np.isin(columns["id"], priors.measured_buildings(session))
    hashes = scoring.hash_inputs(session, edition.id, day)
    inputs: dict[str, Any] = {name: hashes[name] for name in COUNTED}
    inputs |= {"surveyed": _digest(is_surveyed), "answers": _digest(counted.codes[real])}
    inputs |= {name: parameters[name] for name in THRESHOLDS}
    inputs[YEARS] = read_parameter_tables().sha256[f"{YEARS}.csv"]
    rayon, oblast = (codes[buildings.school[real]] for codes in area_codes_of(session, schools))
    is_synthetic = bool(schools.columns["is_synthetic"].any())
    return _Ground(edition, day, is_synthetic, columns, is_surveyed, counted.codes[real], rayon, oblast, inputs)


def _digest(values: NDArray[Any]) -> str:
    return hashlib.sha256(values.astype(np.uint8).tobytes()).hexdigest()


def _count(ground: _Ground, parameters: RiskParameters) -> tuple[list[TypePool], list[RatePool]]:
    """Return the shares of types and the pass rates of what is surveyed."""
    first = int(parameters["prior.first_decade"])
    last = max(ground.day.year // 10 * 10, first)
    decade = decades_of(ground.columns["year_built"].astype(np.int64), first, last)
    own = np.flatnonzero(ground.is_surveyed & (ground.columns["type"] < len(parameters.types)))
    types = count_types(
        ground.columns["type"][own].astype(np.int64),
        decade[own],
        ground.rayon[own],
        ground.oblast[own],
        _first_years(parameters),
        range(first, last + 1, 10),
        int(parameters["prior.least_buildings"]),
    )
    kind, least = type_codes(ground.columns["type"], parameters), int(parameters["prior.least_answers"])
    return types, list(count_rates(ground.codes, kind, decade, ground.rayon, ground.oblast, least))


def _add(session: Session, ground: _Ground, parameters: RiskParameters) -> tuple[PriorVersion, tuple[int, int]]:
    types, rates = _count(ground, parameters)
    run = runs.published_run(session)
    answered = (ground.codes != MISSING) & (ground.codes != NOT_APPLICABLE)
    facts = {
        "data_date": ground.day,
        "edition_id": ground.edition.id,
        "buildings": int((ground.is_surveyed & (ground.columns["type"] < len(parameters.types))).sum()),
        "answers": int(answered.sum()),
        "inputs": ground.inputs,
        "run_hash": None if run is None else run.hash,
        "is_synthetic": ground.is_synthetic,
        "account_id": session.info.get(ACCOUNT_KEY),
    }
    criteria = ground.edition.standard.codes
    version = priors.add_version(session, facts, list(_type_rows(types, parameters)), list(_rate_rows(rates, criteria)))
    audit.record(session, "priors:made", subject=str(version.number))
    return version, (len(types), len({(one.area, one.decade, one.building_type) for one in rates}))


def _first_years(parameters: RiskParameters) -> NDArray[np.int64]:
    found = {row["building_type"]: int(row["first_year"]) for row in read_parameter_tables().rows[YEARS]}
    return np.array([found.get(code, 0) for code in parameters.types], dtype=np.int64)


def _type_rows(pools: Iterable[TypePool], parameters: RiskParameters) -> Iterable[dict[str, Any]]:
    """Yield the types that a building of each pool may be."""
    for pool in pools:
        for place in np.flatnonzero(pool.weight > 0):
            yield {
                "area": pool.area, "decade": pool.decade, "building_type": parameters.types[place],
                "basis": pool.basis, "surveyed": pool.surveyed, "counted": int(pool.counted[place]),
                "weight": float(pool.weight[place]),
            }  # fmt: skip


def _rate_rows(rates: Iterable[RatePool], criteria: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    for one in rates:
        yield one._asdict() | {"criterion": criteria[one.criterion]}
