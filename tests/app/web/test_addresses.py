"""Addresses that are kept are those that Flask works out."""

import pytest
from flask import url_for

from app.web.addresses import address_of

ASKED = {
    "text": ("schools.school", {"code": "№ 7/ä"}),
    "filter": ("priorities.index", {"area": "KG-C", "q": "a&b"}),
    "numbers and lists": ("priorities.index", {"offset": 50, "grade": ["D", "E"]}),
    "true is not one": ("priorities.index", {"desc": True}),
    "whole address": ("schools.school", {"code": "7", "_external": True}),
    "other language": ("schools.school", {"code": "7", "lang": "en"}),
    "static file": ("static", {"filename": "icons.svg"}),
}


@pytest.mark.parametrize(("endpoint", "values"), ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("root", ["", "/map"])
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_address_is_that_of_flask_in_each_language_and_folder_first_and_again(app, endpoint, values, root, language):
    with app.test_request_context(f"/{language}/", base_url=f"http://localhost{root}/"):
        expected = url_for(endpoint, **values)
        found = [address_of(endpoint, **values) for _ in range(2)]

    assert found == [expected, expected]


def test_page_with_values_that_differ_only_by_kind_is_not_mixed_up(app):
    with app.test_request_context("/ky/"):
        found = [address_of("priorities.index", desc=value) for value in ("1", 1, True)]

    assert found == ["/ky/priorities?desc=1", "/ky/priorities?desc=1", "/ky/priorities?desc=True"]
