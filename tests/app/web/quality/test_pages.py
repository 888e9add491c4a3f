"""The league table of data quality, contradictions, schools, and the files of both."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from app.workflows.rank_schools import rank_schools
from tests.factories.country import add_answers, make_country
from tests.support.pages import PageClient


@pytest.fixture
def pages(app):
    return PageClient(app)


@pytest.fixture
def country(session):
    made = make_country(session)
    for code in ("R1", "R2"):
        made.areas[code].parent_id = made.areas["O1"].id
    made.areas["O1"].parent_id = made.areas["KG"].id
    made.schools["S2"].seats = 0
    answers = {"STR-01": "meets", "FIRE-01": "meets", "WSH-01": "meets", "SEC-05": "meets"}
    add_answers(session, made, "S3", answers, kind="self", on=date(2026, 4, 1))
    add_answers(session, made, "S3", answers | {"STR-01": "fails"}, kind="survey", on=date(2026, 4, 2))
    session.flush()
    rank_schools(session)
    return made


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_country_shows_its_rayons_and_unknown_as_a_word(pages, country, language):
    page = pages.get(f"/{language}/quality")

    rows = {row[0]: row for row in page.rows()}
    unknown = {"ky": "Белгисиз", "ru": "Неизвестно", "en": "Unknown"}[language]
    gaps = [row for row in page.rows() if row[0] == "Район 1" and len(row) == 4]
    assert {"Район 1", "Район 2"} <= rows.keys()
    assert gaps[0][2:] == [unknown, unknown]
    assert unknown not in next(row for row in page.rows() if row[0] == "Район 2" and len(row) == 4)


def test_the_difference_between_raters_stands_with_its_numbers(pages, country):
    row = next(row for row in pages.get("/en/quality").rows() if row[0] == "Район 2" and len(row) == 4)

    assert row[1:] == ["1 of 1", "75%", "+28.6"]  # 4 of the weights 4 + 5 + 3 + 2


@pytest.mark.parametrize(
    ("order", "first"), [("completeness", "Район 2"), ("doubts", "Район 2"), ("gap", "Район 2"), ("expired", "Район 1")]
)
def test_the_worst_in_the_chosen_order_comes_first(pages, country, order, first):
    rows = [row for row in pages.get(f"/en/quality?order={order}").rows() if len(row) == 10]

    assert rows[0][0] == first


def test_a_contradiction_leads_to_its_schools_and_an_area_to_its_own(pages, country):
    found = pages.get("/en/quality?doubt=seats_zero")
    assert "/en/schools/S2" in found.links()
    assert "/en/schools/S1" not in found.links()
    own = pages.get("/en/quality?area=R2")
    assert "/en/schools/S3" in own.links()
    assert "/en/schools/S1" not in own.links()


@pytest.mark.parametrize("what", ["order=name", "doubt=ghosts"])
def test_an_unknown_choice_is_refused(client, country, what):
    assert client.get(f"/en/quality?{what}").status_code == 400


def test_files_hold_what_the_page_shows_and_leave_the_unknown_empty(client, country):
    answer = client.get("/en/quality/areas.csv")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}
    schools = client.get("/en/quality/schools.csv?doubt=seats_zero").text
    book = client.get("/ky/quality/schools.xlsx")

    assert rows["R1"]["equal_share"] == ""
    assert rows["R2"]["equal_share"] == "0.75"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert schools.count("seats_zero") == 1
    assert book.data.startswith(b"PK")


def test_without_a_ranking_the_page_says_so_and_there_is_no_file(client, pages, session):
    assert "No ranking has been published yet" in pages.get("/en/quality").text
    assert client.get("/en/quality/areas.csv").status_code == 404
