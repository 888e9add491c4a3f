"""A running application with the demonstration country, and a browser that reports what it should not do."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text
from werkzeug.serving import make_server

from app.factory import create_app
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.database import Database


@dataclass
class Visit:
    """A page and what went wrong on it: messages of the console, policy violations, requests to elsewhere."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to ``path`` and wait for the network to be quiet."""
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page


@pytest.fixture(scope="session")
def address(demonstration: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running application on the demonstration data."""
    settings = Settings(
        web_url=demonstration.url("mektep_web"),
        worker_url=demonstration.url("mektep_worker"),
        secret_key="test " * 8,
        var_dir=tmp_path_factory.mktemp("browser-var"),
    )
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Make a visit: ``visit(width=360, java_script_enabled=False)``; options are those of a browser context."""
    contexts = []

    def make(width: int = 1400, height: int = 900, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        made = Visit(context.new_page(), address)
        made.page.on("console", lambda message: message.type == "error" and made.errors.append(message.text))
        made.page.on("pageerror", lambda error: made.errors.append(str(error)))
        made.page.on(
            "request",
            lambda request: (
                request.url.startswith(("http:", "https:", "ws:", "wss:"))
                and not request.url.startswith(address)
                and made.outgoing.append(request.url)
            ),
        )
        return made

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def codes(demonstration: Database) -> dict[str, str]:
    """Codes of places and of the run that the pages of ``tests.support.shown_pages`` name."""
    engine = create_engine(demonstration.url("mektep_owner"))
    with engine.connect() as connection:
        one = connection.scalar
        found = {
            "rayon": one(text("SELECT code FROM area WHERE level = 2 AND kind = 'rayon' ORDER BY code LIMIT 1")),
            "aimak": one(text("SELECT code FROM area WHERE level = 3 AND valid_to IS NULL ORDER BY code LIMIT 1")),
            "former": one(text("SELECT code FROM area WHERE level = 3 AND valid_to IS NOT NULL ORDER BY code LIMIT 1")),
            "school": one(
                text("""
                    SELECT school.code FROM school JOIN school_result ON school_result.school_id = school.id
                    ORDER BY national_rank LIMIT 1
                """)
            ),
            "run": one(text("SELECT hash FROM run WHERE is_published ORDER BY id DESC LIMIT 1")),
        }
    engine.dispose()
    return found
