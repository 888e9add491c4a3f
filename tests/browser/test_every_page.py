"""Every page in Kyrgyz: nothing for axe, dark where the system is dark, dense on paper."""

import re
from pathlib import Path

import pytest

from tests.support.shown_pages import PAGES, path_of

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", PAGES)
def test_kyrgyz_page_is_accessible_and_keeps_to_itself(visit, codes, name, width):
    made = visit(width=width, bypass_csp=True)
    page = made.open(path_of(name, "ky", codes))

    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")

    violations = [f"{row['id']}: {node['html'][:160]}" for row in found["violations"] for node in row["nodes"][:3]]
    assert violations == []
    assert made.outgoing == []
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0


@pytest.mark.browser
def test_kyrgyz_page_is_dark_where_the_system_is_dark_and_still_legible(visit, codes):
    made = visit(bypass_csp=True, color_scheme="dark")
    page = made.open(path_of("list", "ky", codes))

    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})")

    assert [node["html"][:160] for row in found["violations"] for node in row["nodes"][:5]] == []


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
