"""Counters for Prometheus, shared by the web processes through a folder."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from app.settings import Settings

REQUESTS = Counter("mektep_requests", "Requests answered.", ("endpoint", "method", "status"))
SECONDS = Histogram(
    "mektep_request_seconds",
    "Time to answer.",
    ("endpoint",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15),
)


def render(settings: Settings) -> bytes:
    """Return all counters in Prometheus's text form."""
    if settings.metrics_dir is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.metrics_dir))
    return generate_latest(registry)


def note_answer(endpoint: str, method: str, status: str, seconds: float) -> None:
    """Count one answer and the time that it took."""
    REQUESTS.labels(endpoint, method, status).inc()
    SECONDS.labels(endpoint).observe(seconds)


def init_app(app: Flask) -> None:
    """Count every answer by endpoint, never by address."""

    @app.after_request
    def _count(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        note_answer(request.endpoint or "none", request.method, str(response.status_code), seconds)
        return response


__all__ = ["CONTENT_TYPE_LATEST", "init_app", "note_answer", "render"]
