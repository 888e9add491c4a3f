"""Every parameter table stands in public with status, source, licence and file, in three languages."""

from __future__ import annotations

import hashlib

import pytest

from app.permissions import Grant, rights_of
from app.web.parameters.columns import COLUMNS, SYMBOLS
from app.web.parameters.words import TABLES, licence_of, mark_of
from app.workflows.follow_parameters import follow
from app.workflows.use_parameters import TableFacts, use_table
from geodata.readers.parameter_tables import put_in_use, read_parameter_tables, rows_of, shipped_files
from tests.factories.officers import make_officer
from tests.support.pages import PageClient

LANGUAGES = ("ky", "ru", "en")


@pytest.fixture
def reader(app):
    return PageClient(app)


def test_each_table_has_words_for_its_title_and_columns():
    names = {name.removesuffix(".csv") for name in shipped_files()}
    columns = {column for body in shipped_files().values() for column in rows_of(body)[0]}

    assert names == set(TABLES)
    assert columns - set(SYMBOLS) == set(COLUMNS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_every_table_with_its_licence(reader, language):
    page = reader.get(f"/{language}/method/parameters")

    for name in TABLES:
        assert f"/{language}/method/parameters/{name}" in page.html
        assert f"/{language}/method/parameters/{name}.csv" in page.html
    assert page.text.count("CC-BY-SA-4.0") == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_shows_its_first_rows_as_they_are(reader, name, language):
    page = reader.get(f"/{language}/method/parameters/{name}")
    first = rows_of(shipped_files()[f"{name}.csv"])[0]

    assert [" ".join(value.split()) for value in first.values()] == [
        cell.removeprefix(f"{mark_of(value)} ") for value, cell in zip(first.values(), page.rows()[0], strict=True)
    ]


def test_the_file_is_the_one_that_rankings_name(app):
    answer = app.test_client().get("/en/method/parameters/fragility.csv")

    assert hashlib.sha256(answer.data).hexdigest() == read_parameter_tables().sha256["fragility.csv"]
    assert app.test_client().get("/en/method/parameters/nothing.csv").status_code == 404
    assert app.test_client().get("/en/method/parameters/nothing").status_code == 404


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        ("verified", "V"),
        ("source median verified; SA->PGA ratio = proposal", "P"),
        ("residential verified (7 independent public copies); commercial recalled - confirm", "R"),
        ("computed here / code plateau", "C"),
        ("CONFLICT: one JS copy has NA; c-bears CSV -0.4", "R"),
        ("not known", None),
    ],
)
def test_the_weakest_word_of_a_status_is_its_mark(status, mark):
    assert mark_of(status) == mark


def test_licences_are_those_of_the_notice():
    assert licence_of("fragility_gem") == "CC-BY-SA-4.0"
    assert licence_of("fragility") == "BSD-3-Clause"
    assert licence_of("p154_level1_scores") == "public domain"
    assert licence_of("interventions") == "CC-BY-4.0"


@pytest.fixture
def swapped(session):
    officer = make_officer(session, "planner")
    body = shipped_files()["method_constants.csv"].replace(
        b"occupancy.hours_secondary,5.5,", b"occupancy.hours_secondary,6.0,"
    )
    approver = officer.id, rights_of([Grant("planner", None)])
    use_table(session, approver, "method_constants.csv", body, TableFacts("Institute", "measured", "report 5"))
    follow(session)
    yield body
    put_in_use({})


def test_a_table_that_was_put_in_use_is_shown_with_owner_and_reason(reader, app, session, swapped):
    page = reader.get("/en/method/parameters/method_constants")
    listed = reader.get("/en/method/parameters")

    assert next(row for row in page.rows() if row[0] == "occupancy.hours_secondary")[1] == "6.0"
    assert "Institute answers for the values" in page.text
    assert "measured" in page.text
    assert "report 5" in page.text
    assert "by Institute" in listed.text
    assert app.test_client().get("/en/method/parameters/method_constants.csv").data == swapped
