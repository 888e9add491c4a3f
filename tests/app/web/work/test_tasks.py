"""Tasks that assessments bring: what came back, what expired, visits of campaigns; counts are those of the pages."""

from __future__ import annotations

from datetime import date

import pytest

from app.workflows.rank_schools import rank_schools
from tests.factories.officers import PASSWORD, become_everybody, make_officer
from tests.factories.visits import make_edition, make_visit
from tests.support.pages import check
from tests.support.web import csrf_token


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own, password=PASSWORD),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "assessor": make_officer(session, "assessor", area=place.rayon, password=PASSWORD),
        "foreign": make_officer(session, "assessor", area=place.foreign_rayon, password=PASSWORD),
    }


@pytest.fixture
def edition(session):
    return make_edition(session)


def page_at(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text[-2000:]
    return check(address, answer)


def count_of(page, section):
    """Return the number that a section of the tasks states; 0 where it is not there."""
    found = page.all(f".//section[@id='{section}']/h2/span[@class='count']")
    return int("".join(found[0].itertext())) if found else 0


def give_back(client, visit, reason):
    address = f"/en/assess/verify/{visit.id}"
    seen = client.get(address).text.split('name="seen" value="')[1].split('"')[0]
    form = {"csrf_token": csrf_token(client, address), "seen": seen, "reason": reason}
    assert client.post(f"{address}/return", data=form).status_code == 303


@pytest.mark.parametrize("author", ["school", "assessor"])
def test_what_came_back_waits_for_its_author_and_for_the_school_with_the_reason(
    desk, place, staff, edition, session, author
):
    visit = make_visit(session, place.own, edition, {"STR-01": "meets"}, by=staff[author], status="submitted")
    give_back(desk("department"), visit, "The photo of the roof is missing.")

    for who in {author, "school"}:
        page = page_at(desk(who), "/en/work")
        assert count_of(page, "returned") == 1
        assert f"/en/assess/{visit.id}" in page.links()
        assert "The photo of the roof is missing." in page.text
    for who in {"department", "foreign", "assessor"} - {author}:
        assert count_of(page_at(desk(who), "/en/work"), "returned") == 0


def test_the_number_in_the_menu_holds_what_came_back(desk, place, staff, edition, session):
    visit = make_visit(session, place.own, edition, {"STR-01": "meets"}, by=staff["school"], status="submitted")
    give_back(desk("department"), visit, "Once more.")

    page = page_at(desk("school"), "/en/areas")

    assert {"".join(one.itertext()).strip() for one in page.all(".//nav[@class='nav']//b[@class='tasks']")} == {
        "1 waiting"
    }


def test_expired_answers_are_a_task_with_as_many_schools_as_its_own_page(desk, place, staff, edition, session):
    for school in (place.own, place.foreign):
        make_visit(session, school, edition, {"STR-01": "meets"}, kind="verification", on=date(2024, 3, 1))
    become_everybody(session)
    rank_schools(session)
    session.flush()
    client = desk("department")

    inbox, page = page_at(client, "/en/work"), page_at(client, "/en/work/tasks/revisit")

    assert count_of(inbox, "revisit") == 1  # the other school is another rayon's
    assert "/en/work/tasks/revisit" in inbox.links()
    assert [row[2] for row in page.rows() if place.own.code in row[0]] == ["1 March 2025"]
    assert place.foreign.code not in page.text
    assert count_of(page_at(desk("foreign"), "/en/work"), "revisit") == 1


def test_late_visits_of_a_campaign_wait_for_who_manages_it(desk, edition):
    form = {"title": "Spring", "kind": "self", "starts_on": "2026-04-01", "ends_on": "2026-05-31", "schools": "all"}
    client = desk("department")
    form["csrf_token"] = csrf_token(client, "/en/account")
    assert client.post("/en/campaigns", data=form).status_code == 303

    managed, own = page_at(client, "/en/work"), page_at(desk("school"), "/en/work")

    assert count_of(managed, "late-campaigns") == 1
    assert "1 of 1 visits are late" in managed.text
    assert count_of(own, "campaign") == 1
    assert count_of(own, "late-campaigns") == 0


@pytest.mark.parametrize("key", ["ghosts", "verify"])
def test_a_kind_that_is_not_there_or_not_for_the_reader_is_not_found(desk, key):
    page_at(desk("school"), f"/en/work/tasks/{key}", 404)
