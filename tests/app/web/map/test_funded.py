"""The map marks who gets money in a plan, by shape and in words; a plan that is not published stays unseen."""

import json

import pytest

from tests.factories.plans import make_offer, make_plan
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient


@pytest.fixture
def made(session):
    country = make_ranked_country(session)
    paid = make_offer(session, country.run, country.worst, "RET")
    make_offer(session, country.run, country.unknown, "WASH", benefit=0.0001)
    country.plan = make_plan(session, country.run, [paid])
    country.draft = make_plan(session, country.run, [], "d" * 64, is_published=False)
    return country


def config(page):
    return json.loads(page.all(".//main")[0].attrib["data-config"])


def test_the_list_of_marks_is_that_of_the_plan_and_never_of_a_draft(client, made):
    newest = client.get("/ky/map/funded.json").json
    named = client.get(f"/ky/map/funded.json?plan={made.plan.hash[:16]}").json

    assert newest == named == {"plan": made.plan.hash, "codes": [made.worst.code]}
    assert client.get(f"/ky/map/funded.json?plan={made.draft.hash[:16]}").status_code == 404


def test_a_plan_in_the_address_flags_the_schools_and_names_the_first_below(app, made):
    page = PageClient(app).get(f"/en/map?plan={made.plan.hash[:16]}")

    assert config(page)["urls"]["funded"].startswith(f"/en/map/funded.json?plan={made.plan.hash}")
    assert "plan=" not in config(page)["tiles"]["schools"]
    rows = [row for row in page.rows() if len(row) == 4]
    assert rows[0][1].endswith("funded")
    assert rows[1][1].endswith("first below the line")
    assert ", funded" in page.html


def test_the_filter_goes_into_the_tiles_with_the_whole_hash(app, made):
    page = PageClient(app).get("/en/map?funded=0")

    assert f"plan={made.plan.hash}&funded=0" in config(page)["tiles"]["schools"]
    assert len([row for row in page.rows() if len(row) == 4]) == 1


def test_without_a_wish_for_money_the_map_stays_as_it_was(app, made, client):
    page = PageClient(app).get("/en/map")

    assert config(page)["urls"]["funded"] is None
    assert 'class="flag"' not in page.html
    assert all(len(row) == 6 for row in client.get("/ky/map/shapes.json").json["schools"])
    marked = client.get("/ky/map/shapes.json?funded=1").json["schools"]
    assert [row[6] for row in marked] == [1] * len(marked)
