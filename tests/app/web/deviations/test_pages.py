"""The deviation log and its form."""

import pytest

from tests.factories.officers import become_everybody, make_officer, make_two_rayons
from tests.factories.runs import make_result, make_run
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
FORM = {"amount": "37400000", "money": "republican_budget", "funded_on": "2026-11-20", "document": "Order No. 5"}
REASON = {
    "reason_code": "court",
    "reason_ky": "Соттун чечими",
    "reason_ru": "Решение",
    "document_url": "https://a.kg/5",
}


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    run = make_run(session)
    make_result(session, run, made.foreign, 1, oblast_id=made.oblast.id)
    make_result(session, run, made.own, 2, oblast_id=made.oblast.id)
    return made


@pytest.fixture
def officer(app, session, place):
    become_everybody(session)
    made = make_officer(session, "oblast", area=place.oblast, password=PASSWORD)
    client = app.test_client()
    assert sign_in(client, made.name, PASSWORD).status_code == 303
    return client


def send(client, school, query="", **form):
    token = csrf_token(client, "/en/work")
    return client.post(f"/en/schools/{school.code}/funded{query}", data={"csrf_token": token, **form})


def test_without_records_no_rate_is_claimed(place, app):
    for language in ("ky", "ru", "en"):
        page = PageClient(app).get(f"/{language}/priorities/deviations")

    assert "no rate is known" in page.text
    assert "0 %" not in page.text


def test_out_of_order_money_is_asked_for_its_reason_and_then_public(officer, place, app):
    check("/x", officer.get(f"/en/schools/{place.own.code}/funded"))
    refused = send(officer, place.own, **FORM)
    assert refused.status_code == 422
    assert "passes 1 better-ranked schools" in check("/x", refused).text
    assert 'value="37400000"' in refused.text
    assert send(officer, place.own, **FORM, **REASON).status_code == 303

    for language in ("ky", "ru", "en"):
        page = PageClient(app).get(f"/{language}/priorities/deviations")
        assert "Соттун чечими" in page.text if language == "ky" else "Решение" in page.text
    assert "37,400,000" in page.text
    assert "1 of 1 recorded projects were out of order." in page.text


def test_the_explanation_is_marked_with_its_language_where_it_is_not_the_reader_s(officer, place, app):
    assert send(officer, place.own, **FORM, **REASON).status_code == 303
    pages = {language: PageClient(app).get(f"/{language}/priorities/deviations") for language in ("ky", "ru", "en")}

    assert f"text in Russian: {REASON['reason_ru']}" in pages["en"].text
    assert f'<span lang="ru">{REASON["reason_ru"]}</span>' in pages["en"].html
    for language in ("ky", "ru"):
        assert f"<span>{REASON[f'reason_{language}']}</span>" in pages[language].html
        assert "text in Russian" not in pages[language].text


def test_what_was_in_order_stands_among_all_and_in_the_file(officer, place, app):
    assert send(officer, place.foreign, **FORM).status_code == 303
    reader = PageClient(app)

    assert place.foreign.code not in reader.get("/en/priorities/deviations").text
    assert place.foreign.code in reader.get("/en/priorities/deviations?all=1").text
    lines = reader.client.get("/en/priorities/deviations.csv").get_data().decode("utf-8-sig").splitlines()
    assert lines[1].startswith(f"{place.foreign.code},")
    assert reader.client.get("/en/priorities/deviations.xlsx").data[:2] == b"PK"


def test_money_of_parents_is_refused_in_words(officer, place):
    answer = send(officer, place.foreign, **FORM | {"money": "parents"})

    assert answer.status_code == 422
    assert "Boards of trustees and parents are no source of this money" in answer.text


def test_visitors_and_departments_record_nothing(app, session, place):
    assert app.test_client().get(f"/en/schools/{place.own.code}/funded").status_code in (302, 303, 401)
    become_everybody(session)
    made = make_officer(session, "department", area=place.rayon, password=PASSWORD)
    client = app.test_client()
    sign_in(client, made.name, PASSWORD)

    assert send(client, place.own, **FORM).status_code == 403


def test_a_correction_is_offered_and_takes_the_place(officer, place, app):
    send(officer, place.foreign, **FORM)
    page = check("/x", officer.get("/en/priorities/deviations?all=1"))
    address = next(link for link in page.links() if "replaces=" in link)
    check("/x", officer.get(address))
    query = "?" + address.split("?")[1]

    assert send(officer, place.foreign, query, **FORM | {"amount": "5"}).status_code == 303
    assert len(PageClient(app).get("/en/priorities/deviations?all=1").all(".//main//table[last()]/tbody/tr")) <= 3
    assert send(officer, place.foreign, query, **FORM).status_code == 422
