"""One structured line per request, with a reference number that the reader of an error page can quote."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import Literal

import structlog
from flask import Flask, Response, g, request

ASKED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
QUIET = frozenset({"health.alive", "health.ready", "health.metrics", "static", "tiles.tile"})
"""Asked too often to be told one by one: counted by ``/metrics``, told only when they fail."""


def request_id() -> str:
    """Return this request's reference number: the proxy's when it is well formed, else a new one."""
    if "request_id" not in g:
        g.request_id = _number(request.headers.get("X-Request-ID", ""))
    number: str = g.request_id
    return number


def _number(asked: str) -> str:
    return asked if ASKED_ID.fullmatch(asked) else secrets.token_hex(6)


def begin(asked: str) -> str:
    """Start the events of a request that Flask does not see; return its number (``asked``: the proxy's)."""
    number = _number(asked)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=number)
    return number


def _shared() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def configure_events() -> None:
    """Hand structured events to the standard logging, wherever that goes."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure(shape: Literal["json", "text"]) -> None:
    """Send everything that is logged to standard error, one line an event; values of variables never appear."""
    configure_events()
    finish: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if shape == "json":
        finish += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        finish += [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=finish))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("procrastinate", "fontTools", "matplotlib", "pyogrio", "rasterio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _told_path() -> str:
    """Return the path, without the token of a one-time link: who reads the log must not use it."""
    token = (request.view_args or {}).get("token") if request.blueprint == "links" else None
    return (request.path.replace(token, "***") if token else request.path)[:200]


def init_app(app: Flask) -> None:
    """Number each request, time it and log it; the query string is left out, it may hold names."""
    configure_events()
    log = structlog.get_logger("mektep.web")

    @app.before_request
    def _begin() -> None:
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id())

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        if request.endpoint not in QUIET or response.status_code >= 500:
            log.info(
                "request",
                method=request.method,
                path=_told_path(),
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - getattr(g, "started", time.perf_counter())), 1),
                account=getattr(g, "account_id", None),
            )
        return response
