"""Every page in every language: no policy violation, no foreign request, no sideways scroll."""

import pytest

from tests.support.shown_pages import LANGUAGES, PAGES, path_of


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page_obeys_the_policy_in_every_language(visit, codes, name, lang):
    made = visit()
    page = made.open(path_of(name, lang, codes))

    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    expected = ["404"] if name == "not found" else []
    unexpected = [message for message in made.errors if not any(code in message for code in expected)]
    assert unexpected == []
    assert made.outgoing == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_no_page_is_wider_than_a_phone(visit, codes, lang):
    made = visit(width=360)
    wide = {}
    for name in PAGES:
        page = made.open(path_of(name, lang, codes))
        wide[name] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert {name: pixels for name, pixels in wide.items() if pixels > 0} == {}
