"""The page and files of a re-score: who moved and why, in words, and what cannot be asked."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from geodata.models import Criterion, StandardEdition
from tests.factories.country import CRITERIA, add_answers, make_country
from tests.support.pages import PageClient

ASKED = "edition=E1&date=2026-11-30&against_edition=E1&against_date=2026-05-15"
UNKNOWN = {"ky": "Белгисиз", "ru": "Неизвестно", "en": "Unknown"}


@pytest.fixture
def country(session):
    """S1 fails a red flag since June, S3 is assessed for the first time; E2 asks one thing more, of much weight."""
    made = make_country(session)
    add_answers(session, made, "S1", {"STR-01": "fails"}, kind="survey", on=date(2026, 6, 1))
    met = dict.fromkeys(("STR-01", "STR-02", "FIRE-01", "WSH-01", "SEC-05"), "meets")
    add_answers(session, made, "S3", met, kind="survey", on=date(2026, 6, 1))
    edition = StandardEdition(code="E2", title_ky="к", title_ru="р", title_en="e", status="draft", sha256="e2")
    session.add(edition)
    session.flush()
    more = ("WSH-99", "WSH", "school", 40, False, "physical")
    for position, (code, domain, scope, weight, critical, group) in enumerate((*CRITERIA, more)):
        session.add(
            Criterion(
                edition_id=edition.id, code=code, domain_code=domain, position=position, text_ky="к", text_ru="р",
                text_en="c", scope=scope, weight=weight, is_critical=critical, cap=None, grouping=group,
                field_class="public", details={},
            )
        )  # fmt: skip
    session.flush()
    return made


@pytest.fixture
def pages(app, country):
    return PageClient(app)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_without_a_question_the_page_asks_only(pages, language):
    page = pages.get(f"/{language}/standard/rescore")

    assert not page.rows()
    assert page.all(".//select[@name='against_edition']")


@pytest.mark.parametrize("query", ["date=xx", "against_date=2026-13-01"])
def test_a_day_that_is_none_is_refused_also_without_an_edition(pages, query):
    pages.get(f"/en/standard/rescore?{query}", status=400)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_schools_with_another_grade_stand_with_both_and_what_was_unknown_as_a_word(pages, country, language):
    page = pages.get(f"/{language}/standard/rescore?{ASKED}")

    rows = {row[0]: row for row in page.rows() if len(row) == 10}
    assert {f"/{language}/schools/S1", f"/{language}/schools/S3"} <= set(page.links())
    assert f"/{language}/schools/S2" not in page.links()
    assert any(row[4:10] == [UNKNOWN[language], row[5], *[UNKNOWN[language]] * 4] for row in rows.values())


def test_each_cause_has_its_own_list(pages, country):
    reality = set(pages.get(f"/en/standard/rescore?{ASKED}&cause=reality").links())
    data = set(pages.get(f"/en/standard/rescore?{ASKED}&cause=data").links())
    rule = set(pages.get(f"/en/standard/rescore?{ASKED}&cause=rule").links())

    assert ("/en/schools/S1" in reality, "/en/schools/S3" in reality) == (True, False)
    assert ("/en/schools/S1" in data, "/en/schools/S3" in data) == (False, True)
    assert not {"/en/schools/S1", "/en/schools/S3"} & rule


def test_another_edition_on_the_same_day_moves_by_the_rule(pages, country):
    asked = "edition=E2&date=2026-05-15&against_edition=E1&against_date=2026-05-15"
    rule = set(pages.get(f"/en/standard/rescore?{asked}&cause=rule").links())
    others = [set(pages.get(f"/en/standard/rescore?{asked}&cause={cause}").links()) for cause in ("data", "reality")]

    assert "/en/schools/S1" in rule
    assert not any("/en/schools/S1" in links for links in others)


def test_files_hold_every_school_and_leave_the_unknown_empty(client, country):
    answer = client.get(f"/en/standard/rescore.csv?{ASKED}")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}
    book = client.get(f"/ky/standard/rescore.xlsx?{ASKED}")

    assert rows.keys() == {"S1", "S2", "S3", "S4"}
    assert (rows["S1"]["grade_after"], rows["S1"]["grade_moved_by"]) == ("E", "reality")
    assert (rows["S3"]["index_before"], rows["S3"]["points_data"]) == ("", "")
    assert book.data.startswith(b"PK")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param("edition=E9", 404, id="no such edition"),
        pytest.param("edition=E1&against_edition=E9", 404, id="no such earlier edition"),
        pytest.param("edition=E1&date=2999-01-01", 400, id="a day to come"),
        pytest.param("edition=E1&date=yesterday", 400, id="no day"),
        pytest.param("edition=E1&against_date=1066-10-14", 400, id="a day before the country"),
        pytest.param("edition=E1&cause=luck", 400, id="no such cause"),
    ],
)
def test_what_cannot_be_asked_is_refused(client, country, asked, status):
    assert client.get(f"/en/standard/rescore?{asked}").status_code == status
