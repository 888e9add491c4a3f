"""The whole synthetic country from one seed: geography, schools, buildings, assessments, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.demonstration.aimaks import Aimaks, merge_aimaks
from geodata.demonstration.blocks import Blocks, make_blocks
from geodata.demonstration.counts import SCHOOLS
from geodata.demonstration.findings import Answers, Visits, make_answers, make_visits
from geodata.demonstration.geography import Geography, draw
from geodata.demonstration.schools import Schools, make_schools
from geodata.demonstration.sites import list_settlements, place_schools

SEED = 20_260_101
COUNTRY_SCHOOLS = sum(SCHOOLS.values())


@dataclass(frozen=True, slots=True)
class Country:
    """Everything but hazards, as arrays; rows of one refer to rows of another."""

    geography: Geography
    aimaks: Aimaks
    schools: Schools
    blocks: Blocks
    visits: Visits
    answers: Answers
    poverty: dict[str, float]


def make_country(criteria: list[dict[str, Any]], schools: int = COUNTRY_SCHOOLS, seed: int = SEED) -> Country:
    """Return the country; the same arguments give the same country, byte for byte.

    Args:
        criteria: The criteria of the edition that the schools are assessed against.
        schools: Number of schools; first-level units keep the published proportions.
        seed: Of PCG64; each part draws from a stream of its own.
    """
    streams = [np.random.Generator(np.random.PCG64(part)) for part in np.random.SeedSequence(seed).spawn(6)]
    geography = draw(streams[0])
    aimaks = merge_aimaks(geography.rayons)
    sites = place_schools(list_settlements(geography, aimaks), schools, streams[1])
    made = make_schools(sites, streams[2])
    blocks = make_blocks(made, streams[3])
    visits = make_visits(made, streams[4])
    answers = make_answers(made, blocks, visits, criteria, streams[4])
    units = sorted(
        [rayon.code for rayon in geography.rayons] + [town.code for town in geography.towns if town.level < 3]
    )
    poverty = {
        code: round(float(value), 3)
        for code, value in zip(units, streams[5].uniform(0.12, 0.48, len(units)), strict=True)
    }
    return Country(geography, aimaks, made, blocks, visits, answers, poverty)
