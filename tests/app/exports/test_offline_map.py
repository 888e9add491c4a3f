"""The offline map: opened from a file without a network it shows every school and asks nobody for anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from geoalchemy2 import WKTElement

from app.exports.exporter import find_exporter
from app.exports.formats import folium_map
from app.exports.formats.folium_map import RemoteAddressError, plain_text
from app.workflows.export_list import write_list
from geodata.models import BaseMapFeature
from geodata.records.priority import ListFilter
from tests.factories.listed_schools import HOSTILE_NAMES, make_listed_schools

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(session, tmp_path) -> Path:
    listed = make_listed_schools(session)
    made = tmp_path / "map.html"
    write_list(session, listed.run, ListFilter(), find_exporter("html"), "ky", made)
    return made


def test_a_file_names_its_language_run_and_mark_and_nothing_remote(path):
    html = path.read_text(encoding="utf-8")

    assert '<html lang="ky">' in html
    assert "ffffffffffff" in html
    assert "ойдон чыгарылган" in html
    assert not re.search(r"(src|href)\s*=\s*[\"']?https?:", html)
    assert "cdn" not in html
    assert "leafletjs.com" not in html
    assert "<img src=x" not in html
    assert "${alert" not in html


def test_lakes_and_rivers_of_the_area_are_under_the_schools_and_others_are_not(session, tmp_path):
    listed = make_listed_schools(session)
    around = {
        "Ысык-Көл": "POLYGON((76.2 42.3,76.8 42.3,76.8 42.7,76.2 42.7,76.2 42.3))",
        "Алыс": "POLYGON((70 40,70.1 40,70.1 40.1,70 40.1,70 40))",
    }
    for name, outline in around.items():
        session.add(BaseMapFeature(kind="lake", name_ky=name, name_en=None, geom=WKTElement(outline, srid=4326)))
    stream = WKTElement("LINESTRING(74.5 41.5,75.5 41.6)", srid=4326)
    session.add(BaseMapFeature(kind="river", name_ky="Нарын", geom=stream, min_zoom=8))
    session.flush()

    made = tmp_path / "oblast.html"
    write_list(session, listed.run, ListFilter(area=listed.oblast.code), find_exporter("html"), "ky", made)

    html = re.sub(r"\\u(0[0-9a-f]{3})", lambda found: chr(int(found[1], 16)), made.read_text(encoding="utf-8"))
    assert '"n": "Ысык-Көл", "w": "lake"' in html
    assert "[76.2, 42.3]" in html
    assert '"n": "Нарын", "w": "river"' in html
    assert "Алыс" not in html
    assert html.index('"w": "lake"') < html.index('"g": '), "drawn before the schools, so below them"


@pytest.mark.browser
def test_it_opens_without_a_network(path, browser):
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        requests, errors = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(path.as_uri())

        marks = page.evaluate("document.querySelectorAll('.grade-mark').length")
        areas = page.evaluate("document.querySelectorAll('path.leaflet-interactive').length")
        names = page.evaluate("[...document.querySelectorAll('.grade-mark')].map(mark => mark.title)")
        texts = []
        for number in range(marks):
            page.evaluate(f"document.querySelectorAll('.grade-mark')[{number}].click()")
            page.wait_for_selector(".leaflet-popup-content")
            texts.append(page.evaluate("[...document.querySelectorAll('.leaflet-popup-content')].at(-1).textContent"))
        areas_named = page.locator(".area-name").all_inner_texts()
        scale = page.locator(".leaflet-control-scale-line").inner_text()
        images = page.evaluate("document.querySelectorAll('.leaflet-popup-content img').length")

    assert marks == len(HOSTILE_NAMES) - 1, "one school has no known place"
    assert areas == 1
    assert len(areas_named) == 1
    assert areas_named[0]
    assert re.fullmatch(r"\d+\xa0(км|м)", scale)
    assert requests == [path.as_uri()]
    assert errors == []
    assert images == 0
    assert any("<img src=x onerror=alert(1)>" in text for text in texts)
    assert any(name.startswith("№ 1 Түштүк-Ысык-Көл ҢӨҮ") for name in names)
    assert any("Белгисиз" in text for text in texts)


def test_a_remote_address_stops_the_writing(session, tmp_path, monkeypatch):
    listed = make_listed_schools(session)
    real = folium_map._page
    monkeypatch.setattr(
        folium_map,
        "_page",
        lambda *given: real(*given).replace("</head>", '<script src="//cdn.example/x.js"></script></head>'),
    )

    with pytest.raises(RemoteAddressError, match=r"cdn\.example"):
        write_list(session, listed.run, ListFilter(), find_exporter("html"), "ky", tmp_path / "map.html")

    assert not (tmp_path / "map.html").exists()


def test_templates_in_names_are_made_harmless():
    assert plain_text("a`b${c}{{d}}{%e%}") == "a\u2019b$ {c}{ {d}}{ %e%}"
