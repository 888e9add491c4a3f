"""What a school's page reads, and who reads the names of people in it."""

from datetime import date

import pytest

from app.permissions import Grant, rights_of
from geodata.database import set_scope
from geodata.models import Assessment
from geodata.queries import schools
from geodata.records.rights import NO_RIGHTS
from tests.factories.ranked_country import make_ranked_country

NAME = "Асанова Гүлнара"


@pytest.fixture
def country(session):
    made = make_ranked_country(session)
    visit = {"edition_id": made.run.edition_id, "kind": "verification", "assessed_on": date(2026, 3, 1)}
    session.add(Assessment(school_id=made.worst.id, assessor=NAME, **visit))
    session.flush()
    return made


def named(session, country, scope, rights):
    set_scope(session, scope, 1 if rights.held else None, rights)
    found = schools.assessments(session, country.worst.id)
    assert [one.assessed_on for one in found] == [date(2026, 3, 1), date(2025, 10, 5)], "the visit itself is public"
    return [one.assessor for one in found]


def test_who_assessed_is_named_to_those_who_work_there_and_to_nobody_else(session, country):
    assert named(session, country, "public", NO_RIGHTS) == [None, None]
    elsewhere = rights_of([Grant("department", area_id=country.former.id + 1_000_000)])
    assert named(session, country, "area", elsewhere) == [None, None]
    here = rights_of([Grant("department", area_id=country.rayon.id)])
    assert named(session, country, "area", here) == [NAME, None]
    assert named(session, country, "national", rights_of([Grant("planner")])) == [NAME, None]
