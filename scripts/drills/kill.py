"""The job worker is killed in the middle of an import, a ranking and an export."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from app.workflows.export_list import filter_to_json
from app.workflows.import_file import LARGE_ROWS
from app.workflows.jobs import result_folder, start_job
from app.workflows.rank_job import start_ranking
from geodata.database import Session, make_engine, open_session
from geodata.records.priority import ListFilter
from scripts.drills import SEED, Finding, drill
from scripts.drills.place import Place
from scripts.drills.running import Running, children, is_alive, running, school_file, schools_with, until

ROWS = LARGE_ROWS + 1
HEALED_S = 10.0
OVER_S = 120.0


@dataclass(frozen=True)
class Work:
    """A kind of work. ``start`` returns the job's token; ``faults`` what is wrong after it is over, in words.

    ``begin`` makes the work new, so that it cannot be answered from what is there; it gets the round's number.
    """

    name: str
    begin: Callable[[int], None]
    start: Callable[[], str]
    is_partial: Callable[[], bool]
    faults: Callable[[str], list[str]]


@drill("kill", needs="country", times=3, limit_s=600)
def kill(place: Place, times: int) -> Iterator[Finding]:
    """kill -9 of the job worker at random points of an import, a ranking and an export."""
    chance = random.Random(SEED)  # noqa: S311
    with running(place) as server:
        for work in (_Imports(server).work(), _rankings(place), _exports(place)):
            yield _kill_in(work, server, times, chance)


def _kill_in(work: Work, server: Running, times: int, chance: random.Random) -> Finding:
    """Let one job through undisturbed, then kill the worker ``times`` times and look at what became of the work."""
    usual_s = _undisturbed(work, server)
    faults: list[str] = []
    slowest, in_the_middle = 0.0, 0
    for number in range(1, times + 1):
        work.begin(number)
        token = work.start()
        until(lambda token=token: _state(server.place, token)[0] != "waiting", OVER_S, 0.01)  # type: ignore[misc]
        sleep(chance.uniform(0.05, 0.95) * usual_s)
        in_the_middle += _state(server.place, token)[0] == "running"
        below = children(server.worker_pid)
        server.kill_worker()
        if work.is_partial():
            faults.append("half of the work was to be seen after the kill")
        healed = until(lambda token=token: _is_healed(server.place, token), OVER_S)  # type: ignore[misc]
        slowest = max(slowest, healed if healed is not None else OVER_S)
        until(lambda token=token: _state(server.place, token)[0] in ("done", "failed"), OVER_S)  # type: ignore[misc]
        state, attempts = _state(server.place, token)
        if state != "done":
            faults.append(f"the job is {state} after {attempts} attempts")
        faults += work.faults(token)
        if until(lambda below=below: not any(map(is_alive, below)), HEALED_S) is None:  # type: ignore[misc]
            faults.append("processes of the killed worker live on")
    if slowest > (limit := _limit(server.place)):
        faults.append(f"taken up again only after {slowest:.1f} s")
    return Finding(
        f"worker killed during {work.name}",
        f"kill -9 at {times} random points of {usual_s:.1f} s",
        f"nothing half-done at any time; taken up again within {limit:.0f} s and done once, unaided",
        f"{in_the_middle} of {times} in the middle; going on after at most {slowest:.1f} s; "
        + ("; ".join(sorted(set(faults))) or "done once, whole"),
        not faults,
    )


def _limit(place: Place) -> float:
    """Return within which time work is to go on: the promise, or six bare starts of a command on a busy machine."""
    begun = monotonic()
    place.mektep("worker", "--help")
    return max(HEALED_S, 6 * (monotonic() - begun))


def _undisturbed(work: Work, server: Running) -> float:
    """Return how long one job takes from its start in the worker to its end, by the database's clock."""
    work.begin(0)
    token = work.start()
    until(lambda: _state(server.place, token)[0] in ("done", "failed"), OVER_S)
    faults = work.faults(token)
    if faults or _state(server.place, token)[0] != "done":
        raise RuntimeError(f"{work.name} does not even work undisturbed: {faults}")
    seconds = "SELECT extract(epoch FROM finished_at - started_at) FROM background_job WHERE token = %s"
    return float(server.place.value(seconds, token))


def _state(place: Place, token: str) -> tuple[str, int]:
    status, attempts = place.ask("SELECT status, attempts FROM background_job WHERE token = %s", token)[0]
    return str(status), int(attempts)


def _is_healed(place: Place, token: str) -> bool:
    status, attempts = _state(place, token)
    return attempts > 1 or status in ("done", "failed")


class _Imports:
    """Imports of one row more than is taken in at once, each with codes of its own, taken back afterwards."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.prefix = ""
        self.batch = 0

    def begin(self, number: int) -> None:
        self.prefix = f"D{number:03d}"

    def send(self) -> dict[str, str]:
        content = school_file(self.prefix, ROWS)
        sent = self.server.send_file(content, f"{self.prefix}.csv", key=f"drill {self.prefix}")
        if sent.status not in (201, 202):
            raise RuntimeError(f"the file was answered with {sent.status}: {sent.text[:500]}")
        found: dict[str, str] = sent.json
        return found

    def start(self) -> str:
        sent = self.send()
        self.batch = int(sent["id"])
        return sent["job"].rsplit("/", 1)[1]

    def is_partial(self) -> bool:
        return schools_with(self.server.place, self.prefix) not in (0, ROWS)

    def faults(self, token: str) -> list[str]:
        faults = []
        stored = schools_with(self.server.place, self.prefix)
        if stored != ROWS:
            faults.append(f"{stored} of {ROWS} rows are stored")
        again = self.send()
        if (again["id"], again["status"]) != (self.batch, "committed"):
            faults.append("the same key again made another import")
        if schools_with(self.server.place, self.prefix) != stored:
            faults.append("the same key again changed the number of schools")
        undone = self.server.place.mektep("import", "undo", str(self.batch))
        if undone.returncode != 0 or schools_with(self.server.place, self.prefix):
            faults.append("the import cannot be taken back")
        return faults

    def work(self) -> Work:
        return Work(f"an import of {ROWS:,} rows", self.begin, self.start, self.is_partial, self.faults)


def _started(place: Place, start: Callable[[Session], str]) -> str:
    engine = make_engine(place.address("mektep_worker"))
    try:
        with open_session(engine, "national") as session:
            return start(session)
    finally:
        engine.dispose()


def _rankings(place: Place) -> Work:
    """Rankings of a country in which one school has another number of pupils each time."""

    def begin(number: int) -> None:
        place.ask(
            "UPDATE school SET pupils = coalesce(pupils, 0) + %s WHERE id = (SELECT min(id) FROM school) RETURNING id",
            number + 1,
        )

    def faults(token: str) -> list[str]:
        address = place.value("SELECT result_address FROM background_job WHERE token = %s", token)
        run = str(address).rsplit("/", 1)[1]
        found = []
        published = place.ask("SELECT hash FROM run WHERE is_published ORDER BY id DESC LIMIT 1")
        if published != [(run,)]:
            found.append("the ranking is not the published one")
        if place.value("SELECT count(*) FROM run WHERE hash = %s", run) != 1:
            found.append("the ranking is not stored once")
        results = "SELECT count(*) FROM school_result JOIN run ON run.id = run_id WHERE hash = %s"
        if place.value(results, run) != place.value("SELECT school_count FROM run WHERE hash = %s", run):
            found.append("results of schools are missing or twice")
        again = place.mektep("rank", "--json")
        if f'"{run}"' not in again.stdout or '"is_new": false' not in again.stdout:
            found.append("the same data rank to another hash")
        return found

    incomplete = """
        SELECT count(*) FROM run
        WHERE school_count <> (SELECT count(*) FROM school_result WHERE run_id = run.id)
    """
    return Work(
        "a ranking",
        begin,
        lambda: _started(place, lambda session: start_ranking(session, account_id=None)),
        lambda: bool(place.value(incomplete)),
        faults,
    )


def _exports(place: Place) -> Work:
    """Exports of the whole list as a workbook."""

    def start(session: Session) -> str:
        run = place.value("SELECT hash FROM run WHERE is_published ORDER BY id DESC LIMIT 1")
        params = {"key": "xlsx", "language": "ky", "run_hash": run, "wanted": filter_to_json(ListFilter())}
        return start_job(session, "export", params, scope="public")

    def faults(token: str) -> list[str]:
        from app.settings import Settings

        folder = result_folder(Settings(), token)
        files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
        if len(files) != 1:
            return [f"{len(files)} files lie in the job's folder"]
        rows = _rows(files[0])
        schools = place.value("SELECT school_count FROM run WHERE is_published ORDER BY id DESC LIMIT 1")
        return [] if rows == schools + 1 else [f"the file has {rows} rows for {schools} schools"]

    return Work(
        "an export to XLSX",
        lambda number: None,
        lambda: _started(place, start),
        lambda: False,
        faults,
    )


def _rows(path: Path) -> int:
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())
