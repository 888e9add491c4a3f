"""The pages of grant packages: own schools only, a choice, and the files; visitors are asked to sign in."""

from __future__ import annotations

import pytest

from tests.factories.officers import become_everybody, make_officer, make_two_rayons
from tests.factories.plans import make_offer
from tests.factories.runs import make_result, make_run
from tests.support.pages import check
from tests.support.web import sign_in

PASSWORD = "correct horse battery"


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    run = make_run(session)
    make_result(session, run, made.own, 1, oblast_id=made.oblast.id, pupils=812)
    make_result(session, run, made.foreign, 2, oblast_id=made.oblast.id)
    for school in (made.own, made.foreign):
        make_offer(session, run, school, "FIRE", cost_som=1_000_003)
    return made


@pytest.fixture
def local(app, session, place):
    become_everybody(session)
    made = make_officer(session, "local_body", area=place.aimak, password=PASSWORD)
    client = app.test_client()
    assert sign_in(client, made.name, PASSWORD).status_code == 303
    return client


def test_a_local_body_chooses_among_its_schools_and_downloads(local, place):
    for language in ("ky", "ru", "en"):
        index = check("/x", local.get(f"/{language}/money/grants"))
        page = check("/x", local.get(f"/{language}/schools/{place.own.code}/grant?share=30"))
    files = {
        extension: local.get(f"/en/schools/{place.own.code}/grant.{extension}?bundle=FIRE&share=30&year=2027")
        for extension in ("pdf", "xlsx")
    }

    assert any(place.own.code in link for link in index.links())
    assert not any(place.foreign.code in link for link in index.links())
    assert "1,000,003" in page.text
    assert "300,001" in page.text
    assert "700,002" in page.text
    assert files["pdf"].data.startswith(b"%PDF")
    assert files["xlsx"].data.startswith(b"PK")
    for answer in files.values():
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ending", ["", ".pdf", ".xlsx"])
def test_another_area_s_package_is_refused(local, place, ending):
    assert local.get(f"/en/schools/{place.foreign.code}/grant{ending}").status_code == 403
    assert local.get(f"/en/schools/none/grant{ending}").status_code == 404


@pytest.mark.parametrize("query", ["share=100", "share=x", "year=1", "bundle=REP"])
def test_a_wrong_choice_is_told(local, place, query):
    assert local.get(f"/en/schools/{place.own.code}/grant?{query}").status_code == 422


def test_visitors_are_asked_to_sign_in(client, place):
    for address in ("/en/money/grants", f"/en/schools/{place.own.code}/grant"):
        assert client.get(address).status_code in (303, 401)
