"""The register of stated numbers: what is taken in, what stands beside each other, what is never overwritten."""

import pytest
from sqlalchemy import update

from geodata.models import Building
from geodata.queries.claims import add_claims, list_claims
from geodata.readers.claims import COLUMNS, SUBJECTS, read_claims, read_seed
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient

GOOD = 'dilapidated_schools,193,"ky","ru","en",24.kg,2017-04-24,https://24.kg/english/50332'


def table(*rows):
    return "\n".join([",".join(COLUMNS), *rows]).encode()


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_contradicting_numbers_stand_beside_each_other_and_our_count(session, app, language):
    country = make_ranked_country(session)
    session.execute(update(Building).where(Building.school_id == country.worst.id).values(condition="emergency"))
    add_claims(session, read_seed())
    page = PageClient(app).get(f"/{language}/data/claims")

    numbers = {row[0] for row in page.rows()}
    assert {"193", "190", "204", "245", "199"} <= numbers
    months = {"ky": "2019-жылдын ноябрь айы", "ru": "ноябрь 2019", "en": "November 2019"}
    assert months[language] in page.text.replace("\u00a0", " "), "a month is told as a month"
    if language == "en":
        assert "Schools of the ranking with a building in emergency condition: 1" in page.text
        assert "Schools of the ranking: 2" in page.text


def test_an_empty_register_says_so(app):
    assert "No number is in the register yet." in PageClient(app).get("/en/data/claims").text


def test_a_claim_is_never_overwritten(session):
    rows, _ = read_claims(table(GOOD))
    assert add_claims(session, rows) == 1
    assert add_claims(session, [rows[0]._replace(value=1.0)]) == 0

    assert [claim.value for claim in list_claims(session)] == [193.0]


def test_what_ships_is_right_in_three_languages():
    rows = read_seed()

    assert {row.subject for row in rows} == set(SUBJECTS)
    assert all(len({row.definition_ky, row.definition_ru, row.definition_en}) == 3 for row in rows)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("dilapidated_schools", "lunches"), "subject"),
        (GOOD.replace("193", "many"), "value"),
        (GOOD.replace("193", "-1"), "value"),
        (GOOD.replace("193", "nan"), "value"),
        (GOOD.replace("2017-04-24", "2017-13"), "said_on"),
        (GOOD.replace("https://", "javascript:"), "url"),
        (GOOD.replace('"ru"', '""'), "definition_ru"),
    ],
)
def test_a_wrong_row_is_named(row, column):
    rows, problems = read_claims(table(GOOD, row))

    assert len(rows) == 1
    assert [(found.row, found.column) for found in problems] == [(3, column)]


@pytest.mark.parametrize("content", [b"", b"subject,value\n", b"\xff\xfe\x00", table('"unclosed')])
def test_a_file_of_another_kind_is_refused_whole(content):
    rows, problems = read_claims(content)

    assert rows == []
    assert problems


def test_the_register_comes_back_as_it_is_taken_in(session, app):
    add_claims(session, read_seed())
    body = app.test_client().get("/en/data/claims.csv").get_data()

    assert sorted(read_claims(body)[0]) == sorted(read_seed())
    assert read_claims(body)[1] == []
