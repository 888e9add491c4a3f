"""Answers to scores and scores to ranks: the rules of the three rooms, called on what was loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.assessment.grades import INSUFFICIENT, Cuts
from app.assessment.pass_rates import filled
from app.assessment.schools import BuildingScores, SchoolScores, score_all
from app.assessment.scoring import Conformity
from app.assessment.standard import Standard
from app.prioritisation.confidence import ConfidenceRule, confidence
from app.prioritisation.factors import SchoolFacts
from app.prioritisation.index import Priorities, prioritise
from app.prioritisation.ranking import rank_bounds, rank_schools, rank_within
from app.prioritisation.scheme import Scheme
from app.risk.building_risk import BuildingInputs, BuildingRisk, SchoolRisk, assess_buildings, assess_schools
from app.risk.parameters import RiskParameters
from app.risk.people import presence_of_pupil
from app.workflows.ranking_answers import (
    BLOCK,
    Block,
    BlockAnswers,
    CountedAnswers,
    Quality,
    blocks_of,
    joined,
    load_counted,
    measure_quality,
)
from app.workflows.ranking_inputs import Buildings, Hazards, Schools, row_of
from geodata.database import Session
from geodata.queries import scoring

if TYPE_CHECKING:
    from geodata.models import StandardEdition

NEVER_ASSESSED = -(10**6)
OF_BUILDING = ("building", "room")
"""Scopes that are answered building by building; others are one fact of a school."""


@dataclass(slots=True)
class Edition:
    """The edition in force: its arrays and the ids of its criteria."""

    id: int
    code: str
    sha256: str
    standard: Standard
    criterion_ids: list[int]
    shelf_life_months: NDArray[np.float64]
    """Of each criterion; NaN = the edition states none."""
    is_shared: NDArray[np.bool_]
    """Of each criterion: one answer for all buildings of a school."""


@dataclass(slots=True)
class Assessed:
    """Scores of all buildings and schools, and the hash of the answers that they rest on."""

    buildings: BuildingScores
    schools: SchoolScores
    answers_sha256: str
    day: NDArray[np.int64]
    """Day of the last assessment since 1970-01-01; ``NEVER_ASSESSED`` without one."""
    quality: Quality


@dataclass(slots=True)
class Ranked:
    """Priorities and ranks of schools, and the risk that they rest on."""

    building_risk: BuildingRisk
    school_risk: SchoolRisk
    priorities: Priorities
    national: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    within: dict[str, NDArray[np.int64]]
    confidence: NDArray[np.int64]


def load_edition(session: Session, parameters: RiskParameters) -> Edition | None:
    """Return the edition in force with its public criteria; a critical one without a cap takes the method's."""
    edition = scoring.current_edition(session)
    return None if edition is None else read_edition(session, edition, parameters)


def read_edition(session: Session, edition: StandardEdition, parameters: RiskParameters) -> Edition:
    """Return any edition as ``load_edition`` does the one in force."""
    criteria = scoring.public_criteria(session, edition.id)
    default_cap = parameters["conformity.red_flag_cap"]
    caps = [(default_cap if found.cap is None else found.cap) if found.is_critical else np.nan for found in criteria]
    standard = Standard(
        codes=tuple(found.code for found in criteria),
        weight=np.array([found.weight for found in criteria], dtype=float),
        cap=np.array(caps, dtype=float),
        domain=tuple(found.domain_code for found in criteria),
        group=tuple(found.grouping for found in criteria),
    )
    months = [np.nan if found.shelf_life_months is None else found.shelf_life_months for found in criteria]
    ids = [found.id for found in criteria]
    shared = is_shared([found.scope for found in criteria])
    return Edition(edition.id, edition.code, edition.sha256, standard, ids, np.array(months, dtype=float), shared)


def is_shared(scopes: Sequence[str]) -> NDArray[np.bool_]:
    """Return which criteria have one answer for all buildings of a school."""
    return np.array([scope not in OF_BUILDING for scope in scopes], dtype=bool)


def load_blocks(
    session: Session, edition: Edition, schools: Schools, buildings: Buildings, parameters: RiskParameters
) -> Iterator[BlockAnswers]:
    """Yield what counts in all buildings, block by block."""
    for block, rows in blocks_of(schools, buildings):
        counted = load_counted(session, edition.id, edition.criterion_ids, block, edition.shelf_life_months, parameters)
        yield BlockAnswers(block, rows, counted.codes, counted.verified)


def cuts_of(parameters: RiskParameters) -> Cuts:
    """Return the bounds of the classes."""
    return Cuts(
        parameters["conformity.completeness"],
        parameters["conformity.cut_critical"],
        parameters["conformity.cut_non_conforming"],
        parameters["conformity.cut_partly"],
    )


def assess(
    session: Session,
    edition: Edition,
    schools: Schools,
    buildings: Buildings,
    parameters: RiskParameters,
    data_day: int,
    report: Callable[[float], None],
) -> Assessed:
    """Score all schools, ``BLOCK`` of them at a time.

    ``data_day``: the day of the data, since 1970-01-01, on which shelf lives are counted. ``report`` takes the share
    that is done.
    """
    cuts = cuts_of(parameters)
    digest = hashlib.sha256()
    parts: list[tuple[BuildingScores, SchoolScores]] = []
    qualities: list[Quality] = []
    for block, rows in blocks_of(schools, buildings):
        counted = load_counted(session, edition.id, edition.criterion_ids, block, edition.shelf_life_months, parameters)
        digest.update((counted.codes + ord("0")).astype(np.uint8).tobytes())
        digest.update((counted.verified + ord("0")).astype(np.uint8).tobytes())
        digest.update(counted.evidence_day.astype("<i4").tobytes())
        prior = prior_of(buildings, edition, parameters, rows)
        parts.append(_score_block(counted, block, edition.standard, cuts, prior, parameters))
        qualities.append(measure_quality(counted, block, edition.standard, data_day))
        report(min(len(parts) * BLOCK / len(schools), 1.0))
    found = scoring.load_assessed_days(session, edition.id)
    day = np.full(len(schools), NEVER_ASSESSED, dtype=np.int64)
    row = row_of(schools.columns["id"], found["school_id"])
    day[row[row >= 0]] = found["day"][row >= 0]
    building_parts = [part[0] for part in parts]
    scores = BuildingScores(
        Conformity(*joined([part.conformity for part in building_parts])),
        np.concatenate([part.conformity_class for part in building_parts]),
        np.concatenate([part.grade for part in building_parts]),
    )
    return Assessed(
        scores, SchoolScores(*joined([part[1] for part in parts])), digest.hexdigest(), day, Quality(*joined(qualities))
    )


def prior_of(
    buildings: Buildings, edition: Edition, parameters: RiskParameters, rows: slice = slice(None)
) -> NDArray[np.float64] | float:
    """Return the prior pass rate of missing answers: of each building and criterion by the table in force, else one."""
    rates = None if buildings.priors is None else buildings.priors.rates(edition.code, edition.standard.codes, rows)
    return filled(rates, parameters["conformity.prior_pass_rate"])


def _score_block(
    counted: CountedAnswers,
    block: Block,
    standard: Standard,
    cuts: Cuts,
    prior: NDArray[np.float64] | float,
    parameters: RiskParameters,
) -> tuple[BuildingScores, SchoolScores]:
    return score_all(
        counted.codes,
        counted.verified,
        block.school,
        block.share,
        len(block.school_ids),
        standard,
        cuts,
        prior,
        parameters["conformity.unverified_trust"],
    )


def _facts(schools: Schools, risk: SchoolRisk, scores: SchoolScores) -> SchoolFacts:
    """Return the facts behind the factors; C7 is by road, as stated or worked out; a straight line never ranks."""
    index = np.stack([scores.central, scores.lower, scores.upper], axis=1)
    return SchoolFacts(
        individual_risk=risk.individual_risk[:, :3],
        equivalent_fatalities=risk.equivalent_fatalities[:, :3],
        loss_ratio=risk.loss_ratio[:, :3],
        index=np.where(np.isnan(scores.central)[:, None], np.nan, index),
        completeness=scores.completeness,
        basic_deficiency=scores.basic_deficiency,
        basic_completeness=scores.basic_completeness,
        pupils=schools.pupils,
        seats=schools.columns["seats"],
        minutes_to_alternative=schools.columns["minutes_to_alternative"],
        poverty_index=schools.columns["poverty_index"],
    )


def rank(
    schools: Schools,
    buildings: Buildings,
    hazards: Hazards,
    assessed: Assessed,
    scheme: Scheme,
    parameters: RiskParameters,
) -> Ranked:
    """Return risk, priorities, ranks and confidence."""
    risk = assess_buildings(building_inputs(schools, buildings, hazards, scheme, parameters), parameters)
    of_school = assess_schools(buildings.school, risk, buildings.share, buildings.replacement[:, 0], len(schools))
    facts = _facts(schools, of_school, assessed.schools)
    priorities = prioritise(facts, scheme, parameters["priority.unknown_value"])
    national = rank_schools(priorities.central, of_school.individual_risk[:, 0], of_school.equivalent_fatalities[:, 0])
    low, high = rank_bounds(priorities.lower, priorities.upper)
    within = {
        level: rank_within(np.where(schools.columns[f"{level}_id"] > 0, schools.columns[f"{level}_id"], -1), national)
        for level in ("oblast", "rayon", "aimak")
    }
    trust = confidence_of(assessed, low, high, parameters)
    return Ranked(risk, of_school, priorities, national, low, high, within, trust)


def building_inputs(
    schools: Schools, buildings: Buildings, hazards: Hazards, scheme: Scheme, parameters: RiskParameters
) -> BuildingInputs:
    """Return what the risk engine asks of each building."""
    return BuildingInputs(
        building_type=buildings.columns["type"].astype(np.int64),
        modifiers=buildings.columns["modifiers"].astype(np.int64),
        a475_g=hazards.a475_g,
        levels=hazards.levels,
        counted=scheme.hazards,
        persons=schools.persons[buildings.school] * buildings.share,
        presence=presence_of_pupil(schools.first_hours, parameters)[buildings.school],
        curve_g=hazards.curve_g,
        curve_rate=hazards.curve_rate,
        annual_loss=hazards.annual_loss,
        type_share=buildings.type_share,
    )


def confidence_of(
    assessed: Assessed, low: NDArray[np.int64], high: NDArray[np.int64], parameters: RiskParameters
) -> NDArray[np.int64]:
    """Return 4..1 for each school from the interval of its rank and the quality of what is known."""
    rule = ConfidenceRule(
        parameters["confidence.width_4"],
        parameters["confidence.width_3"],
        parameters["confidence.width_2"],
        parameters["conformity.completeness"],
    )
    return confidence(
        low,
        high,
        np.nan_to_num(assessed.schools.completeness),
        np.nan_to_num(assessed.quality.firm_share),
        assessed.schools.conformity_class == INSUFFICIENT,
        rule,
    )
