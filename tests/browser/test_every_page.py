"""Every page in every language: nothing for axe, the policy obeyed, nothing from elsewhere, no sideways scroll.

A page is opened three times: in Kyrgyz on a screen, which is then narrowed to a phone, and in the longer languages on
the phone. Axe is evaluated past the policy of content, which itself stays in force.
"""

import re
from pathlib import Path

import pytest

from tests.support.shown_pages import PAGES, STAFF_PAGES, path_of

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")
EXPECTED = {"not found": "404"}
"""Part of the one message that the console may hold, by page."""


def _violations(page, options="{resultTypes: ['violations']}"):
    page.evaluate(f"window.axe || (() => {{ {AXE} }})()")
    found = page.evaluate(f"axe.run({options})")
    return [f"{row['id']}: {node['html'][:160]}" for row in found["violations"] for node in row["nodes"][:5]]


def _sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def _look(made, codes, name):
    for lang in ("ky", "ru", "en"):
        page = made.open(path_of(name, lang, codes))
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").count() == 1
        assert _sideways(page) <= 0, lang
        if lang == "ky":
            assert _violations(page) == [], "on a screen"
            page.set_viewport_size({"width": 360, "height": 800})
            assert _sideways(page) <= 0, "on a phone"
            assert _violations(page) == [], "on a phone"
        expected = EXPECTED.get(name)
        assert [message for message in made.errors if expected is None or expected not in message] == [], lang
        assert made.outgoing == [], lang


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_obeys_the_policy_and_fits_its_screen(visit, codes, name):
    _look(visit(width=1400), codes, name)


@pytest.mark.browser
@pytest.mark.parametrize("name", STAFF_PAGES)
def test_page_of_staff_is_accessible_obeys_the_policy_and_fits_its_screen(visit, signed_in, codes, name):
    role, _path = STAFF_PAGES[name]

    _look(visit(width=1400, storage_state=signed_in(role)), codes, name)


@pytest.mark.browser
def test_a_text_for_a_message_is_copied_by_the_keyboard(visit, signed_in, codes):
    made = visit(storage_state=signed_in("planner"), permissions=["clipboard-read", "clipboard-write"])
    page = made.open(path_of("call list of an event", "en", codes))
    button = page.locator("button[data-field=sms-2-ky]")

    button.focus()
    page.keyboard.press("Enter")

    page.locator("#sms-2-ky-status", has_text="Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#sms-2-ky").input_value()
    assert made.errors == []


@pytest.mark.browser
def test_kyrgyz_page_is_dark_where_the_system_is_dark_and_still_legible(visit, codes):
    page = visit(color_scheme="dark").open(path_of("list", "ky", codes))

    assert _violations(page, "{runOnly: ['color-contrast'], resultTypes: ['violations']}") == []


@pytest.mark.browser
@pytest.mark.parametrize(("name", "most_pages"), [("list", 2), ("rayon", 3), ("school", 3)])
def test_printed_page_is_dense_and_names_its_run(visit, codes, name, most_pages):
    made = visit()
    page = made.open(path_of(name, "ky", codes))

    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")

    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= most_pages
    assert page.locator(".foot .hash").inner_text() == codes["run"]
    assert not page.locator("nav.nav").is_visible()
    assert page.locator(".sample").first.is_visible()
