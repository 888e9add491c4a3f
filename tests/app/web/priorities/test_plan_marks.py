"""The list says who gets money in a plan, filters by it, and names the first school below the line."""

import pytest

from tests.app.web.test_pages import MOST_QUERIES
from tests.factories.plans import make_offer, make_plan
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient
from tests.support.queries import questions_of


@pytest.fixture
def made(session):
    country = make_ranked_country(session)
    paid = make_offer(session, country.run, country.worst, "RET")
    make_offer(session, country.run, country.unknown, "WASH", benefit=0.0001)
    make_offer(session, country.run, country.unknown, "HEAT", cost_som=None)
    country.plan = make_plan(session, country.run, [paid])
    return country


@pytest.fixture
def pages(app, made):
    return PageClient(app)


def names(page):
    return [row[1] for row in page.rows()]


def test_funded_schools_and_the_first_below_the_line_are_marked_in_words(pages):
    funded, below = names(pages.get("/en/priorities"))

    assert funded.endswith("funded")
    assert below.endswith("first below the line")


def test_the_list_is_filtered_by_money_and_the_chip_takes_it_off(pages, made):
    page = pages.get("/en/priorities?funded=1")
    assert len(names(page)) == 1
    assert made.worst.code in page.html
    assert page.all(".//ul[@class='chips']/li/a")[0].attrib["href"] == "/en/priorities"

    page = pages.get(f"/en/priorities?funded=0&plan={made.plan.hash[:16]}")
    assert len(names(page)) == 1
    assert made.unknown.code in page.html


def test_a_plan_that_is_not_published_is_for_nobody_else(pages, made, session):
    draft = make_plan(session, made.run, [], "d" * 64, is_published=False)
    session.flush()

    pages.get(f"/en/priorities?plan={draft.hash[:16]}", status=404)


def test_what_is_no_plan_is_named(pages):
    assert "plan" in pages.get("/en/priorities?plan=xyz", status=400).text
    assert "funded" in pages.get("/en/priorities?funded=maybe", status=400).text


def test_the_list_with_money_asks_no_more_than_any_page(pages, session):
    for address in ("/ky/priorities", "/ky/priorities?funded=1&grade=E"):
        with questions_of(session) as asked:
            pages.get(address)

        assert len(asked) <= MOST_QUERIES, address
