"""Addresses of pages, worked out once: a page holds some eighty, and the same ones return on the next.

Kept are addresses whose values are plain text; they depend on nothing but the routes, the language and the folder
that the application is served from. Everything else goes to Flask.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request
from flask import url_for as work_out

from app.web.language import current_language

MOST_ADDRESSES = 10_000
"""The pages of some thousand schools with what they lead to; 3 MB."""


def address_of(endpoint: str, /, **values: Any) -> str:
    """Return the address as ``flask.url_for`` gives it in this request."""
    is_kept = endpoint != "static" and not endpoint.startswith(".")  # a file's version may change
    for name, value in values.items():
        if type(value) is not str or name.startswith("_"):
            is_kept = False
    if not is_kept:
        return work_out(endpoint, **values)
    found: str = current_app.extensions["addresses"](
        current_language(), request.script_root, endpoint, tuple(values.items())
    )
    return found


def init_app(app: Flask) -> None:
    """Give templates ``url_for`` by this way."""

    @lru_cache(maxsize=MOST_ADDRESSES)
    def kept(language: str, root: str, endpoint: str, values: tuple[tuple[str, str], ...]) -> str:
        named: dict[str, Any] = dict(values)
        return work_out(endpoint, **named)

    app.extensions["addresses"] = kept
    app.jinja_env.globals["url_for"] = address_of
