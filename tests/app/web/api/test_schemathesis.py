"""Cases made from the OpenAPI document, as visitor and as operator: no fault, and answers as described."""

from __future__ import annotations

import os

import pytest
import schemathesis
from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.database import make_engine, set_scope
from scripts.drills.fuzz import fuzz
from tests.factories.listed_schools import make_listed_schools
from tests.support import database as test_database
from tests.support.importing import BASIC, NAME, PASSWORD, make_import_app
from tests.support.web import sign_in

CASES = 25


@pytest.fixture(scope="module")
def own_database():
    """A database of this module with twelve listed schools: imports of the operator's cases stay in it."""
    made = test_database.create(f"mektep_fuzz_{os.getpid()}")
    engine = make_engine(made.url("mektep_web"))
    with Session(engine) as session:
        set_scope(session, "national")
        make_listed_schools(session)
        session.commit()
    engine.dispose()
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def fuzzed(own_database, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def known(own_database):
    """Values of parameters that exist."""
    engine = make_engine(own_database.url("mektep_owner"))
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.scope', 'national', false)"))
        run, edition = connection.execute(
            text("SELECT hash, edition.code FROM run JOIN standard_edition AS edition ON edition.id = edition_id")
        ).one()
        school = connection.scalar(text("SELECT code FROM school ORDER BY code LIMIT 1"))
        area = connection.scalar(text("SELECT code FROM area WHERE level = 1"))
    engine.dispose()
    places = {"name": "schools", "feature_id": school, "layer": "schools", "z": 5, "x": 22, "y": 11, "id": 1}
    return {
        "/api/v1/areas/{code}": {"code": area},
        "/api/v1/schools/{code}": {"code": school},
        "/api/v1/standard/editions/{code}": {"code": edition},
        "/api/v1/runs/{hash}": {"hash": run},
        "": {**places, "run": run, "area": area, "domain": "STR", "q": "ак-өргө", "hazard": "flood"},
    }


@pytest.mark.parametrize("role", ["visitor", "operator"])
def test_no_case_meets_a_fault_or_an_answer_that_is_not_described(fuzzed, known, role):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", fuzzed)
    browser = fuzzed.test_client()
    if role == "operator":
        assert sign_in(browser, NAME, PASSWORD).status_code == 303
    cookie = browser.get_cookie("mektep_session")

    def send(case):
        plain = {"Accept-Encoding": "identity"}
        case.headers.pop("Authorization", None)  # a made-up key is refused everywhere: test_keys.py
        if role == "visitor":
            return case.call(headers=plain if case.method == "GET" else plain | {"Authorization": "Bearer none"})
        if case.method == "POST":
            return case.call(headers=plain | BASIC)
        return case.call(headers=plain, cookies={"mektep_session": cookie.value})

    outcomes = list(fuzz(schema, send, CASES, known))

    assert [line for outcome in outcomes for line in outcome.lines()] == []
    assert {outcome.operation for outcome in outcomes} >= {"GET /api/v1/priorities", "POST /api/v1/imports"}
    assert all(outcome.cases >= 1 for outcome in outcomes)
    answered = {outcome.operation for outcome in outcomes if 200 in outcome.statuses}
    assert len(answered) >= 20, answered
