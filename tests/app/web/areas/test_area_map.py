"""The map of an area's page: every school with a place, or words that say how many of them."""

import pytest

from geodata.models import AreaResult, SchoolArea
from tests.factories.areas import make_area
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school
from tests.support.queries import questions_of

SCHOOLS = 14
MOST_QUESTIONS = 8


@pytest.fixture
def places(session):
    run = make_run(session, school_count=SCHOOLS, ranked_count=SCHOOLS)
    country = make_area(session, 0, box=(74.0, 42.5, 75.0, 43.0))
    oblast = make_area(session, 1, parent=country, box=(74.0, 42.5, 75.0, 43.0))
    figures = {"schools": SCHOOLS, "assessed": SCHOOLS, "covered": SCHOOLS, "is_rankable": True}
    for area in (country, oblast):
        session.add(AreaResult(run_id=run.id, area_id=area.id, level=area.level, **figures))
    for rank in range(1, SCHOOLS + 1):
        school = make_school(session, code=f"800000{rank:02}", lon=None if rank == SCHOOLS else 74.5)
        make_result(session, run, school, rank, grade="C", oblast_id=oblast.id)
        session.add(SchoolArea(school_id=school.id, area_id=oblast.id, level=1))
    session.flush()
    return country, oblast


def drawn_in(page):
    return page.text.split('class="svgmap"', 1)[1].split("</svg>")[0].count('<use href="#area-map-C"')


def test_an_oblast_draws_every_school_with_a_place_and_says_that_one_has_none(client, places):
    page = client.get(f"/en/areas/{places[1].code}")

    assert drawn_in(page) == SCHOOLS - 1
    assert "13 of 14 schools are drawn; the place of the others is unknown." in page.text


def test_the_country_draws_the_most_urgent_and_says_so(client, places):
    page = client.get(f"/en/areas/{places[0].code}")

    assert drawn_in(page) == 10
    assert "10 of 14 schools are drawn: those with the highest priority." in page.text


def test_many_marks_are_smaller_and_no_links(client, places, monkeypatch):
    monkeypatch.setattr("app.web.areas.area_map.MOST_LINKS", 5)

    page = client.get(f"/en/areas/{places[1].code}").text.split('class="svgmap"', 1)[1].split("</svg>")[0]

    assert "/schools/" not in page
    assert '<g id="area-map-C" transform="scale(0.7)">' in page


def test_the_page_asks_few_questions(client, places, session):
    code = places[1].code
    client.get(f"/en/areas/{code}")

    with questions_of(session) as asked:
        client.get(f"/ru/areas/{code}")

    own = [one for one in asked if "set_config" not in one]  # the scope is set with the session
    assert len(own) <= MOST_QUESTIONS, own
