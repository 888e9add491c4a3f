"""What a school's page says about the age and the certainty of its answers."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from app.workflows.rank_schools import rank_schools
from geodata.models import Answer
from tests.factories.country import add_answers, make_country
from tests.support.pages import PageClient


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_answers_past_their_shelf_life_are_named_with_their_dates_and_greyed(app, session, language):
    make_country(session, shelf_life_months={"WSH-01": 6, "STR-01": 60})
    session.execute(update(Answer).values(evidence_on=date(2025, 6, 1)))
    rank_schools(session)

    page = PageClient(app).get(f"/{language}/schools/S2")
    old = page.all(".//table[@class='aged']/tbody/tr")
    assert len(old) == 1
    assert "WSH-01" in "".join(old[0].itertext())
    greyed = page.all(".//li[@class='expired']")
    assert ["WSH-01" in "".join(item.itertext()) for item in greyed] == [True]


def test_a_second_rater_is_compared_and_nobody_is_unknown(app, session):
    country = make_country(session)
    answers = {"STR-01": "meets", "FIRE-01": "meets", "WSH-01": "meets", "SEC-05": "fails"}
    add_answers(session, country, "S3", answers, kind="self", on=date(2026, 4, 1))
    add_answers(session, country, "S3", answers | {"WSH-01": "fails"}, kind="survey", on=date(2026, 4, 2))
    rank_schools(session)

    compared = PageClient(app).get("/en/schools/S3").text
    alone = PageClient(app).get("/en/schools/S2").text
    assert "second rater's75% of 4 criteria" in compared
    assert "Unknown: nobody has answered after the school" in alone


def test_of_a_school_without_answers_neither_age_nor_agreement_is_told(app, session):
    make_country(session)
    rank_schools(session)

    page = PageClient(app).get("/en/schools/S4")
    assert "Nothing is answered, so that neither age nor agreement is known." in page.text
    assert page.all(".//table[@class='aged']") == []
