"""Fakes of KoBoToolbox and ODK Central on this machine, which speak as much of the real formats as is asked for."""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.support.field_forms import kobo_page, odk_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN, ACCOUNT = "a-token-of-tests", "reader@example.org:password-of-tests"
UID, FORM = "aBcDeFgHiJkLmN", "7/mektep_2026_proposal"
LARGEST_PAGE = 2


@dataclass
class Fake:
    """A server: what it holds, what it was asked, and what it answers in place of its data (status, headers, body)."""

    origin: str = ""
    results: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    instead: Callable[[str], tuple[int, dict[str, str], bytes] | None] = lambda _: None
    following: Callable[[str], str] = lambda address: address

    def answer(self, path: str, authorization: str | None) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of one request."""
        self.asked.append(path)
        told = self.instead(path)
        if told is not None:
            return told
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == f"/api/v2/assets/{UID}/data.json":
            return self._kobo(query, authorization)
        if parts.path in self.files:
            return 200, {"Content-Type": "image/jpeg"}, self.files[parts.path]
        project, form = FORM.split("/")
        if parts.path == f"/v1/projects/{project}/forms/{form}.svc/Submissions":
            return self._odk(query, authorization)
        return 404, {}, b'{"detail": "Not found."}'

    def _kobo(self, query: dict[str, str], authorization: str | None) -> tuple[int, dict[str, str], bytes]:
        if authorization != f"Token {TOKEN}":
            return 401, {}, b'{"detail":"Invalid token."}'
        start = int(query.get("start", 0))
        size = min(int(query.get("limit", 100)), LARGEST_PAGE)
        after = start + size
        more = f"{self.origin}/api/v2/assets/{UID}/data.json?limit={size}&start={after}"
        following = self.following(more) if after < len(self.results) else None
        return (
            200,
            {"Content-Type": "application/json"},
            kobo_page(self.results[start:after], following, len(self.results)),
        )

    def _odk(self, query: dict[str, str], authorization: str | None) -> tuple[int, dict[str, str], bytes]:
        if authorization != f"Basic {base64.b64encode(ACCOUNT.encode()).decode()}":
            return 401, {}, b'{"message":"Could not authenticate with the provided credentials."}'
        if query.get("$expand") != "*":
            return 400, {}, json.dumps({"message": "repeats were not asked for"}).encode()
        skip = int(query.get("$skip", query.get("$skiptoken", "0")))
        size = min(int(query.get("$top", 100)), LARGEST_PAGE)
        project, form = FORM.split("/")
        base = f"{self.origin}/v1/projects/{project}/forms/{form}.svc/Submissions"
        more = f"{base}?%24top={size}&%24expand=%2A&%24skiptoken={skip + size}"
        following = self.following(more) if skip + size < len(self.results) else None
        return 200, {"Content-Type": "application/json"}, odk_page(self.results[skip : skip + size], following)


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Serve ``fake`` at an address of this machine within the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = fake.answer(self.path, self.headers.get("Authorization"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
