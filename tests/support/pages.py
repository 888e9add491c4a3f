"""PageClient: fetch a page as a reader would, and refuse what no page of ours may have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import html5lib

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

BRAND = {"ky": "Коопсуз мектеп", "ru": "Безопасная школа", "en": "Safe School"}
XHTML = "{http://www.w3.org/1999/xhtml}"
EVENT_ATTRIBUTE = re.compile(r"on[a-z]+")


@dataclass(frozen=True)
class Page:
    """One parsed page. ``tree`` is html5lib's, without namespaces."""

    address: str
    status: int
    html: str
    tree: Element

    @property
    def text(self) -> str:
        """All text of ``<main>``, spaces single."""
        main = self.tree.find(".//main")
        assert main is not None, f"{self.address}: no main"
        return " ".join("".join(main.itertext()).split())

    @property
    def title(self) -> str:
        """The text of ``<title>``."""
        return " ".join((self.tree.findtext(".//title") or "").split())

    @property
    def heading(self) -> str:
        """The text of the only h1."""
        found = self.tree.find(".//h1")
        assert found is not None, f"{self.address}: no h1"
        return " ".join("".join(found.itertext()).split())

    def all(self, path: str) -> list[Element]:
        """Return the elements of an ElementTree path."""
        return self.tree.findall(path)

    def links(self) -> list[str]:
        """Return every address in ``<main>``."""
        return [element.attrib["href"] for element in self.tree.findall(".//main//a[@href]")]

    def rows(self) -> list[list[str]]:
        """Return the cells of every body row of every table, as text."""
        return [
            [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th")]
            for row in self.tree.findall(".//tbody/tr")
        ]


class PageClient:
    """Fetches pages of an application and checks each one that it returns."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, address: str, *, status: int = 200, **options: Any) -> Page:
        """Return the page at ``address``; the answer must have ``status`` and pass every check."""
        response = self.client.get(address, **options)
        assert response.status_code == status, f"{address}: {response.status_code}\n{response.text[:2000]}"
        return check(address, response)


def check(address: str, response: TestResponse) -> Page:
    """Parse the answer strictly and check what holds for every page of ours."""
    html = response.get_data(as_text=True)
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    page = Page(address, response.status_code, html, tree)
    language = address.split("/")[1][:2]
    if language in BRAND:
        assert tree.attrib.get("lang") == language, f"{address}: lang is {tree.attrib.get('lang')}"
        assert page.title.endswith(BRAND[language]), f"{address}: title {page.title!r}"
    assert len(tree.findall(".//h1")) == 1, f"{address}: not one h1"
    assert page.title.startswith(page.heading), f"{address}: {page.title!r} does not start with {page.heading!r}"
    for problem in problems(tree):
        raise AssertionError(f"{address}: {problem}")
    return page


def problems(tree: Element) -> Iterator[str]:
    """Yield what breaks the rules: ids, captions, labels, inline script and style."""
    ids: set[str] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.attrib.get("id")
        if name is not None and name in ids:
            yield f"id {name!r} twice"
        ids.add(name or "")
        if "style" in element.attrib or element.tag == "style":
            yield f"inline style on {element.tag}"
        if any(EVENT_ATTRIBUTE.fullmatch(attribute) for attribute in element.attrib):
            yield f"inline script on {element.tag}"
        if element.tag == "script" and not element.attrib.get("src") and "nonce" not in element.attrib:
            yield "inline script"
        if element.tag == "table" and element.find("caption") is None:
            yield "table without caption"
        source = element.attrib.get("src", "") if element.tag != "a" else ""
        if source.startswith(("http://", "https://", "//")):
            yield f"foreign address {source!r}"
    labels = {label.attrib.get("for") for label in tree.iter("label")}
    inside = {id(child) for label in tree.iter("label") for child in label.iter()}
    for control in (*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")):
        is_named = control.attrib.get("id") in labels or id(control) in inside or "aria-label" in control.attrib
        if control.attrib.get("type") not in ("hidden", "submit") and not is_named:
            yield f"{control.tag} {control.attrib.get('name')!r} without label"
