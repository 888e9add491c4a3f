"""Pages of appeals of answers, hazards and travel times: form, public list, and where an accepted one is corrected."""

import re
from datetime import date

import pytest

from geodata.models import TravelTime
from tests.app.workflows.test_appealed_facts import add_level
from tests.factories.officers import PASSWORD, make_officer
from tests.factories.runs import make_result, make_run
from tests.factories.visits import make_edition, make_visit
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token

SECRET = "the headmaster Asanov told me"


@pytest.fixture
def place(session, place):
    edition = make_edition(session)
    make_visit(session, place.own, edition, {"STR-01": "fails", "SEC-01": "fails"})
    add_level(session, place.own, "flood_a", 3)
    stated = {"source": "map", "source_date": date(2026, 1, 1)}
    session.add(TravelTime(school_id=place.own.id, target="hospital", minutes=48.0, **stated))
    make_result(session, make_run(session), place.own, 1)
    session.flush()
    return place


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own, password=PASSWORD),
        "department": make_officer(session, "department", area=place.rayon, password=PASSWORD),
        "oblast": make_officer(session, "oblast", area=place.oblast, password=PASSWORD),
    }


def send(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_token(client, "/en/work"), **form})


def appealed(client, place, fact, claimed, language="en"):
    form = {fact: claimed, "evidence": "act No. 7", "reason": SECRET}
    return send(client, f"/{language}/schools/{place.own.code}/appeal?fact={fact}", **form)


@pytest.mark.parametrize(
    ("language", "groups", "values"),
    [
        (
            "en",
            ["School passport", "Answers to requirements of the Standard", "Hazards at the school",
             "Travel times from the school"],
            ["STR-01. Requirement STR-01: Fails", "FIRE-01. Requirement FIRE-01: Unknown",
             "Level of the hazard: Flood: level 3", "Travel time: Nearest hospital: 48 min"],
        ),
        (
            "ru",
            ["Паспорт школы", "Ответы на требования Свода стандартов", "Опасности у школы", "Время в пути от школы"],
            ["STR-01. Требование STR-01: Не выполнено", "Уровень опасности: Паводок, наводнение: уровень 3"],
        ),
        (
            "ky",
            ["Мектептин паспорту", "Стандарттын талаптарына жооптор", "Мектептеги коркунучтар",
             "Мектептен жолго кеткен убакыт"],
            ["STR-01. STR-01 талабы: ", "Коркунучтун деңгээли: Суу ташкыны: 3-деңгээл"],
        ),
    ],
)  # fmt: skip
def test_the_form_offers_facts_in_groups_with_the_value_of_today(desk, place, language, groups, values):
    html = check("/x", desk("school").get(f"/{language}/schools/{place.own.code}/appeal")).html

    assert re.findall(r'<optgroup label="([^"]*)"', html) == groups
    for value in values:
        assert value in html
    assert "SEC-01" not in html, "what is kept from the public is not appealed in public"


@pytest.mark.parametrize(
    ("fact", "claimed", "named", "then", "true"),
    [
        ("answer.STR-01", "meets", "STR-01. Requirement STR-01", "Fails", "Meets"),
        ("hazard.flood", "1", "Level of the hazard: Flood", "level 3", "level 1"),
        ("travel.hospital", "90", "Travel time: Nearest hospital", "48 min", "90 min"),
    ],
)
def test_visitors_see_fact_and_both_values_in_words_and_nothing_of_people(
    desk, place, app, fact, claimed, named, then, true
):
    school = desk("school")
    assert f'name="{fact}"' in check("/x", school.get(f"/en/schools/{place.own.code}/appeal?fact={fact}")).html
    assert appealed(school, place, fact, claimed).status_code == 303
    reader = PageClient(app)

    listed = reader.get("/en/priorities/appeals").text
    for words in (named, then, true, "Under appeal"):
        assert words in listed
    assert SECRET not in listed
    assert named in reader.get(f"/en/schools/{place.own.code}").text
    assert "under appeal" in reader.get("/en/priorities").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Answers on guards, alarms and violence are kept from the public"),
        ("ru", "Ответы об охране, сигнализации и насилии закрыты от общественности"),
        ("ky", "Күзөт, сигнал берүү жана зомбулук боюнча жооптор коомчулукка ачылбайт"),
    ],
)
def test_a_protected_answer_is_refused_in_words(desk, place, language, words):
    client = desk("school")
    answer = appealed(client, place, "answer.SEC-01", "meets", language)

    assert answer.status_code == 422
    assert words in check("/x", answer).text
    assert words in check("/x", client.get(f"/{language}/schools/{place.own.code}/appeal?fact=answer.SEC-01")).text


def test_what_cannot_be_true_is_refused_and_the_rest_kept(desk, place):
    page = check("/x", appealed(desk("school"), place, "travel.hospital", "far"))

    assert "Enter a value that the register takes" in page.text
    assert 'value="far"' in page.html
    assert SECRET in page.html


@pytest.mark.parametrize(
    ("fact", "claimed", "said", "links"),
    [
        ("answer.STR-01", "meets", "A new assessment corrects an answer", ["/assess?school="]),
        ("hazard.flood", "1", "A decision which source counts", ["/data/conflicts?school="]),
        ("travel.hospital", "90", "scripts/mektep import travel FILE", []),
    ],
)
@pytest.mark.parametrize("who", ["department", "oblast"])
def test_an_accepted_one_leads_to_its_correction_and_promises_no_ranking_of_its_own(
    desk, place, fact, claimed, said, links, who
):
    number = appealed(desk("school"), place, fact, claimed).headers["Location"].rsplit("/", 1)[1]
    judge = desk(who)
    before = check("/x", judge.get(f"/en/work/appeals/{number}")).text
    done = send(judge, f"/en/work/appeals/{number}/accept", decision="seen")
    page = check("/x", judge.get(f"/en/work/appeals/{number}"))

    assert done.headers["Location"].endswith(f"/work/appeals/{number}"), "there is no draft to go to"
    assert said not in before
    assert said in page.text
    assert "The page of the appeal says where the fact is corrected." in page.html
    assert "the next ranking takes it in" in page.text
    assert "by itself" not in page.text
    for link in links:
        open_to_reader = who == "department" or not link.startswith("/assess")
        assert (f"/en{link}{place.own.code}" in page.html) == open_to_reader
