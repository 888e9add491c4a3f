"""Web server and job worker: started together, watched, the worker started again when it dies, stopped together."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripts.machine import places
from scripts.machine.say import CannotGoOnError, detail

READY_S = 90.0
GRACE_S = 25.0
LIVES = 5
SLOW_PAUSE_S = 10.0
"""After so many ends within a minute (the database is away, say) the worker is started only every ten seconds."""


@dataclass
class Servers:
    """The processes of one start."""

    environment: dict[str, str]
    host: str
    port: int
    workers: int
    web: subprocess.Popen[bytes] | None = None
    jobs: subprocess.Popen[bytes] | None = None
    _ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start both; wait with ``wait_until_ready``."""
        metrics = places.VAR.resolve() / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        places.make_folder(metrics)
        logs = places.make_folder(places.VAR / "logs")
        web_environment = {
            **self.environment,
            "MEKTEP_METRICS_DIR": str(metrics),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        }
        command = [sys.executable, "-m", "gunicorn", "app.wsgi:serve()"]
        command += ["--bind", f"{_bracketed(self.host)}:{self.port}", "--workers", str(self.workers)]
        command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--preload"]
        command += ["--timeout", "60", "--graceful-timeout", "20", "--keep-alive", "5", "--log-level", "warning"]
        command += ["--worker-tmp-dir", "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"]  # noqa: S108
        self.web = _spawn(command, web_environment, logs / "web.log")
        self.start_jobs()

    def start_jobs(self) -> None:
        """Start the job worker."""
        command = [sys.executable, "-m", "scripts", "worker"]
        self.jobs = _spawn(command, self.environment, places.VAR / "logs/worker.log")

    def wait_until_ready(self) -> None:
        """Wait until the web server answers that all is there; raises ``CannotGoOnError`` when it ends instead."""
        end = time.monotonic() + READY_S
        missing: list[str] = []
        while time.monotonic() < end:
            if self.web is None or self.web.poll() is not None:
                raise CannotGoOnError("The web server ended at its start:\n" + _tail(places.VAR / "logs/web.log"))
            missing = self._missing()
            if not missing:
                return
            self.watch()
            time.sleep(0.1)
        detail(f"not ready after {READY_S:.0f} s: {', '.join(missing)}")

    def _missing(self) -> list[str]:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            found: list[str] = json.loads(connection.getresponse().read())["missing"]
        except (OSError, ValueError, KeyError, http.client.HTTPException):
            return ["web server"]
        finally:
            connection.close()
        return found

    def watch(self) -> bool:
        """Start the worker again if it ended, slowly when it ends often; False when the web server is gone."""
        if self.jobs is not None and self.jobs.poll() is not None:
            now = time.monotonic()
            self._ends = [moment for moment in self._ends if now - moment < 60]
            pause = 0.0 if len(self._ends) < LIVES else SLOW_PAUSE_S
            if not self._ends or now - self._ends[-1] >= pause:
                self._ends.append(now)
                detail("the job worker ended and is started again" if not pause else "the job worker keeps ending")
                self.start_jobs()
        return self.web is not None and self.web.poll() is None

    def stop(self) -> None:
        """Ask both to end, wait, then insist."""
        running = [process for process in (self.web, self.jobs) if process is not None and process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + GRACE_S
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _end_with_parent() -> None:
    """Have the kernel end this child when its parent is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _spawn(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    if log.exists() and log.stat().st_size > 50_000_000:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=places.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )


def _tail(path: Path) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    except OSError:
        return "(no log)"
