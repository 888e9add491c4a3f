"""The workbench by keyboard: the list follows a weight at once, says who moved, and is the server's own list."""

import pytest

ROWS = """
    [...document.querySelectorAll('#bench-rows tr')].map(row => [
        row.querySelector('th a').getAttribute('href'), row.cells[0].innerText.trim(), row.cells[1].innerText.trim(),
        row.cells[4].innerText.trim(),
    ])
"""
WEIGHTS = "[...document.querySelectorAll('#bench-weights .pair input[type=text]')].map(field => field.value)"


@pytest.mark.browser
def test_a_weight_moved_by_keyboard_gives_the_servers_list_and_can_be_undone(visit):
    made = visit(width=1400)
    page = made.open("/en/priorities/workbench")
    page.wait_for_selector(".bench[data-ready]")
    rows, weights = page.evaluate(ROWS), page.evaluate(WEIGHTS)

    page.locator("input[type=range]").first.focus()
    for _ in range(80):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector("#bench-said:has-text('have moved')")

    moved = page.evaluate(ROWS)
    assert moved != rows
    assert sum(round(1000 * float(weight)) for weight in page.evaluate(WEIGHTS)) == 1000
    took = page.evaluate("performance.getEntriesByName('rerank').map(entry => entry.duration).sort((a, b) => a - b)")
    assert took[len(took) // 2] < 100, "ms, the middle one of all moves"
    address = page.url
    while page.locator("#bench-undo").is_enabled():
        page.locator("#bench-undo").click()
    assert (page.evaluate(ROWS), page.evaluate(WEIGHTS)) == (rows, weights)
    plain = visit(width=1400, java_script_enabled=False).open(address[address.index("/en/") :])
    hrefs = [link.get_attribute("href") for link in plain.locator("#bench-rows th a").all()]
    assert hrefs == [row[0] for row in moved], "without JavaScript the address gives the same list"
    assert made.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_who_moves_stays_in_sight_on_a_phone_while_a_weight_is_moved(visit, language):
    page = visit(width=360).open(f"/{language}/priorities/workbench")
    page.wait_for_selector(".bench[data-ready]")
    last = page.locator("input[type=range]").last
    last.scroll_into_view_if_needed()
    last.focus()
    before = page.locator("#bench-said").inner_text()

    for _ in range(60):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector("#bench-said p >> nth=1")

    said, slider = page.locator("#bench-said"), last.bounding_box()
    box = said.bounding_box()
    assert said.inner_text() != before
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= slider["y"], "the sentences do not cover the weight that is moved"
    assert box["height"] < 200, "most of the screen is left for the weights"
