"""The queue of assessments, one assessment beside what was found before, and the tasks that come of them."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from geodata.models import Criterion, Evidence
from tests.factories.officers import PASSWORD, make_officer
from tests.factories.visits import make_edition, make_visit
from tests.support.pages import check
from tests.support.web import csrf_token

ANSWERS = {"STR-01": "meets", "FIRE-01": "partly", "SEC-01": "fails"}


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own, password=PASSWORD),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "foreign": make_officer(session, "department", area=place.foreign_rayon, password=PASSWORD),
        "oblast": make_officer(session, "oblast", area=place.oblast, password=PASSWORD),
    }


@pytest.fixture
def sent(session, place, staff):
    edition = make_edition(session)
    make_visit(session, place.own, edition, {"STR-01": "fails"}, kind="verification", on=date(2025, 3, 1))
    return make_visit(session, place.own, edition, ANSWERS, by=staff["school"], status="submitted")


def page_at(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text[-2000:]
    return check(address, answer)


def take(client, sent, step, **fields):
    address = f"/en/assess/verify/{sent.id}"
    seen = client.get(address).text.split('name="seen" value="')[1].split('"')[0]
    form = {"csrf_token": csrf_token(client, address), "seen": seen, "reason": "Seen on the spot."} | fields
    return client.post(f"{address}/{step}", data=form)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_department_finds_it_in_its_tasks_and_in_the_queue(desk, place, sent, language):
    client = desk("department")

    for address in (f"/{language}/work", f"/{language}/assess/verify"):
        page = page_at(client, address)
        assert f"/{language}/assess/verify/{sent.id}" in page.links()
        assert place.own.code in page.text


def test_others_have_nothing_to_verify_and_see_nothing_of_it(desk, sent):
    for who, status in (("foreign", 404), ("school", 200)):
        client = desk(who)
        assert f"/en/assess/verify/{sent.id}" not in page_at(client, "/en/assess/verify").links()
        page_at(client, f"/en/assess/verify/{sent.id}", status)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_each_answer_stands_beside_what_was_found_before(desk, sent, language):
    page = page_at(desk("department"), f"/{language}/assess/verify/{sent.id}")

    rows = {row[0].split()[0]: row for row in page.rows() if len(row) == 4}
    assert rows.keys() == {"STR-01", "FIRE-01", "SEC-01"}
    assert len(page.all(".//tr[@class='differs']")) == 1
    only = page_at(desk("department"), f"/{language}/assess/verify/{sent.id}?show=differences")
    assert [row[0].split()[0] for row in only.rows() if len(row) == 4] == ["STR-01"]


def test_it_goes_from_the_department_to_the_oblast_to_the_public_page(desk, place, sent):
    assert take(desk("department"), sent, "verify").status_code == 303
    assert take(desk("oblast"), sent, "publish").status_code == 303

    page = page_at(desk("foreign"), f"/en/schools/{place.own.code}")
    assert any("Self-assessment" in cell for row in page.rows() for cell in row)


def test_a_return_without_a_reason_is_asked_for_it_and_keeps_everything(desk, sent):
    answer = take(desk("department"), sent, "return", reason=" ")

    assert answer.status_code == 422
    page = check("/en/x", answer)
    assert "This step needs a reason" in page.text
    assert take(desk("department"), sent, "return").status_code == 303
    assert "Seen on the spot." in page_at(desk("school"), f"/en/assess/verify/{sent.id}").text


def test_its_author_is_told_that_somebody_else_verifies(desk, sent):
    page = page_at(desk("school"), f"/en/assess/verify/{sent.id}")

    assert "somebody else has to verify" in page.text
    assert 'name="seen"' not in page.html
    assert take_as_author(desk("school"), sent).status_code == 403


def take_as_author(client, sent):
    address = f"/en/assess/verify/{sent.id}"
    form = {"csrf_token": csrf_token(client, "/en/account"), "seen": "1", "reason": "mine"}
    return client.post(f"{address}/verify", data=form)


def test_photos_and_documents_stand_beside_their_answer(desk, session, sent):
    criterion = session.query(Criterion).filter_by(code="FIRE-01").order_by(Criterion.id.desc()).first()
    about = {"assessment_id": sent.id, "criterion_id": criterion.id, "is_restricted": False, "byte_count": 1}
    kinds = {"photo": "image/jpeg", "document": "application/pdf"}
    session.add_all(Evidence(key=uuid4(), kind=kind, media_type=kinds[kind], sha256="0", **about) for kind in kinds)
    session.flush()

    links = page_at(desk("department"), f"/en/assess/verify/{sent.id}").links()
    assert len([link for link in links if link.endswith("/shown") and "/evidence/" in link]) == 1
    assert len([link for link in links if link.endswith("/original") and "/evidence/" in link]) == 1


def test_a_visitor_is_sent_to_sign_in_and_an_unknown_step_is_no_page(client, desk, sent):
    assert client.get("/en/assess/verify").status_code in (302, 303, 401)
    assert take(desk("department"), sent, "withdraw").status_code == 404
