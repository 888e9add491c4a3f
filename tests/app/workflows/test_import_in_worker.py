"""A large file goes through a real worker: to the end, and through a worker killed in the middle of the commit."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psycopg
import pytest

from app.workflows.import_file import LARGE_ROWS
from app.workflows.jobs import MOST_ATTEMPTS
from scripts.benches.place import Place
from tests.support import database as test_database
from tests.support.database import ROOT
from tests.support.importing import NAME, PASSWORD, make_import_app, send
from tests.support.web import csrf_token, sign_in

ROWS = LARGE_ROWS + 1
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'school_area'::regclass"


@pytest.fixture(scope="module")
def own_database():
    """A database of this module: what the worker commits stays."""
    made = test_database.create(f"mektep_large_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def app(own_database, var_dir):
    made = make_import_app(own_database, var_dir)
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def start_worker(own_database, var_dir):
    """Start a worker as ``scripts/run`` does; what is left of them at the end is stopped."""
    started = []

    def start():
        command = Place(own_database.url("mektep_owner"), var_dir).command(["scripts", "worker"])
        started.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


@pytest.fixture
def ask(own_database):
    """Run a statement as the server's administrator and return its rows."""
    address = own_database.server.set(drivername="postgresql", database=own_database.name)
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        yield lambda statement, *values: connection.execute(statement, values or None).fetchall()


def large_file(prefix):
    """Return a file of one row more than is taken in at once."""
    lines = [
        f"{prefix}{row:05d},№ {row} мектеп,{41.2 + row % 1000 / 2000:.4f},{74.5 + row // 1000 / 250:.4f}"
        for row in range(ROWS)
    ]
    return ("code,name_ky,lat,lon\n" + "\n".join(lines) + "\n").encode()


def until(is_so, seconds=25.0):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.05)


def is_over(browser, address):
    return browser.get(address).json["is_over"]


def kill_in_commit(worker, own_database, ask):
    """Kill the worker's process while its commit waits for a lock; what it wrote so far is in no table."""
    address = own_database.url("mektep_owner").replace("+psycopg", "")
    with psycopg.connect(address) as blocker:
        blocker.execute("LOCK TABLE school_area IN ACCESS EXCLUSIVE MODE")
        process = worker()
        until(lambda: ask(WAITING))
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == 10, "who reads a page comes before a job"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        blocker.rollback()


def test_a_large_file_is_taken_in_by_a_worker_once_though_the_first_is_killed(app, own_database, start_worker, ask):
    content, key = large_file("81"), {"Idempotency-Key": "large"}
    sent = send(app, content, "large.csv", mode="commit", headers=key)
    browser = app.test_client()
    sign_in(browser, NAME, PASSWORD)

    kill_in_commit(start_worker, own_database, ask)
    page = browser.get("/ky" + sent.json["job"].removeprefix("/api/v1"))
    batch = browser.get(f"/ky/imports/{sent.json['id']}")
    assert (sent.status_code, sent.json["status"]) == (202, "checking")
    assert ask("SELECT count(*) FROM school WHERE code LIKE '81%'") == [(0,)]
    assert ask("SELECT count(*) FROM import_row WHERE batch_id = %s", sent.json["id"]) == [(0,)]
    assert page.headers["Refresh"] == "2"
    assert "Файл текшерилип жатат. Азырынча эч нерсе өзгөргөн жок." in batch.text

    start_worker()
    until(lambda: is_over(browser, sent.json["job"]))
    again = send(app, content, "large.csv", mode="commit", headers=key)

    assert ask("SELECT count(*) FROM school WHERE code LIKE '81%'") == [(ROWS,)]
    assert browser.get(sent.json["job"]).json["status"] == "done"
    assert ask("SELECT attempts FROM background_job WHERE token = %s", sent.json["job"].rsplit("/", 1)[1]) == [(2,)]
    assert (again.json["id"], again.json["status"], again.json["added"]) == (sent.json["id"], "committed", ROWS)


def test_a_check_that_was_given_up_says_so_and_a_second_try_works(app, own_database, start_worker, ask):
    sent = send(app, large_file("82"), "given-up.csv", mode="commit", headers={"Idempotency-Key": "given up"})
    ask("UPDATE background_job SET attempts = %s RETURNING id", MOST_ATTEMPTS - 1)
    browser = app.test_client()
    sign_in(browser, NAME, PASSWORD)
    kill_in_commit(start_worker, own_database, ask)
    start_worker()
    until(lambda: is_over(browser, sent.json["job"]))
    job = browser.get("/ky" + sent.json["job"].removeprefix("/api/v1"))
    batch = browser.get(f"/ky/imports/{sent.json['id']}")

    assert "Иш бир нече жолу үзүлүп, токтотулду." in job.text
    assert f"/ky/imports/{sent.json['id']}" in job.text
    assert "Файл сакталып турат: аны кайра текшериңиз." in batch.text
    assert ask("SELECT count(*) FROM school WHERE code LIKE '82%'") == [(0,)]

    form = {"csrf_token": csrf_token(browser, f"/ky/imports/{sent.json['id']}")}
    tried = browser.post(f"/ky/imports/{sent.json['id']}/again", data=form)
    twice = browser.post(f"/ky/imports/{sent.json['id']}/again", data=form)
    until(lambda: is_over(browser, "/api/v1" + tried.headers["Location"].removeprefix("/ky")))
    committed = send(app, large_file("82"), "given-up.csv", mode="commit", headers={"Idempotency-Key": "given up"})

    assert (tried.status_code, tried.headers["Location"]) == (303, twice.headers["Location"])
    assert (committed.json["status"], committed.json["id"]) == ("committed", sent.json["id"])
    assert ask("SELECT count(*) FROM school WHERE code LIKE '82%'") == [(ROWS,)]


def test_roads_are_checked_at_once_and_their_ways_are_worked_out_by_a_worker(app, own_database, start_worker, ask):
    content = (ROOT / "tests/files/roads/roads.geojson").read_bytes()
    checked = send(app, content, "roads.geojson", kind="roads")
    sent = send(app, content, "roads.geojson", kind="roads", mode="commit", headers={"Idempotency-Key": "roads"})
    browser = app.test_client()
    sign_in(browser, NAME, PASSWORD)
    start_worker()
    until(lambda: is_over(browser, sent.json["job"]))

    added = browser.get(f"/ky/imports/{sent.json['id']}?show=added").text
    problems = browser.get(f"/ru/imports/{sent.json['id']}?show=problems").text
    assert (checked.status_code, checked.json["status"], checked.json["added"]) == (200, "checked", 4)
    assert (sent.status_code, sent.json["status"]) == (202, "checking")
    assert browser.get(sent.json["job"]).json["status"] == "done"
    assert "Чүй жолу" in added
    assert "эки тарапка ачык" in added
    assert "Скорость 0 ничего не говорит: используется скорость класса дороги." in problems
    assert ask("SELECT count(*) FROM road") == [(5,)]
    assert ask("SELECT count(*) FROM audit_event WHERE tag = 'ways:measured'") == [(1,)]
