"""From changed data to a new list: who may start a ranking, and which run is shown afterwards."""

from __future__ import annotations

import os

import pytest

from app.workflows.rank_schools import rank_schools
from geodata.queries import runs
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.importing import NAME, PASSWORD, make_import_app
from tests.support.web import csrf_token, sign_in


@pytest.fixture
def own_database():
    made = test_database.create(f"mektep_rank_again_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture
def app(own_database, tmp_path):
    made = make_import_app(own_database, tmp_path)
    yield made
    made.extensions["engine"].dispose()


def test_a_visitor_may_not_rank_and_sees_no_button(app):
    client = app.test_client()

    assert client.post("/ky/priorities/runs", data={"csrf_token": csrf_token(client)}).status_code == 401
    assert '<form method="post"' not in client.get("/ky/priorities/runs").get_data(as_text=True)


def test_an_operator_starts_one_ranking_however_often_it_is_pressed(app):
    client = app.test_client()
    sign_in(client, NAME, PASSWORD)

    first, second = (
        client.post("/ky/priorities/runs", data={"csrf_token": csrf_token(client, "/ky/priorities/runs")})
        for _ in range(2)
    )

    assert first.status_code == 303
    assert "/ky/jobs/" in first.headers["Location"]
    assert second.headers["Location"] == first.headers["Location"]


def test_taken_back_data_show_the_run_that_stood_before(session):
    school = make_country(session).schools["S1"]
    pupils = school.pupils
    before = rank_schools(session)
    school.pupils = 999
    session.flush()
    after = rank_schools(session)
    shown_after = runs.published_run(session).hash

    school.pupils = pupils
    session.flush()
    again = rank_schools(session)

    assert before.hash != after.hash
    assert shown_after == after.hash
    assert (again.hash, again.is_new) == (before.hash, False)
    assert runs.published_run(session).hash == before.hash
