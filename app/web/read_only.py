"""While the data may be read only, what would change them is answered in words; reading and signing in go on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, current_app, request

from app.web.guard import action_of
from app.workflows import read_only

if TYPE_CHECKING:
    from app.settings import Settings

LOOK_EVERY_S = 2.0
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadOnlyError(Exception):
    """The request would change data, and at the moment they can only be read."""


def is_read_only() -> bool:
    """Return whether this machine's data may only be read at the moment; looked at every other second."""
    return bool(current_app.extensions["is_read_only"]())


def init_app(app: Flask, settings: Settings) -> None:
    """Look at each request that may write, after its permission; templates ask ``is_read_only()``."""
    seen = {"at": -LOOK_EVERY_S, "reason": None}

    def look() -> bool:
        now = time.monotonic()
        if now - seen["at"] >= LOOK_EVERY_S:  # type: ignore[operator]
            seen.update(at=now, reason=read_only.reason(settings.var_dir))  # type: ignore[arg-type]
        return seen["reason"] is not None

    app.extensions["is_read_only"] = look

    @app.before_request
    def _refuse() -> None:
        if request.method in READING or request.endpoint is None:
            return
        if action_of(current_app, request.endpoint) != "sign_in" and is_read_only():
            raise ReadOnlyError(request.endpoint)

    app.jinja_env.globals["is_read_only"] = look
