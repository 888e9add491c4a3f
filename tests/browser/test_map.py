"""The map in a browser: it draws, switches, links with the list, works by keyboard and without WebGL or a script."""

import brotli
import pytest

pytestmark = pytest.mark.browser

FULL_MAP_BYTES = 480 * 1024
DRAWN = "() => !!document.querySelector('.drawn.covered') && !document.querySelector('[aria-busy=true]')"


def poll(page, expression, tries=150):
    """Wait until ``expression`` is true; a strict policy forbids ``wait_for_function``."""
    for _ in range(tries):
        if page.evaluate(expression):
            return True
        page.wait_for_timeout(200)
    return False


def open_map(visit, path="/en/map", **options):
    made = visit(**options)
    made.page.goto(made.address + path)
    assert poll(made.page, DRAWN), made.errors
    return made


def colours(page):
    """How many different colours the map's canvas shows, read from a screenshot of it."""
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(page.locator(".canvas").screenshot())).convert("RGB")
    return len(picture.getcolors(maxcolors=1_000_000))


def test_the_map_draws_on_its_own_tiles_under_the_strict_policy(visit):
    sent = {}
    made = visit()
    made.page.on("response", lambda answer: sent.setdefault(answer.url, answer))
    made.page.goto(made.address + "/ky/map")

    assert poll(made.page, DRAWN)
    made.page.wait_for_timeout(1500)
    assert any("/tiles/schools/" in url for url in sent)
    assert made.page.locator(".gl canvas").count() == 1
    assert colours(made.page) > 100
    assert made.errors == []
    assert made.outgoing == []
    page_bytes = sum(
        len(brotli.compress(answer.body(), quality=9))
        for url, answer in sent.items()
        if "/tiles/" not in url and answer.status == 200 and not url.endswith((".woff2", ".png"))
    ) + sum(len(answer.body()) for url, answer in sent.items() if url.endswith((".woff2", ".png")))
    assert page_bytes <= FULL_MAP_BYTES


def test_a_switched_off_grade_leaves_map_list_and_address(visit):
    page = open_map(visit).page
    first = page.locator("tr[data-code] .grade").first.inner_text()
    before = page.locator(".side .hd .small").inner_text()

    page.locator(f"input[name=grade][value={first}]").uncheck()

    assert poll(page, "() => location.search.includes('grade=')")
    assert poll(page, DRAWN)
    assert page.locator(".side .hd .small").inner_text() != before
    assert first not in page.locator("tr[data-code] .grade").all_inner_texts()
    assert not page.locator(f"input[name=grade][value={first}]").is_checked()


def test_alt_arrows_walk_the_schools_and_neither_focus_nor_map_moves(visit):
    page = open_map(visit).page
    page.locator("select[name=show]").focus()
    before = page.evaluate("() => location.search")
    assert "at=" not in before

    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")

    second = page.locator("tr[data-code]").nth(1).get_attribute("data-code")
    assert poll(page, f"() => document.querySelector('.mapcard [data-code]')?.dataset.code === '{second}'")
    assert page.evaluate("() => document.activeElement.name") == "show"
    assert f"school={second}" in page.evaluate("() => location.search")
    assert "at=" not in page.evaluate("() => location.search")
    assert page.locator("tr.me").get_attribute("data-code") == second
    assert page.locator("[data-live]").inner_text()


def test_slash_finds_and_question_mark_helps(visit):
    page = open_map(visit).page

    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "map-q"
    page.keyboard.type("naryn")

    assert poll(page, "() => document.querySelectorAll('.found [role=option]').length > 0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert poll(page, "() => !document.querySelector('[data-card]').hidden")


def test_a_found_area_becomes_the_state_and_back_returns_to_the_school_before(visit):
    page = open_map(visit, "/ru/map").page
    whole = page.locator(".side .hd .small").inner_text()
    page.keyboard.press("Alt+ArrowDown")
    assert poll(page, "() => location.search.includes('school=')")
    before = page.evaluate("() => new URLSearchParams(location.search).get('school')")

    page.keyboard.press("/")
    page.keyboard.type("Узген")
    assert poll(page, "() => document.querySelectorAll('.found [role=option]').length > 0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert poll(page, "() => location.search.includes('area=') && !location.search.includes('school=')")
    assert poll(page, "() => document.querySelector('.mapcard [data-kind=area]')")
    assert page.locator(".side .hd .small").inner_text() != whole
    page.go_back()
    back = (
        f"() => new URLSearchParams(location.search).get('school') === {before!r} && !location.search.includes('area=')"
    )
    assert poll(page, back), page.url
    assert poll(page, "() => document.querySelector('.mapcard:not([hidden]) [data-kind=school]')")
    assert poll(page, f"() => document.querySelector('.side .hd .small').innerText === {whole!r}")


def test_a_found_school_can_be_gone_back_from(visit):
    page = open_map(visit, "/ru/map?area=41704000000000").page
    page.keyboard.press("/")
    page.keyboard.type("школа")
    assert poll(
        page,
        "() => [...document.querySelectorAll('.found [role=option]')].some((row) => /\\d{5}/.test(row.textContent))",
    )
    page.locator(".found [role=option]").last.click()
    assert poll(page, "() => location.search.includes('school=')")

    page.go_back()

    assert poll(page, "() => location.search.includes('area=') && !location.search.includes('school=')")
    assert poll(page, "() => document.querySelector('[data-card]').hidden")


def test_the_address_brings_everything_back(visit):
    made = open_map(visit, "/ru/map?grade=E&show=priority&by=1&at=76.0,41.4,8")

    page = made.page

    assert page.locator("select[name=show]").input_value() == "priority"
    assert page.locator("select[name=by]").input_value() == "1"
    assert page.locator("input[name=grade]:checked").count() == 1
    assert page.evaluate("() => document.documentElement.lang") == "ru"


def test_back_returns_to_the_filter_before(visit):
    page = open_map(visit).page
    page.locator("select[name=show]").select_option("coverage")
    assert poll(page, "() => location.search.includes('show=coverage')")
    title = page.locator("h1").inner_text()

    page.go_back()

    assert poll(page, "() => !location.search.includes('show=')")
    assert poll(page, f"() => document.querySelector('h1').textContent !== {title!r}")


def test_a_phone_has_a_sheet_of_three_heights_and_no_sideways_scroll(visit):
    page = open_map(visit, "/ky/map", width=360, height=740, has_touch=True).page
    heights = []

    for _ in range(3):
        heights.append(page.locator(".sheet").bounding_box()["height"])
        page.locator("[data-action=sheet]").click()

    assert heights == sorted(heights)
    assert len(set(heights)) == 3
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_without_webgl_leaflet_draws_the_same_schools(playwright_driver, address):
    from tests.support.browser import ARGUMENTS, CHROMIUM

    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, "--disable-3d-apis"])
    try:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        errors = []
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.goto(f"{address}/en/map?grade=E")

        assert poll(page, DRAWN)
        assert page.locator(".leaf .leaflet-interactive").count() > 20
        marks = page.locator(".leaf .mark.g-E").count()
        assert marks > 0
        assert page.locator(".leaf .mark").count() == marks
        assert page.locator("[data-note]").is_visible()
        lake = page.locator(".leaf .base-lake").first.bounding_box()
        assert lake["width"] > 5
        names = page.locator(".leaf .name").all_inner_texts()
        assert {"Issyk-Kul", "Naryn oblast"} <= set(names)
        page.goto(f"{address}/en/map?area=41704000000000")
        assert poll(page, DRAWN)
        page.locator(".zoom button").first.click()
        page.wait_for_timeout(600)
        boxes = [one.bounding_box() for one in page.locator(".leaf .name.place span").all()]
        assert boxes, "settlements have names when one looks closer"
        assert errors == []
    finally:
        browser.close()


def test_without_a_script_map_and_table_are_there_and_areas_are_links(visit):
    made = visit(java_script_enabled=False)
    page = made.open("/en/map")

    assert page.locator(".svgmap path.u").count() > 20
    assert page.locator("tr[data-code]").count() == 50
    assert page.locator("button.nojs").is_visible()
    page.goto(made.address + page.locator(".svgmap a[href*='area=']").first.get_attribute("href"))
    assert page.locator(".svgmap .own").count() == 1
    assert made.outgoing == []
