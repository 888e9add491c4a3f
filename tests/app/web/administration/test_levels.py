"""An administrator records the level of somebody who assesses: what is wrong is named, and the history is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.workflows.assess import today
from tests.support.accounts import PASSWORD, at_the_command_line, make_account
from tests.support.pages import check
from tests.support.web import csrf_token, sign_in

ADDRESS = "/en/admin/accounts"


@pytest.fixture
def client(live_app, database):
    made = live_app.test_client()
    sign_in(made, make_account(database, "administrator", is_synthetic=True), PASSWORD)
    return made


def number_of(database, name):
    with at_the_command_line(database) as session:
        return session.scalar(text("SELECT id FROM account WHERE name = :name"), {"name": name})


def post(client, number, **form):
    return client.post(f"{ADDRESS}/{number}/level", data={**form, "csrf_token": csrf_token(client, ADDRESS)})


def test_a_level_is_recorded_and_what_is_wrong_is_named(client, database):
    number = number_of(database, make_account(database, "trainer"))
    soon = (today() + timedelta(days=30)).isoformat()

    for form, told in (
        ({"level": "master", "valid_until": soon, "basis": "x"}, "Choose a level."),
        ({"level": "trained", "valid_until": "soon", "basis": "x"}, "Choose a day from today"),
        ({"level": "trained", "valid_until": soon}, "Say on which ground"),
        ({}, "Choose a level."),
    ):
        answer = post(client, number, **form)
        assert answer.status_code == 422
        assert told in check(ADDRESS, answer).text
    assert post(client, number, level="trained", valid_until=soon, basis="course 5").status_code == 303

    page = check(ADDRESS, client.get(f"{ADDRESS}/{number}"))
    assert any("Trained" in row[0] and "course 5" in row[2] for row in page.rows())
