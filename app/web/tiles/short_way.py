"""The short way to a tile: what visitors' maps ask for most, answered before Flask.

It takes a plain tile of the schools of one run, named whole, asked without cookie and without key, and only when the
answer is 200, 204 or 304. Everything else goes on to Flask, whose answer counts: accounts, keys, filters, other
layers, what is refused, what is not found and every fault. Headers, limit, counters and reference number are those of
every answer; a test holds both ways against each other.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from app.web import logs
from app.web.health.metrics import note_answer
from app.web.limits import address_of
from app.web.security import data_headers
from app.web.tiles.run_tiles import packed_run_tile
from app.web.tiles.wish import Wish, etag_of, is_on_earth
from geodata.database import DatabaseLostError, DBAPIError
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    from app.settings import Settings
    from app.web.limits import Limits

ENDPOINT = "tiles.tile"
PATH = re.compile(r"/tiles/schools/(0|[1-9]\d?)/(0|[1-9]\d{0,6})/(0|[1-9]\d{0,6})\.mvt", re.ASCII)
QUERY = re.compile(r"run=([0-9a-f]{64})(?:&v=([A-Za-z0-9-]{1,64}))?", re.ASCII)
ASKED_BY_SOMEBODY = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_AUTHENTICATION_TOKEN")
CONTENT_TYPE = ("Content-Type", "application/vnd.mapbox-vector-tile")
TILE_HEADERS = (
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("Vary", "Accept-Encoding, Authorization, Cookie"),
)


class ShortWay:
    """Stands before the application ``app`` of Flask, behind whatever reads the proxy's headers."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._next = app, app.wsgi_app
        self._headers = [*TILE_HEADERS, *data_headers(settings)]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the request, or hand it on."""
        wish = _plain_wish(environ)
        answer = None if wish is None else self._answer(wish, environ)
        if answer is None:
            return self._next(environ, start_response)
        status, headers, body = answer
        start_response(status, headers)
        return [body] if body else []

    def _answer(self, wish: Wish, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes] | None:
        started = time.perf_counter()
        number = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        key = wish.key()
        etag = f'"{etag_of(key)}"'
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known not in (None, etag) or not self._is_within_limit(environ):
            return None
        headers = [*self._headers, ("ETag", etag), ("X-Request-ID", number)]
        packed = b"" if known else self._packed(wish, key)
        if packed is None:
            return None  # Flask asks again and says it in words; the request then counts twice
        if not known:
            headers.append(CONTENT_TYPE)
        status = "304 NOT MODIFIED" if known else "200 OK" if packed else "204 NO CONTENT"
        if packed:
            headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))]
        note_answer(ENDPOINT, "GET", status[:3], time.perf_counter() - started)
        return status, headers, packed

    def _packed(self, wish: Wish, key: str) -> bytes | None:
        try:
            return packed_run_tile(self._app, wish, key)
        except (DBAPIError, OSError, *DatabaseLostError):
            return None

    def _is_within_limit(self, environ: dict[str, Any]) -> bool:
        limits: Limits | None = self._app.extensions.get("limits")
        return limits is None or limits.has_room("tile", address_of(environ.get("REMOTE_ADDR")))


def _plain_wish(environ: dict[str, Any]) -> Wish | None:
    """Return what is asked for, None for all that is not the short way's."""
    if environ["REQUEST_METHOD"] != "GET":
        return None
    path = PATH.fullmatch(environ.get("PATH_INFO", ""))
    query = QUERY.fullmatch(environ.get("QUERY_STRING", "")) if path else None
    if path is None or query is None or any(name in environ for name in ASKED_BY_SOMEBODY):
        return None
    takes = [coding.strip() for coding in environ.get("HTTP_ACCEPT_ENCODING", "").split(",")]
    z, x, y = (int(number) for number in path.groups())
    if "gzip" not in takes or not is_on_earth(z, x, y):
        return None
    return Wish("schools", z, x, y, ListFilter(run=query[1]), 1, query[2])


def init_app(app: Flask, settings: Settings) -> None:
    """Put the short way before Flask; call it before anything else wraps the application."""
    app.wsgi_app = ShortWay(app, settings)  # type: ignore[method-assign]
