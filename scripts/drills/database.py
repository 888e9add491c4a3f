"""PostgreSQL is killed, stopped and started while people read and files come in."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from app.workflows.import_file import LARGE_ROWS
from scripts.drills import SEED, Finding, drill
from scripts.drills.place import Place
from scripts.drills.readers import Reading, addresses, reading
from scripts.drills.running import Running, running, school_file, schools_with, until
from scripts.machine import postgres

ROWS = 4_000
HEALED_S = 30.0
AWAY_S = 6.0
GOOD = (200, 204, 304)
SETTLED_S = 10.0
LONGEST_S = 3.0
GROWN = 24
BACKEND = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'mektep_web' AND state <> 'idle'
        AND xact_start < now() - interval '100 milliseconds'
"""
CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'mektep%%'"


@drill("database", needs="country", times=3, limit_s=500)
def database(place: Place, times: int) -> Iterator[Finding]:
    """kill -9 of database processes during imports; PostgreSQL stopped and started under load; dead connections."""
    chance = random.Random(SEED)  # noqa: S311
    with running(place) as server:
        yield _backend_killed(server, times, chance)
        yield _stopped_in_job(server, chance)
        yield from _stopped_under_load(server)
        yield _all_connections_ended(server)


def _backend_killed(server: Running, times: int, chance: random.Random) -> Finding:
    faults: list[str] = []
    statuses: set[int] = set()
    slowest, killed = 0.0, 0
    for number in range(times):
        prefix = f"B{number:03d}"
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(server.send_file, school_file(prefix, ROWS), "a.csv", key=f"drill {prefix}")
            time.sleep(chance.uniform(0, 1.5))
            until(lambda: bool(server.place.ask(BACKEND)) or sending.done(), 10, 0.01)  # noqa: B023
            for (pid,) in server.place.ask(BACKEND)[:1]:
                os.kill(pid, signal.SIGKILL)
                killed += 1
            answer = sending.result()
        statuses.add(answer.status)
        healed = until(lambda: server.get("/readyz").status == 200, HEALED_S)
        slowest = max(slowest, HEALED_S if healed is None else healed)
        stored = schools_with(server.place, prefix)
        if stored != (ROWS if answer.status == 201 else 0) and not (stored == ROWS and answer.status in (0, 503)):
            faults.append(f"answered with {answer.status}, {stored} of {ROWS} rows are stored")
        if answer.status not in (201, 503):
            faults.append(f"answered with {answer.status}")
        again = server.send_file(school_file(prefix, ROWS), "a.csv", key=f"drill {prefix}")
        if again.json.get("status") != "committed" or schools_with(server.place, prefix) != ROWS:
            faults.append(f"the second try is answered with {again.status} {again.json.get('type')}")
    if slowest >= HEALED_S:
        faults.append(f"not ready within {HEALED_S:.0f} s")
    return Finding(
        f"a database process killed during an import of {ROWS:,} rows",
        f"kill -9 of the import's own process {killed} times, then the same file with the same key",
        f"503 in words, nothing half-stored, ready within {HEALED_S:.0f} s, one copy after the second try",
        f"answered with {', '.join(map(str, sorted(statuses)))}; ready after {slowest:.1f} s; "
        + ("; ".join(sorted(set(faults))) or "one copy each time"),
        not faults and killed > 0,
    )


def _stopped_in_job(server: Running, chance: random.Random) -> Finding:
    """Stop the server without ceremony while the worker takes a large file in; ``scripts/run`` starts it again."""
    rows = LARGE_ROWS + 1
    sent = server.send_file(school_file("J", rows), "j.csv", key="drill J")
    token = str(sent.json.get("job", "")).rsplit("/", 1)[-1]
    status = "SELECT status FROM background_job WHERE token = %s"
    until(lambda: server.place.value(status, token) == "running", 30)
    time.sleep(chance.uniform(0.5, 3.0))
    state = server.place.value(status, token)
    _stop(server, "immediate")
    begun = time.monotonic()
    until(lambda: postgres.answers(server.place.cluster), HEALED_S)
    back = time.monotonic() - begun
    over = until(lambda: server.place.value(status, token) in ("done", "failed"), 120)
    ready = server.wait_until_ready(HEALED_S)
    stored = schools_with(server.place, "J")
    state_after, why = server.place.ask("SELECT status, error FROM background_job WHERE token = %s", token)[0]
    is_good = stored == rows and state_after == "done" and over is not None and ready is not None
    return Finding(
        "PostgreSQL stopped at once during a job",
        f"pg_ctl stop -m immediate while the worker takes in {rows:,} rows (the job was {state})",
        f"database started again unaided within {HEALED_S:.0f} s, the job done once",
        f"the database answers after {back:.1f} s, the job is {state_after} {over or 0:.1f} s later, {stored:,} rows"
        + (f": {why}" if why else ""),
        is_good,
    )


def _stop(server: Running, mode: str) -> None:
    cluster = server.place.cluster
    cluster.run("pg_ctl", "-D", str(cluster.data), "-w", "-m", mode, "-s", "stop")


def _stopped_under_load(server: Running) -> Iterator[Finding]:
    """Stop the server for some seconds while people read, and hold their answers against the three times."""
    with reading(server, each_second=15) as reads:
        time.sleep(4)
        server.revives = False
        stopped = time.monotonic()
        _stop(server, "fast")
        time.sleep(AWAY_S)
        postgres.start(server.place.cluster)
        started = time.monotonic()
        server.revives = True
        ready = server.wait_until_ready(HEALED_S)
        time.sleep(max(0.0, started + SETTLED_S + 6 - time.monotonic()))
    away = [one for one in reads if stopped < one.begun < started - 1]
    after = [one for one in reads if one.begun > started + SETTLED_S]
    between = [one for one in reads if started <= one.begun <= started + SETTLED_S]
    longest = _limit(one.answer.seconds for one in reads if one.begun < stopped - 1)
    slow = [one for one in [*away, *between, *after] if one.answer.seconds > longest]
    wordless = [one for one in away if one.answer.status == 503 and not _is_in_words(one)]
    wrong = sorted({one.answer.status for one in away if one.answer.status not in (*GOOD, 503)})
    yield Finding(
        "PostgreSQL stopped under load",
        f"stopped for {AWAY_S:.0f} s while 15 pages, tiles and API answers a second are read",
        f"quick answers: 200 or 503 with words and Retry-After, none over {longest:.1f} s",
        f"{_counted(away)} while it was away; {len(wordless)} without words; {len(slow)} over {longest:.1f} s"
        + (f", the slowest {max(one.answer.seconds for one in slow):.1f} s at {slow[0].path}" if slow else "")
        + (f"; statuses {wrong}" if wrong else ""),
        bool(away) and not (wrong or wordless or slow),
    )
    failed = [one for one in after if one.answer.status not in GOOD]
    yield Finding(
        "PostgreSQL started again",
        "the same readers go on",
        f"nothing but good answers {SETTLED_S:.0f} s later, the worker back, unaided",
        f"{_counted(between)} in the first {SETTLED_S:.0f} s, then {_counted(after)}; "
        + (f"all ready after {ready:.1f} s" if ready is not None else "never ready again"),
        bool(after) and not failed and ready is not None,
    )


def _limit(quiet: Iterable[float]) -> float:
    """Return what an answer may take: the promise, or twice the slowest before the fault on a machine that is busy."""
    return max(LONGEST_S, 2 * max(quiet, default=0.0))


def _is_in_words(one: Reading) -> bool:
    body, kind = one.answer.text, one.answer.headers.get("Content-Type", "")
    has_words = ("<h1" in body) if kind.startswith("text/html") else bool(one.answer.json.get("title"))
    return has_words and "Retry-After" in one.answer.headers and "Traceback" not in body and "psycopg" not in body


def _counted(reads: list[Reading]) -> str:
    statuses = [one.answer.status for one in reads]
    return " and ".join(f"{statuses.count(status)} x {status}" for status in sorted(set(statuses))) or "nothing"


def _all_connections_ended(server: Running) -> Finding:
    """Let the pools grow, end every connection, and ask again at once."""
    paths = addresses(server.place)[-GROWN:] + [f"/api/v1/schools?limit=5&offset={number}" for number in range(GROWN)]
    with ThreadPoolExecutor(8) as pool:
        longest = _limit(answer.seconds for answer in pool.map(server.get, paths))
        ended = len(server.place.ask(CONNECTIONS))
        answers = list(pool.map(server.get, [f"{path}?q=a" if "?" not in path else f"{path}&q=a" for path in paths]))
    slowest = max(answer.seconds for answer in answers)
    wrong = sorted({answer.status for answer in answers if answer.status not in GOOD})
    return Finding(
        "every database connection ended",
        f"{ended} connections ended after the pools had grown, {len(paths)} requests, eight at a time, after it",
        f"all answered, none over {longest:.1f} s",
        f"slowest {slowest:.2f} s" + (f"; statuses {wrong}" if wrong else ", all good"),
        not wrong and slowest <= longest,
    )
