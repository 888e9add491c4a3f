"""The import wizard in a browser, by keyboard alone: file, columns, report, decision, way back; axe finds nothing."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.support import database as test_database
from tests.support.importing import NAME, PASSWORD, make_import_app

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")
FILE = (
    "Мектептин коду,Аталышы,Кеңдик,Узундук,Окуучулардын саны,Эскертүү\n"
    "S-1,Ак-Терек мектеби,42.81,74.61,300,\n"
    "S-2,Көк-Жар мектеби,42.82,74.62,көп,жаңы\n"
    "S-3,Өзгөн мектеби,74.63,42.83,280,\n"
).encode()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of an application with an operator and no schools."""
    database = test_database.create(f"mektep_wizard_browser_{os.getpid()}")
    app = make_import_app(database, tmp_path_factory.mktemp("var"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    app.extensions["engine"].dispose()
    test_database.drop(database)


@pytest.fixture(params=[360, 1400])
def page(browser, request):
    context = browser.new_context(viewport={"width": request.param, "height": 900}, bypass_csp=True)
    made = context.new_page()
    made.set_default_timeout(15_000)
    yield made
    context.close()


def press_on(page, selector, key="Enter"):
    """Move by Tab until what ``selector`` names has the focus, then press a key there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            page.keyboard.press(key)
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def press_and_go(page, selector):
    with page.expect_navigation():
        press_on(page, selector)


def write(page, selector, text):
    press_on(page, selector, "End")
    page.keyboard.type(text)


def faults(page):
    """Return what axe finds, and whether the page scrolls sideways."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found["violations"]]
    is_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{page.url}: {one}" for one in [*wrong, *(["scrolls sideways"] if is_wide else [])]]


def counts(page):
    return page.locator("dl.counts dd").all_inner_texts()


@pytest.mark.browser
def test_the_whole_way_by_keyboard(served, page):
    page.goto(f"{served}/ky/imports")
    write(page, "#sign-in-name", NAME)
    write(page, "#sign-in-password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    wrong = faults(page)
    page.locator("#f-file").set_input_files({"name": "мектептер.csv", "mimeType": "text/csv", "buffer": FILE})
    press_and_go(page, "form.import-form button.main")
    wrong += faults(page)
    assert page.locator("select option:checked").all_inner_texts()[:2] == ["мектептин коду", "кыргызча аталышы"]

    press_and_go(page, "main form button.main")
    wrong += faults(page)
    assert counts(page)[:5] == ["3", "1", "0", "0", "2"]
    told = page.locator("table.problems tbody tr").all_inner_texts()
    assert any("көп" in line and "Бул сан эмес." in line for line in told), told

    press_and_go(page, ".tabs a:nth-child(2)")
    wrong += faults(page)
    assert "S-1" in page.locator("table tbody").inner_text()

    press_and_go(page, ".decide form[action$='/commit'] button")
    wrong += faults(page)
    assert page.locator(".notice.good").count() == 1

    press_and_go(page, ".decide form[action$='/undo'] button")
    wrong += faults(page)
    assert page.locator("h1").inner_text().endswith("Кайтарылды")

    assert wrong == []
