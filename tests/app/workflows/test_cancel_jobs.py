"""One's own work can be stopped: before it begins, or at its next report; what was done by then is rolled back."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import text

from app.workflows import jobs
from app.workflows.jobs import CANCELLED, run_job, start_job
from geodata.database import make_engine, open_session
from geodata.queries.jobs import cancel, find_job
from tests.support.importing import NAME, PASSWORD, make_import_app
from tests.support.web import csrf_token, make_settings, sign_in


@pytest.fixture
def worker_engine(database):
    made = make_engine(database.url("mektep_worker"))
    yield made
    with made.begin() as connection:
        connection.execute(text("SELECT set_config('app.scope', 'national', true)"))
        connection.execute(text("DELETE FROM background_job"))
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    made.dispose()


@pytest.fixture
def kind():
    """A kind of job that writes an area and reports on its way."""
    chosen, reached = f"test-{secrets.token_hex(3)}", []

    @jobs.job(chosen)
    def handler(context, *, stops: bool = False) -> None:
        with context.open_session("public"):
            reached.append("begun")
            if stops:
                with open_session(context.engine, "national") as session:
                    cancel(session, context.record.token)
            context._reported_at = 0.0
            context.report(50, "Working")
            reached.append("past the report")

    handler.reached = reached
    yield chosen
    jobs.HANDLERS.pop(chosen, None)


def start(worker_engine, kind, **params):
    with open_session(worker_engine, "national") as session:
        return start_job(session, kind, params, scope="public")


def record_of(worker_engine, token):
    with open_session(worker_engine, "national") as session:
        return find_job(session, token)


def test_work_that_waits_never_begins(worker_engine, database, tmp_path, kind):
    token = start(worker_engine, kind)
    with open_session(worker_engine, "national") as session:
        assert cancel(session, token)

    run_job(worker_engine, make_settings(database, tmp_path), token)

    found = record_of(worker_engine, token)
    assert (found.status, found.error) == ("failed", CANCELLED)
    assert jobs.HANDLERS[kind].reached == []


def test_work_under_way_stops_at_its_next_report(worker_engine, database, tmp_path, kind):
    token = start(worker_engine, kind, stops=True)

    run_job(worker_engine, make_settings(database, tmp_path), token)

    found = record_of(worker_engine, token)
    assert (found.status, found.error) == ("failed", CANCELLED)
    assert jobs.HANDLERS[kind].reached == ["begun"]


def test_work_that_is_over_is_not_stopped(worker_engine, database, tmp_path, kind):
    token = start(worker_engine, kind)
    run_job(worker_engine, make_settings(database, tmp_path), token)

    with open_session(worker_engine, "national") as session:
        assert not cancel(session, token)
    assert record_of(worker_engine, token).status == "done"


def test_the_web_stops_one_s_own_work_only(worker_engine, database, tmp_path, kind):
    app = make_import_app(database, tmp_path)
    client, stranger = app.test_client(), app.test_client()
    sign_in(client, NAME, PASSWORD)
    with open_session(worker_engine, "national") as session:
        account = session.scalar(text("SELECT id FROM account WHERE name = :name"), {"name": NAME})
        mine = start_job(session, kind, {}, scope="national", account_id=account)
        public = start_job(session, kind, {}, scope="public")

    assert f'action="/ky/jobs/{mine}/cancel"' in client.get(f"/ky/jobs/{mine}").get_data(as_text=True)
    assert "cancel" not in stranger.get(f"/ky/jobs/{public}").get_data(as_text=True)
    token = csrf_token(client, f"/ky/jobs/{mine}")
    done = client.post(f"/ky/jobs/{mine}/cancel", data={"csrf_token": token})
    client.post(f"/ky/jobs/{public}/cancel", data={"csrf_token": token})
    stranger.post(f"/ky/jobs/{public}/cancel", data={"csrf_token": csrf_token(stranger)})

    assert done.status_code == 303
    with open_session(worker_engine, "national") as session:
        marked = dict(session.execute(text("SELECT token, is_cancelled FROM background_job")).all())
    app.extensions["engine"].dispose()
    assert (marked[mine], marked[public]) == (True, False)
