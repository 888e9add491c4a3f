"""The form of a survey: drawings, the result at once, what is wrong named; history for all once it is published."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.workflows.assess import today
from app.workflows.revise_steps import take_step
from geodata.queries import revisions
from tests.app.web.assess.conftest import PASSWORD, page_at, token
from tests.factories.officers import become, become_everybody, make_officer
from tests.factories.surveying import make_engineer
from tests.support.pages import check

SEEN = {"building_type": "KG-URM-C", "storeys": "2", "surveyed_on": "2026-03-01", "surveyor": "Asanov"}
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MACHINE = {"Accept": "application/json"}


@pytest.fixture
def engineer(session, place):
    return make_engineer(session, place, today() + timedelta(days=30), password=PASSWORD)


@pytest.fixture
def client(desk, engineer):
    return desk(engineer)


def begin(client, place, method="rapid_visual", building=None, status=303):
    address = f"/en/schools/{place.rayons.own.code}/surveys"
    form = {"building": building or place.blocks[0].code, "method": method, "csrf_token": token(client, address)}
    answer = client.post(address, data=form)
    assert answer.status_code == status, answer.text[-1500:]
    return answer.location if status == 303 else check(address, answer)


def publish(session, place):
    """Let others verify and publish what was handed over last."""
    become(session, place.department)
    number = session.scalar(text("SELECT max(revision_id) FROM building_survey"))
    change = take_step(
        session, number, "verify", version=revisions.find_revision(session, number).version, reason="seen"
    )
    become_everybody(session)
    become(session, make_officer(session, "oblast", area=place.rayons.oblast))
    take_step(session, number, "publish", version=change.version, record_version=1)
    session.commit()


def send(client, address, path="facts", **fields):
    return client.post(f"{address}/{path}", data={**fields, "csrf_token": token(client, address)})


def test_the_form_shows_a_drawing_of_each_type_with_words_for_who_does_not_see_it(client, place):
    page = page_at(client, begin(client, place))

    drawings = page.all(".//img")
    assert len(drawings) == 15
    assert all(one.get("alt").startswith("Drawing: ") for one in drawings)
    assert len({one.get("alt") for one in drawings}) == 15


def test_a_device_is_told_the_result_and_the_version_to_go_on_from(client, place):
    address = begin(client, place)
    headers = {**MACHINE, "X-CSRFToken": token(client, address)}
    key = str(uuid4())
    told = client.post(f"{address}/facts", json={**SEEN, "base_version": 1, "key": key}, headers=headers).get_json()
    again = client.post(f"{address}/facts", json={**SEEN, "base_version": 1, "key": key}, headers=headers).get_json()

    assert (told["version"], told["state"]) == (2, "unknown")  # no hazard layer knows the place
    assert again["version"] == 2
    other = client.post(f"{address}/facts", json={"storeys": "5", "base_version": 1}, headers=headers)
    assert other.status_code == 409
    assert other.get_json()["now"]["version"] == 2
    wrong = client.post(f"{address}/facts", json={"storeys": "five", "base_version": 2}, headers=headers)
    assert wrong.status_code == 422
    assert wrong.get_json()["refusal"]["field"] == "storeys"
    for body in ("[]", '"x"', "{", "null"):
        answer = client.post(f"{address}/facts", data=body, content_type="application/json", headers=headers)
        assert 400 <= answer.status_code < 500, body


def test_without_javascript_what_is_wrong_is_named_and_what_was_entered_stays(client, place):
    address = begin(client, place)

    answer = send(client, address, building_type="KG-ADB", storeys="five", base_version="1")

    assert answer.status_code == 422
    page = check(address, answer)
    assert "Storeys" in page.text
    assert 'value="five"' in answer.text
    assert send(client, address, **SEEN, base_version="1").status_code == 303
    assert send(client, address, **{**SEEN, "storeys": "3"}, base_version="1").status_code == 409


def test_it_is_handed_over_as_it_stands_on_the_screen_and_everybody_sees_it_once_it_is_published(
    client, desk, place, session, app
):
    address = begin(client, place)
    answer = send(client, address, "hand-over", **SEEN, base_version="1")
    assert answer.status_code == 303, answer.text[-1500:]
    assert "Waits for verification" in page_at(client, address).text
    number = session.scalar(text("SELECT max(revision_id) FROM building_survey"))
    verifier = desk(place.department)
    assert address in page_at(verifier, f"/en/work/changes/{number}").links()  # who verifies reads it
    page_at(verifier, address)
    everybodys = f"/en/schools/{place.rayons.own.code}/surveys"
    assert "Asanov" not in page_at(app.test_client(), everybodys).text

    publish(session, place)

    page = page_at(app.test_client(), everybodys)
    assert "Asanov" in page.text
    assert "Counts now" in page.text


def test_who_has_no_certificate_keeps_a_draft(desk, place, session):
    client = desk(make_engineer(session, place, None, password=PASSWORD))
    address = begin(client, place)

    answer = send(client, address, "hand-over", **SEEN, base_version="1")

    assert answer.status_code == 403
    assert "only a certified engineer" in page_at(client, f"/en/schools/{place.rayons.own.code}/surveys").text


def test_a_full_survey_takes_a_pdf_and_nothing_else_and_gives_it_to_who_works_there(client, desk, place, app):
    address = begin(client, place, "full")

    def file(data):
        form = {"csrf_token": token(client, address), "file": (BytesIO(data), "report.pdf")}
        return client.post(f"{address}/document", data=form)

    assert file(b"GIF89a").status_code == 422
    assert file(PDF).status_code == 303
    found = client.get(f"{address}/document")
    assert (found.data, found.mimetype) == (PDF, "application/pdf")
    assert found.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert app.test_client().get(f"{address}/document").status_code in (302, 303, 401)


def test_a_school_does_not_survey_itself(desk, place):
    client = desk()
    address = f"/en/schools/{place.rayons.own.code}/surveys"
    assert "Survey a building" not in page_at(client, address).text

    form = {"building": place.blocks[0].code, "method": "rapid_visual", "csrf_token": token(client, "/en/assess")}
    assert client.post(address, data=form).status_code == 403


@pytest.mark.parametrize(
    ("method", "building", "status"),
    [("by ear", None, 422), ("full", "no such block", 404), ("rapid_visual", "0\x00", 404)],
)
def test_what_cannot_be_begun_is_told(client, place, method, building, status):
    begin_page = begin(client, place, method, building, status)
    assert begin_page.text


def test_a_draft_is_discarded_by_its_author_and_unknown_surveys_are_not_found(client, desk, place):
    address = begin(client, place)
    assert desk(place.department).get(address).status_code == 404
    assert send(client, address, "remove").status_code == 303
    assert client.get(address).status_code == 404
    assert client.get("/en/assess/surveys/99999999999999999999").status_code == 404
