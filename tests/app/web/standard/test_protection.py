"""A requirement of protection by area: in full for its department, small numbers hidden for the council, never open."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from geodata.models import Assessment, Criterion, RestrictedAnswer
from tests.factories.officers import become_everybody, make_officer
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import check
from tests.support.web import sign_in

PASSWORD = "correct horse battery"


@pytest.fixture
def made(session):
    """One school of the rayon fails the requirement, and nobody knows of the other."""
    country = make_ranked_country(session)
    criterion = session.query(Criterion).filter_by(edition_id=country.run.edition_id, code="SEC-01").one()
    visit = Assessment(
        school_id=country.worst.id, edition_id=country.run.edition_id, kind="survey", assessed_on=date(2025, 10, 6)
    )
    session.add(visit)
    session.flush()
    session.add(RestrictedAnswer(assessment_id=visit.id, criterion_id=criterion.id, state="fails"))
    session.flush()
    session.execute(text("SELECT store_protection(:run, ARRAY['SEC-01'], 10)"), {"run": country.run.id})
    return country


@pytest.fixture
def page_of(app, session, made):
    def ask(role=None, area=None):
        client = app.test_client()
        if role is not None:
            officer = make_officer(session, role, area=area, password=PASSWORD)
            session.flush()
            assert sign_in(client, officer.name, PASSWORD).status_code == 303
        edition = session.scalar(text("SELECT code FROM standard_edition WHERE id = :id"), {"id": made.run.edition_id})
        become_everybody(session)
        address = f"/en/standard/{edition}/SEC-01"
        return check(address, client.get(address))

    return ask


def counts(page):
    """Return the cells of each area in the table by area."""
    return [row[1:] for table in page.all(".//section[@id='by-area']//tbody") for row in cells(table)]


def cells(table):
    return [["".join(cell.itertext()).strip() for cell in row] for row in table.findall("tr")]


def test_a_visitor_is_told_that_answers_are_not_public_and_nothing_else(page_of):
    page = page_of()

    assert "Answers to this criterion are not public" in page.text
    assert counts(page) == []


def test_the_council_sees_that_small_numbers_are_hidden(page_of):
    assert counts(page_of("council")) == [["hidden: a small number", "for everybody with an account"]] * 3


def test_the_department_sees_its_rayon_in_full_and_the_rest_as_everybody(page_of, made):
    found = counts(page_of("department", made.rayon))

    assert found[-1] == ["1", "0", "in full: your territory"]
    assert found[:2] == [["hidden: a small number", "for everybody with an account"]] * 2
