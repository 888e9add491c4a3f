"""Long locks, and clients that never end: readers get a quick answer in words, and work goes on by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from geodata.database import WEB_LIMITS, DBAPIError, make_engine
from scripts.drills import Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Running, running, school_file, schools_with

HELD_S = 9.0
LONGEST_S = 7.0
STATEMENT_S, IDLE_S = 15.0, 20.0


@drill("locks", needs="country", limit_s=240)
def locks(place: Place, times: int) -> Iterator[Finding]:
    """A table locked for long, an import that meets another's lock, statements and transactions that never end."""
    with running(place) as server:
        for _ in range(times):
            yield _table_locked(server)
            yield _import_meets_lock(server)
    yield _statement_ended(place)
    yield _idle_ended(place)


def _table_locked(server: Running) -> Finding:
    """Hold the strongest lock on the schools, as a careless administrator does, and read meanwhile."""
    paths = ["/ky/priorities?sort=grade", "/api/v1/schools?limit=5&q=a", "/ru/", "/en/work/locations"]
    paths = [f"/ky/priorities?limit=25&offset={number}" for number in range(3)] + paths[:3]
    with server.place.connect("mektep_owner") as holder, ThreadPoolExecutor(len(paths)) as pool:
        with holder.transaction():
            holder.execute("LOCK TABLE school IN ACCESS EXCLUSIVE MODE")
            begun = time.monotonic()
            answers = list(pool.map(server.get, paths))
            time.sleep(max(0.0, HELD_S - (time.monotonic() - begun)))
        after = list(pool.map(server.get, paths))
    slowest = max(answer.seconds for answer in answers)
    statuses = sorted({answer.status for answer in answers})
    wordless = sum(answer.status == 503 and "Retry-After" not in answer.headers for answer in answers)
    recovered = all(answer.status == 200 and answer.seconds < 3 for answer in after)
    return Finding(
        "the table of schools locked for long",
        f"ACCESS EXCLUSIVE for {HELD_S:.0f} s while {len(paths)} pages and API answers are asked for",
        f"each answered within {LONGEST_S:.0f} s: 200, or 503 with words; good answers at once afterwards",
        f"statuses {', '.join(map(str, statuses))}, slowest {slowest:.1f} s, {wordless} without Retry-After; "
        f"afterwards {'all good' if recovered else sorted({answer.status for answer in after})}",
        slowest <= LONGEST_S and set(statuses) <= {200, 503} and not wordless and recovered,
    )


def _import_meets_lock(server: Running) -> Finding:
    """Hold the rows of schools that an import changes, longer than the web role waits for a lock."""
    place = server.place
    first = server.send_file(school_file("L", 50), "a.csv", key="drill L")
    changed = school_file("L", 50).replace("орто".encode(), "башталгыч".encode())
    with place.connect("mektep_owner") as holder, ThreadPoolExecutor(1) as pool:
        with holder.transaction():
            holder.execute("SELECT set_config('app.scope', 'national', true)")
            holder.execute("SELECT FROM school WHERE starts_with(code, 'L') FOR UPDATE")
            answer = pool.submit(server.send_file, changed, "b.csv", key="drill L2").result()
        stored = place.value("SELECT count(*) FROM school WHERE code LIKE 'L%%' AND name_ky LIKE '%%башталгыч%%'")
        again = server.send_file(changed, "b.csv", key="drill L2")
        stored_again = place.value("SELECT count(*) FROM school WHERE code LIKE 'L%%' AND name_ky LIKE '%%башталгыч%%'")
    is_good = first.status == 201 and answer.status == 503 and stored == 0
    return Finding(
        "an import meets rows that somebody holds",
        "50 schools held for longer than the web role waits; the import sent again with its key afterwards",
        f"503 in words within {LONGEST_S:.0f} s and nothing stored; the second try is taken in whole",
        f"answered with {answer.status} after {answer.seconds:.1f} s, {stored} rows changed; "
        f"then {again.status}, {stored_again} rows changed",
        is_good and answer.seconds <= LONGEST_S and stored_again == 50 and schools_with(place, "L") == 50,
    )


def _statement_ended(place: Place) -> Finding:
    engine = make_engine(place.address("mektep_web"), limits=WEB_LIMITS)
    begun = time.monotonic()
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql("SELECT pg_sleep(60)")
            ended = "it ran to its end"
        except DBAPIError as error:
            ended = f"SQLSTATE {getattr(error.orig, 'sqlstate', None)}"
    engine.dispose()
    seconds = time.monotonic() - begun
    return Finding(
        "a statement of the web role that never ends",
        "pg_sleep(60) with the limits of the application",
        f"ended after {STATEMENT_S:.0f} s (57014)",
        f"{ended} after {seconds:.1f} s",
        "57014" in ended and seconds < STATEMENT_S + 3,
    )


def _idle_ended(place: Place) -> Finding:
    """Leave a transaction open that holds a row, and change the same row elsewhere."""
    engine = make_engine(place.address("mektep_web"), limits=WEB_LIMITS)
    begun = time.monotonic()
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('app.scope', 'national', true)")
        connection.exec_driver_sql("SELECT FROM school ORDER BY id LIMIT 1 FOR UPDATE")
        place.ask("UPDATE school SET pupils = pupils WHERE id = (SELECT min(id) FROM school) RETURNING id")
        seconds = time.monotonic() - begun
        connection.invalidate()
    engine.dispose()
    return Finding(
        "a transaction of the web role left open",
        "a row held and nothing more done; somebody else changes that row",
        f"the other goes on after {IDLE_S:.0f} s",
        f"the other went on after {seconds:.1f} s",
        1 < seconds < IDLE_S + 3,
    )
