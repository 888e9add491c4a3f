"""The shaded level in a browser: cities without units below them are shaded, and the legend counts what is shown."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.browser.test_map import DRAWN, open_map, poll

pytestmark = pytest.mark.browser

BISHKEK, KARAKOL, OSH_CITY = "41711000000000", "41702410000010", "41721000000000"
COUNTS = """() => Object.fromEntries([...document.querySelectorAll(".legend input[name=shade]")].map(
  (box) => [box.value, Number(box.closest("label").querySelector(".num").textContent)]))"""
SHADES = """() => [1, 2, 3, 4, 5].map(
  (n) => getComputedStyle(document.documentElement).getPropertyValue(`--m${n}`).trim())"""


def middle_of(page):
    """The colours of the middle of the map, above the legend, as #rrggbb with the number of their pixels."""
    picture = Image.open(BytesIO(page.locator(".canvas").screenshot())).convert("RGB")
    middle, height = picture.width // 2, picture.height // 2
    found = picture.crop((middle - 60, height - 90, middle + 60, height - 10)).getcolors(maxcolors=100_000)
    return {f"#{bytes(colour).hex()}": number for number, colour in found}


@pytest.mark.parametrize(("area", "counted"), [(BISHKEK, 4), (KARAKOL, 1), (OSH_CITY, 1)])
def test_a_city_without_aiyl_aimaks_is_shaded_or_hatched_and_counted(visit, area, counted):
    page = open_map(visit, f"/ky/map?area={area}&grade=unknown").page
    page.wait_for_timeout(1500)

    counts, found = page.evaluate(COUNTS), middle_of(page)
    assert sum(counts.values()) == counted
    if counts["0"] == 0:
        assert max(found, key=found.get) in page.evaluate(SHADES)
    else:
        assert len(found) > 50, "shaded or hatched, never blank"


def test_legend_and_headline_count_the_level_that_the_zoom_shows(visit):
    page = open_map(visit, "/en/map?at=74.6,42.87,6").page
    rayons = re.search(r"of (\d+) areas", page.locator("h1").inner_text())[1]

    page.goto(page.url.replace("42.87,6", "42.87,7.9"))
    assert poll(page, "() => !!document.querySelector('.drawn.covered')")
    page.locator("[data-action=zoom-in]").click()

    assert poll(page, f"() => !document.querySelector('h1').textContent.includes('of {rayons} areas')")
    aimaks = re.search(r"of (\d+) areas", page.locator("h1").inner_text())[1]
    assert int(aimaks) > int(rayons)
    assert page.locator(".found").count() == 1, "the rail was not built twice"


def test_a_raster_hazard_is_seen_on_the_map_and_its_classes_go_with_their_boxes(visit):
    made = open_map(visit, "/en/map?layers=demo_pga_475&grade=A")
    page = made.page
    page.wait_for_timeout(1500)
    assert "picture.png" in "".join(
        page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    )
    coloured = middle_of(page)

    for box in page.locator("input[name=hz]").all():
        box.uncheck()
    assert poll(page, "() => location.search.includes('hz=demo_pga_475.none')")
    assert poll(page, "() => !document.querySelector('[aria-busy=true]')")
    page.wait_for_timeout(1500)

    assert reds(coloured) > 0.3
    assert reds(middle_of(page)) < 0.05
    assert made.errors == []


def reds(colours):
    """The share of pixels that are clearly more red than blue: shaking is drawn in reds, areas in violet."""
    rgb = {bytes.fromhex(colour[1:]): number for colour, number in colours.items()}
    return sum(number for colour, number in rgb.items() if colour[0] > colour[2] + 40) / sum(rgb.values())


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (360, 740)])
def test_the_legend_has_words_scrolls_to_its_last_line_and_can_be_closed(visit, width, height):
    page = open_map(visit, "/ky/map?layers=demo_flood,demo_pga_475", width=width, height=height).page
    if width < 500:
        assert "эң коркунучтуусу" in page.locator(".keyline").inner_text()
        page.locator("[data-action=sheet]").click()
    last = page.locator(".legend .hz .opt").last
    last.scroll_into_view_if_needed()
    legend, box = page.locator(".legend").bounding_box(), last.bounding_box()
    stage = page.locator(".stage").bounding_box()
    if width > 500:
        assert box["y"] + box["height"] <= legend["y"] + legend["height"] + 1
        assert legend["width"] * legend["height"] <= 0.34 * stage["width"] * stage["height"]

    page.locator(".legend summary").click()

    assert page.locator(".legend").bounding_box()["height"] < 60
    page.locator("select[name=show]").select_option("coverage", force=True)
    assert poll(page, "() => location.search.includes('show=coverage')")
    assert poll(page, DRAWN)
    assert page.locator(".legend").bounding_box()["height"] < 60, "it stays closed"
