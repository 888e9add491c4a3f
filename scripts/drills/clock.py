"""The clock of the application's machine is a day off: what is stored has the database's time, and nothing breaks."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.workflows.import_file import LARGE_ROWS
from scripts.drills import Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Running, running, school_file, schools_with, until

SHIFTS = ("+1d", "-1d")
ROWS = LARGE_ROWS + 1
OVER_S = 90.0
LIBRARY = "faketime/libfaketime.so.1"
IMPOSSIBLE = "the clock cannot be shifted for single programs here: apt-get install libfaketime"
FARTHEST = """
    SELECT coalesce(max(greatest(
        abs(extract(epoch FROM now() - created_at)), abs(extract(epoch FROM now() - coalesce(finished_at, now())))
    )), 0)
    FROM background_job
"""


@drill("clock", needs="country", limit_s=300)
def clock(place: Place, times: int) -> Iterator[Finding]:
    """Web server and worker with a clock that is a day fast, then a day slow; the database's clock is right."""
    library = _library()
    if library is None:
        yield Finding("a wrong clock", "nothing", "times of the database, nothing broken", IMPOSSIBLE, None)
        return
    for _ in range(times):
        for number, shift in enumerate(SHIFTS):
            settings = {"LD_PRELOAD": str(library), "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
            with running(place, **settings) as server:
                yield _work(server, shift, f"T{number}")


def _library() -> Path | None:
    if not shutil.which("faketime"):
        return None
    found = sorted(Path("/usr/lib").glob(f"*/{LIBRARY}"))
    return found[0] if found and os.access(found[0], os.R_OK) else None


def _work(server: Running, shift: str, prefix: str) -> Finding:
    """Read, take a file in through the worker, rank, and look at the times that were stored."""
    place = server.place
    faults: list[str] = []
    ready = server.get("/readyz")
    if ready.status != 200:
        faults.append(f"not ready: {ready.json.get('missing')}")
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
        f"the application's clock is {shift} off",
        f"pages, an import of {ROWS:,} rows by the worker, its stored times",
        "everything done as ever, stored times by the database's clock, the key of a program works",
        f"import over after {over or OVER_S:.1f} s, stored times at most {farthest:.0f} s old; "
        + ("; ".join(faults) or "nothing broken"),
        not faults,
    )
