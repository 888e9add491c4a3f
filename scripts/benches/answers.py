"""Saving an answer through gunicorn while fifty people assess fifty schools."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import statistics
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from app.settings import Settings
from app.workflows.manage_accounts import add_account
from geodata.database import make_engine, open_session, plain_address
from scripts.benches import Figure, bench
from scripts.benches.served import Served, application

PEOPLE, ANSWERS_EACH, EVERY_S = 50, 12, 2.0
"""An answer every two seconds: seven times as fast as 119 answers in half an hour."""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
GOAL_MS = 100


class Person:
    """Somebody signed in who assesses one school; the connection stays open."""

    def __init__(self, served: Served, school: str, name: str, password: str) -> None:
        """Sign in and begin an assessment."""
        self.connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        self.cookie = ""
        form = {"name": name, "password": password, "csrf_token": self._token("/ky/sign-in")}
        self._send("POST", "/ky/sign-in", form)
        self.token = self._token("/ky/assess")
        day = time.strftime("%Y-%m-%d", time.gmtime())
        form = {"school": school, "kind": "survey", "assessed_on": day, "csrf_token": self.token}
        self.address = self._send("POST", "/ky/assess", form)[1]
        if not self.address:
            raise RuntimeError(f"{name} cannot begin an assessment of {school}")
        self.connection.close()  # until the others have signed in the server would close it; it opens again by itself

    def _send(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.partition(";")[0]
        return body, answer.headers.get("Location") or ""

    def _token(self, path: str) -> str:
        found = TOKEN.search(self._send("GET", path)[0])
        if found is None:
            raise RuntimeError(f"no form at {path}")
        return found[1]

    def answer(self, criterion: str) -> tuple[float, int]:
        """Save one answer; return the seconds that it took and the status."""
        fields = {"criterion": criterion, "state": "meets", "key": str(uuid4()), "base_version": 0}
        headers = {"Cookie": self.cookie, "Content-Type": "application/json", "Accept": "application/json"}
        start = time.perf_counter()
        self.connection.request(
            "POST", f"{self.address}/answers", json.dumps(fields), {**headers, "X-CSRFToken": self.token}
        )
        reply = self.connection.getresponse()
        reply.read()
        return time.perf_counter() - start, reply.status


@bench("answers", sizes=(2_400,), needs_database=True)
def answers(n: int) -> Iterator[Figure]:
    """Saving an answer: p95 while fifty people answer, each every two seconds."""
    settings = Settings()
    with psycopg.connect(plain_address(settings.owner_url)) as owner:
        schools = [row[0] for row in owner.execute("SELECT code FROM school ORDER BY md5(code) LIMIT %s", (PEOPLE,))]
        found = owner.execute(
            "SELECT criterion.code FROM criterion JOIN standard_edition ON standard_edition.id = edition_id "
            "WHERE is_current AND scope IN ('school', 'site') AND grouping <> 'protection' ORDER BY position LIMIT %s",
            (ANSWERS_EACH,),
        )
        criteria = [row[0] for row in found]
    password = secrets.token_urlsafe(16)
    engine = make_engine(settings.worker_url)
    with open_session(engine, "national") as session:
        for number, school in enumerate(schools):
            add_account(session, f"bench-{number}", password, "school", school, is_synthetic=True)
    engine.dispose()
    with application() as served:
        people = [Person(served, school, f"bench-{number}", password) for number, school in enumerate(schools)]
        before, start = served.cpu_seconds(), time.perf_counter()
        took, statuses = _answer_all(people, criteria)
        spent, seconds = served.cpu_seconds() - before, time.perf_counter() - start
    p95 = statistics.quantiles(took, n=20)[-1]
    details: dict[str, float | str] = {
        "median_ms": round(1000 * statistics.median(took), 1),
        "worst_ms": round(1000 * max(took), 1),
        "cpu_ms": round(1000 * spent / len(took), 1),
        "per_second": round(len(took) / seconds, 1),
        "refused": sum(status != 200 for status in statuses),
    }
    yield Figure(f"save an answer, p95, {PEOPLE} people at once", n, p95, goal=f"<= {GOAL_MS} ms", details=details)


def _answer_all(people: list[Person], criteria: list[str]) -> tuple[list[float], list[int]]:
    took: list[float] = []
    statuses: list[int] = []

    def work(person: Person, first: float) -> None:
        time.sleep(first)
        for criterion in criteria:
            due = time.monotonic() + EVERY_S
            seconds, status = person.answer(criterion)
            took.append(seconds)
            statuses.append(status)
            time.sleep(max(0.0, due - time.monotonic()))

    threads = [
        threading.Thread(target=work, args=(person, EVERY_S * number / len(people)))
        for number, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, statuses
