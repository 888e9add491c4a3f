"""What the audit costs: the same bulk work with its triggers on and off, in databases of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from app.workflows.import_file import import_at_once, undo_batch
from app.workflows.import_options import Folders, ImportOptions, keep_file
from app.workflows.load_demonstration import load_demonstration
from geodata.database import OWNER_ROLE, WORKER_ROLE, Engine, make_engine, open_session, plain_address
from geodata.demonstration.country import COUNTRY_SCHOOLS
from scripts.benches import SIZES, Figure, bench, stopwatch
from scripts.benches.place import Place, empty_database

GOAL = "<= 1.5 x without audit"
ROUNDS = {SIZES[0]: 3, SIZES[1]: 1}
"""Short work is repeated and the best taken: other work on the machine disturbs it."""

SWITCH = """
    SELECT format('ALTER TABLE %%s %%s TRIGGER %%I', tgrelid::regclass, %(word)s::text, tgname) FROM pg_trigger
    WHERE tgname IN ('audit_added', 'audit_changed', 'audit_removed')
"""
HEADING = "code,name_ky,name_ru,lat,lon,pupils,seats,ownership\n"


@bench("audit", sizes=SIZES[:2])
def audit(n: int) -> Iterator[Figure]:
    """Taking n schools in, changing each, taking both back; loading the demonstration: with and without audit."""
    rounds = [(_imports(n, on=False), _imports(n, on=True)) for _ in range(ROUNDS[n])]
    for name in rounds[0][0]:
        without, with_audit = (min(steps[side][name] for steps in rounds) for side in (0, 1))
        yield _figure(name, n, with_audit, without)
    if n == SIZES[0]:
        without, with_audit = (_demonstration(on=on) for on in (False, True))
        yield _figure("load the demonstration", COUNTRY_SCHOOLS, with_audit, without)


def _figure(name: str, n: int, seconds: float, peer: float) -> Figure:
    details: dict[str, float | str] = {"peer_seconds": round(peer, 3)}
    return Figure(
        name, n, seconds, peer="the same without audit", ratio=round(seconds / peer, 2), goal=GOAL, details=details
    )


def _switch(place: Place, *, on: bool) -> None:
    """Enable or disable every trigger that writes differences, as the owner of the tables."""
    with psycopg.connect(plain_address(place.owner_url)) as connection:
        statements = connection.execute(SWITCH, {"word": "ENABLE" if on else "DISABLE"}).fetchall()
        for (statement,) in statements:
            connection.execute(statement)


def _worker(place: Place) -> Engine:
    return make_engine(place.owner_url.replace(OWNER_ROLE, WORKER_ROLE, 1))


def _imports(n: int, *, on: bool) -> dict[str, float]:
    """Return the seconds of each step in a fresh database."""
    with empty_database("mektep_bench_audit") as place, tempfile.TemporaryDirectory() as folder:
        _switch(place, on=on)
        engine = _worker(place)
        folders = Folders(Path(folder) / "uploads", Path(folder) / "geodata")
        added, first = _timed(lambda: _take_in(engine, folders, n, 0))
        changed, second = _timed(lambda: _take_in(engine, folders, n, 1))
        seconds = {"import of new schools": added, "import that changes each school": changed}
        for name, batch in (("undo of the changes", second), ("undo of the new schools", first)):
            seconds[name], _ = _timed(lambda batch=batch: _take_back(engine, folders, batch))  # type: ignore[misc]
        engine.dispose()
    return seconds


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    with stopwatch() as seconds:
        result = work()
    return seconds[0], result


def _take_in(engine: Engine, folders: Folders, n: int, more_pupils: int) -> int:
    path = folders.uploads.parent / f"bench-{more_pupils}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADING)
        for row in range(n):
            lat, lon = 41.2 + (row % 1_000) * 0.0005, 74.5 + (row // 1_000) * 0.004
            name = f"№ {row} орто мектеби,Средняя школа № {row}"
            file.write(f"77{row:08d},{name},{lat:.4f},{lon:.4f},{300 + row % 700 + more_pupils},400,municipal\n")
    kept = keep_file(folders.uploads, path, path.name)
    with open_session(engine, "national") as session:
        summary = import_at_once(session, kept, ImportOptions(kind="schools"), folders)
    assert summary.added + summary.changed == n, summary
    return summary.id


def _take_back(engine: Engine, folders: Folders, batch: int) -> int:
    with open_session(engine, "national") as session:
        return undo_batch(session, batch, folders).id


def _demonstration(*, on: bool) -> float:
    with empty_database("mektep_bench_audit") as place, tempfile.TemporaryDirectory() as folder:
        _switch(place, on=on)
        engine = _worker(place)
        with stopwatch() as seconds, open_session(engine, "national") as session:
            load_demonstration(session, geodata_dir=Path(folder))
        engine.dispose()
    return seconds[0]
