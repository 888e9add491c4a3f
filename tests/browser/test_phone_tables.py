"""Tables of many columns on a phone: each number in sight with its name, nothing behind the edge of the screen."""

import pytest

HIDDEN = "found => found.filter(one => one.scrollWidth > one.clientWidth).map(one => one.getAttribute('aria-label'))"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("path", ["money/queues", "money/queues?queue=design", "method/priors"])
def test_no_column_lies_behind_the_edge_of_a_phone(visit, language, path):
    page = visit(width=360).open(f"/{language}/{path}")

    assert page.locator("main .stack, main p").count() > 0
    assert page.locator(".tw").evaluate_all(HIDDEN) == []
