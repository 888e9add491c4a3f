"""Pages of appeals: from the form of a school to the decision, and what visitors see of it."""

import re
from datetime import timedelta

import pytest

from geodata.models import Revision
from tests.factories.officers import become_everybody, make_officer, make_two_rayons
from tests.factories.runs import make_result, make_run
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
SECRET = "the headmaster Asanov told me"


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    run = make_run(session)
    make_result(session, run, made.own, 1)
    make_result(session, run, made.foreign, 2)
    return made


@pytest.fixture
def desk(app, session, place):
    """Return a browser in which somebody of a role is signed in."""
    at = {
        "school": {"school": place.own},
        "department": {"area": place.rayon},
        "oblast": {"area": place.oblast},
        "foreign": {"area": place.foreign_rayon},
    }

    def enter(who):
        become_everybody(session)
        role = "department" if who == "foreign" else who
        officer = make_officer(session, role, password=PASSWORD, **at[who])
        client = app.test_client()
        assert sign_in(client, officer.name, PASSWORD).status_code == 303
        return client

    return enter


def send(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_token(client, "/en/work"), **form})


def appealed(client, place, **changes):
    form = {"pupils": "512", "evidence": "order No. 7", "reason": SECRET} | changes
    return send(client, f"/en/schools/{place.own.code}/appeal?fact=pupils", **form)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_an_appeal_goes_from_the_form_to_the_decision(desk, place, app, language):
    school, department = desk("school"), desk("department")
    check("/x", school.get(f"/{language}/schools/{place.own.code}/appeal"))
    check("/x", school.get(f"/{language}/schools/{place.own.code}/appeal?fact=pupils"))
    made = appealed(school, place)
    assert made.status_code == 303
    number = made.headers["Location"].rsplit("/", 1)[1]
    for client in (school, department):
        assert f"/work/appeals/{number}" in check("/x", client.get(f"/{language}/work")).html
        assert SECRET in check("/x", client.get(f"/{language}/work/appeals/{number}")).text

    assert send(department, f"/en/work/appeals/{number}/accept", decision="").status_code == 422
    done = send(department, f"/en/work/appeals/{number}/accept", decision="seen")
    assert "/work/changes/" in done.headers["Location"]
    assert "512" in check("/x", department.get(done.headers["Location"])).text
    assert send(department, f"/en/work/appeals/{number}/reject", decision="no").status_code == 409


def test_visitors_see_fact_values_and_days_and_nothing_of_people(desk, place, app):
    appealed(desk("school"), place)
    reader = PageClient(app)
    text = reader.get("/en/priorities/appeals").text

    assert "512" in text
    assert "Under appeal" in text
    for hidden in (SECRET, "order No. 7", "school-"):
        assert hidden not in text
    assert "Under appeal" in reader.get(f"/en/schools/{place.own.code}").text
    assert "under appeal" in reader.get("/en/priorities").text


def test_a_form_that_lacks_something_says_what_and_keeps_the_rest(desk, place):
    client = desk("school")
    answer = appealed(client, place, evidence="", pupils="many")

    assert answer.status_code == 422
    page = check("/x", answer)
    assert "Name the evidence" in page.text
    assert SECRET in page.html


def test_others_find_nothing_there(desk, place, app):
    number = appealed(desk("school"), place).headers["Location"].rsplit("/", 1)[1]
    foreign = desk("foreign")

    assert foreign.get(f"/en/work/appeals/{number}").status_code == 404
    assert send(foreign, f"/en/work/appeals/{number}/accept", decision="x").status_code == 404
    assert foreign.get(f"/en/schools/{place.own.code}/appeal").status_code == 403
    assert app.test_client().get(f"/en/schools/{place.own.code}/appeal").status_code in (302, 303, 401)


def test_a_withdrawn_appeal_leaves_the_list_of_open_ones(desk, place, app):
    client = desk("school")
    number = appealed(client, place).headers["Location"].rsplit("/", 1)[1]
    assert appealed(client, place).status_code == 409
    assert send(client, f"/en/work/appeals/{number}/withdraw").status_code == 303

    assert "512" not in PageClient(app).get("/en/priorities/appeals?status=open").text
    assert "Withdrawn" in PageClient(app).get("/en/priorities/appeals").text
    assert app.test_client().get("/en/priorities/appeals?status=x").status_code == 400


def publish(desk, author, draft):
    """Take a draft through the three steps, by three people, each with what their page shows."""
    for client, name in ((author, "submit"), (desk("department"), "verify"), (desk("oblast"), "publish")):
        page = client.get(f"/en/work/changes/{draft}").text
        form = dict(re.findall(r'name="((?:record_)?version)" value="(\d+)"', page)) | {"reason": "seen"}
        assert send(client, f"/en/work/changes/{draft}/{name}", **form).status_code == 303


@pytest.mark.parametrize(
    ("language", "before", "waiting", "again"),
    [
        ("en", "once the correction is published", "The ranking is waiting", "Ranked again:"),
        ("ru", "когда исправление будет опубликовано", "Расчёт ожидает очереди", "Рассчитан заново:"),
        ("ky", "оңдоо жарыялангандан кийин", "Эсеп кезегин күтүүдө", "Кайра эсептелди:"),
    ],
)
def test_an_accepted_appeal_tells_what_becomes_of_the_list(desk, place, session, language, before, waiting, again):
    school, department = desk("school"), desk("department")
    number = appealed(school, place).headers["Location"].rsplit("/", 1)[1]
    page = f"/{language}/work/appeals/{number}"
    assert before not in check("/x", school.get(page)).text
    draft = send(department, f"/en/work/appeals/{number}/accept", decision="seen").headers["Location"].rsplit("/", 1)[1]
    assert before in check("/x", school.get(page)).text

    publish(desk, department, draft)
    assert waiting in check("/x", school.get(page)).text

    become_everybody(session)
    moment = session.get(Revision, int(draft)).published_at
    make_run(session, "b" * 64, created_at=moment + timedelta(seconds=1))
    shown = check("/x", school.get(page))
    assert again in shown.text
    assert f"/{language}/priorities/runs/{'b' * 16}" in shown.html
