"""A full disk is told in words that name it, by page, API, job and command line, and leaves nothing behind."""

from __future__ import annotations

import errno
import os

import psycopg
import pytest
from psycopg.errors import AdminShutdown, DiskFull, QueryCanceled, ReadOnlySqlTransaction
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.web.errors import problem_of
from app.workflows import jobs
from app.workflows.disk_space import NO_ROOM_FOR_JOB
from app.workflows.jobs import run_job, start_job
from geodata.database import make_engine, open_session
from geodata.queries.jobs import find_job
from scripts import __main__ as command_line
from tests.support import database as test_database
from tests.support.importing import make_import_app, send
from tests.support.web import make_settings

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_full_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture
def no_room(monkeypatch):
    """Files cannot be brought onto the disk."""

    def fail(_handle):
        raise FULL

    monkeypatch.setattr(os, "fsync", fail)


def test_an_upload_without_room_is_answered_in_words_and_leaves_nothing(own_database, tmp_path, no_room):
    app = make_import_app(own_database, tmp_path)

    answer = send(app, b"code,name_ky,lat,lon\n1,A,42.8,74.5\n", "a.csv", mode="commit")

    app.extensions["engine"].dispose()
    assert (answer.status_code, answer.json["type"]) == (507, "/problems/no-room")
    assert answer.json["title"] == "Сервердин дискинде орун калган жок"
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "name"),
    [
        pytest.param(DiskFull("could not extend file"), "no-room", id="full"),
        pytest.param(AdminShutdown("terminating connection"), "unavailable", id="restarting"),
        pytest.param(psycopg.OperationalError("consuming input failed"), "unavailable", id="lost"),
        pytest.param(QueryCanceled("statement timeout"), "too-slow", id="too slow"),
        pytest.param(ReadOnlySqlTransaction("cannot execute INSERT"), "read-only", id="read-only"),
    ],
)
def test_what_ails_a_database_is_told_alike_by_a_statement_and_by_a_bulk_load(error, name):
    by_statement = DBAPIError.instance("INSERT", None, error, psycopg.Error)

    assert problem_of(by_statement).name == name
    assert problem_of(error).name == name


def test_a_job_without_room_says_so(own_database, tmp_path):
    engine = make_engine(own_database.url("mektep_worker"))

    def handler(context):
        raise FULL

    jobs.job("test-full")(handler)
    with open_session(engine, "national") as session:
        token = start_job(session, "test-full", {}, scope="public")
    with pytest.raises(OSError, match="No space left"):
        run_job(engine, make_settings(own_database, tmp_path), token)
    with open_session(engine, "national") as session:
        record = find_job(session, token)
        session.execute(text("DELETE FROM background_job"))

    jobs.HANDLERS.pop("test-full")
    engine.dispose()
    assert (record.status, record.error) == ("failed", NO_ROOM_FOR_JOB)


def test_a_command_without_room_ends_with_one_line(monkeypatch, capsys):
    def fail(**_choices):
        raise FULL

    monkeypatch.setattr(command_line, "main", fail)

    code = command_line.run()

    told = capsys.readouterr().err
    assert code == 1
    assert told.count("\n") == 1
    assert "No space left on device" in told
