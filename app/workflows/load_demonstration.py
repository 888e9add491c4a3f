"""Load the synthetic country into a database without schools: one transaction, everything marked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.i18n.marks import N_
from app.workflows.demonstration_hazards import load_hazards
from app.workflows.demonstration_rows import (
    answer_rows,
    assessment_rows,
    building_rows,
    contact_rows,
    place_rows,
    school_rows,
)
from app.workflows.load_reference import load_reference
from geodata.demonstration.aimaks import SOURCE
from geodata.demonstration.country import COUNTRY_SCHOOLS, SEED, Country, make_country
from geodata.demonstration.geography import OSH_OBLAST
from geodata.queries import contacts, demonstration, reference, standard_editions
from geodata.queries.locations import check_locations
from geodata.queries.school_areas import refresh_school_areas
from geodata.queries.statistics import refresh_statistics
from geodata.readers.standard import read_edition

if TYPE_CHECKING:
    from geodata.database import Session

Report = Callable[[float, str], None]
LICENCE = "CC-BY-4.0"


class NotEmptyError(Exception):
    """There are schools already: the demonstration is for an empty database only."""


def load_demonstration(
    session: Session,
    *,
    geodata_dir: Path,
    schools: int = COUNTRY_SCHOOLS,
    seed: int = SEED,
    report: Report | None = None,
) -> int:
    """Load areas, schools, buildings, assessments and hazards, and return the number of schools; the caller commits.

    Of at most ``MOST_ASSESSED`` (20,000) schools, drawn from the seed, 83 % have assessments and answers; all others
    are unassessed. The whole country is made in memory before the first row is written: about 3 GB at 1,500,000
    schools, less than 1 GB at 150,000.

    Raises:
        NotEmptyError: The database has schools.
    """
    if demonstration.school_count(session):
        raise NotEmptyError
    tell = report or (lambda percent, step: None)
    tell(0, N_("Loading areas and the standard"))
    load_reference(session)
    edition = read_edition()
    tell(5, N_("Drawing the synthetic country"))
    country = make_country(edition["criteria"], schools, seed)
    ids = _load_areas(session, country)
    tell(25, N_("Loading schools"))
    school_ids = demonstration.add_schools(session, school_rows(country, ids))
    contacts.add_contacts(session, contact_rows(country, school_ids))
    tell(35, N_("Loading buildings"))
    building_ids = demonstration.add_buildings(session, building_rows(country, school_ids))
    tell(45, N_("Loading assessments"))
    _load_answers(session, country, edition, school_ids, building_ids)
    refresh_statistics(session)
    tell(75, N_("Finding the areas of each school"))
    refresh_school_areas(session)
    tell(85, N_("Loading hazards"))
    load_hazards(session, geodata_dir)
    refresh_statistics(session)
    tell(95, N_("Checking locations"))
    check_locations(session)
    return len(school_ids)


def _load_areas(session: Session, country: Country) -> dict[str, int]:
    ids = reference.add_areas(session, country.aimaks.areas, SOURCE)
    demonstration.add_successions(session, country.aimaks.successions, ids)
    demonstration.set_poverty(session, {ids[code]: value for code, value in country.poverty.items()})
    demonstration.forget_boundaries(session, [ids[OSH_OBLAST]])
    outlines = country.geography.outlines
    levels: dict[int, dict[int, Any]] = {1: {}, 2: {}, 3: {}}
    for code, outline in outlines.items():
        levels[_level(code)][ids[code]] = outline
    old = {ids[area.code]: area.geometry for area in country.aimaks.areas if area.valid_to is not None}
    new = {ids[area.code]: area.geometry for area in country.aimaks.areas if area.valid_to is None}
    for shapes in (levels[1], levels[2], levels[3] | new, old):
        reference.set_boundaries(session, shapes, "sketch", SOURCE, LICENCE)
    demonstration.add_places(session, place_rows(country))
    return ids


def _level(code: str) -> int:
    """Return the level of a SOATE code: digits 6-8 name the rayon or city, digits 9-11 the town."""
    if code[5:8] == "000":
        return 1
    return 2 if code[8:11] == "000" else 3


def _load_answers(
    session: Session, country: Country, edition: dict[str, Any], school_ids: list[int], building_ids: list[int]
) -> None:
    edition_id = standard_editions.add_edition(session, edition)
    criteria = demonstration.criterion_ids(session, edition_id)
    assessments = demonstration.add_assessments(session, assessment_rows(country, school_ids, edition_id))
    for is_restricted in (False, True):
        rows = answer_rows(country, edition["criteria"], criteria, assessments, school_ids, building_ids, is_restricted)
        demonstration.add_answers(session, rows, is_restricted)
