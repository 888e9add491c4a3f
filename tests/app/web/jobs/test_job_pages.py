"""The page of a job, its JSON and its file."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from sqlalchemy import text

from app.workflows import jobs
from app.workflows.jobs import run_job, start_job
from geodata.database import make_engine, open_session


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
    chosen = f"test-{secrets.token_hex(3)}"
    jobs.job(chosen)(lambda context: context.result_path("мектептер.csv").write_text("код\n") and None)
    yield chosen
    jobs.HANDLERS.pop(chosen, None)


def _start(engine, kind: str, scope="public") -> str:
    with open_session(engine, scope) as session:
        return start_job(session, kind, {}, scope=scope)


def test_a_waiting_job_shows_itself_again_without_script(live_app: Flask, engine, worker_engine, kind) -> None:
    before = live_app.test_client().get(f"/api/v1/jobs/{_start(engine, kind)}").get_json()["ahead"]
    first, second = _start(engine, kind), _start(engine, kind)

    page = live_app.test_client().get(f"/ky/jobs/{second}")
    state = live_app.test_client().get(f"/api/v1/jobs/{second}?lang=ru").get_json()

    assert page.status_code == 200
    assert page.headers["Refresh"] == "2"
    assert "Кезегин күтүүдө" in page.text
    assert (state["status"], state["state"], state["ahead"]) == ("waiting", "Ожидает очереди", before + 2)
    assert first not in page.text


def test_a_finished_job_gives_its_file(live_app: Flask, engine, worker_engine, kind) -> None:
    token = _start(engine, kind)
    run_job(worker_engine, live_app.extensions["settings"], token)

    page = live_app.test_client().get(f"/ru/jobs/{token}")
    state = live_app.test_client().get(f"/api/v1/jobs/{token}").get_json()
    file = live_app.test_client().get(state["file"]["href"])

    assert "Refresh" not in page.headers
    assert state["file"]["href"] in page.text
    assert file.text == "код\n"
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/ky/jobs/{}", "/api/v1/jobs/{}", "/api/v1/jobs/{}/file"])
def test_a_foreign_job_answers_like_an_absent_one(live_app: Flask, engine, worker_engine, kind, address: str) -> None:
    foreign = _start(engine, kind, "national")
    run_job(worker_engine, live_app.extensions["settings"], foreign)
    client = live_app.test_client()

    theirs, absent = (
        client.get(address.format(token), headers={"X-Request-ID": "same-for-both"}) for token in (foreign, "x")
    )

    assert theirs.status_code == absent.status_code == 404
    if "api" in address:
        assert theirs.text == absent.text


def test_a_running_export_says_what_it_makes_and_how_long_it_may_take(live_app: Flask, engine, worker_engine) -> None:
    token = _start(engine, "export")
    with worker_engine.begin() as connection:
        connection.execute(text("SELECT set_config('app.scope', 'national', true)"))
        connection.execute(
            text("""
                UPDATE background_job SET status = 'running', progress_pct = 25, step = 'Writing the list',
                    started_at = clock_timestamp() - interval '100 seconds'
                WHERE token = :token
            """),
            {"token": token},
        )

    page = live_app.test_client().get(f"/en/jobs/{token}").text

    assert "<title>Working: The list of schools as a file" in page
    assert "Writing the list" in page
    assert "about 5 min left" in page
    assert "/en/priorities" not in page.split("<main")[1], "nothing leads away while it works"


def test_a_failed_export_says_why_and_leads_back_to_the_list(live_app: Flask, engine, worker_engine) -> None:
    token = _start(engine, "export")
    with worker_engine.begin() as connection:
        connection.execute(text("SELECT set_config('app.scope', 'national', true)"))
        connection.execute(
            text("UPDATE background_job SET status = 'failed', error = :error WHERE token = :token"),
            {"token": token, "error": jobs.UNEXPECTED},
        )

    page = live_app.test_client().get(f"/ky/jobs/{token}").text.split("<main")[1]

    assert "Программадагы катадан улам иш токтоду" in page
    assert 'href="/ky/priorities"' in page
