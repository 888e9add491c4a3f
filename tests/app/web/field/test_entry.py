"""Paper: one school's form as PDF, and its answers typed in the same order, each kept or told why not."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.exports.field.paper import PaperForm, ordered_parts, paper_data, row_address, spelt
from app.workflows.assess import open_sheet
from app.workflows.enter_paper import order_of_paper
from app.workflows.paper_form import school_contents
from tests.factories.assessing import make_assessed_place
from tests.factories.officers import become_everybody
from tests.support.pages import check
from tests.support.reading_files import all_text
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
DAY = "2026-11-20"


@pytest.fixture
def place(session):
    return make_assessed_place(session, password=PASSWORD)


@pytest.fixture
def director(app, session, place):
    client = app.test_client()
    assert sign_in(client, place.director.name, PASSWORD).status_code == 303
    return client


def post(client, at, **data):
    return client.post(at, data={"csrf_token": csrf_token(client, "/ky/account"), **data})


@pytest.fixture
def screen(director, place):
    """Return the address of the screen of a new assessment."""
    begun = post(director, f"/ky/field/entry/{place.rayons.own.code}", kind="survey", assessed_on=DAY)
    assert begun.status_code == 303, begun.text
    return begun.location


def rows(page):
    """Return {criterion, building: number} of the rows of the screen, in their order."""
    found = re.findall(
        r'name="criterion-(\d+)" value="([^"]+)"><input type="hidden" name="building-\d+" value="([^"]*)"', page
    )
    return {(criterion, building): number for number, criterion, building in found}


def typed(found, answers):
    """Return the fields of the rows as a browser sends them."""
    sent = {"rows": str(len(found))}
    for (criterion, building), number in found.items():
        sent |= {f"criterion-{number}": criterion, f"building-{number}": building}
        sent |= {f"{name}-{number}": value for name, value in answers.get((criterion, building), {}).items()}
    return sent


def answers(session):
    become_everybody(session)
    query = text("""
        SELECT criterion.code, coalesce(building.code, ''), answer.state, answer.value, answer.evidence_on::text
        FROM answer JOIN criterion ON criterion.id = criterion_id LEFT JOIN building ON building.id = answer.building_id
        JOIN assessment ON assessment.id = assessment_id WHERE assessment.status = 'draft' ORDER BY 1, 2
    """)
    return [tuple(row) for row in session.execute(query)]


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_form_names_the_school_each_open_criterion_and_each_building(director, place, language):
    answer = director.get(f"/{language}/field/paper/{place.rayons.own.code}.pdf")

    said = all_text(answer.data)

    assert answer.mimetype == "application/pdf"
    assert place.rayons.own.code in said
    assert {"STR-01", "STR-02", "LRN-01", "WSH-01", "WSH-02", "SOC-06"} <= set(re.findall(r"[A-Z]{3}-\d\d", said))
    assert "SEC-01" not in said
    assert all(block.code in said for block in place.blocks)
    assert director.get(f"/{language}/field/paper/nowhere.pdf").status_code == 404


def test_the_restricted_form_holds_protection_alone(director, place):
    answer = director.get(f"/ky/field/paper/{place.rayons.own.code}.pdf?protection=yes")

    said = all_text(answer.data)

    assert set(re.findall(r"[A-Z]{3}-\d\d", said)) == {"SEC-01"}


def test_screen_and_paper_have_the_same_order(session, director, place, screen):
    become_everybody(session)
    contents = school_contents(session, place.rayons.own.code)
    printed = [
        (one.code, building.code if building else "")
        for building, domains in ordered_parts(contents)
        for _, criteria in domains
        for one in criteria
    ]
    number = int(re.search(r"/(\d+)$", screen)[1])
    laid_out = order_of_paper(open_sheet(session, number, "ky"), is_protected=False)

    assert list(rows(director.get(screen).text)) == printed
    assert [(one.question.code, one.block.code if one.block else "") for one in laid_out] == printed


def test_typed_answers_are_kept_as_a_draft_with_the_day_of_the_visit(session, director, place, screen):
    shown = director.get(screen)
    check(screen, shown)
    found = rows(shown.text)
    block = place.blocks[0].code
    said = {
        ("WSH-01", ""): {"key": "1"}, ("WSH-02", ""): {"key": "5", "note": "жабык"},
        ("STR-02", block): {"key": "1", "value": "3,5"}, ("LRN-01", block): {"key": "2", "rooms": "8", "passed": "5"},
    }  # fmt: skip

    answer = post(director, screen, **typed(found, said))

    assert answer.status_code == 200
    check(screen, answer)
    assert answers(session) == [
        ("LRN-01", block, "partly", None, DAY), ("STR-02", block, "meets", 3.5, DAY),
        ("WSH-01", "", "meets", None, DAY), ("WSH-02", "", "unknown", None, DAY),
    ]  # fmt: skip


def test_a_wrong_row_is_told_and_kept_as_typed_and_the_others_are_saved(session, director, place, screen):
    found, block = rows(director.get(screen).text), place.blocks[0].code
    said = {
        ("WSH-01", ""): {"key": "1"},
        ("STR-02", block): {"key": "1", "value": "warm"},
        ("STR-01", block): {"key": "9"},
    }

    answer = post(director, screen, **typed(found, said))

    assert answer.status_code == 422
    assert answer.text.count("wrong-row") == 2
    assert 'value="warm"' in answer.text
    assert [row[0] for row in answers(session)] == ["WSH-01"]


def test_the_same_rows_again_change_nothing(session, director, place, screen):
    found = rows(director.get(screen).text)
    post(director, screen, **typed(found, {("WSH-01", ""): {"key": "1"}}))

    again = post(director, screen, **typed(found, {("WSH-01", ""): {"key": "1", "base_version": "1"}}))

    become_everybody(session)
    assert again.status_code == 200
    assert session.scalar(text("SELECT count(*) FROM answer_change")) == 1


def test_an_answer_given_meanwhile_is_not_overwritten(session, director, place, screen):
    found = rows(director.get(screen).text)
    post(director, screen, **typed(found, {("WSH-01", ""): {"key": "1"}}))

    answer = post(director, screen, **typed(found, {("WSH-01", ""): {"key": "3", "base_version": "0"}}))

    assert answer.status_code == 422
    assert [row[2] for row in answers(session)] == ["meets"]


def test_a_day_ahead_or_none_is_told(director, place):
    address = f"/ky/field/entry/{place.rayons.own.code}"

    assert post(director, address, kind="self", assessed_on="2031-01-01").status_code == 422
    assert post(director, address, kind="self", assessed_on="soon").status_code == 422
    check(address, director.get(address))


def test_the_screen_of_another_school_is_not_there(director, place, screen):
    assert director.get(screen.replace(place.rayons.own.code, place.rayons.foreign.code)).status_code == 404
    assert director.get("/ky/field/paper?school=nowhere").status_code == 404


def test_norms_are_spelt_where_the_font_has_no_sign():
    assert [spelt(norm, "en") for norm in ("≥ 3 m", "≤ 5 years", "18-24 °C")] == [
        "at least 3 m",
        "at most 5 years",
        "18-24 °C",
    ]


def test_a_school_without_known_buildings_has_one_part(session, place):
    contents = school_contents(session, place.rayons.foreign.code)

    data = paper_data(PaperForm(contents, contents.schools[0], None, "ru", "https://example.org"))

    assert len(data["parts"]) == 1
    assert data["place"] == "Неизвестно"


def test_each_row_on_paper_has_the_code_of_its_place_on_the_screen(session, director, place):
    contents = school_contents(session, place.rayons.own.code)
    address = "https://mektep.test/ky/field/entry/1?protection=yes"
    data = paper_data(PaperForm(contents, contents.schools[0], None, "ky", address))

    drawn = [row["qr"] for part in data["parts"] for domain in part["domains"] for row in domain["rows"]]
    assert len(set(drawn)) == len(drawn) > 0
    block = place.blocks[0].code
    assert row_address(address, "STR-02", block) == f"{address}&at=STR-02&block={block}"

    begin = f"/ky/field/entry/{place.rayons.own.code}?at=STR-02&block={block}"
    assert f'name="block" value="{block}"' in director.get(begin).text
    begun = post(director, begin, kind="survey", assessed_on=DAY)
    assert begun.location.endswith(f"#at-STR-02-{block}")
    assert f'id="at-STR-02-{block}"' in director.get(begun.location.partition("#")[0]).text


@pytest.mark.parametrize("wish", ["?at=%3Cscript%3E", "?at=STR-02&block=%22x", "?at=", "?at=" + "A" * 5_000])
def test_a_code_that_names_no_row_opens_the_screen_from_its_start(director, place, wish):
    begin = f"/ky/field/entry/{place.rayons.own.code}{wish}"
    assert "<script>" not in director.get(begin).text

    begun = post(director, begin, kind="survey", assessed_on=DAY)

    assert begun.status_code == 303
    assert "<" not in begun.location
    assert len(begun.location) < 300
