"""How many requests a minute one may send: searches, files, tiles, the interfaces for programs, tries to sign in.

Who asks with a key is counted by the key and its own rate, who is signed in by the account, everybody else by address
(an IPv6 network of 64 bits counts as one). X-Forwarded-For counts only as far as ``trusted_proxies`` says. Pages that
are only read have no limit.
"""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.exceptions import TooManyRequests

from app.web.guard import action_of
from app.web.shared_counts import SharedCounts

if TYPE_CHECKING:
    from app.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
COSTLY = frozenset({"export", "api_write"})
"""Kinds whose limit holds for a key too, whatever its own rate."""

PRINTED = frozenset({"standard.guidance_pdf", "field.paper", "grants.printed", "grants.workbook"})
"""Files for paper, made one at a time like every other file."""

SEARCHES = frozenset({"map.search"})
COMPUTED = frozenset({"standard.rescore"})
"""Pages that score every school anew when they are asked with an edition."""
LISTS = frozenset({"priorities.index"})
"""Lists that are a search when they are asked with a text."""


def kind_of(app: Flask, endpoint: str | None, method: str, *, has_text: bool = False) -> str | None:
    """Return which limit a request falls under, None for what has none; ``has_text``: it asks for something."""
    if endpoint is None:
        return None
    blueprint = endpoint.rpartition(".")[0]
    action = action_of(app, endpoint)
    if action == "export" or endpoint in PRINTED or (has_text and endpoint in COMPUTED):
        return "export"
    if blueprint == "tiles":
        return "tile"
    if action == "sign_in":
        return None if method in SAFE else "sign_in"
    if endpoint in SEARCHES or (has_text and endpoint in LISTS):
        return "search"
    if blueprint in ("api", "ogc", "imports_api") or endpoint in ("jobs.progress", "jobs.download"):
        return "api" if method in SAFE else "api_write"
    return None


def limits_of(settings: Settings) -> dict[str, int]:
    """Return requests a minute by kind; a kind of 0 is left out: it has no limit."""
    chosen = {
        "sign_in": settings.sign_ins_per_minute,
        "search": settings.searches_per_minute,
        "export": settings.exports_per_minute,
        "tile": settings.tiles_per_minute,
        "api": settings.api_per_minute,
        "api_write": settings.api_writes_per_minute,
    }
    return {kind: limit for kind, limit in chosen.items() if limit}


def address_of(remote: str | None) -> str:
    """Return what an address is counted as: itself, or the network of 64 bits that an IPv6 address lies in."""
    if remote is None or ":" not in remote:
        return remote or "nowhere"
    try:
        address = ip_address(remote.partition("%")[0])
    except ValueError:
        return remote
    if not isinstance(address, IPv6Address):
        return remote
    return str(address.ipv4_mapped or address.packed[:8].hex())


class Limits:
    """The limits of one application and what was counted."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._limits, self._counts = app, limits_of(settings), SharedCounts()
        self._kinds: dict[tuple[str | None, str, bool], str | None] = {}

    def check(self) -> None:
        """Count the request that was found; raises ``TooManyRequests`` with the seconds to wait."""
        asked = (request.endpoint, request.method, bool(request.args.get("q") or request.args.get("edition")))
        if asked not in self._kinds:
            self._kinds[asked] = kind_of(self._app, *asked[:2], has_text=asked[2])
        kind = self._kinds[asked]
        key = g.get("key")
        if key is not None:
            self._take(f"key:{key.id}", key.per_minute)
        if kind in self._limits and (key is None or kind in COSTLY):
            self._take(f"{kind}:{_who()}", self._limits[kind])

    def has_room(self, kind: str, who: str) -> bool:
        """Count a request of ``kind`` by ``who`` and return True; what is too many is not counted."""
        limit = self._limits.get(kind)
        return limit is None or not self._counts.take(f"{kind}:{who}", limit, time.time())

    def check_sign_in(self) -> None:
        """Refuse who sent too many wrong passwords or keys with requests; raises ``TooManyRequests``."""
        name, limit = self._wrong()
        wait = self._counts.look(name, limit, time.time()) if limit else 0
        if wait:
            raise TooManyRequests(retry_after=wait)

    def note_wrong(self) -> None:
        """Count a password or key that came with a request and was wrong."""
        name, limit = self._wrong()
        if limit:
            self._counts.take(name, limit, time.time())

    def _wrong(self) -> tuple[str, int]:
        """Return what a wrong password or key counts as, and its limit; 0 without one, or when nothing was sent.

        A key cannot be guessed: a program whose key has ended may ask longer before others at its address suffer.
        """
        sent = request.headers.get("Authorization", "")[:6].lower()
        kind = "sign_in" if sent == "basic " else "api"
        return f"wrong:{kind}:{address_of(request.remote_addr)}", self._limits.get(kind, 0) if sent else 0

    def _take(self, name: str, limit: int) -> None:
        wait = self._counts.take(name, limit, time.time())
        if wait:
            raise TooManyRequests(retry_after=wait)


def _who() -> str:
    key, account = g.get("key"), g.get("account_id")
    if key is not None:
        return f"key:{key.id}"
    return f"account:{account}" if account is not None else address_of(request.remote_addr)


def init_before_accounts(app: Flask, settings: Settings) -> None:
    """Stand before accounts are loaded: checking a password is the costliest thing that a request can ask for."""
    if not settings.rate_limits:
        return
    limits = app.extensions["limits"] = Limits(app, settings)
    app.before_request(limits.check_sign_in)

    @app.after_request
    def _note(response: Response) -> Response:
        if response.status_code == 401:
            limits.note_wrong()
        return response


def init_app(app: Flask, settings: Settings) -> None:
    """Count every request once it is known who asks; before any page is made or taken from memory."""
    if settings.rate_limits:
        limits: Limits = app.extensions["limits"]
        app.before_request(limits.check)
