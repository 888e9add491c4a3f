"""The clock of the application's machine is a day off: what is stored has the database's time, and nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.workflows.import_file import LARGE_ROWS
from scripts.drills import Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Running, running, school_file, schools_with, until
from scripts.machine import places

SHIFTS = {"a day fast": 86_400, "a day slow": -86_400}
ROWS = LARGE_ROWS + 1
OVER_S = 90.0
SHIFTED = """
import datetime, os, time

_shift = float(os.environ["DRILL_CLOCK_SHIFT_S"])
_delta = datetime.timedelta(seconds=_shift)
_time, _time_ns, _real, _day = time.time, time.time_ns, datetime.datetime, datetime.date


class _Kind(type):
    def __instancecheck__(cls, one):
        return isinstance(one, cls.__mro__[1])

    def __subclasscheck__(cls, one):
        return issubclass(one, cls.__mro__[1])


class _Shifted(_real, metaclass=_Kind):
    @classmethod
    def now(cls, tz=None):
        return _real.now(tz) + _delta

    @classmethod
    def utcnow(cls):
        return _real.utcnow() + _delta

    @classmethod
    def today(cls):
        return _real.now() + _delta


class _ShiftedDay(_day, metaclass=_Kind):
    @classmethod
    def today(cls):
        return (_real.now() + _delta).date()


time.time = lambda: _time() + _shift
time.time_ns = lambda: _time_ns() + int(_shift * 1e9)
datetime.datetime, datetime.date = _Shifted, _ShiftedDay
"""
"""Loaded by Python at the start of each process of the servers: what they ask the clock is off; waits are not."""

FARTHEST = """
    SELECT coalesce(max(greatest(
        abs(extract(epoch FROM now() - created_at)), abs(extract(epoch FROM now() - coalesce(finished_at, now())))
    )), 0)
    FROM background_job
"""


@drill("clock", needs="country", limit_s=300)
def clock(place: Place, times: int) -> Iterator[Finding]:
    """Web server and worker with a clock that is a day fast, then a day slow; the database's clock is right."""
    folder = place.path / "clock"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SHIFTED, encoding="utf-8")
    for _ in range(times):
        for number, (words, shift_s) in enumerate(SHIFTS.items()):
            settings = {"PYTHONPATH": f"{folder}:{places.ROOT}", "DRILL_CLOCK_SHIFT_S": str(shift_s)}
            with running(place, **settings) as server:
                yield _work(server, words, f"T{number}")


def _work(server: Running, words: str, prefix: str) -> Finding:
    """Read, take a file in through the worker, rank, and look at the times that were stored."""
    place = server.place
    faults: list[str] = []
    told = parsedate_to_datetime(server.get("/healthz").headers["Date"])
    off_s = (told - datetime.now(UTC)).total_seconds()
    if abs(off_s) < 80_000:
        faults.append(f"the clock is only {off_s:.0f} s off")
    for path in ("/ky/", "/ky/priorities", "/api/v1/schools?limit=5"):
        if (status := server.get(path).status) != 200:
            faults.append(f"{path} is answered with {status}")
    sent = server.send_file(school_file(prefix, ROWS), "t.csv", key=f"drill {prefix}")
    token = str(sent.json.get("job", "")).rsplit("/", 1)[-1]
    state = "SELECT coalesce((SELECT status FROM background_job WHERE token = %s), 'missing')"
    over = until(lambda: place.value(state, token) in ("done", "failed", "missing"), OVER_S)
    if place.value(state, token) != "done" or schools_with(place, prefix) != ROWS:
        faults.append(f"the import is answered with {sent.status}, its job is {place.value(state, token)}")
    farthest = float(place.value(FARTHEST))
    if farthest > OVER_S * 4:
        faults.append(f"times of jobs are {farthest:.0f} s off")
    committed = place.value(
        "SELECT abs(extract(epoch FROM now() - max(committed_at))) FROM import_batch WHERE file_name = 't.csv'"
    )
    if committed is None or float(committed) > OVER_S * 2:
        faults.append(f"the import's time is {committed} s off")
    return Finding(
        f"the application's clock is {words}",
        f"pages, an import of {ROWS:,} rows by the worker, its stored times",
        "everything done as ever, stored times by the database's clock, the key of a program works",
        f"import over after {over or OVER_S:.1f} s, stored times at most {farthest:.0f} s old; "
        + ("; ".join(faults) or "nothing broken"),
        not faults,
    )
