"""Telephones of schools: who sees them, what files write and give back, and where they never appear."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geodata.models import SchoolContact
from geodata.queries.contacts import find_contact
from geodata.queries.writes_schools import revert_schools
from geodata.records.school import SchoolRecord
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.geodata.queries.test_import_writes import _take_in

FIRST, SECOND = "+996312621234", "+996555010203"


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    for school in (made.own, made.foreign):
        session.add(
            SchoolContact(school_id=school.id, phones=[FIRST], source="department", source_date=date(2026, 9, 1))
        )
    session.flush()
    return made


def seen(session, school):
    found = find_contact(session, school.id)
    return found.is_seen, found.phones


@pytest.mark.parametrize(
    ("role", "where", "own", "foreign"),
    [
        pytest.param(None, None, False, False, id="a visitor"),
        pytest.param("council", "rayon", False, False, id="a council"),
        pytest.param("trainer", "oblast", False, False, id="a trainer"),
        pytest.param("analyst", "rayon", False, False, id="an analyst of protection"),
        pytest.param("auditor", None, False, False, id="an auditor"),
        pytest.param("administrator", None, False, False, id="an administrator"),
        pytest.param("school", "own", True, False, id="the school itself"),
        pytest.param("local_body", "aimak", True, False, id="its local body"),
        pytest.param("department", "rayon", True, False, id="its department"),
        pytest.param("oblast", "oblast", True, True, id="the oblast of both"),
        pytest.param("planner", None, True, True, id="a planner"),
    ],
)
def test_who_works_in_the_territory_sees_the_numbers_and_nobody_else(session, place, role, where, own, foreign):
    if role is not None:
        given = getattr(place, where) if where else None
        officer = make_officer(session, role, **({"school": given} if where == "own" else {"area": given}))
        become(session, officer)
    else:
        become(session, None)

    number = (FIRST,)
    assert seen(session, place.own) == (own, number if own else ())
    assert seen(session, place.foreign) == (foreign, number if foreign else ())
    assert session.scalar(text("SELECT count(*) FROM school_contact")) == own + foreign


def test_nobody_writes_numbers_without_the_right(session, place):
    become(session, make_officer(session, "local_body", area=place.aimak))

    changed = session.execute(text("UPDATE school_contact SET phones = '{}'")).rowcount

    assert changed == 0


@pytest.mark.parametrize("phones", [["0312621234"], ["+77771234567"], ["+996000123456"], [FIRST] * 6])
def test_the_database_takes_no_other_form_and_no_sample_number_for_a_real_school(session, place, phones):
    contact = session.get(SchoolContact, place.own.id)
    contact.phones = phones

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_file_writes_numbers_and_undo_gives_back_those_before_with_their_source(session):
    first, counts = _take_in(session, "schools", [SchoolRecord("S-9", name_ru="Школа", phones=(FIRST,))])
    _, again = _take_in(session, "schools", [SchoolRecord("S-9", phones=(FIRST,))])
    _, silent = _take_in(session, "schools", [SchoolRecord("S-9", name_ru="Школа")])
    later, changed = _take_in(session, "schools", [SchoolRecord("S-9", phones=(SECOND, FIRST))], source="list 2026")

    def stored():
        return session.execute(text("SELECT phones, source FROM school_contact")).one()

    assert (counts, again, silent, changed) == ((1, 0, 0), (0, 0, 1), (0, 0, 1), (0, 1, 0))
    assert stored() == ([SECOND, FIRST], "list 2026")
    revert_schools(session, later)
    assert stored() == ([FIRST], "list 2025")
    revert_schools(session, first)
    assert session.scalar(text("SELECT count(*) FROM school_contact")) == 0


def test_undo_of_the_first_numbers_of_a_stored_school_leaves_none(session):
    _take_in(session, "schools", [SchoolRecord("S-9", name_ru="Школа")])
    batch, _ = _take_in(session, "schools", [SchoolRecord("S-9", phones=(FIRST,))])

    revert_schools(session, batch)

    assert session.scalar(text("SELECT count(*) FROM school_contact")) == 0


def test_a_number_is_in_no_open_past_no_provenance_and_no_audit(session):
    _take_in(session, "schools", [SchoolRecord("S-9", name_ru="Школа", phones=(FIRST,))])
    batch, _ = _take_in(session, "schools", [SchoolRecord("S-9", pupils=5, phones=(SECOND,))])
    session.execute(
        text("UPDATE import_batch SET kind = 'schools', committed_at = now() WHERE id = :id"), {"id": batch}
    )
    provenance = session.scalar(text("SELECT provenance FROM school WHERE code = 'S-9'"))
    audited = session.execute(text("SELECT differences FROM audit_change WHERE table_name = 'school_contact'")).all()
    become(session, None)
    past = (
        session.execute(text("SELECT before FROM school, record_past('school', school.id) WHERE code = 'S-9'"))
        .scalars()
        .all()
    )

    assert "phones" not in provenance
    assert [set(one) for one in past] == [{"pupils"}]
    assert audited
    assert not any(number[4:] in json.dumps([list(row) for row in audited]) for number in (FIRST, SECOND))
