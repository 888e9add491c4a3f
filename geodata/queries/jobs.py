"""Background jobs: enqueue in the caller's transaction, follow, claim, finish, heal after a crash."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text, update

from geodata.database import REQUEST_KEY
from geodata.models.job import BackgroundJob
from geodata.records.job import JobRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TASK = "mektep.run_job"
QUEUE = "default"
ONLY_KEY = "mektep_only_rights"
"""Key of ``session.info`` that holds the rights of the program's key that asks; absent when a person does."""

LEASE = 724002
"""First half of the advisory lock that a running job holds; the second is the job's id."""

# The queue's own function, as its schema (migration 0004) defines it; the row trigger wakes the worker at commit.
DEFER = text("""
    SELECT (procrastinate_defer_jobs_v1(ARRAY[
        ROW(:queue, :task, :priority, :lock, NULL, CAST(:args AS jsonb), NULL)::procrastinate_job_to_defer_v1
    ]))[1]
""")

REQUEUE = text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)")

ABANDONED = text("""
    UPDATE background_job AS job
    SET status = 'failed', error = :error, finished_at = clock_timestamp()
    FROM procrastinate_jobs AS queued
    WHERE queued.id = job.queue_id
        AND job.status IN ('waiting', 'running')
        AND queued.status IN ('failed', 'aborted', 'cancelled')
        -- the queue may hold a job twice after a lost database: another run of it may go on
        AND NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = :lease AND objid = job.id::oid AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
    RETURNING job.token
""")

STALLED = text("""
    SELECT job.id, job.token, job.queue_id, job.attempts
    FROM background_job AS job
    JOIN procrastinate_jobs AS queued ON queued.id = job.queue_id
    LEFT JOIN procrastinate_workers AS worker ON worker.id = queued.worker_id
    WHERE queued.status = 'doing'
        AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silence_s))
        -- its advisory lock is free: a busy process that missed heartbeats still holds it
        AND NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = :lease AND objid = job.id::oid AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
""")


def add_job(
    session: Session,
    *,
    token: str,
    kind: str,
    params: dict[str, Any],
    scope: str,
    account_id: int | None,
    lock_key: str | None,
    turn: str,
) -> bool:
    """Enqueue a job in this transaction; False when one with ``lock_key`` waits or runs already.

    A job that a program's key asks for keeps the key's rights (``ONLY_KEY``).
    ``turn`` names whose jobs run one after another, so that nobody's many jobs starve the others.
    """
    if lock_key is not None:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"job:{lock_key}"})
        if running_token(session, lock_key) is not None:
            return False
    queue_id = session.execute(
        DEFER,
        {
            "queue": QUEUE,
            "task": TASK,
            "priority": 1 if scope == "national" else 0,
            "lock": turn,
            "args": json.dumps({"token": token}),
        },
    ).scalar_one()
    values = {"token": token, "kind": kind, "params": params, "scope": scope, "account_id": account_id}
    values |= {"only_rights": session.info.get(ONLY_KEY), "request_id": session.info.get(REQUEST_KEY)}
    session.execute(insert(BackgroundJob).values(**values, lock_key=lock_key, queue_id=queue_id))
    return True


def running_token(session: Session, lock_key: str) -> str | None:
    """Return the token of the job that waits or runs under ``lock_key``."""
    return session.execute(
        select(BackgroundJob.token).where(
            BackgroundJob.lock_key == lock_key, BackgroundJob.status.in_(("waiting", "running"))
        )
    ).scalar_one_or_none()


def find_job(session: Session, token: str) -> JobRecord | None:
    """Return the job, with how many wait before it; None when absent or of a wider scope than the reader's."""
    job = session.execute(
        select(BackgroundJob).where(BackgroundJob.token == token), execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if job is None:
        return None
    ahead = 0
    if job.status == "waiting":
        ahead = session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND id < :id"), {"id": job.queue_id}
        ).scalar_one()
    names = [name for name in JobRecord.__dataclass_fields__ if name != "ahead"]
    return JobRecord(**{name: getattr(job, name) for name in names}, ahead=ahead)


def claim(session: Session, token: str, most_attempts: int, error: str) -> bool:
    """Note that a worker has begun the job (again), and return whether it is to be run.

    One that is over is left as it is; one that was begun ``most_attempts`` times is failed with ``error``.
    """
    is_open = (BackgroundJob.token == token) & BackgroundJob.status.in_(("waiting", "running"))
    begun = update(BackgroundJob).where(is_open, BackgroundJob.attempts < most_attempts)
    claimed = session.execute(
        begun.values(
            status="running",
            attempts=BackgroundJob.attempts + 1,
            started_at=func.clock_timestamp(),
            progress_pct=0,
            step=None,
        ).returning(BackgroundJob.id)
    ).first()
    if claimed is None:
        given_up = {"status": "failed", "error": error, "finished_at": func.clock_timestamp()}
        session.execute(update(BackgroundJob).where(is_open).values(given_up))
    return claimed is not None


def report(session: Session, token: str, progress_pct: int, step: str) -> bool:
    """Write how far a running job is, and return whether it is to go on: False once who asked has cancelled it."""
    is_cancelled = session.scalar(
        update(BackgroundJob)
        .where(BackgroundJob.token == token, BackgroundJob.status == "running")
        .values(progress_pct=progress_pct, step=step)
        .returning(BackgroundJob.is_cancelled)
    )
    return not is_cancelled


def is_cancelled(session: Session, token: str) -> bool:
    """Return whether who asked for the job wants it stopped."""
    return bool(session.scalar(select(BackgroundJob.is_cancelled).where(BackgroundJob.token == token)))


def cancel(session: Session, token: str) -> bool:
    """Mark a job that waits or runs as to be stopped; False when it is over, or not the asker's own."""
    is_open = (BackgroundJob.token == token) & BackgroundJob.status.in_(("waiting", "running"))
    marked = update(BackgroundJob).where(is_open).values(is_cancelled=True).returning(BackgroundJob.id)
    return session.execute(marked).first() is not None


def finish(session: Session, token: str, *, result_name: str | None, result_address: str | None) -> None:
    """Mark the job as done."""
    session.execute(
        update(BackgroundJob)
        .where(BackgroundJob.token == token)
        .values(
            status="done",
            progress_pct=100,
            step=None,
            result_name=result_name,
            result_address=result_address,
            finished_at=func.clock_timestamp(),
        )
    )


def fail(session: Session, token: str, error: str, error_params: dict[str, Any] | None = None) -> None:
    """Mark the job as failed; ``error`` is a msgid."""
    session.execute(
        update(BackgroundJob)
        .where(BackgroundJob.token == token)
        .values(status="failed", error=error, error_params=error_params or {}, finished_at=func.clock_timestamp())
    )


def wait_again(session: Session, token: str) -> None:
    """Mark the job as waiting for another try."""
    session.execute(update(BackgroundJob).where(BackgroundJob.token == token).values(status="waiting", step=None))


def heal(session: Session, *, silence_s: float, most_attempts: int, error: str) -> list[tuple[str, bool]]:
    """Take jobs back whose worker died: queue them again, or fail them after ``most_attempts``.

    A worker is dead when its heartbeat is older than ``silence_s`` and it holds the job's lock no longer.
    Returns (token, queued again?) of each.
    """
    healed = []
    for job in session.execute(STALLED, {"silence_s": silence_s, "lease": LEASE}).all():
        again = job.attempts < most_attempts
        if again:
            session.execute(REQUEUE, {"id": job.queue_id})
            session.execute(
                text("SELECT pg_notify('procrastinate_any_queue_v1', :message)"),
                {"message": json.dumps({"type": "job_inserted", "job_id": job.queue_id})},
            )
            wait_again(session, job.token)
        else:
            session.execute(text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": job.queue_id})
            fail(session, job.token, error)
        healed.append((job.token, again))
    healed += [(row.token, False) for row in session.execute(ABANDONED, {"error": error, "lease": LEASE})]
    return healed


def remove_old(session: Session, days: int) -> list[str]:
    """Remove jobs that ended more than ``days`` ago; return their tokens, so that their files can go too."""
    tokens = session.execute(
        text("""
            DELETE FROM background_job
            WHERE finished_at < now() - make_interval(days => :days)
            RETURNING token, queue_id
        """),
        {"days": days},
    ).all()
    session.execute(
        text("DELETE FROM procrastinate_jobs WHERE id = ANY(:ids) AND status NOT IN ('todo', 'doing')"),
        {"ids": [row.queue_id for row in tokens]},
    )
    return [row.token for row in tokens]
