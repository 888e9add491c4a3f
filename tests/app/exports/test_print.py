"""Printed files: tagged, in our own letters, and a hostile name stays a name."""

from __future__ import annotations

import re
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from app.exports.columns import KEYS
from app.exports.exporter import find_exporter
from app.exports.formats import pdf_list
from app.exports.formats.area_brief import qr_svg
from app.exports.reasons import largest_parts, reason
from app.exports.typeset import FONTS, LETTERS, printed
from app.i18n.catalogue import translator
from app.i18n.languages import CODES
from app.workflows.brief_area import brief_area
from app.workflows.export_list import write_list
from geodata.models import Area
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from tests.factories.areas import make_area
from tests.factories.listed_schools import make_listed_schools
from tests.factories.ranked_country import make_ranked_country

if TYPE_CHECKING:
    from pathlib import Path


def pdf_info(path: Path) -> dict[str, str]:
    text = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return {key: value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def pdf_text(path: Path) -> str:
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("language", CODES)
def test_the_list_is_tagged_and_says_all(session, tmp_path, language):
    listed = make_listed_schools(session)
    path = tmp_path / "list.pdf"

    write_list(session, listed.run, ListFilter(), find_exporter("pdf"), language, path)

    info, text = pdf_info(path), pdf_text(path)
    assert info["Tagged"] == "yes"
    assert info["Title"].startswith(listed.country.name_ky if language == "ky" else "")
    assert listed.run.hash[:16] in text
    assert "#panic(" in text, "a name is never evaluated"
    assert "00000011" in text
    assert translator(language)("Synthetic data for demonstration: no real school.") in text


def test_the_fonts_hold_every_letter_that_is_let_through():
    from fontTools.ttLib import TTFont

    for style in ("Regular", "Bold"):
        held = {chr(code) for code in TTFont(FONTS / f"NotoSans-{style}.ttf").getBestCmap()}
        assert sorted(LETTERS - held) == []
    assert set("ӨөҮүҢңЪъёЁ№«»–—…") <= LETTERS


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Ысык-Көл", "Ысык-Көл"), ("＝1", "=1"), ("学校", "??"), ("−5", "–5"), ("a\u200bb\tc", "ab c"), ("🏫", "?")],
)
def test_other_letters_are_replaced_by_their_nearest(text, shown):
    assert printed(text) == shown


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("level", ["country", "oblast", "rayon", "aimak", "former"])
def test_a_brief_is_two_tagged_pages_at_every_level(session, tmp_path, level, language):
    made = make_ranked_country(session)
    area: Area = getattr(made, level)
    path = tmp_path / "brief.pdf"

    path.write_bytes(brief_area(session, made.run, area, language, "https://example.kg/ky/areas/1"))

    info, text = pdf_info(path), pdf_text(path)
    assert info["Pages"] == "2"
    assert info["Tagged"] == "yes"
    assert "A4" in info["Page size"]
    assert made.run.hash[:16] in text
    assert "0000777001" in text
    assert "STR-02" in text
    assert "SEC-01" not in text, "restricted criteria are nobody's reading"
    if language == "ky":
        assert set("ңөү") <= set(text.lower())
        assert "Белгисиз" in text


def test_a_brief_of_long_names_still_has_two_pages(session, tmp_path):
    listed = make_listed_schools(session)
    for school in listed.schools:
        school.name_ky = f"{school.name_ky} " + "узун аталыштагы орто мектеп " * 5
    session.flush()
    path = tmp_path / "brief.pdf"

    path.write_bytes(brief_area(session, listed.run, listed.country, "ky", "https://example.kg/" + "x" * 200))

    assert pdf_info(path)["Pages"] == "2"


def test_a_brief_of_an_area_without_schools_says_so(session, tmp_path):
    made = make_ranked_country(session)
    empty = make_area(session, 3, parent=made.rayon, name_ky="Бош айыл аймагы")
    path = tmp_path / "brief.pdf"

    path.write_bytes(brief_area(session, made.run, empty, "en", "https://example.kg"))

    assert pdf_info(path)["Pages"] == "2"
    assert "The list holds no school of this area." in pdf_text(path)


def test_a_reason_names_failures_largest_known_parts_and_gaps(session):
    made = make_ranked_country(session)
    row = select_rows(session, made.run.id, ListFilter())[0]

    text = reason(row, translator("en"), "en")

    assert text == (
        "Critical requirements broken: STR-02. "
        "Most points for: danger to life (18), requirements of the Standard not met (14), "
        "fire safety, water, toilets, heating (5). "
        "Unknown: number of people in danger, no other school near."
    )


def test_an_unknown_factor_is_never_a_reason():
    assert largest_parts([30.0, 5.0, 0.4, 0, 0, 0, 0, 0], [False, True, True, *[True] * 5]) == [("C2", 5.0)]


def test_the_brief_is_a_page_of_the_site(client, session):
    made = make_ranked_country(session)

    response = client.get(f"/ru/areas/{made.oblast.code}/brief.pdf")

    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert "-ru-synthetic.pdf" in response.headers["Content-Disposition"]
    assert client.get("/ru/areas/nowhere/brief.pdf").status_code == 404
    assert client.get(f"/ru/areas/{made.oblast.code}/brief.pdf?run=abcdef12").status_code == 404


def test_a_qr_code_has_its_quiet_zone():
    svg = qr_svg("https://example.kg")

    assert "M0 0" not in svg
    assert "M4 4h7" in svg, "the first mark, seven wide"


@pytest.mark.parametrize(
    ("lower", "upper", "completeness", "shown"),
    [
        pytest.param("11", "93", "0.4", "57 (11–93)", id="bounds beside it"),
        pytest.param("57.1", "56.9", "1", "57", id="nothing is unknown"),
        pytest.param("0", "100", "0", "Unknown", id="nothing was assessed"),
    ],
)
def test_the_printed_index_has_its_bounds_and_is_unknown_where_nothing_was_assessed(lower, upper, completeness, shown):
    row = [""] * len(KEYS)
    facts = {"index_lower": lower, "index_central": "57", "index_upper": upper, "completeness": completeness}
    for key, value in facts.items():
        row[KEYS.index(key)] = value

    assert pdf_list._cells(SimpleNamespace(language="en"), row)[5] == shown
