"""Two windows and two people at one record, in a real browser; every page of a change for axe and at 360 px."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from geodata.database import make_engine, set_scope
from tests.factories.officers import make_officer, make_two_rayons
from tests.support import database as test_database
from tests.support.rights import EVERYTHING
from tests.support.web import make_app, make_settings

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An application on a database of its own with two rayons and their officers; returns address, school, accounts."""
    made = test_database.create("mektep_test_browser_revisions")
    engine = make_engine(made.url("mektep_web"))
    with Session(engine, expire_on_commit=False) as session:
        set_scope(session, "national", rights=EVERYTHING)
        place = make_two_rayons(session)
        names = {
            "local_body": make_officer(session, "local_body", area=place.aimak, password=PASSWORD).name,
            "department": make_officer(session, "department", area=place.rayon, password=PASSWORD).name,
            "oblast": make_officer(session, "oblast", area=place.oblast, password=PASSWORD).name,
        }
        session.commit()
        code = place.own.code
    engine.dispose()
    server = make_server("127.0.0.1", 0, make_app(make_settings(made, tmp_path_factory.mktemp("var"))), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", code, names
    server.shutdown()
    thread.join()
    test_database.drop(made)


@pytest.fixture(autouse=True)
def forget_changes(office):
    """Begin each test without changes of the one before."""
    yield
    engine = create_engine(
        test_database.Database("mektep_test_browser_revisions", test_database.server()).url("mektep_owner")
    )
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM revision"))
    engine.dispose()


def enter(browser, office, who, lang="ky", width=1280):
    address, _, names = office
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    page.goto(f"{address}/{lang}/sign-in")
    page.fill("input[name=name]", names[who])
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")
    return page


def press(page, selector):
    page.click(selector)
    page.wait_for_load_state("networkidle")


def looked_at(page):
    """Return what axe and the width have against the page that is open."""
    page.evaluate(AXE)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found] + (["scrolls sideways"] if wide else [])


@pytest.mark.browser
def test_the_second_window_shows_both_versions_and_writes_nothing_before_a_choice(browser, office):
    address, code, _ = office
    first = enter(browser, office, "local_body", "en")
    second = first.context.new_page()
    for window in (first, second):
        window.goto(f"{address}/en/schools/{code}/edit")
    first.fill("[name=pupils]", "510")
    press(first, "button[value=save]")
    second.fill("[name=pupils]", "520")
    second.fill("[name=staff]", "40")
    press(second, "button[value=save]")

    cells = [cell.strip() for cell in second.locator("table.choose tbody tr").first.locator("td").all_inner_texts()]
    assert [cell.splitlines()[-1].strip().split()[-1] for cell in cells] == ["400", "510", "520"]
    press(second, "button[value=save]")  # nothing chosen: the browser does not send it
    assert second.locator("table.choose").count() == 1
    first.reload()
    assert "510" in first.inner_text("main")
    assert "520" not in first.inner_text("main")

    second.keyboard.press("Tab")
    second.locator("input[value=mine]").focus()
    second.keyboard.press("Space")
    second.locator("button[value=save]").focus()
    second.keyboard.press("Enter")
    second.wait_for_url("**/work/changes/*")
    shown = second.inner_text("main")
    assert "520" in shown
    assert "40" in shown
    first.context.close()


@pytest.mark.browser
def test_typing_takes_unknown_back_and_ticking_it_empties_the_value(browser, office):
    address, code, _ = office
    page = enter(browser, office, "local_body", "en")
    page.goto(f"{address}/en/schools/{code}/edit", wait_until="networkidle")
    assert page.is_checked("[name=unknown-staff]")

    page.fill("[name=staff]", "12")
    page.check("[name=unknown-pupils]")

    assert not page.is_checked("[name=unknown-staff]")
    assert page.input_value("[name=pupils]") == ""
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "width"), [("ky", 360), ("ru", 360), ("en", 1400)])
def test_every_page_of_a_change_is_for_everybody(browser, office, lang, width):
    address, code, _ = office
    seen = {}
    author = enter(browser, office, "local_body", lang, width)
    edit = f"{address}/{lang}/schools/{code}/edit"
    for name, path in (
        ("school", f"schools/{code}"),
        ("edit", f"schools/{code}/edit"),
        ("new", f"schools/{code}/buildings/new"),
    ):
        author.goto(f"{address}/{lang}/{path}", wait_until="networkidle")
        seen[name] = looked_at(author)
    other = author.context.new_page()
    for window in (author, other):
        window.goto(edit)
    author.fill("[name=pupils]", "-1")
    press(author, "button[value=submit]")
    seen["errors"] = looked_at(author)
    for name, value in (("pupils", "610"), ("source", "report 7"), ("dated", "2026-09-01"), ("reason", "counted")):
        author.fill(f"[name={name}]", value)
    press(author, "button[value=save]")
    seen["draft"] = looked_at(author)
    other.fill("[name=pupils]", "620")
    press(other, "button[value=save]")
    seen["choice"] = looked_at(other)
    press(author, "button[formaction$=submit]")
    officer = enter(browser, office, "department", lang, width)
    officer.goto(f"{address}/{lang}/work", wait_until="networkidle")
    seen["tasks"] = looked_at(officer)
    press(officer, "section table tbody a")
    seen["review"] = looked_at(officer)
    visitor = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    visitor.goto(f"{address}/{lang}/schools/{code}?date=2026-01-01", wait_until="networkidle")
    seen["past"] = looked_at(visitor)

    assert {name: against for name, against in seen.items() if against} == {}
    for page in (author, officer, visitor):
        page.context.close()
