"""Pages of changes: forms, the choice between versions, the review, tasks, and what a visitor never sees."""

import html
import json
import re

import pytest
from sqlalchemy import select

from geodata.models import Revision, School
from tests.factories.officers import PASSWORD, become, become_everybody, make_officer
from tests.support.pages import check

CANARY = "7351"
NUMBER = rb"(?<![0-9A-Za-z.])7(?:[\s,]|\xc2\xa0|\xe2\x80\xaf)?351(?![0-9A-Za-z])"  # not inside a longer number


@pytest.fixture
def staff(session, place):
    return {
        "local_body": make_officer(session, "local_body", area=place.aimak, password=PASSWORD),
        "school": make_officer(session, "school", school=place.own, password=PASSWORD),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "oblast": make_officer(session, "oblast", area=place.oblast, password=PASSWORD),
        "foreign": make_officer(session, "department", area=place.foreign_rayon, password=PASSWORD),
        "auditor": make_officer(session, "auditor", password=PASSWORD),
    }


def page_at(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.text[-2000:]
    return check(address, answer)


def form_of(source):
    """Return what a browser would send back from the first edit form of a page, nothing changed."""
    form = re.search(r'<form method="post"[^>]*class="revision".*?</form>', source, re.DOTALL)[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>", form):
        at = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        kind = at.get("type", "text")
        if at.get("name") and (kind not in ("checkbox", "radio") or " checked" in tag):
            sent.setdefault(at["name"], []).append(html.unescape(at.get("value", "")))
    for name, body in re.findall(r'<textarea [^>]*name="([a-z_]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [html.unescape(body)]
    for name, body in re.findall(r'<select [^>]*name="([a-z_0-9]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = [chosen[1] if chosen else ""]
    return sent


REASONS = {"source": "report 7", "dated": "2026-09-01", "reason": "counted anew"}


def send(client, address, sent, action="save", **changes):
    return client.post(address, data={**sent, **changes, "action": action})


def edit(client, place, action="submit", language="ky", **changes):
    """Change the passport of ``place.own`` through its form and return the answer."""
    address = f"/{language}/schools/{place.own.code}/edit"
    return send(client, address, form_of(client.get(address).text), action, **{**REASONS, **changes})


def step(client, address, name, reason="compared with the register"):
    sent = form_of(client.get(address).text)
    return client.post(f"{address}/{name}", data={**sent, "reason": reason})


def pupils(session, place):
    become_everybody(session)
    session.expire_all()
    return session.scalar(select(School.pupils).where(School.id == place.own.id))


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_a_change_goes_through_the_pages_to_publication(session, desk, place, language):
    saved = edit(desk("local_body"), place, language=language, pupils=CANARY)
    address = saved.headers["Location"]
    review = page_at(desk("department"), address)
    assert [re.sub(r"[\s,]", "", cell) for cell in review.rows()[0][1:3]] == ["400", CANARY]
    verified = step(desk("department"), address, "verify")
    before = pupils(session, place)
    published = step(desk("oblast"), address, "publish")

    assert (saved.status_code, verified.status_code, published.status_code) == (303, 303, 303)
    assert (before, pupils(session, place)) == (400, int(CANARY))
    assert "report 7" in page_at(desk("local_body"), address).text


def test_nothing_of_a_change_on_its_way_reaches_a_visitor(session, app, desk, place):
    """On every address that takes a school's or an area's code, in every format, before publication and after."""
    address = edit(desk("local_body"), place, pupils=CANARY, name_ky=f"Канарейка {CANARY}").headers["Location"]
    step(desk("department"), address, "verify")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
    asked = 0

    become_everybody(session)
    session.flush()
    for rule in rules:
        values = {"lang": "ky", "code": place.own.code, "area": place.rayon.code, "number": address.rsplit("/", 1)[1]}
        values |= {
            "school": place.own.code,
            "building": "x",
            "ext": "csv",
            "collection": "schools",
            "z": 0,
            "x": 0,
            "y": 0,
        }
        if not rule.arguments <= values.keys():
            continue
        with app.test_request_context():
            target = app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for more in ("", f"?q={place.own.code}", f"?area={place.rayon.code}", "?date=2026-11-24"):
            answer = app.test_client().get(target + more)
            body = answer.get_data()
            asked += 1
            assert not re.search(NUMBER, body), target + more
            assert "Канарейка".encode() not in body, target + more
    assert asked > 100


@pytest.mark.parametrize("path", ["edit", "buildings/new"])
@pytest.mark.parametrize(("who", "status"), [("local_body", 200), ("foreign", 403), ("oblast", 403), ("auditor", 403)])
def test_the_form_opens_for_who_is_in_charge(desk, place, path, who, status):
    assert desk(who).get(f"/ky/schools/{place.own.code}/{path}").status_code == status


def test_a_visitor_is_asked_to_sign_in(session, app, place):
    session.flush()
    for address in (f"/ky/schools/{place.own.code}/edit", "/ky/work", "/ky/work/changes/1"):
        answer = app.test_client().get(address)
        assert (answer.status_code, "/ky/sign-in?next=" in answer.headers["Location"]) == (303, True)


def test_a_change_of_another_territory_is_not_there(desk, place):
    address = edit(desk("local_body"), place, pupils="500").headers["Location"]

    assert desk("foreign").get(address).status_code == 404
    assert desk("auditor").get(address).status_code == 404
    assert desk("school").get(address).status_code == 200


@pytest.mark.parametrize(
    ("language", "words", "remedy"),
    [
        ("ky", "Маани тизмеде жок", None),
        ("en", "The number must not be negative.", "Write the number with digits only"),
        ("ru", "Число не может быть отрицательным", None),
    ],
)
def test_a_bad_value_is_said_beside_its_field_and_nothing_is_lost(session, desk, place, language, words, remedy):
    changes = {"location_quality": "surely"} if language == "ky" else {"pupils": "-5"}
    answer = edit(desk("local_body"), place, language=language, staff="44", **changes)
    page = check("/" + language, answer)

    assert answer.status_code == 422
    wrong = [" ".join("".join(one.itertext()).split()) for one in page.all(".//p[@class='wrong']")]
    if language != "ky":
        assert any(words[:20] in one for one in wrong), wrong
    assert len(wrong) == 1
    assert remedy is None or remedy in wrong[0]
    assert page.tree.find(".//input[@name='staff']").attrib["value"] == "44"
    assert pupils(session, place) == 400


@pytest.mark.parametrize(
    ("sent", "status", "stored"),
    [
        ({"pupils": ""}, 422, None),
        ({"pupils": "", "unknown-pupils": "1"}, 303, {"pupils": None}),
        ({"unknown-pupils": "1"}, 303, {"pupils": None}),
        ({"pupils": "500", "unknown-pupils": "1"}, 422, None),
        ({"staff": "40", "unknown-staff": "1"}, 303, {"staff": 40}),
    ],
)
def test_a_gap_is_never_taken_for_unknown_unless_it_is_said(session, desk, place, staff, sent, status, stored):
    client = desk("local_body")
    answer = edit(client, place, "save", **sent)

    assert answer.status_code == status
    if status != 303:
        assert pupils(session, place) == 400
        return
    become(session, staff["local_body"])
    assert session.scalars(select(Revision.changes).where(Revision.school_id == place.own.id)).one() == stored


def test_all_that_is_wrong_is_said_at_once(desk, place):
    page = check("/ky", edit(desk("local_body"), place, pupils="-5", seats="", shifts="9"))

    assert len(page.all(".//p[@class='wrong']")) == 3
    assert "checked" not in page.tree.find(".//input[@name='unknown-seats']").attrib


def test_what_a_draft_lacks_is_asked_for_and_the_draft_is_kept(desk, place):
    client = desk("local_body")

    answer = edit(client, place, "submit", pupils="500", source="", reason="")

    assert answer.status_code == 422
    page = check("/ky", answer)
    assert len(page.all(".//p[@class='wrong']")) == 2
    assert page.tree.find(".//input[@name='pupils']").attrib["value"] == "500"
    again = page_at(client, f"/ky/schools/{place.own.code}/edit")
    assert again.tree.find(".//input[@name='pupils']").attrib["value"] == "500"


def test_a_source_that_is_too_long_is_told_by_its_whole_length(desk, place):
    page = check("/en", edit(desk("local_body"), place, language="en", pupils="500", source="a" * 5_000))

    assert "The text has 5000 characters; at most 300 are allowed." in page.text.replace("5,000", "5000")


def test_the_second_of_two_windows_chooses(session, desk, place):
    client = desk("local_body")
    address = f"/ky/schools/{place.own.code}/edit"
    first, second = form_of(client.get(address).text), form_of(client.get(address).text)
    assert send(client, address, first, pupils="510", **REASONS).status_code == 303

    asked = send(client, address, second, pupils="520", seats="333")

    page = check(address, asked)
    assert asked.status_code == 409
    assert page.rows()[0][1] == "400"
    assert [cell.split(":")[-1].strip() for cell in page.rows()[0][2:]] == ["510", "520"]
    assert len(page.all(".//input[@type='radio']")) == 2
    unanswered = send(client, address, form_of(asked.text))
    assert unanswered.status_code == 409
    chosen = send(client, address, form_of(unanswered.text), **{"choice-pupils": "mine"})
    assert chosen.status_code == 303
    text = page_at(client, chosen.headers["Location"]).text
    assert "520" in text
    assert "333" in text
    assert "510" not in text
    assert REASONS["source"] in text, "what the first window said beside the values is kept"


def test_two_officers_change_one_record_and_the_second_decides(session, desk, place):
    later = edit(desk("school"), place, "save", pupils="700").headers["Location"]
    address = edit(desk("local_body"), place, pupils="650").headers["Location"]
    assert "650" not in desk("school").get(f"/ky/schools/{place.own.code}").text
    step(desk("department"), address, "verify")
    step(desk("oblast"), address, "publish")

    client = desk("school")
    refused = step(client, later, "submit")
    assert refused.status_code == 409
    page = check(later, refused)
    assert page.rows()[0][1:4] == ["400", "650", "700"]
    choice = page_at(client, f"/ky/schools/{place.own.code}/edit")
    sent = form_of(choice.html)
    done = send(client, f"/ky/schools/{place.own.code}/edit", sent, **{"choice-pupils": "now"})
    assert done.status_code == 303
    assert pupils(session, place) == 650


def test_the_line_below_the_menu_says_where_one_stands(session, app, desk, place):
    session.flush()
    visitor = app.test_client().get("/en/areas").text
    officer = page_at(desk("department"), "/en/areas").html
    auditor = page_at(desk("auditor"), "/en/areas").html

    assert "stands" not in visitor
    assert "You see 1 of 2 schools in full" in officer
    assert place.rayon.name_en in officer
    assert 'class="stands"' not in auditor


def test_the_menu_counts_what_waits(desk, place):
    edit(desk("local_body"), place, pupils="500")

    assert re.search(r'class="tasks">1<', page_at(desk("department"), "/ky/work").html)
    assert 'class="tasks"' not in page_at(desk("foreign"), "/ky/work").html


def test_the_line_costs_one_statement_and_a_visitor_none(app, session, desk, place):
    from sqlalchemy import event

    seen = []

    def note(_connection, _cursor, statement, *_more):
        seen.append(statement)

    client = desk("department")
    event.listen(session.get_bind().engine, "before_cursor_execute", note)
    try:
        client.get("/ky/standard")
        officer = sum("revision" in statement for statement in seen)
        seen.clear()
        app.test_client().get("/ky/standard")
        visitor = sum("revision" in statement for statement in seen)
    finally:
        event.remove(session.get_bind().engine, "before_cursor_execute", note)

    assert (officer, visitor) == (1, 0)


def test_a_form_of_somebody_else_is_refused(desk, place):
    client = desk("local_body")
    address = f"/ky/schools/{place.own.code}/edit"
    sent = form_of(client.get(address).text)

    assert send(client, address, {**sent, "shown": ["no json"]}).status_code == 400
    assert send(client, address, {**sent, "shown": [json.dumps([1])]}).status_code == 400
    assert send(client, address, {**sent, "csrf_token": ["wrong"]}).status_code == 400
    assert send(client, address, sent, **{**REASONS, "is_published": "0", "id": "1", "version": "9"}).status_code == 422
