"""The database goes away in the middle of a request, or can only be read: answers in words, and it heals by itself."""

from __future__ import annotations

import io
import os

import psycopg
import pytest
from flask import Blueprint
from sqlalchemy import event, text

from app.web.guard import declare_action
from app.web.request import current_session
from tests.factories.listed_schools import make_listed_schools
from tests.support import database as test_database
from tests.support.importing import BASIC, NAME, PASSWORD, make_import_app
from tests.support.web import csrf_token, sign_in

PAGES = ("/ky/", "/ky/priorities", "/ru/areas", "/ky/map", "/en/data", "/api/v1/schools?limit=2", "/ogc/collections")


@pytest.fixture(scope="module")
def own_database():
    """A database of this module with listed schools."""
    from geodata.database import make_engine, open_session

    made = test_database.create(f"mektep_faults_{os.getpid()}")
    engine = make_engine(made.url("mektep_web"))
    with open_session(engine, "national") as session:
        make_listed_schools(session)
    engine.dispose()
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def app(own_database, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    yield made
    made.extensions["engine"].dispose()
    made.extensions["public_reader"].dispose()


def administer(database, statement, *values):
    """Run a statement as the server's administrator."""
    address = database.server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement, values)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_connection_lost_in_a_page_is_told_in_words_and_the_next_page_works(app, own_database, number):
    engine, seen = app.extensions["engine"], []
    address = f"/ky/priorities?grade={'ABC'[number - 1]}"  # nobody has asked for it: what is kept reads nothing

    def end(connection, *_more):
        seen.append(connection.connection.driver_connection.info.backend_pid)
        if len(seen) == number:
            administer(own_database, "SELECT pg_terminate_backend(%s, 5000)", seen[-1])

    event.listen(engine, "before_cursor_execute", end)
    try:
        broken = app.test_client().get(address)
    finally:
        event.remove(engine, "before_cursor_execute", end)

    assert len(seen) >= number
    assert broken.status_code == 503
    assert broken.headers["Retry-After"] == "30"
    assert "Маалымат базасы азырынча жооп бербей жатат" in broken.text
    assert "terminat" not in broken.text
    assert app.test_client().get(address).status_code == 200


def test_a_connection_lost_after_the_last_statement_harms_no_answer(own_database, tmp_path):
    made = make_app_with_ending(own_database, tmp_path)
    browser = made.test_client()

    answers = [browser.get("/api/v1/ends-its-connection") for _ in range(2)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "read")] * 2
    assert browser.get("/ky/priorities").status_code == 200
    assert made.extensions["engine"].pool.checkedout() == 0
    made.extensions["engine"].dispose()


def make_app_with_ending(database, var_dir):
    """Return the application with a page whose connection is ended when it has read all."""
    from tests.support.web import make_app, make_settings

    made = make_app(make_settings(database, var_dir))
    blueprint = Blueprint("ending", __name__)
    declare_action(blueprint, "read")

    @blueprint.get("/api/v1/ends-its-connection")
    def ends() -> str:
        pid = current_session().execute(text("SELECT pg_backend_pid()")).scalar_one()
        administer(database, "SELECT pg_terminate_backend(%s, 5000)", pid)
        return "read"

    made.register_blueprint(blueprint)
    return made


@pytest.fixture
def only_read(app, own_database):
    """The database as a standby is: every new transaction can only read. Yields a browser that signed in before."""
    browser = app.test_client()
    assert sign_in(browser, NAME, PASSWORD).status_code == 303
    administer(own_database, f'ALTER DATABASE "{own_database.name}" SET default_transaction_read_only = on')
    app.extensions["engine"].dispose()
    yield browser
    administer(own_database, f'ALTER DATABASE "{own_database.name}" RESET default_transaction_read_only')
    app.extensions["engine"].dispose()
    assert send(app).status_code == 200


def send(app, mode="check"):
    """Post a file of one school to the API."""
    content = "код;аты;кенттик;узундук\n77001;№ 1 мектеп;42,8;74,6\n".encode()
    data = {"file": (io.BytesIO(content), "one.csv"), "kind": "schools", "mode": mode}
    return app.test_client().post("/api/v1/imports", data=data, headers=BASIC)


def test_a_database_that_can_only_be_read_still_shows_every_page(app, only_read):
    assert [app.test_client().get(page).status_code for page in PAGES] == [200] * len(PAGES)
    assert [only_read.get(page).status_code for page in (*PAGES, "/ky/imports", "/ky/work/locations")] == [200] * 9


def test_a_database_that_can_only_be_read_refuses_changes_in_words(app, only_read):
    sent, page = send(app), only_read.get("/ky/imports")
    token = csrf_token(only_read, "/ky/imports")
    files = {"file": (io.BytesIO(b"code;name_ky\n1;a\n"), "one.csv"), "kind": "schools", "csrf_token": token}
    by_page = only_read.post("/ky/imports", data=files)
    signing_in = sign_in(app.test_client(), NAME, PASSWORD)

    assert page.status_code == 200
    assert (sent.status_code, sent.mimetype) == (503, "application/problem+json")
    assert sent.json["type"] == "/problems/read-only"
    assert sent.json["detail"].startswith("Эч нерсе сакталган жок")
    assert [by_page.status_code, signing_in.status_code] == [503, 503]
    assert "окууга гана болот" in by_page.text
    assert "окууга гана болот" in signing_in.get_data(as_text=True)
