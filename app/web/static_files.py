"""Static files and compression: WhiteNoise before the application, brotli for what it answers itself."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from wsgiref.headers import Headers

    from app.settings import Settings

YEAR_S = 365 * 24 * 3600
PINNED = ("/static/vendor/", "/static/fonts/")
"""Folders whose files never change under the same name and version."""


def _headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; sandbox"
    if url.endswith((".js", ".mjs")):  # a worker takes the policy of its own script
        headers["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; connect-src 'self'"


@lru_cache(maxsize=512)
def _version(path: Path, changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def init_app(app: Flask, settings: Settings) -> None:
    """Serve static files with their compressed forms; their addresses carry the version of their content."""
    root = Path(app.static_folder or "")
    served = settings.static_dir if settings.static_dir and settings.static_dir.is_dir() else root
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(served),
        prefix="static/",
        allow_all_origins=False,
        max_age=600,
        immutable_file_test=lambda path, url: url.startswith(PINNED),
        add_headers_function=_headers,
    )
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=1,  # of gzip, which programs ask for: a third of the time of level 6, a quarter more bytes
        COMPRESS_MIN_SIZE=600,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/csv",
            "text/plain",
            "text/javascript",
            "application/json",
            "application/geo+json",
            "application/problem+json",
            "application/vnd.oai.openapi+json",
            "application/schema+json",
            "image/svg+xml",
        ],
    )
    Compress(app)

    @app.url_defaults
    def _with_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            path = root / values.get("filename", "")
            if path.is_file():
                values["v"] = _version(path, path.stat().st_mtime_ns)
