"""Which answers count in each building, how old they are, and how good what is known of a school is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.agreement import compare_raters
from app.assessment.answers import (
    FIRST_VERIFIED,
    KINDS,
    MISSING,
    NOT_APPLICABLE,
    codes_at,
    codes_of_rooms,
    counted_rows,
    spread_rows,
    verified_at,
)
from app.assessment.schools import mean_of_school, pupil_weights
from app.assessment.shelf_life import NEVER, expiry_days, share_of_weight
from app.assessment.standard import Standard
from app.risk.parameters import RiskParameters
from app.workflows.ranking_inputs import Buildings, Schools, row_of
from geodata.database import Session
from geodata.queries import scoring

SELF = KINDS.index("self")
MONTHS_A_YEAR = 12
BLOCK = 20_000
"""Schools whose answers are in memory at a time."""

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Block(NamedTuple):
    """Some schools and their buildings, by ids; ``school``: row of each building's school, ``share``: of its pupils."""

    school_ids: IntArray
    building_ids: IntArray
    school: IntArray
    share: FloatArray


class BlockAnswers(NamedTuple):
    """What counts in the buildings of a block; ``rows``: of the block among all buildings."""

    block: Block
    rows: slice
    codes: NDArray[np.int8]
    verified: NDArray[np.bool_]


AnswersOfBlocks = Callable[[], Iterator[BlockAnswers]]
"""Gives what counts in all buildings of a list, block by block, from the database or from a kit."""


@dataclass(slots=True)
class CountedAnswers:
    """What counts in each building, shape (buildings, criteria); a day is since 1970-01-01."""

    codes: NDArray[np.int8]
    verified: NDArray[np.bool_]
    evidence_day: NDArray[np.int32]
    """``-NEVER`` where nothing is answered."""
    expiry_day: NDArray[np.int32]
    own_codes: NDArray[np.int8]
    """What the school says of itself, whatever others found."""
    other_codes: NDArray[np.int8]
    """What others found, whatever the school says."""


class Quality(NamedTuple):
    """How good the knowledge of each school is, on the day of the data. Shares 0..1; NaN = nothing to tell from."""

    verified_share: FloatArray
    """Of the weight of the physical criteria that apply: answered and verified."""
    firm_share: FloatArray
    """The same, and within its shelf life."""
    expired_share: FloatArray
    """Of the weight that is answered: past its shelf life."""
    evidence_day: FloatArray
    """Mean day of the evidence, by weight, since 1970-01-01."""
    first_expiry_day: IntArray
    """The first day on which an answer of the school is expired; ``NEVER`` = none expires."""
    compared: IntArray
    equal_share: FloatArray
    index_gap: FloatArray
    """See ``app.assessment.agreement``."""


def blocks_of(schools: Schools, buildings: Buildings) -> Iterator[tuple[Block, slice]]:
    """Yield ``BLOCK`` schools at a time with their buildings, and the rows of these among all buildings."""
    for start in range(0, len(schools), BLOCK):
        stop = min(start + BLOCK, len(schools))
        first, last = np.searchsorted(buildings.school, [start, stop])
        rows = slice(int(first), int(last))
        ids = schools.columns["id"][start:stop], buildings.columns["id"][rows]
        yield Block(*ids, buildings.school[rows] - start, buildings.share[rows]), rows


def load_counted(
    session: Session,
    edition_id: int,
    criterion_ids: list[int],
    block: Block,
    shelf_life_months: FloatArray,
    parameters: RiskParameters,
) -> CountedAnswers:
    """Load the published answers of a block and keep those that count in each building.

    Args:
        shelf_life_months: Shape (criteria,); NaN = the edition states none, and the parameter holds.
    """
    found = scoring.load_answers(session, edition_id, criterion_ids, KINDS, block.school_ids.tolist())
    buildings = len(block.building_ids)
    of_school = row_of(block.school_ids, found["school_id"]) + buildings
    place = np.where(found["building_id"] == 0, of_school, row_of(block.building_ids, found["building_id"]))
    found = {name: values[place >= 0] for name, values in found.items()}
    place, criterion = place[place >= 0], found["criterion"].astype(np.int64)
    codes = codes_of_rooms(
        found["code"].astype(np.int8), found["room_share"], parameters["conformity.room_share_partly"]
    )
    shape = (buildings + len(block.school_ids), len(criterion_ids))

    def counted(wanted: NDArray[np.bool_] | None = None) -> NDArray[np.int32]:
        spoken = codes if wanted is None else np.where(wanted, codes, MISSING).astype(np.int8)
        rows = counted_rows(place, criterion, spoken, found["kind"], found["day"], shape, found["visit_day"])
        return spread_rows(rows[:buildings], rows[buildings:], block.school)

    expiry = expiry_of(found["day"].astype(np.int64), shelf_life_months[criterion], parameters)
    rows = counted()
    return CountedAnswers(
        codes=codes_at(rows, codes),
        verified=verified_at(rows, found["kind"]),
        evidence_day=np.append(found["day"], -NEVER).astype(np.int32)[rows],
        expiry_day=np.append(expiry, NEVER).astype(np.int32)[rows],
        own_codes=codes_at(counted(found["kind"] == SELF), codes),
        other_codes=codes_at(counted(found["kind"] >= FIRST_VERIFIED), codes),
    )


def expiry_of(day: IntArray, shelf_life_months: FloatArray, parameters: RiskParameters) -> IntArray:
    """Return the day on which evidence of ``day`` expires; months NaN: the parameter holds."""
    default = MONTHS_A_YEAR * parameters["confidence.shelf_life_years"]
    return expiry_days(day, np.where(np.isnan(shelf_life_months), default, shelf_life_months))


def measure_quality(counted: CountedAnswers, block: Block, standard: Standard, day: int) -> Quality:
    """Return the quality of what is known of each school of a block; ``day`` is the data's, since 1970-01-01."""
    weight = np.where(standard.is_physical, standard.weight, 0.0)
    says = (counted.codes != MISSING) & (counted.codes != NOT_APPLICABLE)
    applicable = (counted.codes != NOT_APPLICABLE) @ weight
    answered = says @ weight
    expired = says & (counted.expiry_day <= day)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_day = np.where(says, counted.evidence_day, 0) @ weight / answered
    columns = np.column_stack(
        [
            share_of_weight(says & counted.verified, weight, applicable),
            share_of_weight(says & counted.verified & ~expired, weight, applicable),
            share_of_weight(expired, weight, answered),
            mean_day,
        ]
    )
    schools = len(block.school_ids)
    pupils = pupil_weights(block.school, block.share, schools)
    means = mean_of_school(block.school, columns, pupils, schools)
    first = np.full(schools, NEVER, dtype=np.int64)
    np.minimum.at(first, block.school, counted.expiry_day.min(axis=1, initial=NEVER).astype(np.int64))
    agreement = compare_raters(counted.own_codes, counted.other_codes, weight, block.school, pupils, schools)
    return Quality(
        means[:, 0],
        means[:, 1],
        means[:, 2],
        means[:, 3],
        first,
        agreement.compared,
        agreement.equal_share,
        agreement.index_gap,
    )


def joined(parts: list[Any]) -> list[NDArray[Any]]:
    """Return the columns of blocks, one after the other."""
    return [np.concatenate(columns) for columns in zip(*parts, strict=True)]
