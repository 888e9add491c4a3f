"""Reproducibility kits: how long the making of one takes, how large it is, and how long its list takes again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.benches import Figure, bench


@bench("kits", (2_400,), needs_database=True)
def kits(n: int) -> Iterator[Figure]:
    """The kit of the ranking of the database, and its list again."""
    from app.workflows.make_kit import make_kit
    from app.workflows.reproduce_kit import reproduce
    from geodata.queries.runs import published_run
    from scripts.connection import worker_session

    with worker_session() as session:
        run = published_run(session)
        if run is None:
            return
        start = time.perf_counter()
        kit = make_kit(session, run, lambda _pct, _step: None)
        seconds = time.perf_counter() - start
    yield Figure("make a kit, its list made again once", run.school_count, seconds, details={"bytes": len(kit)})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kit.zip"
        path.write_bytes(kit)
        start = time.perf_counter()
        made = reproduce(path)
        seconds = time.perf_counter() - start
    if made.difference is not None:
        raise RuntimeError(made.difference)
    yield Figure("read a kit and make its list again", n, seconds)
