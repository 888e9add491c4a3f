"""Every page in Russian and English on a phone: no policy violation, no foreign request, no sideways scroll.

What holds in Kyrgyz, and for axe, is asked in ``test_every_page.py``.
"""

import pytest

from tests.support.shown_pages import PAGES, path_of


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_obeys_the_policy_and_fits_a_phone_in_the_other_languages(visit, codes, name, lang):
    made = visit(width=360)
    page = made.open(path_of(name, lang, codes))

    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    expected = ["404"] if name == "not found" else []
    assert [message for message in made.errors if not any(code in message for code in expected)] == []
    assert made.outgoing == []
