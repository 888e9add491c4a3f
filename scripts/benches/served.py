"""The application under gunicorn, and readers in threads: latencies, and the processor time of the servers."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.benches.place import FOLDER, say
from scripts.machine import static_copy

CLIENTS = 8
TICKS = os.sysconf("SC_CLK_TCK")
START_S = 60.0


@dataclass(frozen=True)
class Served:
    """A server on 127.0.0.1. ``pid`` is its first process; the others are its children."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that the server and its children have used."""
        return sum(_ticks(pid) for pid in (self.pid, *_children(self.pid))) / TICKS


@dataclass(frozen=True)
class Load:
    """What many requests cost. ``cpu_ms`` is the server's processor time a request; latencies in seconds."""

    requests: int
    cpu_ms: float
    p95: float
    median: float
    bytes_each: float
    statuses: dict[int, int]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            found += [int(child), *_children(int(child))]
    return found


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, ready: str, name: str) -> Iterator[Served]:
    """Run a server until the block ends; ``ready`` is a path that it answers with 200 when it is up."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            end = time.monotonic() + START_S
            while not _answers(port, ready):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{name} does not start; see {FOLDER / name}.log")
                time.sleep(0.2)
            yield Served(port, process.pid)
        finally:
            process.terminate()
            process.wait()


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def application(*more: str) -> Iterator[Served]:
    """Serve the application of the settings as ``scripts/run`` does: gunicorn, two processes, four threads each.

    ``more`` are settings of this server only (NAME=VALUE).
    """
    port = free_port()
    names = [f"MEKTEP_SECRET_KEY={secrets.token_urlsafe(32)}", f"MEKTEP_STATIC_DIR={static_copy.refresh()}"]
    names.append("MEKTEP_RATE_LIMITS=false")  # all readers of a bench come from one address
    command = ["env", *names, *more, sys.executable, "-m", "gunicorn"]
    command += ["app.wsgi:serve()", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread"]
    command += ["--threads", "4", "--no-control-socket", "--preload", "--keep-alive", "5", "--log-level", "warning"]
    say(f"bench: serving the application on 127.0.0.1:{port}")
    with running(command, port, "/healthz", "web") as served:
        yield served


def hammer(served: Served, paths: Sequence[str], headers: dict[str, str] | None = None) -> Load:
    """Ask every path once, by eight clients at a time, and return what it cost; clients keep their connections."""
    waiting, lock = list(reversed(paths)), threading.Lock()
    seconds: list[float] = []
    sizes: list[int] = []
    statuses: dict[int, int] = {}

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        while True:
            with lock:
                if not waiting:
                    break
                path = waiting.pop()
            start = time.perf_counter()
            connection.request("GET", path, headers={"Accept-Encoding": "gzip", **(headers or {})})
            answer = connection.getresponse()
            size = len(answer.read())
            with lock:
                seconds.append(time.perf_counter() - start)
                sizes.append(size)
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
        connection.close()

    before = served.cpu_seconds()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = served.cpu_seconds() - before
    ordered = sorted(seconds)
    return Load(
        len(ordered), 1000 * used / len(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[len(ordered) // 2],
        sum(sizes) / len(sizes), statuses,
    )  # fmt: skip
