"""The web server is killed while it takes a file in; the sender tries again with the same key."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from scripts.drills import SEED, Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Answer, Running, children, is_alive, running, school_file, schools_with, until

ROWS = 4_000
HEALED_S = 10.0
ROLLED_BACK_S = 30.0
AT_ONCE = 10
ACTIVE = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'mektep_web' AND state <> 'idle'
"""


@drill("web", needs="country", times=3, limit_s=400)
def web(place: Place, times: int) -> Iterator[Finding]:
    """kill -9 of the web server at random points of an import; the same import ten times at once."""
    chance = random.Random(SEED)  # noqa: S311
    with running(place) as server:
        usual = server.send_file(school_file("W000", ROWS), "W000.csv", key="drill W000")
        if usual.status != 201:
            raise RuntimeError(f"the file was answered with {usual.status}: {usual.text[:500]}")
        moments = [chance.uniform(0.05, 0.8) * usual.seconds for _ in range(times)]
        yield _killed(server, "one process of the web server", "W1", moments, _kill_processes)
        yield _killed(server, "the whole web server", "W2", moments[: max(1, times // 3)], _kill_server)
        yield _at_once(server)


def _kill_processes(server: Running) -> list[int]:
    """Kill what answers requests; the first process, which started them, lives."""
    found = children(server.web_pid)
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return found


def _kill_server(server: Running) -> list[int]:
    """Kill the first process; its children must see that they are alone, and the supervisor starts anew."""
    found = children(server.web_pid)
    os.kill(server.web_pid, signal.SIGKILL)
    return [server.web_pid, *found]


def _killed(
    server: Running, what: str, letter: str, moments: list[float], kill: Callable[[Running], list[int]]
) -> Finding:
    faults: list[str] = []
    slowest, unanswered = 0.0, 0
    for number, moment in enumerate(moments):
        prefix = f"{letter}{number:02d}"
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(server.send_file, school_file(prefix, ROWS), "a.csv", key=f"drill {prefix}")
            time.sleep(moment)
            killed = kill(server)
            answer = sending.result()
        unanswered += not answer.status
        if until(lambda killed=killed: not any(map(is_alive, killed)), HEALED_S) is None:  # type: ignore[misc]
            faults.append("killed processes or their children live on")
        if not is_alive(server.web_pid):
            server.restart_web()
        healed = until(lambda: server.get("/healthz").status == 200, HEALED_S)
        slowest = max(slowest, HEALED_S if healed is None else healed)
        if healed is None:
            faults.append(f"no answer within {HEALED_S:.0f} s")
        faults += _sent_again(server, prefix, answer)
    return Finding(
        f"{what} killed during an import of {ROWS:,} rows",
        f"kill -9 at {len(moments)} random points, then the same file with the same Idempotency-Key",
        "all rows or none; what was acknowledged is stored; the second try makes exactly one copy",
        f"{unanswered} of {len(moments)} senders got no answer; answering again after {slowest:.1f} s; "
        + ("; ".join(sorted(set(faults))) or "one copy each time"),
        not faults,
    )


def _sent_again(server: Running, prefix: str, answer: Answer) -> Iterator[str]:
    """Look at what is stored, send the file once more, and yield what is wrong."""
    place = server.place
    if until(lambda: place.value(ACTIVE) == 0, ROLLED_BACK_S) is None:
        yield "the killed process's transaction stays open"
    stored = schools_with(place, prefix)
    if stored not in (0, ROWS):
        yield f"{stored} of {ROWS} rows are stored"
    if answer.status in (200, 201) and stored != ROWS:
        yield "an acknowledged import is not stored"
    if answer.status >= 500 and answer.status != 503:
        yield f"answered with {answer.status}"
    again = server.send_file(school_file(prefix, ROWS), "a.csv", key=f"drill {prefix}")
    if again.status not in (200, 201) or again.json.get("status") != "committed":
        yield f"the second try is answered with {again.status} {again.text[:200]}"
    if schools_with(place, prefix) != ROWS:
        yield f"after the second try {schools_with(place, prefix)} of {ROWS} rows are stored"
    if place.value("SELECT count(*) FROM import_batch WHERE idempotency_key LIKE %s", f"%:drill {prefix}") != 1:
        yield "the key has more than one import"
    if list((place.path / "uploads").glob(".*.part")):
        yield "a half-received file is left in the folder of uploads"


def _at_once(server: Running) -> Finding:
    """Send one file ten times at the same moment."""
    content = school_file("W3", 500)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [pool.submit(server.send_file, content, "a.csv", key="drill W3") for _ in range(AT_ONCE)]
        found = [answer.result() for answer in answers]
    statuses = {answer.status for answer in found if "Retry-After" not in answer.headers}
    later = sum("Retry-After" in answer.headers for answer in found)
    batches = server.place.value("SELECT count(*) FROM import_batch WHERE idempotency_key LIKE %s", "%:drill W3")
    stored = schools_with(server.place, "W3")
    is_good = batches == 1 and stored == 500 and statuses <= {200, 201, 202, 409}
    return Finding(
        "the same submission in parallel",
        f"{AT_ONCE} times the same file with the same key at once",
        "one import, 500 schools, each sender answered, or asked to try again later",
        f"{batches} import, {stored} schools, statuses {', '.join(map(str, sorted(statuses)))}, {later} asked to wait",
        is_good,
    )
