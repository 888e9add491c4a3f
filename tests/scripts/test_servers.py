"""Web server and worker of one start: watched, started again, stopped together."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scripts.machine import servers, start
from scripts.machine.say import CannotGoOnError
from scripts.machine.servers import Servers


def _child(code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True)


@pytest.fixture
def running(monkeypatch):
    """A start whose web server sleeps and whose worker ends at once, each time."""
    made = Servers({}, "127.0.0.1", 0, 1)
    started = []

    def start_jobs(self: Servers) -> None:
        self.jobs = _child("pass")
        self.jobs.wait()
        started.append(self.jobs)

    monkeypatch.setattr(Servers, "start_jobs", start_jobs)
    made.web = _child("import time; time.sleep(60)")
    made.start_jobs()
    yield made, started
    made.stop()


def test_an_ended_worker_is_started_again_and_a_sick_one_slowly(running) -> None:
    made, started = running

    alive = [made.watch() for _ in range(20)]

    assert all(alive), "the web server must go on without its worker"
    assert len(started) == 1 + servers.LIVES


def test_the_end_of_the_web_server_is_noticed(running) -> None:
    made, _ = running
    made.web.kill()
    made.web.wait()

    assert made.watch() is False


def test_a_server_that_ignores_the_request_to_end_is_made_to(monkeypatch) -> None:
    monkeypatch.setattr(servers, "GRACE_S", 0.5)
    made = Servers({}, "127.0.0.1", 0, 1)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    made.web = subprocess.Popen([sys.executable, "-c", deaf], start_new_session=True, stdout=subprocess.PIPE)
    made.web.stdout.readline()

    made.stop()

    assert made.web.poll() is not None


def test_a_database_that_cannot_start_yet_is_tried_again_and_pages_stay(capsys) -> None:
    tries = []

    class Prepared:
        def revive(self) -> bool:
            tries.append(1)
            if len(tries) < 3:
                raise CannotGoOnError("The private PostGIS does not start:\nFATAL:  No space left on device")
            return True

    for _ in range(3):
        start._revive(Prepared())

    told = capsys.readouterr().out.splitlines()
    assert ["No space left" in line for line in told] == [True, True, False]
    assert "up again" in told[2]
