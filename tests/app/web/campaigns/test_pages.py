"""Pages of campaigns: opened, handed out, looked at by areas, and closed; the list of those who did not answer."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from tests.factories.officers import PASSWORD, make_officer
from tests.factories.visits import make_edition, make_visit
from tests.support.pages import check
from tests.support.web import csrf_token

FORM = {"title": "Spring 2026", "kind": "self", "starts_on": "2026-04-01", "ends_on": "2026-05-31", "schools": "all"}


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own, password=PASSWORD),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "foreign": make_officer(session, "department", area=place.foreign_rayon, password=PASSWORD),
        "assessor": make_officer(session, "assessor", area=place.rayon, password=PASSWORD),
    }


@pytest.fixture
def edition(session):
    return make_edition(session)


def post(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_token(client, "/en/account")} | form)


@pytest.fixture
def opened(desk, edition):
    """Return the address of a campaign that the department opened."""
    answer = post(desk("department"), "/en/campaigns", **FORM)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def page_at(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text[-2000:]
    return check(address, answer)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_list_and_the_campaign_show_its_schools_and_areas(desk, place, opened, language):
    client, address = desk("department"), opened.replace("/en/", f"/{language}/")

    assert address in page_at(client, f"/{language}/campaigns").links()
    page = page_at(client, address)
    assert place.own.code in page.text
    assert f"{address}?area={place.aimak.code}" in page.links()
    assert place.foreign.code not in page.text


def test_others_see_neither_the_campaign_nor_its_file(desk, client, opened):
    for who in ("foreign",):
        page_at(desk(who), opened, 404)
        assert desk(who).get(f"{opened}/visits.csv").status_code == 404
    assert client.get(opened).status_code in (303, 401)


def test_a_form_with_a_fault_comes_back_as_it_was_sent(desk, edition):
    answer = post(desk("department"), "/en/campaigns", **(FORM | {"ends_on": "2026-03-01"}))

    assert answer.status_code == 422
    page = check("/en/campaigns", answer)
    assert "Give the last day; it is not before the first." in page.text
    assert 'value="Spring 2026"' in page.html


@pytest.mark.parametrize(
    "wrong", [{"schools": "sample", "sample_size": "many"}, {"schools": "sample", "seed": "1e9"}, {"kind": "baseline"}]
)
def test_words_for_numbers_and_unknown_kinds_are_refused(desk, edition, wrong):
    assert post(desk("department"), "/en/campaigns", **(FORM | wrong)).status_code == 422


def test_a_visit_is_handed_out_reminded_of_and_explained(desk, staff, place, opened):
    form = {"account": str(staff["assessor"].id), "due_on": "2026-05-01"}
    assert post(desk("department"), f"{opened}/hand-out", **form).status_code == 303
    assert post(desk("department"), f"{opened}/remind").status_code == 303

    tasks = page_at(desk("assessor"), "/en/work")
    assert f"{opened}#visits" in tasks.links()
    assert "reminded" in tasks.text
    reason = {"school": place.own.code, "reason": "=The road is closed"}
    assert post(desk("assessor"), f"{opened}/reason", **reason).status_code == 303
    answer = desk("department").get(f"{opened}/visits.csv?state=missing")
    (row,) = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert (row["code"], row["state"], row["due_on"]) == (place.own.code, "waiting", "2026-05-01")
    assert row["reason"] == "'=The road is closed"
    assert desk("department").get(f"{opened}/visits.xlsx").data.startswith(b"PK")


def test_a_day_outside_the_campaign_is_told_on_the_page(desk, opened):
    answer = post(desk("department"), f"{opened}/hand-out", account="", due_on="2027-01-01")

    assert answer.status_code == 422
    assert "The day has to lie within the campaign." in check(opened, answer).text


def test_who_is_sent_does_not_hand_out_or_close(desk, staff, opened):
    form = {"account": str(staff["assessor"].id), "due_on": "2026-05-01"}
    post(desk("department"), f"{opened}/hand-out", **form)

    page = page_at(desk("assessor"), opened)
    assert "Hand out, remind, close" not in page.text
    for step in ("hand-out", "remind", "close"):
        assert post(desk("assessor"), f"{opened}/{step}").status_code == 403


def test_closing_counts_freezes_and_leaves_nothing_to_do(desk, session, place, edition, opened):
    make_visit(session, place.own, edition, {"STR-01": "meets"}, on=date(2026, 4, 8))
    assert post(desk("department"), f"{opened}/close").status_code == 303

    page = page_at(desk("department"), opened)
    assert "Closed on" in page.text
    assert "Hand out, remind, close" not in page.text
    assert post(desk("department"), f"{opened}/remind").status_code == 409


def test_an_unknown_state_is_refused_and_no_campaign_is_no_page(desk, opened):
    assert desk("department").get(f"{opened}?state=lost").status_code == 400
    assert desk("department").get("/en/campaigns/999999").status_code == 404
