"""Pages of assessing: begin, answer with and without JavaScript, the result, conflicts and refusals in words."""

import json
import re
from uuid import uuid4

import pytest

from tests.app.web.assess.conftest import PASSWORD, begin, page_at, token
from tests.factories.officers import become_everybody, make_officer
from tests.support.pages import check


def form_at(client, address, anchor):
    source = client.get(address).text
    form = re.search(rf'<form method="post" class="place" id="{re.escape(anchor)}".*?</form>', source, re.DOTALL)[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_a_school_begins_answers_and_sees_at_once_what_it_comes_to(desk, place):
    client = desk()
    address = begin(client, place)
    assert "1 of 7 requirements answered" not in page_at(client, address).text
    before = page_at(client, address)
    assert "2 of 7 requirements answered" in before.text  # WSH-01 and SEC-01; STR-01 of one block alone

    domain = f"{address}/domains/STR"
    block = place.blocks[1].code
    form = form_at(client, domain, f"a-STR-01-{block}")
    answer = client.post(f"{address}/answers", data={**form, "state": "fails", "note": "crack"})

    assert answer.status_code == 303
    assert answer.location == f"{domain}#a-STR-01-{block}"
    assert "crack" in client.get(domain).text
    after = page_at(client, address)
    assert "3 of 7 requirements answered" in after.text
    assert "What would lift the grade" in after.text
    assert "critical requirement broken" in after.text


def test_still_so_confirms_and_what_is_confirmed_is_not_asked_again(desk, place):
    client = desk()
    address = begin(client, place)
    domain = f"{address}/domains/WSH"
    assert "Still so" in page_at(client, domain).text
    form = form_at(client, domain, "a-WSH-01")

    client.post(f"{address}/answers", data={**form, "is_confirmed": "1"})

    assert "Still so" not in page_at(client, domain).text


def test_without_javascript_a_conflict_shows_both_answers_and_the_second_press_decides(desk, place):
    client = desk()
    address = begin(client, place)
    domain = f"{address}/domains/WSH"
    form = form_at(client, domain, "a-WSH-02")
    client.post(f"{address}/answers", data={**form, "state": "meets", "note": "first"})

    told = client.post(f"{address}/answers", data={**form, "state": "fails", "note": "second"})

    assert told.status_code == 409
    page = check(domain, told)
    assert "Somebody else answered meanwhile" in page.text
    assert "first" in page.text
    assert "second" in page.text
    again = re.search(r'id="a-WSH-02".*?name="base_version" value="(\d+)"', told.text, re.DOTALL)[1]
    assert client.post(f"{address}/answers", data={**form, "base_version": again, "state": "fails"}).status_code == 303


def test_a_refused_form_keeps_what_was_typed(desk, place):
    client = desk()
    address = begin(client, place)
    block = place.blocks[0].code
    form = form_at(client, f"{address}/domains/STR", f"a-STR-02-{block}")

    told = client.post(f"{address}/answers", data={**form, "state": "", "value": "many", "note": "kept note"})

    assert told.status_code == 422
    page = check(address, told)
    assert "This is no number" in page.text
    assert "kept note" in page.text
    assert 'value="many"' in told.text


def send(client, address, **fields):
    headers = {"X-CSRFToken": token(client, address), "Accept": "application/json"}
    return client.post(f"{address}/answers", json=fields, headers=headers)


def test_a_queue_gets_what_stands_and_the_same_key_counts_once(desk, place, session):
    client = desk()
    address = begin(client, place)
    key = str(uuid4())
    first, again = (send(client, address, criterion="WSH-02", state="meets", key=key, base_version=0) for _ in "12")

    assert (first.status_code, first.json["version"], first.json["state_word"]) == (200, 1, "Meets")
    assert (again.status_code, again.json["version"], again.json["is_repeated"]) == (200, 1, True)
    other = send(client, address, criterion="WSH-02", state="fails", key=str(uuid4()), base_version=0)
    assert (other.status_code, other.json["now"]["state"], other.json["now"]["version"]) == (409, "meets", 1)
    assert other.json["by"] == place.director.name
    wrong = send(client, address, criterion="WSH-02", state="meets", evidence_on="2999-01-01", key=str(uuid4()))
    assert (wrong.status_code, wrong.json["refusal"]["code"]) == (422, "day_ahead")
    assert wrong.json["refusal"]["what"] == "The date lies in the future."


@pytest.mark.parametrize("body", ["[]", '"text"', "{", "null", '{"criterion": {"a": [1]}, "state": ["meets"]}'])
def test_what_is_no_answer_at_all_is_answered_in_words(desk, place, body):
    client = desk()
    address = begin(client, place)
    headers = {"X-CSRFToken": token(client, address), "Accept": "application/json"}
    answer = client.post(f"{address}/answers", data=body, headers=headers, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert json.loads(answer.text)["title"]


def test_submitting_and_taking_back(desk, place, session):
    client = desk()
    address = begin(client, place)
    form = {"csrf_token": token(client, address)}

    assert client.post(f"{address}/submit", data=form).status_code == 303
    closed = page_at(client, f"{address}/domains/WSH")
    assert 'name="state"' not in closed.html
    assert send(client, address, criterion="WSH-02", state="meets", key=str(uuid4())).status_code == 409
    assert client.post(f"{address}/take-back", data=form).status_code == 303
    assert 'name="state"' in page_at(client, f"{address}/domains/WSH").html


@pytest.mark.parametrize("role", ["foreign", "analyst", "visitor"])
def test_others_find_nothing_there(desk, place, app, session, role):
    address = begin(desk(), place)
    become_everybody(session)
    if role == "visitor":
        client = app.test_client()
        assert client.get(address).status_code == 303
    else:
        officers = {
            "foreign": lambda: make_officer(session, "school", school=place.rayons.foreign, password=PASSWORD),
            "analyst": lambda: make_officer(session, "analyst", password=PASSWORD),
        }
        client = desk(officers[role]())
        assert client.get(address).status_code in (403, 404)
        assert client.get(f"{address}/domains/WSH").status_code in (403, 404)


def test_who_may_not_see_protection_is_not_asked_about_it(desk, place, session):
    address = begin(desk(), place)
    become_everybody(session)
    local = make_officer(session, "local_body", area=place.rayons.aimak, password=PASSWORD)
    client = desk(local)

    page = page_at(client, address)

    assert "Domain SEC" not in page.text
    assert page_at(client, f"{address}/domains/SEC", 404)
    assert "Protection (for you only" not in page.text


def test_the_worker_lives_below_assessing_only(desk, place):
    answer = desk().get("/ky/assess/worker.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/ky/assess"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
