"""A bounded load of readers on 127.0.0.1: latencies and errors, quiet and while a large import and exports run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from app.workflows.import_file import LARGE_ROWS
from scripts.drills import Finding, drill
from scripts.drills.place import Place
from scripts.drills.readers import Reading, reading
from scripts.drills.running import Running, running, school_file

EACH_SECOND = 50.0
QUIET_S, BUSY_S, WARM_S = 25.0, 35.0, 8.0
GOOD = (200, 204, 304)
P95_MS, P99_MS, ERRORS = 300, 1_000, 0.001
TIMES_QUIET = 2.0
IMPORTED = 14 * LARGE_ROWS
EXPORTS = ("xlsx", "csv", "geojson")


@drill("load", needs="country", limit_s=300)
def load(place: Place, times: int) -> Iterator[Finding]:
    """50 pages, tiles and API answers a second: p50, p95, p99 and errors, quiet and beside an import and exports."""
    with running(place) as server:
        for _ in range(times):
            with reading(server, EACH_SECOND / 5):
                time.sleep(WARM_S)
            quiet = _read(server, QUIET_S)
            p95 = _share(quiet, 0.95)
            is_good = p95 <= P95_MS and _share(quiet, 0.99) <= P99_MS and _errors(quiet) < ERRORS
            yield Finding(
                f"{EACH_SECOND:.0f} readers a second",
                f"{len(quiet)} pages, tiles and API answers in {QUIET_S:.0f} s on 127.0.0.1",
                f"p95 <= {P95_MS} ms, p99 <= {P99_MS} ms, errors < {ERRORS:.1%}",
                _figures(quiet),
                is_good,
            )
            yield _beside_work(server, p95)


def _beside_work(server: Running, quiet_p95: float) -> Finding:
    """Read while the worker takes a file of 70,000 rows in and visitors ask for whole lists."""
    sent = server.send_file(school_file("N", IMPORTED), "n.csv", key="drill N")
    answers: dict[str, int] = {}
    asking = [
        threading.Thread(target=lambda kind=kind: answers.update({kind: _ask_list(server, kind)}))  # type: ignore[misc]
        for kind in EXPORTS
    ]
    for thread in asking:
        thread.start()
    busy = _read(server, BUSY_S)
    for thread in asking:
        thread.join()
    p95, limit = _share(busy, 0.95), max(TIMES_QUIET * quiet_p95, P95_MS)
    return Finding(
        "the same readers beside an import and exports",
        f"an import of {IMPORTED:,} rows in the worker, the whole list as {', '.join(EXPORTS)}",
        f"p95 <= {limit:.0f} ms (twice the quiet one, or {P95_MS} ms), errors < {ERRORS:.1%}, lists are answered",
        f"{_figures(busy)}; import answered with {sent.status}, lists {sorted(set(answers.values()))}",
        p95 <= limit and _errors(busy) < ERRORS and sent.status == 202 and set(answers.values()) <= {200, 202, 303},
    )


def _ask_list(server: Running, kind: str) -> int:
    return server.get(f"/api/v1/priorities.{kind}?lang=ky").status


def _read(server: Running, seconds: float) -> list[Reading]:
    with reading(server, EACH_SECOND) as reads:
        time.sleep(seconds)
    return reads


def _share(reads: list[Reading], share: float) -> float:
    """Return the latency in milliseconds that this share of the readings stays below."""
    ordered = sorted(one.answer.seconds for one in reads)
    return 1000 * ordered[int(share * (len(ordered) - 1))]


def _errors(reads: list[Reading]) -> float:
    return sum(one.answer.status not in GOOD for one in reads) / len(reads)


def _figures(reads: list[Reading]) -> str:
    wrong = sorted({one.answer.status for one in reads if one.answer.status not in GOOD})
    parts = [f"p{share * 100:.0f} {_share(reads, share):.0f} ms" for share in (0.5, 0.95, 0.99)]
    return ", ".join(parts) + f", errors {_errors(reads):.2%}" + (f" ({wrong})" if wrong else "")
