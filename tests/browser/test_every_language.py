"""Every page in every language, the longer ones on a phone: no policy violation, foreign request or sideways scroll."""

import pytest

from tests.support.shown_pages import PAGES, path_of


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "width"), [("ky", 1400), ("ru", 360), ("en", 360)])
@pytest.mark.parametrize("name", PAGES)
def test_page_obeys_the_policy_and_fits_its_screen(visit, codes, name, lang, width):
    made = visit(width=width)
    page = made.open(path_of(name, lang, codes))

    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expected = ["404"] if name == "not found" else []
    assert [message for message in made.errors if not any(code in message for code in expected)] == []
    assert made.outgoing == []
