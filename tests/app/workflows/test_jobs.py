"""Background jobs: enqueued with their transaction, run with the asker's rights, healed when a worker is killed."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.workflows import jobs
from app.workflows.jobs import JobFailedError, JobRunningError, JobsError, run_job, start_job
from geodata.database import LockHeldError, Session, make_engine, open_session, set_scope
from geodata.queries.jobs import find_job
from tests.support.database import ROOT
from tests.support.web import KEY, make_settings

HEALED_WITHIN_S = 10.0


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
def settings(database, tmp_path):
    return make_settings(database, tmp_path)


@pytest.fixture
def kind():
    """A kind of job of this test's own; what it registers is taken back."""
    chosen = f"test-{secrets.token_hex(3)}"
    yield chosen
    jobs.HANDLERS.pop(chosen, None)


def _record(engine, token, scope="national"):
    with open_session(engine, scope) as session:
        return find_job(session, token)


def test_a_rollback_takes_the_job_along(engine, worker_engine) -> None:
    def queued() -> int:
        with worker_engine.connect() as connection:
            return connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one()

    before = queued()
    with Session(engine) as session:
        set_scope(session, "public")
        token = start_job(session, "export", {}, scope="public")
        session.rollback()

    assert _record(worker_engine, token) is None
    assert queued() == before


def test_a_job_runs_reports_and_leaves_its_file(engine, worker_engine, settings, kind) -> None:
    @jobs.job(kind)
    def handler(context, *, words: str) -> str:
        context.report(40, "Working")
        context.result_path("тизме/../list.csv").write_text(words, encoding="utf-8")
        return "imports/7"

    with open_session(engine, "public") as session:
        token = start_job(session, kind, {"words": "мектеп"}, scope="public")
    run_job(worker_engine, settings, token)

    record = _record(engine, token, "public")
    assert (record.status, record.progress_pct, record.result_address) == ("done", 100, "imports/7")
    path = jobs.result_file(settings, record)
    assert path.read_text(encoding="utf-8") == "мектеп"
    assert path.parent == settings.var_dir / "jobs" / token


def test_a_public_job_sees_what_the_public_sees(engine, worker_engine, settings, kind) -> None:
    seen = {}

    @jobs.job(kind)
    def handler(context) -> None:
        with context.open_session() as session:
            seen["scope"] = session.execute(text("SELECT current_setting('app.scope')")).scalar_one()
        with pytest.raises(JobsError):
            context.open_session("national")

    with open_session(engine, "public") as session:
        token = start_job(session, kind, {}, scope="public")
    run_job(worker_engine, settings, token)

    assert seen == {"scope": "public"}


def test_a_job_of_national_scope_is_absent_for_the_public(engine, worker_engine, kind) -> None:
    with open_session(engine, "national", 5) as session:
        token = start_job(session, kind, {}, scope="national", account_id=5)

    assert _record(engine, token, "public") is None
    assert _record(engine, token, "national").account_id == 5


def test_a_public_request_cannot_enqueue_with_more_rights(engine, kind) -> None:
    with pytest.raises(Exception, match="row-level security"), open_session(engine, "public") as session:
        start_job(session, kind, {}, scope="national")


def test_a_double_click_makes_one_job(engine, kind, worker_engine) -> None:
    with open_session(engine, "national") as session:
        first = start_job(session, kind, {}, scope="national", lock="import:1")

    with pytest.raises(JobRunningError) as caught, open_session(engine, "national") as session:
        start_job(session, kind, {}, scope="national", lock="import:1")

    assert caught.value.token == first


def test_a_reason_for_people_is_kept_and_a_fault_is_not_told(engine, worker_engine, settings, kind) -> None:
    @jobs.job(kind)
    def handler(context, *, fault: bool) -> None:
        if fault:
            raise ZeroDivisionError("secret detail")
        raise JobFailedError("The file cannot be taken")

    with open_session(engine, "public") as session:
        told, fault = (start_job(session, kind, {"fault": wrong}, scope="public") for wrong in (False, True))
    run_job(worker_engine, settings, told)
    with pytest.raises(ZeroDivisionError):
        run_job(worker_engine, settings, fault)

    assert _record(engine, told, "public").error == "The file cannot be taken"
    assert _record(engine, fault, "public").error == jobs.UNEXPECTED


def test_old_jobs_and_their_files_go(engine, worker_engine, settings, kind) -> None:
    jobs.job(kind)(lambda context: context.result_path("x.csv").write_text("x") and None)
    with open_session(engine, "public") as session:
        token = start_job(session, kind, {}, scope="public")
    run_job(worker_engine, settings, token)
    with open_session(worker_engine, "national") as session:
        session.execute(text("UPDATE background_job SET finished_at = now() - interval '8 days'"))

    assert jobs.remove_old_jobs(worker_engine, settings) == 1

    assert _record(worker_engine, token) is None
    assert not jobs.result_folder(settings, token).exists()


def test_a_job_that_the_queue_holds_twice_is_left_alone_by_the_second_run(engine, worker_engine, settings, kind):
    def handler(context) -> None:
        context.result_path("list.csv").write_text("whole")
        context.report(40, "Writing the list")
        with pytest.raises(LockHeldError):
            run_job(worker_engine, settings, context.record.token)
        with open_session(worker_engine, "national") as session:
            session.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
        healed.extend(jobs.heal_jobs(worker_engine, 0))
        seen.append(_record(worker_engine, context.record.token))

    healed, seen = [], []
    jobs.job(kind)(handler)
    with open_session(engine, "public") as session:
        token = start_job(session, kind, {}, scope="public")

    run_job(worker_engine, settings, token)
    run_job(worker_engine, settings, token)

    after = _record(worker_engine, token)
    assert healed == []
    assert (seen[0].status, seen[0].progress_pct, seen[0].attempts) == ("running", 40, 1)
    assert (after.status, after.attempts) == ("done", 1)
    assert jobs.result_file(settings, after).read_text() == "whole"


def test_a_job_whose_database_is_lost_again_and_again_is_given_up_in_words(engine, worker_engine, settings, kind):
    def handler(context) -> None:
        raise OperationalError("SELECT 1", None, ConnectionError("server closed the connection"))

    jobs.job(kind)(handler)
    with open_session(engine, "public") as session:
        token = start_job(session, kind, {}, scope="public")
    for _ in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(OperationalError):
            run_job(worker_engine, settings, token)
    before = _record(worker_engine, token)

    run_job(worker_engine, settings, token)

    after = _record(worker_engine, token)
    assert (before.status, before.attempts) == ("running", jobs.MOST_ATTEMPTS)
    assert (after.status, after.error, after.attempts) == ("failed", jobs.WORKER_LOST, jobs.MOST_ATTEMPTS)


SLOW_HANDLER = """
import time
from pathlib import Path
from app.workflows.jobs import job

@job("test-slow")
def handler(context, *, mark):
    path = Path(mark)
    tries = int(path.read_text()) + 1 if path.exists() else 1
    path.write_text(str(tries))
    if tries == 1:
        time.sleep(120)
    return "done"
"""


def test_a_job_of_a_killed_worker_is_taken_up_again_in_time(engine, worker_engine, database, tmp_path) -> None:
    (tmp_path / "slow_handler_for_test.py").write_text(SLOW_HANDLER, encoding="utf-8")
    mark = tmp_path / "tries"
    with open_session(engine, "public") as session:
        token = start_job(session, "test-slow", {"mark": str(mark)}, scope="public")
    first = _worker(database, tmp_path)
    second = None
    try:
        _wait_until(lambda: mark.exists(), 20)
        os.kill(first.pid, signal.SIGKILL)
        killed_at = time.monotonic()
        first.wait()
        second = _worker(database, tmp_path)
        _wait_until(lambda: mark.read_text() == "2", 20)
        healed_after = time.monotonic() - killed_at
        _wait_until(lambda: _record(worker_engine, token).status == "done", 5)
    finally:
        for process in (first, second):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(30)

    assert healed_after <= HEALED_WITHIN_S
    assert _record(worker_engine, token).attempts == 2
    assert second.returncode == 0


def _worker(database, folder: Path) -> subprocess.Popen:
    program = (
        "import sys; from app.workflows import jobs; jobs.HANDLER_MODULES.append('slow_handler_for_test');"
        "from scripts.worker import command; sys.exit(command(standalone_mode=False))"
    )
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}:{folder}",
        "MEKTEP_WORKER_URL": database.url("mektep_worker"),
        "MEKTEP_VAR_DIR": str(folder / "var"),
        "MEKTEP_SECRET_KEY": KEY,
    }
    return subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)


def _wait_until(is_so, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"did not happen within {seconds} s"
        time.sleep(0.05)
