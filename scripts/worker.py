"""``worker``: run background jobs until told to stop; jobs of dead workers are taken up again."""

from __future__ import annotations

import asyncio
import os
import shutil
import time

import click
import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy

from app.settings import Settings
from app.web import logs
from app.workflows import jobs
from app.workflows.account_sessions import forget_expired
from geodata.database import DatabaseLostError, Engine, LockHeldError, is_lost, plain_address
from geodata.queries.jobs import QUEUE, TASK
from scripts.connection import NotConfiguredError, worker_engine

HEARTBEAT_S = 2.0
SILENCE_S = 4.0
"""A worker that was not heard for so long, and holds its job's lock no longer, is dead."""

LOOK_S = 1.0
CLEAN_EVERY_S = 3600.0
NICENESS = 10
"""Who reads a page comes before a job when there are fewer cores than work."""

GRACE_S = 20.0
"""How long a job that runs may go on after the worker was told to stop; then it is taken up at the next start."""


def make_queue(settings: Settings, engine: Engine) -> App:
    """Return the queue with the one task that runs our jobs."""
    app = App(
        connector=PsycopgConnector(conninfo=plain_address(settings.worker_url), min_size=1, max_size=4),
        worker_defaults={"listen_notify": True},
    )

    @app.task(
        name=TASK,
        queue=QUEUE,
        retry=RetryStrategy(wait=2, retry_exceptions=[*DatabaseLostError, LockHeldError]),  # jobs.MOST_ATTEMPTS ends it
    )
    def run(token: str) -> None:
        structlog.contextvars.bind_contextvars(job=token[:8])
        jobs.run_job(engine, settings, token)

    return app


async def _watch(engine: Engine, settings: Settings) -> None:
    """Heal every second, clean every hour; a database that is away is waited for."""
    log = structlog.get_logger("mektep.worker")
    cleaned_at = -CLEAN_EVERY_S
    while True:
        try:
            for token, again in await asyncio.to_thread(jobs.heal_jobs, engine, SILENCE_S):
                log.warning("healed", job=token[:8], again=again)
            if time.monotonic() - cleaned_at > CLEAN_EVERY_S:
                await asyncio.to_thread(jobs.remove_old_jobs, engine, settings)
                await asyncio.to_thread(forget_expired, engine)
                cleaned_at = time.monotonic()
        except DatabaseLostError as error:
            log.warning("database away", reason=type(error).__name__)
        await asyncio.sleep(LOOK_S)


async def _work(settings: Settings, engine: Engine, concurrency: int) -> None:
    app = make_queue(settings, engine)
    async with app.open_async():
        watching = asyncio.create_task(_watch(engine, settings))
        try:
            await app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=30.0,
                shutdown_graceful_timeout=GRACE_S,
            )
        finally:
            watching.cancel()


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at the same time.")
def command(concurrency: int) -> int:
    """Run background jobs until SIGTERM or SIGINT; exit 1 when the database stays away."""
    settings = Settings()
    os.nice(NICENESS)
    if not settings.worker_url:
        raise NotConfiguredError("no database address is set: call scripts/mektep, or set MEKTEP_WORKER_URL")
    logs.configure(settings.log_format)
    engine = worker_engine(settings)
    log = structlog.get_logger("mektep.worker")
    log.info("worker starts", pid=os.getpid(), free_bytes=shutil.disk_usage(settings.var_dir.anchor).free)
    try:
        asyncio.run(_work(settings, engine, concurrency))
    except Exception as error:
        if not is_lost(error) and "procrastinate" not in type(error).__module__:
            raise
        log.error("worker stops: the database is away", reason=type(error).__name__)
        return 1
    finally:
        engine.dispose()
    log.info("worker stopped")
    return 0
