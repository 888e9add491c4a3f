"""The browser of every test that needs one: started once a test process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import playwright
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

CHROMIUM = "/usr/bin/chromium"
NODE = str(Path(playwright.__file__).parent / "driver/node")
"""What Playwright itself runs on: every machine that tests has it."""

ARGUMENTS = (
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser, whose files take longest: no process waits for another at the end."""
    items.sort(key=lambda item: "tests/browser/" not in item.nodeid)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright, started once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    made = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield made
    made.close()
