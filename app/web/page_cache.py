"""Finished pages for visitors, kept as long as no change of the data was committed.

The key holds all that such a page depends on: host, address, day and the visible state of the data, asked anew by
every request, so a publication, an import or a withdrawal acts on the next request. Who brings a session or a key
gets a page of their own and leaves none here; so does every answer that sets a cookie. Programs and catalogues
change with the process only.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, Response, current_app, g, request, session

from app.web.request import current_scope, public_reader
from app.web.security import csp_nonce, has_key_in_header
from app.workflows.follow_parameters import follow
from geodata.queries.visible_state import tables_of, visible_state

if TYPE_CHECKING:
    from app.settings import Settings

KEPT = frozenset(
    {"home", "areas", "schools", "priorities", "survey", "map", "standard", "method", "data", "winter", "quality"}
    | {"parameters", "money", "plans", "measures", "school_money", "scenarios"}
)
"""Blueprints whose pages show what the database holds and nothing of who asks, but for the menu."""

LONGEST_QUERY = 500
"""Bytes of an address's filter; longer ones are nobody's second request."""


class Page(NamedTuple):
    """A finished page. ``nonce`` is the one written into it, which the next reader gets anew; None without one."""

    body: bytes
    nonce: str | None


class PageCache:
    """Pages of one visible state, the least used dropped beyond ``limit`` bytes; safe to share by threads."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size, self._state = limit, 0, ""
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = Lock()

    def get(self, state: str, key: str) -> Page | None:
        """Return the page, or None; pages of another state are forgotten."""
        with self._lock:
            if state != self._state:
                self._pages.clear()
                self._size, self._state = 0, state
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, state: str, key: str, page: Page) -> None:
        """Keep the page, unless another state has been seen since ``state`` was asked."""
        with self._lock:
            if state != self._state or key in self._pages or len(page.body) > self._limit:
                return
            self._pages[key] = page
            self._size += len(page.body)
            while self._size > self._limit:
                self._size -= len(self._pages.popitem(last=False)[1].body)


def _is_for_everybody() -> bool:
    """Return whether this is a visitor's request for a page, with nothing that could make its answer their own."""
    return (
        request.method == "GET"
        and request.blueprint in KEPT
        and getattr(g, "account_id", None) is None
        and current_scope() == "public"
        and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
        and not has_key_in_header()
        and len(request.query_string) <= LONGEST_QUERY
    )


def _key() -> str:
    query = request.query_string.decode("latin-1")
    return "\n".join((request.host_url, request.path, query, date.today().isoformat()))  # noqa: DTZ011  the server's day


def _answer(page: Page) -> Response:
    body = page.body
    if page.nonce is not None:
        body = body.replace(page.nonce.encode(), csp_nonce().encode())
    return Response(body, mimetype="text/html")


def init_app(app: Flask, settings: Settings) -> None:
    """Answer from the pages kept, after every door was passed; the last ``init_app``, so that all headers are new."""
    cache = PageCache(settings.page_cache_mb * 1_000_000)

    @app.before_request
    def _from_cache() -> Response | None:
        if not _is_for_everybody():
            return None
        state = visible_state(public_reader())
        if state is None:
            return None
        g.page_state = state
        follow(public_reader(), tables_of(state))
        page = cache.get(state, _key())
        return None if page is None else _answer(page)

    @app.after_request
    def _keep(response: Response) -> Response:
        state = g.get("page_state")
        is_page = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
        if state is None or not is_page or not _is_for_everybody() or session.modified:
            return response
        body = response.get_data()
        nonce = g.get("csp_nonce")
        shown_nonce = nonce if nonce is not None and nonce.encode() in body else None
        cache.put(state, _key(), Page(body, shown_nonce))
        if shown_nonce is None:  # a page that was not modified would keep its old nonce beside a new policy
            response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
            response.make_conditional(request)
        return response
