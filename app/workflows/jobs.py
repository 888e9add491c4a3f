"""Background jobs: start one in the request's transaction, and run it in the worker.

A workflow that may take long registers a handler::

    @job("export")
    def export_list(context: JobContext, *, format: str) -> str | None: ...

Handlers are named in ``HANDLER_MODULES``, so that the worker finds them. A handler may run again after
a crash: it writes through one transaction, or so that a second run finds what the first left. It returns the
address to go on from (without the language, such as ``imports/12``) or None.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.i18n.marks import N_
from app.permissions import Grant, rights_of, scope_of
from app.workflows import follow_parameters, read_only
from app.workflows.disk_space import NO_ROOM_FOR_JOB, is_full
from geodata import database
from geodata.database import Engine, Scope, Session
from geodata.queries import accounts, jobs
from geodata.records.rights import NO_RIGHTS

if TYPE_CHECKING:
    from app.settings import Settings
    from geodata.records.job import JobRecord
    from geodata.records.rights import Rights

Handler = Callable[..., "str | None"]
HANDLERS: dict[str, Handler] = {}
CHANGING: set[str] = set()
"""Kinds of jobs that are refused while the data may be read only."""

HANDLER_MODULES: list[str] = [
    "app.workflows.import_job",
    "app.workflows.export_list",
    "app.workflows.export_audit",
    "app.workflows.rank_job",
    "app.workflows.allocate_job",
    "app.workflows.plan_sensitivity_job",
    "app.workflows.plan_draws_job",
    "app.workflows.kit_job",
    "app.workflows.field_connections",
    "app.workflows.field_job",
    "app.workflows.priors_job",
    "app.workflows.split_job",
    "app.workflows.swing_job",
    "app.workflows.ways_job",
]
"""Modules whose import registers handlers; one line a module."""

WIDTH = {"none": 0, "public": 1, "area": 2, "national": 3}
MOST_ATTEMPTS = 3
KEPT_DAYS = 7
SECONDS_BETWEEN_REPORTS = 0.5
UNEXPECTED = N_("The work stopped because of a fault in the program. Nothing was changed halfway.")
CANCELLED = N_("Stopped, as was asked. Nothing was changed halfway.")
WORKER_LOST = N_("The work was interrupted several times and has been given up. Nothing was changed halfway.")


class JobsError(Exception):
    """Base of every error of background jobs."""


class JobRunningError(JobsError):
    """The same work waits or runs already; ``token`` names it where the reader may see it."""

    def __init__(self, token: str | None) -> None:
        super().__init__("the same work is under way")
        self.token = token


class JobFailedError(JobsError):
    """A handler gives up for a reason that people should read: a msgid and its parameters."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class UnknownJobKindError(JobsError):
    """No handler is registered for a kind."""


@dataclass
class JobContext:
    """What a handler may use: the worker's engine, settings, its asker's scope, progress and a place for its file."""

    engine: Engine
    settings: Settings
    record: JobRecord
    result_name: str | None = None
    _reported_at: float = field(default=0.0, repr=False)

    @property
    def scope(self) -> Scope:
        """The row-security scope of who asked, by the grants of this moment: a right that was taken away is gone."""
        if self.record.scope == "public":
            return "public"
        return "national" if self.record.account_id is None else scope_of(self.rights)

    @cached_property
    def rights(self) -> Rights:
        """What who asked may do, and where, when the job begins; of a program's key no more than the key carries."""
        if self.record.account_id is None:
            return NO_RIGHTS
        with database.open_session(self.engine, "national") as session:
            held = rights_of(Grant(*grant) for grant in accounts.grants_of(session, self.record.account_id))
        return held if self.record.only_rights is None else held.only(self.record.only_rights)

    def open_session(self, scope: Scope | None = None) -> AbstractContextManager[Session]:
        """Return a session that commits at its end; never of a wider scope than who asked has."""
        wanted = scope or self.scope
        if WIDTH[wanted] > WIDTH[self.scope]:
            raise JobsError("a job cannot see more than who asked for it")
        rights = None if self.record.account_id is None else self.rights
        account_id, request_id = self.record.account_id, self.record.request_id
        return database.open_session(self.engine, wanted, account_id, rights, request_id=request_id)

    def report(self, pct: float, step: str) -> None:
        """Show progress: 0..100 and a msgid; written at most twice a second.

        Raises:
            JobFailedError: Who asked has cancelled the job; the handler's transaction is rolled back.
        """
        now = time.monotonic()
        if now - self._reported_at < SECONDS_BETWEEN_REPORTS and pct < 100:
            return
        self._reported_at = now
        with database.open_session(self.engine, "national") as session:
            goes_on = jobs.report(session, self.record.token, max(0, min(100, int(pct))), step)
        if not goes_on and pct < 100:  # what is done is done
            raise JobFailedError(CANCELLED)

    def check_wanted(self) -> None:
        """Raise ``JobFailedError`` where who asked has cancelled the job."""
        with database.open_session(self.engine, "national") as session:
            if jobs.is_cancelled(session, self.record.token):
                raise JobFailedError(CANCELLED)

    def result_path(self, name: str) -> Path:
        """Return where to write the file that people download as ``name``; its folder exists."""
        self.result_name = safe_name(name)
        folder = result_folder(self.settings, self.record.token)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / self.result_name


def job(kind: str, *, changes_data: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function as what runs jobs of ``kind``; what changes data waits for a better moment."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        if changes_data:
            CHANGING.add(kind)
        return handler

    return register


def start_job(
    session: Session,
    kind: str,
    params: dict[str, Any],
    *,
    scope: Scope,
    account_id: int | None = None,
    lock: str | None = None,
) -> str:
    """Enqueue a job in the caller's transaction and return its token; a rollback takes it along.

    Jobs of one account (and those of all visitors together) run one after another. ``lock`` names the work
    itself: while a job with it waits or runs, another raises ``JobRunningError``.
    """
    token = secrets.token_urlsafe(18)
    turn = f"account:{account_id}" if account_id is not None else f"scope:{scope}"
    added = jobs.add_job(
        session,
        token=token,
        kind=kind,
        params=params,
        scope=scope,
        account_id=account_id,
        lock_key=lock,
        turn=turn,
    )
    if not added:
        raise JobRunningError(jobs.running_token(session, lock) if lock else None)
    return token


def safe_name(name: str) -> str:
    """Return ``name`` without separators and control characters, at most 120 characters."""
    cleaned = re.sub(r"[^\w.,()\- ]+", "_", name, flags=re.UNICODE).strip(" .")[-120:]
    return cleaned or "result"


def result_folder(settings: Settings, token: str) -> Path:
    """Return the folder of a job's file."""
    return settings.var_dir / "jobs" / safe_name(token)


def result_file(settings: Settings, record: JobRecord) -> Path | None:
    """Return the file of a finished job, None when there is none (any more)."""
    if record.status != "done" or not record.result_name:
        return None
    path = result_folder(settings, record.token) / record.result_name
    return path if path.is_file() else None


def handler_of(kind: str) -> Handler:
    """Return the handler of ``kind``; raises ``UnknownJobKindError``."""
    if kind not in HANDLERS:
        for name in HANDLER_MODULES:
            import_module(name)
    try:
        return HANDLERS[kind]
    except KeyError as error:
        raise UnknownJobKindError(kind) from error


def run_job(engine: Engine, settings: Settings, token: str) -> None:
    """Run one job in this thread and store what came of it; nothing is done when it is over already.

    Raises what the handler raised, except ``JobFailedError``. A lost database leaves the job to be healed; after
    one the queue may hold a job twice, so that nothing of it is touched before its lock is held.

    Raises:
        LockHeldError: It runs elsewhere at the moment.
    """
    with database.open_session(engine, "national") as session:
        found = jobs.find_job(session, token)
    if found is None:
        raise JobsError(f"no job {token[:6]}...")
    with database.hold_lock(engine, jobs.LEASE, found.id):
        with database.open_session(engine, "national") as session:
            record = jobs.find_job(session, token) if jobs.claim(session, token, MOST_ATTEMPTS, WORKER_LOST) else None
            follow_parameters.follow(session)
        if record is not None:
            _run_claimed(engine, settings, record)


def _run_claimed(engine: Engine, settings: Settings, record: JobRecord) -> None:
    shutil.rmtree(result_folder(settings, record.token), ignore_errors=True)
    context = JobContext(engine, settings, record)
    try:
        handler = handler_of(record.kind)
        if record.kind in CHANGING and read_only.reason(settings.var_dir):
            raise JobFailedError(read_only.READ_ONLY_JOB)
        context.check_wanted()
        address = handler(context, **record.params)
    except JobFailedError as error:
        _store_failure(engine, record.token, error.message, error.params)
        return
    except Exception as error:
        if is_full(error):
            _store_failure(engine, record.token, NO_ROOM_FOR_JOB, {})
        elif not isinstance(error, database.DatabaseLostError):
            _store_failure(engine, record.token, UNEXPECTED, {})
        raise
    with database.open_session(engine, "national") as session:
        jobs.finish(session, record.token, result_name=context.result_name, result_address=address)


def _store_failure(engine: Engine, token: str, message: str, params: dict[str, Any]) -> None:
    with database.open_session(engine, "national") as session:
        jobs.fail(session, token, message, params)


def heal_jobs(engine: Engine, silence_s: float) -> list[tuple[str, bool]]:
    """Queue jobs of dead workers again; see ``geodata.queries.jobs.heal``."""
    with database.open_session(engine, "national") as session:
        return jobs.heal(session, silence_s=silence_s, most_attempts=MOST_ATTEMPTS, error=WORKER_LOST)


def remove_old_jobs(engine: Engine, settings: Settings) -> int:
    """Remove jobs and files that ended more than a week ago; return how many."""
    with database.open_session(engine, "national") as session:
        tokens = jobs.remove_old(session, KEPT_DAYS)
    for token in tokens:
        shutil.rmtree(result_folder(settings, token), ignore_errors=True)
    return len(tokens)
