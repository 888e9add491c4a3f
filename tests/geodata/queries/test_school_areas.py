"""Which areas a school lies in, on the old map and on the new."""

from datetime import date

from sqlalchemy import select

from geodata.models import Area, SchoolArea
from geodata.queries import locations
from geodata.queries.school_areas import refresh_school_areas
from tests.factories.areas import make_area, make_succession
from tests.factories.schools import make_school

REFORM = date(2025, 1, 1)


def codes(session, school):
    query = select(Area.code).join(SchoolArea, SchoolArea.area_id == Area.id).where(SchoolArea.school_id == school.id)
    return set(session.scalars(query))


def country(session):
    top = make_area(session, 0, code="C", box=(70, 40, 80, 43))
    oblast = make_area(session, 1, parent=top, code="O", box=(70, 40, 80, 43))
    return make_area(session, 2, parent=oblast, code="R", box=(70, 40, 80, 43))


def test_stated_area_brings_all_areas_above_it(session):
    rayon = country(session)
    aimak = make_area(session, 3, parent=rayon, code="A")
    school = make_school(session, area_id=aimak.id, lon=None)

    refresh_school_areas(session, [school.id])

    assert codes(session, school) == {"A", "R", "O", "C"}


def test_old_map_and_new_map_differ_and_both_are_known(session):
    rayon = country(session)
    west = make_area(session, 3, parent=rayon, code="OLD-W", box=(70, 40, 75, 43), valid_to=REFORM)
    east = make_area(session, 3, parent=rayon, code="OLD-E", box=(75, 40, 80, 43), valid_to=REFORM)
    merged = make_area(session, 3, parent=rayon, code="NEW", box=(70, 40, 80, 43), valid_from=REFORM)
    for old in (west, east):
        make_succession(session, old, merged)
    stated_new = make_school(session, area_id=merged.id, lon=77.0, lat=42.0)
    stated_old_without_point = make_school(session, area_id=west.id, lon=None)

    refresh_school_areas(session)

    assert codes(session, stated_new) == {"NEW", "OLD-E", "R", "O", "C"}
    assert codes(session, stated_old_without_point) == {"NEW", "OLD-W", "R", "O", "C"}


def test_a_point_outside_its_stated_area_stays_where_it_is_stated_and_is_doubted(session):
    rayon = country(session)
    stated = make_area(session, 3, parent=rayon, code="A", box=(70, 40, 75, 43))
    make_area(session, 3, parent=rayon, code="B", box=(75, 40, 80, 43))
    school = make_school(session, area_id=stated.id, lon=77.0, lat=42.0)

    refresh_school_areas(session)
    locations.check_locations(session)

    assert codes(session, school) == {"A", "R", "O", "C"}
    session.refresh(school)
    assert school.location_flags == ["outside_area"]


def test_a_school_without_a_stated_area_lies_where_its_point_lies(session):
    rayon = country(session)
    make_area(session, 3, parent=rayon, code="A", box=(70, 40, 75, 43))
    school = make_school(session, lon=72.0, lat=42.0)

    refresh_school_areas(session)

    assert codes(session, school) == {"A", "R", "O", "C"}


def test_two_schools_on_one_spot_and_a_lost_one_are_in_the_queue(session):
    first, second = make_school(session, lon=72.0, lat=42.0), make_school(session, lon=72.0001, lat=42.0)
    lost, sound = make_school(session, lon=None), make_school(session, lon=73.0, lat=42.0)

    locations.check_locations(session)

    flags = {row.code: row.flags for row in locations.doubtful(session)}
    assert flags == {
        first.code: ["duplicate_point"],
        second.code: ["duplicate_point"],
        lost.code: ["no_location"],
    }
    assert sound.code not in flags
    assert locations.count_doubtful(session, flag="no_location") == 1
