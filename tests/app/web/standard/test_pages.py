"""Pages of the standard: found in any spelling, told in words, restricted answers counted nowhere, steps by right."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.exports.typeset import printed
from app.web.request import current_session
from app.web.standard.books import guidance_book, printed_book
from geodata.models import Answer, Assessment, Criterion, RestrictedAnswer, Run, StandardEdition
from tests.factories.officers import become_everybody, make_officer
from tests.factories.schools import make_school
from tests.factories.standard import edition_rows, make_edition
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

LANGUAGES = ("ky", "ru", "en")
PASSWORD = "correct horse battery"
BOOK = "/standard/2027/guidance"


@pytest.fixture
def edition(session):
    rows = edition_rows(text_ky="Даарaткана жана жуунуучу жай бар".replace("a", "а"), text_ru="Туалеты исправны")
    rows[1] |= {"responsible_body": "police", "co_owner": "none", "requirement_level": "recommended"}
    return make_edition(session, "2027", rows, is_current=True)


@pytest.fixture
def pages(app, edition):
    return PageClient(app)


def codes(page):
    return [link.text for link in page.all(".//table[@class='criteria']//th[@scope='row']/a")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "address",
    ["", "/2027/STR-01", "/2027/SEC-01", "/2027/guidance", "/compare", "/editions", "/editions/2027", "?critical=1"],
)
def test_every_page_is_whole_in_each_language(pages, lang, address):
    page = pages.get(f"/{lang}/standard{address}")

    assert page.status == 200
    assert len(page.all(".//h1")) == 1


@pytest.mark.parametrize("word", ["даараткана", "daaratkana", "ДААРАТКАНА", "туалет", "туалетов", "STR-01", "str 01"])
def test_a_criterion_is_found_in_any_spelling(pages, word):
    assert codes(pages.get(f"/ky/standard?q={word}")) == ["STR-01"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["STR-01", "STR-02"]),
        ("domain=SEC", ["SEC-01"]),
        ("level=mandatory", ["STR-01", "SEC-01"]),
        ("critical=1", ["STR-01"]),
        ("scope=room", ["STR-02"]),
        ("body=police", ["STR-02"]),
        ("body=school", ["STR-01", "SEC-01"]),
        ("group=protection", ["SEC-01"]),
        ("budget=local&domain=STR", ["STR-01", "STR-02"]),
        ("q=nothing-of-the-kind", []),
    ],
)
def test_filters_narrow_and_combine(pages, query, found):
    assert codes(pages.get(f"/en/standard?{query}")) == found


@pytest.mark.parametrize("query", ["body=unheard-of", "domain=unheard-of", "level=unheard-of"])
def test_a_code_that_the_edition_does_not_hold_is_refused_and_never_an_empty_list(pages, query):
    page = pages.get(f"/en/standard?{query}", status=400)

    assert "unheard-of" in page.text
    assert page.all(".//ul[@class='ways']//a")


def test_a_criterion_tells_its_norm_owner_budget_and_guidance(pages):
    text = pages.get("/en/standard/2027/STR-01").text

    for told in (
        "≤ 5 years", "each building", "4 of 5", "mandatory", "local self-government body", "the school itself",
        "local budget", "60 months", "stated in an act", "25", "critical requirement", "СН КР 20-02:2024",
        "STR-01 mistake_en", "= себеби STR-01", "Unknown: the ranking shown does not count this edition.",
    ):  # fmt: skip
        assert told in text, told


def test_what_is_not_stated_is_unknown_and_not_empty(session, app):
    rows = edition_rows()
    for name in ("requirement_level", "responsible_body", "owing_budget", "shelf_life_months", "reason_en", "cap"):
        rows[0][name] = None
    make_edition(session, "2027", rows, is_current=True)

    text = PageClient(app).get("/en/standard/2027/STR-01").text

    assert text.count("Unknown") >= 6


@pytest.fixture
def counted(session, edition):
    """A run that counts the edition, with answers of three schools; one more has none."""
    run = Run(
        hash="b" * 64, canonical="{}", scheme="default", edition_id=edition.id, data_date=date(2026, 6, 1),
        code_version="test", school_count=0, ranked_count=0, is_published=True,
    )  # fmt: skip
    session.add(run)
    found = session.scalars(select(Criterion).where(Criterion.edition_id == edition.id))
    criteria = {one.code: one for one in found}
    for number, (kind, state, on) in enumerate(
        [("self", "meets", 1), ("self", "fails", 1), ("self", "not_applicable", 1)], start=1
    ):
        school = make_school(session, code=f"S{number}")
        visit = Assessment(school_id=school.id, edition_id=edition.id, kind=kind, assessed_on=date(2026, 5, on))
        session.add(visit)
        session.flush()
        session.add(Answer(assessment_id=visit.id, criterion_id=criteria["STR-01"].id, state=state))
        session.add(RestrictedAnswer(assessment_id=visit.id, criterion_id=criteria["SEC-01"].id, state="fails"))
    late = Assessment(school_id=school.id, edition_id=edition.id, kind="survey", assessed_on=date(2026, 7, 1))
    verified = Assessment(school_id=school.id - 1, edition_id=edition.id, kind="survey", assessed_on=date(2026, 4, 1))
    session.add_all([late, verified])
    session.flush()
    session.add(Answer(assessment_id=late.id, criterion_id=criteria["STR-01"].id, state="meets"))
    session.add(Answer(assessment_id=verified.id, criterion_id=criteria["STR-01"].id, state="partly"))
    make_school(session, code="S4")
    session.flush()
    return run


def test_the_share_of_schools_that_meet_it_comes_with_its_coverage(pages, counted):
    page = pages.get("/en/standard/2027/STR-01")

    numbers = [row.findtext("td") for row in page.all(".//table[@class='shares']/tbody/tr")]
    assert numbers == ["1", "1", "0", "1", "1"]
    assert "50%" in page.text
    assert "1 of 2 schools with an answer; 75% of 4 open schools have one." in page.text


def test_other_pages_lead_to_a_criterion_in_the_edition_of_the_ranking(session, pages, counted):
    make_edition(session, "2028")

    answer = pages.client.get("/en/standard/criteria/STR-01")

    assert answer.location == "/en/standard/2027/STR-01"
    assert pages.client.get("/en/standard/criteria/STR-99", follow_redirects=True).status_code == 404


def test_no_share_is_told_of_a_restricted_criterion(pages, counted):
    page = pages.get("/en/standard/2027/SEC-01")

    assert page.all(".//table[@class='shares']") == []
    assert "Answers to this criterion are not public, so no share is shown." in page.text


def test_two_editions_are_compared_field_by_field(session, pages):
    rows = edition_rows(text_ky="Даараткана жана жуунуучу жай бар", text_ru="Туалеты исправны", shelf_life_months=24)
    rows[1] |= {"responsible_body": "police", "co_owner": "none", "requirement_level": "recommended"}
    rows[2] |= {"code": "SEC-09"}
    make_edition(session, "2028", rows)

    page = pages.get("/en/standard/compare?from=2027&to=2028")

    assert "1 criteria were added, 1 removed, 1 changed; 1 say the same." in page.text
    assert ["Shelf life of an answer, months", "60 months", "24 months"] in page.rows()
    assert "SEC-09" in page.text
    assert pages.client.get("/en/standard/compare?from=2027&to=2999").status_code == 404


def test_guidance_is_printed_as_pdf_and_hostile_text_stays_text(session, app):
    make_edition(session, "2027", edition_rows(check_ky='#panic("x") *bold* <b>'), is_current=True)
    client = app.test_client()

    one, whole = client.get(f"/ky{BOOK}.pdf?domain=STR"), client.get(f"/ky{BOOK}.pdf")

    assert one.data[:5] == whole.data[:5] == b"%PDF-"
    assert len(one.data) < len(whole.data)
    assert "standard-2027-STR-ky.pdf" in one.headers["Content-Disposition"]
    assert "&lt;b&gt;" in client.get(f"/ky{BOOK}").text


def test_printed_norms_have_only_letters_of_the_printed_font(app, edition):
    with app.test_request_context("/ky/standard/2027/guidance.pdf"):
        current_session().commit()
        book = printed_book(guidance_book(current_session(), edition, "STR"))

    norms = [one["norm"] for one in book["domains"][0]["criteria"]]
    assert [printed(norm) for norm in norms] == norms
    assert norms[0] == "эң көбү 5 жыл"


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_edition_is_a_file(pages, extension):
    answer = pages.client.get(f"/ky/standard/2027/file.{extension}")

    assert answer.status_code == 200
    assert f"standard-2027.{extension}" in answer.headers["Content-Disposition"]
    assert len(answer.data) > 2_000


@pytest.mark.parametrize(
    "address", ["/2999", "/2999/STR-01", "/2027/STR-99", "/2999/guidance", "/editions/2999", "/2999/file.csv"]
)
def test_what_is_not_there_is_a_plain_404(pages, address):
    assert pages.client.get(f"/ky/standard{address}").status_code == 404


def test_the_interface_tells_the_new_facts(pages):
    body = pages.client.get("/api/v1/standard/editions/2027").json

    first = body["criteria"][0]
    assert (first["responsible_body"], first["owing_budget"], first["shelf_life_months"]) == ("local_body", "local", 60)
    assert first["guidance"]["mistake_en"].startswith("STR-01 mistake_en")
    assert body["agreements"] == []


@pytest.fixture
def desk(app, session, edition):
    """Return a browser in which a planner or an auditor is signed in."""
    names = {
        role: make_officer(session, role, password=PASSWORD, is_synthetic=True).name for role in ("planner", "auditor")
    }

    def enter(role):
        become_everybody(session)
        session.flush()
        client = app.test_client()
        assert sign_in(client, names[role], PASSWORD).status_code == 303
        return client

    return enter


def post(client, path, **form):
    address = f"/en/standard/editions/2027{path}"
    return client.post(address, data=form | {"csrf_token": csrf_token(client, "/en/standard/editions/2027")})


def test_a_planner_takes_an_edition_from_draft_into_force(session, desk):
    client = desk("planner")
    page = check("/en/standard/editions/2027", client.get("/en/standard/editions/2027"))
    assert "Change the status" in page.text

    early = post(client, "/status", seen="draft", to="agreed", on="2026-06-01", reason="Agreed by all")
    assert early.status_code == 422
    assert "Name at least one body that agreed" in early.text
    body = {
        "body_ky": "Орган",
        "body_ru": "Орган.",
        "agreed_on": "2026-05-01",
        "document": "№ 7",
        "url": "javascript:x",
    }
    act = {"act_title_ky": "Токтом", "act_title_ru": "Постановление", "act_number": "5", "act_on": "2026-05-20"}
    answers = [
        post(client, "/agreements", **body),
        post(client, "/status", seen="draft", to="agreed", on="2026-05-02", reason="Agreed by all"),
        post(client, "/act", **act, act_url="https://example.org/act"),
        post(client, "/status", seen="agreed", to="adopted", on="2026-05-20", reason="Adopted"),
        post(client, "/status", seen="adopted", to="in_force", on="2026-06-01", reason="Published"),
    ]

    assert [answer.status_code for answer in answers] == [303] * 5
    assert session.scalars(select(StandardEdition.status)).all() == ["in_force"]
    text = check("/en/standard/editions/2027", client.get("/en/standard/editions/2027")).text
    for told in ("in force", "1 June 2026", "Токтом", "No. 5 of 20 May 2026", "Орган", "Published", "Adopted"):
        assert told in text, told
    assert "javascript:" not in text
    again = post(client, "/status", seen="adopted", to="in_force", on="2026-06-01", reason="Once more")
    assert again.status_code == 409


def test_who_does_not_publish_sees_no_forms_and_no_names_and_is_refused(session, app, desk):
    planner = desk("planner")
    post(planner, "/status", seen="draft", to="superseded", on="2026-06-01", reason="Withdrawn")
    name = session.scalar(select(StandardEdition.status_reason))
    assert name == "Withdrawn"
    visitor = PageClient(app).get("/en/standard/editions/2027")
    assert "Who" not in [head.text for head in visitor.all(".//th[@scope='col']")]
    assert visitor.all(".//form[@method='post']") == []

    auditor = desk("auditor")
    address = "/en/standard/editions/2027/status"
    token = csrf_token(auditor, "/en/account")
    form = {"csrf_token": token, "seen": "superseded", "to": "draft"}
    assert auditor.post(address, data=form).status_code == 403
    assert app.test_client().post(address, data={}).status_code in (400, 401, 403)
