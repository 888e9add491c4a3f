"""The synthetic country as rows of tables, in the order of ``geodata.queries.demonstration``'s columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import shapely

from geodata.demonstration.aimaks import SOURCE
from geodata.demonstration.country import Country
from geodata.demonstration.findings import STATES
from geodata.demonstration.schools import UNKNOWN
from geodata.demonstration.towns import CENTRES
from geodata.records.contact import SAMPLE_PREFIX
from geodata.reference.names import in_english, in_russian

DATA_DAY = date(2026, 9, 1)
FLAGS = {1: True, 0: False, -1: None}
SECOND_SHIFT_SHARE = 0.44
SHIFT_HOURS = (5.5, 4.0)
COUNTED = '{"pupils": {"source": "school year 2026/27 (synthetic)", "date": "2026-09-01", "quality": "declared"}}'


def _known(value: int) -> int | None:
    return None if value == UNKNOWN else int(value)


def school_rows(country: Country, area_ids: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """Yield the schools in order of codes."""
    made = country.schools
    sites = made.sites
    points = shapely.to_wkb(shapely.set_srid(shapely.points(sites.lon, sites.lat), 4326), hex=True, include_srid=True)
    areas = [area_ids[settlement.area_code] for settlement in sites.settlements]
    for row, code in enumerate(made.code):
        pupils, shifts = int(made.pupils[row]), _known(made.shifts[row])
        second = round(pupils * SECOND_SHIFT_SHARE)
        shift_pupils = {1: [pupils], 2: [pupils - second, second]}.get(shifts or 0, [])
        yield (
            code, *made.names[row], points[row], made.location_quality[row], areas[sites.settlement[row]],
            made.kind[row], made.ownership[row], made.languages[row], pupils, _known(made.seats[row]), shifts,
            shift_pupils, list(SHIFT_HOURS[: len(shift_pupils)]), _known(made.staff[row]),
            SOURCE, DATA_DAY, True, COUNTED,
        )  # fmt: skip


def contact_rows(country: Country, school_ids: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield office telephones that cannot be called; of each ninth school none is known, each seventh has two."""
    for row, school in enumerate(school_ids):
        if row % 9 != 4:
            count = 2 if row % 7 == 3 else 1
            numbers = [f"{SAMPLE_PREFIX}{(2 * row + each) % 10**8:08d}" for each in range(count)]
            yield school, numbers, SOURCE, DATA_DAY, True


def building_rows(country: Country, school_ids: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the buildings in order of school and number, which is the order of their codes."""
    made, codes = country.blocks, country.schools.code
    for row in range(len(made.school)):
        school, number = int(made.school[row]), int(made.number[row])
        area = float(made.area_m2[row])
        share = float(made.pupil_share[row])
        yield (
            f"{codes[school]}-{number}", school_ids[school], str(number), made.use[row], made.building_type[row],
            _known(made.year_built[row]), _known(made.storeys[row]), None if np.isnan(area) else area,
            made.condition[row], made.series[row], made.heating[row], share,
            *(FLAGS[int(flag)] for flag in made.irregular[row]), SOURCE, DATA_DAY, True,
        )  # fmt: skip


def assessment_rows(country: Country, school_ids: list[int], edition_id: int) -> Iterator[tuple[Any, ...]]:
    """Yield the assessments."""
    made = country.visits
    for school, kind, day in zip(made.school.tolist(), made.kind, made.day, strict=True):
        yield (school_ids[school], edition_id, kind, day, None, "published", SOURCE, day, True)


def answer_rows(
    country: Country,
    criteria: list[dict[str, Any]],
    criterion_ids: Mapping[str, int],
    assessment_ids: Mapping[tuple[int, str, Any], int],
    school_ids: list[int],
    building_ids: list[int],
    is_restricted: bool,
) -> Iterator[tuple[Any, ...]]:
    """Yield the answers of the protection group (``is_restricted``) or of the others."""
    made, visits = country.answers, country.visits
    restricted = np.array([row["grouping"] == "protection" for row in criteria])
    criterion = [criterion_ids[row["code"]] for row in criteria]
    visit = [
        assessment_ids[school_ids[school], kind, day]
        for school, kind, day in zip(visits.school.tolist(), visits.kind, visits.day, strict=True)
    ]
    for row in np.flatnonzero(restricted[made.criterion] == is_restricted).tolist():
        building, share = int(made.building[row]), float(made.room_share[row])
        yield (
            visit[made.visit[row]],
            criterion[made.criterion[row]],
            None if building < 0 else building_ids[building],
            STATES[made.state[row]],
            None if np.isnan(share) else share,
        )


def place_rows(country: Country) -> list[dict[str, Any]]:
    """Return the villages and the towns that the settlements of GeoNames lack, for the base map."""
    villages = [(place.name, place.lon, place.lat, 9) for rayon in country.geography.rayons for place in rayon.places]
    towns = [(town.name_ky, town.lon, town.lat, 8) for town in country.geography.towns if town.code in CENTRES]
    return [
        {
            "name_ky": name,
            "name_ru": in_russian(name),
            "name_en": in_english(name),
            "min_zoom": zoom,
            "rank": 1_000 + number,
            "source": SOURCE,
            "geometry": shapely.Point(lon, lat),
        }
        for number, (name, lon, lat, zoom) in enumerate([*towns, *villages])
    ]
