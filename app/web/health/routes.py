"""``/healthz``: this process. ``/readyz``: database, migrations, worker, disk. ``/metrics``: counters."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, request

from app.web.guard import declare_action
from app.web.health import metrics
from app.workflows.disk_space import has_space
from geodata import upgrade
from geodata.database import DBAPIError, PoolTimeoutError, open_session
from geodata.queries.health import worker_silence_s

if TYPE_CHECKING:
    from app.settings import Settings
    from geodata.database import Engine

LONGEST_SILENCE_S = 15.0

blueprint = Blueprint("health", __name__)
declare_action(blueprint, "watch")


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer as long as this process can."""
    return _no_store(jsonify(status="alive"))


@blueprint.get("/readyz")
def ready() -> Response:
    """Answer 200 when all is there, else 503 with the names of what is missing."""
    checks = _database_checks(current_app.extensions["engine"])
    checks["disk"] = has_space(current_app.extensions["settings"].var_dir)
    missing = [name for name, is_good in checks.items() if not is_good]
    response = jsonify(status="not ready" if missing else "ready", missing=missing, checks=checks)
    response.status_code = 503 if missing else 200
    return _no_store(response)


@blueprint.get("/metrics")
def measured() -> Response:
    """Answer this machine only, unless the setting says otherwise; a proxy's requests are from elsewhere."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.metrics_public and not _is_local():
        abort(404)
    return _no_store(Response(metrics.render(settings), content_type=metrics.CONTENT_TYPE_LATEST))


def _database_checks(engine: Engine) -> dict[str, bool]:
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        with open_session(engine, "public") as session:
            revision = upgrade.current_revision(session)
            checks["database"] = True
            checks["migrations"] = revision == upgrade.newest_revision()
            if checks["migrations"]:
                silence = worker_silence_s(session)
                checks["worker"] = silence is not None and silence <= LONGEST_SILENCE_S
    except (DBAPIError, PoolTimeoutError):
        current_app.logger.warning("the database did not answer the health check")
    return checks


def _is_local() -> bool:
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
