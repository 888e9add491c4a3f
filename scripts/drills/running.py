"""Web server and worker of a drill: started and watched as ``scripts/run`` does it, asked over HTTP by an operator."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.drills.place import Place
from scripts.machine import postgres
from scripts.machine.say import CannotGoOnError
from scripts.machine.servers import Servers

LOOK_S = 0.5
START_S = 90.0
LONGEST_ANSWER_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` 0: nothing did, and ``body`` holds why."""

    status: int
    body: bytes
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body as JSON; an empty object when there is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def children(pid: int) -> list[int]:
    """Return the processes below one; empty when it is gone."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="utf-8").split():
                found += [int(child), *children(int(child))]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process runs (one that has ended and is not yet collected does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def until(is_so: Callable[[], bool], seconds: float, pause: float = 0.05) -> float | None:
    """Wait until something is so and return the seconds that it took; None when it did not happen in time."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > seconds:
            return None
        time.sleep(pause)
    return time.monotonic() - begun


class Running:
    """The servers of one place. ``revives`` False: a stopped database is left to the drill."""

    def __init__(self, place: Place, environment: dict[str, str]) -> None:
        self.place = place
        self.port = free_port()
        self.revives = True
        self.environment = environment
        self.servers = Servers(environment, "127.0.0.1", self.port, workers=2)
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Start both and wait until they are ready."""
        self.servers.start()
        self._watcher.start()
        if self.wait_until_ready(START_S) is None:
            raise RuntimeError(f"the servers are not ready after {START_S:.0f} s: {self.get('/readyz').text[:300]}")

    def wait_until_ready(self, seconds: float) -> float | None:
        """Wait until ``/readyz`` says that all is there."""
        return until(lambda: self.get("/readyz").status == 200, seconds)

    def restart_web(self) -> None:
        """Start the web server again after it was killed, as a supervisor of ``scripts/run`` does."""
        self.stop()
        self.servers = Servers(self.environment, "127.0.0.1", self.port, workers=2)
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self.start()

    def _watch(self) -> None:
        looked_at = time.monotonic()
        while not self._over.wait(LOOK_S):
            self.servers.watch()
            if self.revives and time.monotonic() - looked_at > 3.0:
                with suppress(CannotGoOnError):  # on a full disk, say: tried again at the next look
                    postgres.start(self.place.cluster)
                looked_at = time.monotonic()

    def stop(self) -> None:
        """Stop watching, then both servers."""
        self._over.set()
        self._watcher.join()
        self.servers.stop()

    @property
    def web_pid(self) -> int:
        """The first process of the web server."""
        assert self.servers.web is not None
        return self.servers.web.pid

    @property
    def worker_pid(self) -> int:
        """The process of the job worker."""
        assert self.servers.jobs is not None
        return self.servers.jobs.pid

    def kill_worker(self) -> None:
        """Kill the job worker without ceremony."""
        os.kill(self.worker_pid, signal.SIGKILL)

    def get(self, path: str, headers: dict[str, str] | None = None, timeout: float = LONGEST_ANSWER_S) -> Answer:
        """Ask as a visitor."""
        return self._send("GET", path, None, headers or {}, timeout)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a form as whoever the headers say."""
        return self._send("POST", path, body, headers, LONGEST_ANSWER_S)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask as the drill's account."""
        return self._send(method, path, body, self._sign() | headers, LONGEST_ANSWER_S)

    def send_file(self, content: bytes, name: str, *, mode: str = "commit", key: str | None = None) -> Answer:
        """Send a file of schools to the API."""
        border = secrets.token_hex(16)
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in (("kind", "schools"), ("mode", mode), ("synthetic", "1"))
        ]
        head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join([*parts, head, content, f"\r\n--{border}--\r\n".encode()])
        headers = self._sign() | {"Content-Type": f"multipart/form-data; boundary={border}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self._send("POST", "/api/v1/imports", body, headers, LONGEST_ANSWER_S)

    def _sign(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.place.key}"}

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str], timeout: float) -> Answer:
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            return Answer(answer.status, content, time.monotonic() - begun, dict(answer.getheaders()))
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, f"{type(error).__name__}: {error}".encode(), time.monotonic() - begun)
        finally:
            connection.close()


@contextmanager
def running(place: Place, **more: str) -> Iterator[Running]:
    """Run web server and worker on a place until the block ends; ``more`` are settings of these servers only."""
    made = Running(place, place.environment(**more))
    try:
        made.start()
        yield made
    finally:
        made.stop()


def school_file(prefix: str, rows: int) -> bytes:
    """Return a CSV file of schools inside the country, with codes that begin with ``prefix``."""
    lines = [
        f"{prefix}{row:05d},№ {row} орто мектеби,{41.2 + row % 1000 / 2000:.4f},{74.5 + row // 1000 / 250:.4f}"
        for row in range(rows)
    ]
    return ("code,name_ky,lat,lon\n" + "\n".join(lines) + "\n").encode()


def schools_with(place: Place, prefix: str) -> int:
    """Return how many schools are stored whose codes begin with ``prefix``."""
    return int(place.value("SELECT count(*) FROM school WHERE starts_with(code, %s)", prefix))
