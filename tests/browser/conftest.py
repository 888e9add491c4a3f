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
from app.workflows.run_scenario import run_past_event
from geodata.queries import scenarios
from tests.support.accounts import PASSWORD, at_the_command_line, make_account
from tests.support.database import ROOT, alone
from tests.support.demo import DEMONSTRATION

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
    var_dir = tmp_path_factory.mktemp("browser-var")
    (var_dir / "geodata").symlink_to(ROOT / "var/tests/geodata")  # where the demonstration keeps its rasters
    settings = Settings(
        web_url=demonstration.url("mektep_web"),
        worker_url=demonstration.url("mektep_worker"),
        secret_key="test " * 8,
        var_dir=var_dir,
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
def signed_in(
    browser: Browser, demonstration: Database, address: str, codes: dict[str, str]
) -> Callable[[str], dict[str, Any]]:
    """Sign somebody of a role in, once a session, and return the cookies; a department is that of the school."""
    known: dict[str, dict[str, Any]] = {}

    def state(role: str) -> dict[str, Any]:
        if role not in known:
            name = make_account(
                demonstration, role, codes["rayon of the school"] if role == "department" else None, is_synthetic=True
            )
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{address}/en/sign-in")
            page.fill("#sign-in-name", name)
            page.fill("#sign-in-password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "sign-in" not in url)
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return state


@pytest.fixture(scope="session")
def codes(demonstration: Database) -> dict[str, str]:
    """Codes of places and of the run that the pages of ``tests.support.shown_pages`` name."""
    account = make_account(demonstration, "auditor", is_synthetic=True)
    with alone(DEMONSTRATION), at_the_command_line(demonstration) as session:  # the database is kept, and shared
        if scenarios.find_scenario(session, "suusamyr-1992") is None:
            run_past_event(session, "suusamyr-1992", publish=True)
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
            "account": str(one(text("SELECT id FROM account WHERE name = :name"), {"name": account})),
        }
        school = {"code": found["school"]}
        found["building"] = one(
            text("""
            SELECT building.code FROM building JOIN school ON school.id = building.school_id
            WHERE school.code = :code ORDER BY building.code LIMIT 1
        """),
            school,
        )
        found["visit"] = str(one(text("""
            SELECT visit.id FROM assessment AS visit JOIN school ON school.id = visit.school_id
            WHERE school.code = :code ORDER BY visit.id LIMIT 1
        """), school))  # fmt: skip
        found["rayon of the school"] = one(text("""
            SELECT area.code FROM school JOIN school_area AS place ON place.school_id = school.id
            JOIN area ON area.id = place.area_id
            WHERE school.code = :code AND place.level = 2 AND area.valid_to IS NULL LIMIT 1
        """), school)  # fmt: skip
    engine.dispose()
    return found
