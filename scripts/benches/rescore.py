"""Re-score of the country: five years of answers to every public criterion, as of a day and against another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.settings import Settings
from app.workflows.rescore import Moment, compare, rescore
from geodata.database import make_engine, open_session
from geodata.queries import bench_answers, standard
from scripts.benches import Figure, bench, best_of
from scripts.connection import worker_session

YEARS = 5
LAST, BEFORE = date(2025, 12, 31), date(2023, 12, 31)
GOAL = "<= 3 s and <= 500 MB"


@bench("rescore", (2_400,), needs_database=True)
def rescoring(n: int) -> Iterator[Figure]:
    """All schools scored by five years of answers as of a day, and two such moments with what moved between them."""
    engine = make_engine(Settings().owner_url)
    try:
        with open_session(engine, "national") as session:
            answers = bench_answers.add_years(session, LAST.year - YEARS + 1, YEARS)
        with worker_session() as session:
            found = standard.find_edition(session)
            edition = found.code if found else ""
            details: dict[str, float | str] = {"answers": answers}
            before, last = Moment(BEFORE, edition), Moment(LAST, edition)
            seconds = best_of(3, lambda: rescore(session, last))
            yield Figure("re-score as of a day, reading included", n, seconds, goal=GOAL, details=details)
            seconds = best_of(3, lambda: compare(session, before, last))
            yield Figure("two days compared, moves split by cause", n, seconds, details=details)
    finally:
        with open_session(engine, "national") as session:
            bench_answers.remove_years(session)
        engine.dispose()
