"""Schools are taken in through the web at once; the ways by road that follow from them are left to the worker.

The roads of ``tests/files/roads`` join S1 to S4, which lie on 42.8° N at 74.2, 74.4, 74.6 and 74.8° E.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text, update

from app.workflows import jobs
from app.workflows.import_file import import_at_once
from app.workflows.import_options import Folders, ImportOptions, keep_file
from app.workflows.jobs import run_job
from geodata.database import make_engine, open_session
from geodata.models import School
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.importing import NAME, PASSWORD, make_import_app, send
from tests.support.web import csrf_token, make_settings, sign_in

FILES = Path(__file__).parents[2] / "files/roads"
MOVED = b"code,name_ky,lat,lon\nS2,\xd0\x9c\xd0\xb5\xd0\xba\xd1\x82\xd0\xb5\xd0\xbf,42.8,%s\n"
WORKING = "Жол менен аралыктар кайра эсептелүүдө."
BROKEN = "Жол менен аралыктарды кайра эсептөө мүмкүн болгон жок"
WAYS_OF_S2 = "SELECT count(*) FROM school_way JOIN school ON school.id = school_id WHERE code = 'S2'"
OPEN = "SELECT token FROM background_job WHERE kind = 'ways' AND status = 'waiting' ORDER BY id"


@pytest.fixture
def own_database():
    """A database of this test: what a request and a job commit stays."""
    made = test_database.create(f"mektep_ways_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture
def worker(own_database):
    made = make_engine(own_database.url("mektep_worker"))
    yield made
    made.dispose()


@pytest.fixture
def roads(worker, tmp_path):
    """Four schools, services and roads, taken in as the command line does."""
    folders = Folders(tmp_path / "uploads", tmp_path / "geodata")
    with open_session(worker, "national") as session:
        make_country(session)
        session.execute(update(School).values(languages=["ky"]))
        for kind in ("services", "roads"):
            path = FILES / f"{kind}.geojson"
            kept = keep_file(folders.uploads, path, path.name)
            import_at_once(session, kept, ImportOptions(kind, source="Test"), folders)


@pytest.fixture
def app(own_database, tmp_path):
    made = make_import_app(own_database, tmp_path)
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def browser(app):
    made = app.test_client()
    sign_in(made, NAME, PASSWORD)
    return made


@pytest.fixture
def ask(worker):
    """Run a statement with the rights of the worker and return the first column."""

    def run(statement):
        with open_session(worker, "national") as session:
            return session.execute(text(statement)).scalars().all()

    return run


def move(app, east):
    sent = send(app, MOVED % east, "moved.csv", mode="commit")
    assert (sent.status_code, sent.json["status"], sent.json["changed"]) == (201, "committed", 1), sent.json
    return sent.json["id"]


def test_a_web_import_leaves_ways_to_the_worker_and_its_page_says_so_until_they_are_there(
    roads, app, browser, ask, worker, own_database, tmp_path
):
    before = ask(WAYS_OF_S2)
    number = move(app, b"74.39")
    pending = browser.get(f"/ky/imports/{number}")
    asked, without = ask(OPEN), ask(WAYS_OF_S2)

    run_job(worker, make_settings(own_database, tmp_path), asked[0])

    assert before[0] > 0
    assert (without, len(asked)) == ([0], 1)
    assert WORKING in pending.text
    assert f"/ky/jobs/{asked[0]}" in pending.text
    assert ask(WAYS_OF_S2) == before
    assert WORKING not in browser.get(f"/ky/imports/{number}").text
    assert f"/ky/imports/{number}" in browser.get(f"/ky/jobs/{asked[0]}").text


def test_of_two_imports_only_the_last_works_ways_out_and_both_pages_wait_for_it(
    roads, app, browser, ask, worker, own_database, tmp_path
):
    settings = make_settings(own_database, tmp_path)
    first, second = move(app, b"74.39"), move(app, b"74.38")
    asked = ask(OPEN)

    run_job(worker, settings, asked[0])
    between = [browser.get(f"/ky/imports/{number}").text for number in (first, second)]
    left_out = ask(WAYS_OF_S2)
    run_job(worker, settings, asked[1])

    assert left_out == [0]
    assert [WORKING in page for page in between] == [True, True]
    assert ask(WAYS_OF_S2)[0] > 0
    assert WORKING not in browser.get(f"/ky/imports/{first}").text


def test_ways_that_failed_are_told_on_the_page_and_can_be_asked_for_again(
    roads, app, browser, ask, worker, own_database, tmp_path, monkeypatch
):
    settings = make_settings(own_database, tmp_path)
    number = move(app, b"74.39")
    with monkeypatch.context() as broken:
        broken.setitem(jobs.HANDLERS, "ways", lambda context, **params: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_job(worker, settings, ask(OPEN)[0])
    failed = browser.get(f"/ky/imports/{number}")

    form = {"csrf_token": csrf_token(browser, f"/ky/imports/{number}")}
    again = browser.post(f"/ky/imports/{number}/ways", data=form)
    run_job(worker, settings, ask(OPEN)[0])

    assert BROKEN in failed.text
    assert again.status_code == 303
    assert ask(WAYS_OF_S2)[0] > 0
    assert BROKEN not in browser.get(f"/ky/imports/{number}").text


def test_taking_an_import_back_leaves_ways_to_the_worker_too(roads, app, browser, ask, worker, own_database, tmp_path):
    settings = make_settings(own_database, tmp_path)
    number = move(app, b"74.39")
    run_job(worker, settings, ask(OPEN)[0])

    form = {"csrf_token": csrf_token(browser, f"/ky/imports/{number}")}
    undone = browser.post(f"/ky/imports/{number}/undo", data=form)

    assert undone.status_code == 303
    assert ask(WAYS_OF_S2) == [0]
    assert WORKING in browser.get(f"/ky/imports/{number}").text


def test_without_a_road_file_nothing_is_asked_of_the_worker(worker, app, browser, ask):
    with open_session(worker, "national") as session:
        make_country(session)

    number = move(app, b"74.39")

    assert ask(OPEN) == []
    assert WORKING not in browser.get(f"/ky/imports/{number}").text
