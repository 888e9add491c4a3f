"""Forms go out and come back through pages: who may do what, and what is told."""

from __future__ import annotations

import io
import uuid

import pytest
from sqlalchemy import text

from geodata.models.account import AccountGrant
from tests.factories.officers import become_everybody, make_officer, make_two_rayons
from tests.support.field_forms import kobo, kobo_page, shipped_edition
from tests.support.pages import check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
SECRET = "q7zxsecret"


@pytest.fixture
def mark(session):
    return shipped_edition(session)


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def desk(app, session, place):
    """Return a browser in which somebody of that role is signed in."""

    def enter(role, area=None, school=None, also=()):
        become_everybody(session)
        officer = make_officer(session, role, area=area, school=school, password=PASSWORD, is_synthetic=True)
        session.add_all(AccountGrant(account_id=officer.id, role=one) for one in also)
        session.flush()
        client = app.test_client()
        assert sign_in(client, officer.name, PASSWORD).status_code == 303
        return client

    return enter


def post(client, at, **data):
    return client.post(at, data={"csrf_token": csrf_token(client, "/ky/account"), **data})


def send(client, content, name="forms.json"):
    return post(client, "/ky/field/submissions", file=(io.BytesIO(content), name))


def test_a_local_body_takes_a_form_along_and_sees_nothing_to_take_in(desk, mark, place):
    client = desk("local_body", place.aimak)

    page = check("/ky/field", client.get("/ky/field"))
    form = client.get(f"/ky/field/form.xlsx?area={place.aimak.code}&prefilled=yes")

    assert 'type="file"' not in page.text
    assert "protection" not in page.text
    assert (form.status_code, form.data[:2]) == (200, b"PK")
    assert "mektep_2026_proposal.xlsx" in form.headers["Content-Disposition"]
    assert client.get("/ky/field/last_schools.csv").text.startswith("place,")
    assert client.get("/ky/field/form.xlsx?area=nowhere").status_code == 404
    assert client.get("/ky/field/form.xlsx?protection=yes").status_code == 403
    assert send(client, kobo_page([])).status_code == 403


def test_who_may_see_restricted_answers_gets_the_restricted_form(desk, mark, place):
    client = desk("school", school=place.own)

    assert client.get("/ru/field/form.xlsx?protection=yes").status_code == 200
    assert 'name="protection"' in client.get("/ru/field").text


def test_a_visitor_gets_no_form(client, mark):
    assert client.get("/ky/field/form.xlsx").status_code in (302, 303, 401)


def test_a_planner_takes_forms_in_and_is_told_what_came_of_them(desk, session, mark, place):
    client = desk("planner")
    good, bad = kobo(mark, place.own.code, {"SOC-06": "meets"}), kobo(mark, "nowhere", {"SOC-06": "meets"})

    page = check("/ky/field/submissions", send(client, kobo_page([good, bad])))
    again = check("/ky/field/submissions", send(client, kobo_page([good, bad])))

    assert "Жаңы" in page.text
    assert [row[2] for row in page.rows() if len(row) == 5] == ["school"]
    assert "nowhere" in page.text
    assert not again.rows()
    assert session.scalar(text("SELECT status FROM assessment")) == "submitted"


BROKEN = {
    "an error page": b"<!doctype html><title>502</title>",
    "cut off": b'{"results": [{"_uuid": "a',
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_without_forms_is_answered_in_words_and_changes_nothing(desk, session, mark, place, content):
    answer = send(desk("planner"), content)

    assert answer.status_code == 422
    check("/ky/field/submissions", answer)
    assert session.scalar(text("SELECT count(*) FROM submission")) == 0


@pytest.fixture
def refused(desk, session, mark, place):
    client = desk("planner")
    send(client, kobo_page([kobo(mark, "nowhere", {"SOC-06": "meets"}, instance=str(uuid.UUID(int=5)))]))
    return client, session.scalar(text("SELECT id FROM submission"))


def test_a_refused_form_is_set_right_and_both_versions_stay(refused, session, place):
    client, number = refused
    address = f"/ky/field/submissions/{number}"

    before = check(address, client.get(address))
    post(client, f"{address}/again")
    post(client, f"{address}/repair", school=place.own.code)
    after = check(address, client.get(address))

    assert "nowhere" in before.text
    assert "Кабыл алынды" in after.title
    assert session.scalar(text("SELECT count(*) FROM submission_version")) == 2
    assert session.scalar(text("SELECT school_id FROM assessment")) == place.own.id


def test_a_missing_school_comes_and_the_form_is_tried_again_without_a_new_version(refused, session, place):
    client, number = refused
    place.own.code = "nowhere"
    session.flush()

    post(client, f"/ky/field/submissions/{number}/again")

    assert session.scalar(text("SELECT status FROM submission")) == "taken"
    assert session.scalar(text("SELECT count(*) FROM submission_version")) == 1
    assert post(client, f"/ky/field/submissions/{number}/again").status_code == 409


def test_a_form_set_aside_takes_its_answers_along_and_stays_kept(desk, session, mark, place):
    client = desk("planner")
    send(client, kobo_page([kobo(mark, place.own.code, {"SOC-06": "meets"})]))
    number = session.scalar(text("SELECT id FROM submission"))

    post(client, f"/ky/field/submissions/{number}/aside")

    assert session.scalar(text("SELECT status FROM submission")) == "set_aside"
    assert (
        session.scalar(text("SELECT count(*) FROM answer"))
        == session.scalar(text("SELECT count(*) FROM assessment"))
        == 0
    )
    assert "Четке" in client.get(f"/ky/field/submissions/{number}").text


def test_another_version_can_be_chosen(desk, session, mark, place):
    client, one = desk("planner"), str(uuid.UUID(int=1))
    for state in ("meets", "fails"):
        send(client, kobo_page([kobo(mark, place.own.code, {"SOC-06": state}, instance=one)]))
    number = session.scalar(text("SELECT id FROM submission"))

    post(client, f"/ky/field/submissions/{number}/choose", number="2")

    assert session.scalar(text("SELECT state FROM answer")) == "fails"
    assert post(client, f"/ky/field/submissions/{number}/choose", number="9").status_code == 404


def test_each_sees_the_forms_of_their_territory_and_protected_ones_with_the_right_to_them(desk, session, mark, place):
    national = desk("planner", also=("analyst",))
    sent = [kobo(mark, place.own.code, {"SOC-06": "meets"}, SOC_06_note="жарыя"),
            kobo(mark, place.own.code, {"SEC-01": "fails"}, SEC_01_note=SECRET, protection="1"),
            kobo(mark, place.foreign.code, {"SOC-06": "meets"})]  # fmt: skip
    send(national, kobo_page(sent))
    become_everybody(session)
    ids = dict(session.execute(text("SELECT is_protected::text || school_id, id FROM submission")).all())
    own, secret = ids[f"false{place.own.id}"], ids[f"true{place.own.id}"]
    foreign = ids[f"false{place.foreign.id}"]

    local, department = desk("local_body", place.aimak), desk("department", place.rayon)

    def seen(client):
        return [client.get(f"/ky/field/submissions/{number}").status_code for number in (own, secret, foreign)]

    assert seen(local) == [200, 404, 404]
    assert seen(department) == [200, 200, 404]
    assert SECRET not in local.get("/ky/field/submissions").text
    assert post(local, f"/ky/field/submissions/{own}/aside").status_code == 403


def test_only_an_administrator_names_servers_and_only_those_with_a_secret(desk, session, app, mark, place):
    app.extensions["settings"] = app.extensions["settings"].model_copy(
        update={"field_secrets": {"https://kobo.test": SECRET}}
    )
    planner, administrator = desk("planner"), desk("administrator")
    good = {"title": "Ысык-Көл", "kind": "kobo", "address": "https://kobo.test/x", "form": "aBcDeFgHiJ"}

    check("/ky/field-servers", administrator.get("/ky/field-servers"))
    statuses = [
        post(administrator, "/ky/field-servers", **{**good, **wrong}).status_code
        for wrong in (
            {"address": "http://kobo.test"}, {"address": "https://other.test"}, {"address": "file:///etc/passwd"},
            {"form": "../../admin"}, {"kind": "ftp"}, {"title": " "}, {"address": "https://a:b@kobo.test"},
        )
    ]  # fmt: skip

    assert statuses == [422] * 7
    assert post(planner, "/ky/field-servers", **good).status_code == 403
    assert post(administrator, "/ky/field-servers", **good).status_code == 303
    assert post(administrator, "/ky/field-servers", **good).status_code == 422
    assert "Ысык-Көл" in planner.get("/ky/field").text
    assert SECRET not in administrator.get("/ky/field-servers").text
    number = session.scalar(text("SELECT id FROM field_connection"))
    assert post(administrator, f"/ky/field-servers/{number}/remove").status_code == 303
    assert session.scalar(text("SELECT count(*) FROM field_connection")) == 0
