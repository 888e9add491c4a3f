"""A phone without a network: answers and photos wait, outlive the browser, arrive once; who was overtaken decides."""

import threading
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from geodata.database import make_engine, set_scope
from tests.browser.test_revisions import looked_at
from tests.factories.assessing import make_assessed_place
from tests.support import database as test_database
from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.rights import EVERYTHING
from tests.support.web import make_app, make_settings

PASSWORD = "correct horse battery"
MORE = 30
"""Criteria of the domain that is answered without a network."""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """An application on a database of its own; returns its address, the school's code, and an engine of the owner."""
    made = test_database.create("mektep_test_browser_assess")
    engine = make_engine(made.url("mektep_web"))
    with Session(engine, expire_on_commit=False) as session:
        set_scope(session, "national", rights=EVERYTHING)
        place = make_assessed_place(session, password=PASSWORD, more=MORE)
        session.commit()
        code, names = place.rayons.own.code, (place.director.name, place.department.name)
    engine.dispose()
    app = make_app(make_settings(made, tmp_path_factory.mktemp("var")))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    owner = make_engine(made.url("mektep_owner"))
    yield f"http://127.0.0.1:{server.server_port}", code, names, owner
    owner.dispose()
    server.shutdown()
    thread.join()
    test_database.drop(made)


def sign_in(page, address, name, lang="en"):
    page.goto(f"{address}/{lang}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def begin(page, address, day, lang="en"):
    page.goto(f"{address}/{lang}/assess", wait_until="networkidle")
    page.fill("[name=assessed_on]", day)
    page.click("form.begin button.main")
    page.wait_for_load_state("networkidle")
    return page.url


def rows(owner, statement, **values):
    with owner.connect() as connection:
        return connection.execute(text(statement), values).all()


def photo(colour):
    out = BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.browser
def test_thirty_answers_and_two_photos_outlive_the_network_and_the_browser(playwright_driver, school, tmp_path):
    address, _, (director, _), owner = school
    options = {"executable_path": CHROMIUM, "args": list(ARGUMENTS), "viewport": {"width": 360, "height": 800}}
    context = playwright_driver.chromium.launch_persistent_context(tmp_path / "profile", **options)
    page = context.pages[0]
    sign_in(page, address, director)
    visit = begin(page, address, "2026-03-01")
    number = int(visit.rsplit("/", 1)[1])
    page.wait_for_selector("[data-module=assess][data-offline=yes]", state="attached")
    domain = f"{visit}/domains/MORE"

    context.set_offline(True)
    page.goto(domain)
    page.wait_for_selector("[data-module=assess][data-ready=yes]", state="attached")
    forms = page.locator("form[data-answer]")
    assert forms.count() == MORE
    for at in range(MORE):
        forms.nth(at).locator("button[value=fails]").click()
    for at, colour in enumerate(("red", "blue")):
        form = page.locator("form[data-evidence]").nth(at)
        form.evaluate("form => form.closest('details').open = true")
        form.locator("input[type=file]").set_input_files(photo(colour))
        form.locator("button").click()
    page.wait_for_function(
        "count => document.querySelector('[data-count]').textContent === String(count)", arg=MORE + 2
    )
    assert (
        rows(owner, "SELECT count(*) FROM answer WHERE assessment_id = :id AND state = 'fails'", id=number)[0][0] <= 1
    )
    context.close()

    with owner.begin() as connection:  # somebody else answers the first of them meanwhile
        connection.execute(
            text("""
                INSERT INTO answer (assessment_id, criterion_id, state, note, answered_at)
                SELECT :id, id, 'meets', 'seen by the department', now() FROM criterion WHERE code = 'MORE-01'
            """),
            {"id": number},
        )

    context = playwright_driver.chromium.launch_persistent_context(tmp_path / "profile", **options)
    page = context.pages[0]
    page.goto(domain)
    page.wait_for_selector("[data-module=assess][data-ready=yes]", state="attached")
    page.wait_for_selector("#a-MORE-01 [data-item]")
    page.wait_for_selector("[data-queue] [data-text=all]:not([hidden])")

    found = rows(
        owner,
        "SELECT criterion.code, answer.state, answer.version FROM answer JOIN criterion ON criterion.id = criterion_id "
        "WHERE assessment_id = :id AND criterion.code LIKE 'MORE-%' ORDER BY 1",
        id=number,
    )
    assert [tuple(row) for row in found] == [("MORE-01", "meets", 1)] + [
        (f"MORE-{at:02d}", "fails", 1) for at in range(2, MORE + 1)
    ]
    assert rows(
        owner, "SELECT count(*), count(DISTINCT sha256) FROM evidence WHERE assessment_id = :id", id=number
    ) == [(2, 2)]
    told = page.locator("#a-MORE-01 [data-item]").inner_text()
    assert "Meets" in told
    assert "Fails" in told
    assert "seen by the department" in told

    page.click("#a-MORE-01 [data-keep=mine]")
    page.wait_for_selector("#a-MORE-01 .st-fails")
    assert rows(
        owner,
        "SELECT state, version FROM answer JOIN criterion ON criterion.id = criterion_id "
        "WHERE assessment_id = :id AND code = 'MORE-01'",
        id=number,
    ) == [("fails", 2)]
    changes = rows(
        owner, "SELECT kind, count(*) FROM answer_change WHERE assessment_id = :id GROUP BY kind ORDER BY 1", id=number
    )
    assert [tuple(row) for row in changes] == [("answer", MORE), ("evidence", 2)]
    page.locator("form[data-sign-out] button").click()
    page.wait_for_load_state("networkidle")
    left = page.evaluate(
        "async () => [await caches.keys(), (await indexedDB.databases()).map((one) => one.name), "
        "(await navigator.serviceWorker.getRegistrations()).length]"
    )
    assert left == [[], [], 0]
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "width"), [("ky", 360), ("ru", 360), ("en", 1400)])
def test_every_page_of_assessing_is_for_everybody(browser, school, lang, width):
    address, code, (director, _), _ = school
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    sign_in(page, address, director, lang)
    seen = {}
    page.goto(f"{address}/{lang}/assess", wait_until="networkidle")
    seen["list"] = looked_at(page)
    visit = begin(page, address, f"2026-04-0{'kre'.index(lang[0]) + 1}", lang)
    seen["assessment"] = looked_at(page)
    for domain in ("STR", "LRN", "WSH"):
        page.goto(f"{visit}/domains/{domain}", wait_until="networkidle")
        for one in page.locator("main details").all():
            one.evaluate("details => details.open = true")
        seen[domain] = looked_at(page)
    page.locator("form[data-answer] button[value=meets]").first.click()
    page.wait_for_selector("[data-queue] [data-text=all]:not([hidden])")
    seen["answered"] = looked_at(page)
    page.goto(f"{visit}/readings", wait_until="networkidle")
    for name, value in (
        ("value", "250"), ("measured_at", "2026-01-15T10:00"), ("instrument", "lux meter 7"), ("room", "12"),
    ):  # fmt: skip
        page.fill(f"form.begin [name={name}]", value)
    page.locator("form.begin button").first.click()
    page.wait_for_load_state("networkidle")
    seen["readings"] = looked_at(page) + ([] if page.locator("tbody tr").count() == 1 else ["no reading"])
    page.goto(f"{address}/{lang}/schools/{code}/evidence", wait_until="networkidle")
    seen["evidence"] = looked_at(page)

    assert {name: against for name, against in seen.items() if against} == {}
    context.close()


@pytest.mark.browser
def test_a_page_that_was_never_opened_says_so_without_a_network(browser, school):
    address, _, (director, _), _ = school
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_in(page, address, director)
    begin(page, address, "2026-05-01")
    page.wait_for_selector("[data-module=assess][data-offline=yes]", state="attached")
    page.reload(wait_until="networkidle")

    context.set_offline(True)
    page.goto(f"{address}/en/assess/999999")

    assert "No network" in page.inner_text("h1")
    context.close()
