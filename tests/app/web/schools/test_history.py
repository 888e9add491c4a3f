"""The page of a school over time: the picture, its numbers, what moved, unknown as a word."""

from __future__ import annotations

from datetime import date

import pytest

from app.web.charts.timeline import Mark, timeline
from tests.factories.country import add_answers, make_country
from tests.support.pages import PageClient

MET = dict.fromkeys(("STR-01", "STR-02", "FIRE-01", "WSH-01", "SEC-05", "SOC-06"), "meets")


@pytest.fixture
def pages(app, session):
    country = make_country(session)
    add_answers(session, country, "S3", {"WSH-01": "meets"}, kind="self", on=date(2025, 5, 1))
    add_answers(session, country, "S3", MET, kind="survey", on=date(2026, 5, 1))
    add_answers(session, country, "S3", {"STR-01": "fails"}, kind="survey", on=date(2026, 9, 1))
    session.flush()
    return PageClient(app)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_numbers_stand_newest_first_and_lead_to_what_changed(pages, language):
    page = pages.get(f"/{language}/schools/S3/history")

    grades = [row[2] for row in page.rows() if len(row) == 7]
    unknown = {"ky": "Белгисиз", "ru": "Неизвестно", "en": "Unknown"}[language]
    assert grades == ["E", "A", unknown]
    assert f"/{language}/standard/criteria/STR-01" in page.links()
    assert 'class="strip"' in page.html


def test_a_school_that_nobody_assessed_says_so(pages):
    assert not pages.get("/en/schools/S4/history").rows()


def test_an_unknown_school_is_not_found(client):
    assert client.get("/en/schools/none/history").status_code == 404


def test_days_close_together_stand_apart_and_inside_the_picture():
    marks = [Mark(day, f"{day}", (10, 20, 30), "C") for day in (1, 2, 3, 4000, 4001)]

    picture = str(timeline(marks, 80, 'a "title"'))

    places = [float(part.split('"')[0]) for part in picture.split('<text x="')[1:]]
    assert all(0 <= place <= 640 for place in places)
    assert "&#34;title&#34;" in picture
