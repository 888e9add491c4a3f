"""What row security costs: the same statements as the owner, whom no policy narrows, and as each kind of reader."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from app.permissions import Grant, rights_of, scope_of
from app.settings import Settings
from geodata.database import Session, make_engine, open_session
from geodata.queries import priorities, tiles
from geodata.queries.areas import find_area
from geodata.queries.demonstration_accounts import codes_around_first_school
from geodata.queries.runs import published_run
from geodata.records.priority import ListFilter
from geodata.records.rights import NO_RIGHTS, Rights
from scripts.benches import Figure, bench

ROUNDS = 40
GOAL = "<= 1.25 x without row security"
PLACE = (9, 362, 189)
FILTERED = ListFilter(grades=("E",))


def _list(session: Session, run_id: int) -> None:
    priorities.select_rows(session, run_id, ListFilter(), limit=50, offset=0)
    priorities.count_rows(session, run_id, ListFilter())
    priorities.facets(session, run_id, ListFilter())


WORK: dict[str, Callable[[Session, int], object]] = {
    "list of 50 with its number and its counts by filter": _list,
    "tile of schools": lambda session, run_id: tiles.school_tile(session, run_id, ListFilter(), *PLACE),
    "filtered tile of schools": lambda session, run_id: tiles.school_tile(session, run_id, FILTERED, *PLACE),
}


@bench("row_security", sizes=(2_400, 150_000), needs_database=True)
def row_security(n: int) -> Iterator[Figure]:
    """Lists and tiles under row security, as visitor, department and planner, beside the same without it."""
    settings = Settings()
    owner, web = make_engine(settings.owner_url), make_engine(settings.web_url)
    with ExitStack() as stack:
        without = stack.enter_context(open_session(owner, "public"))
        run = published_run(without, None)
        rayon = find_area(without, codes_around_first_school(without)[2])
        if run is None or rayon is None:
            return
        readers: dict[str, Rights] = {
            "visitor": NO_RIGHTS,
            "department": rights_of([Grant("department", area_id=rayon.id)]),
            "planner": rights_of([Grant("planner")]),
        }
        sessions = [without]
        for number, rights in enumerate(readers.values()):
            scope = scope_of(rights) if rights.held else "public"
            sessions.append(stack.enter_context(open_session(web, scope, number or None, rights)))
        for name, work in WORK.items():
            plain, *own = _medians(sessions, lambda session, work=work: work(session, run.id))  # type: ignore[misc]
            for reader, seconds in zip(readers, own, strict=True):
                details: dict[str, float | str] = {"without_ms": round(1000 * plain, 2)}
                yield Figure(
                    f"{name}, {reader}", run.school_count, seconds, peer="the owner, whom no policy narrows",
                    ratio=round(seconds / plain, 2), goal=GOAL, details=details,
                )  # fmt: skip
    owner.dispose()
    web.dispose()


def _medians(sessions: list[Session], work: Callable[[Session], object]) -> list[float]:
    """Return the median seconds of each session, all asked in turn so that the machine's moods meet them alike."""
    taken: list[list[float]] = [[] for _ in sessions]
    for _ in range(ROUNDS):
        for session, seconds in zip(sessions, taken, strict=True):
            start = time.perf_counter()
            work(session)
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in taken]
