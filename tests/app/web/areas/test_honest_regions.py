"""An area of which too little was assessed is not compared: no share, a hatched bar, and the reason at every width."""

import pytest

from app.web.areas.coverage_rule import complete_pct, needed_pct
from geodata.models import AreaResult
from tests.factories.areas import make_area
from tests.factories.ranked_country import BOX, FIGURES, make_ranked_country
from tests.support.pages import PageClient

BROAD = {"covered": 2, "is_rankable": True, "grade_counts": {"E": 1, "B": 3}}


@pytest.fixture
def made(session):
    """One of two schools of the rayon is well assessed; in a second rayon both are."""
    country = make_ranked_country(session)
    broad = make_area(session, 2, parent=country.oblast, box=BOX, name_ky="Ала-Бука району")
    session.add(AreaResult(run_id=country.run.id, area_id=broad.id, level=2, **FIGURES | BROAD))
    session.flush()
    return country


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        pytest.param("ky", "орун берилген жокжакшы бааланганы — 50,0 %, кереги — 60 %", id="ky"),
        pytest.param("ru", "без местахорошо оценено 50,0 %, нужно 60 %", id="ru"),
        pytest.param("en", "not ranked50.0% well assessed, 60% needed", id="en"),
    ],
)
def test_the_reason_stands_in_place_of_the_share(app, made, language, reason):
    for path in ("areas", f"areas/{made.oblast.code}"):
        page = PageClient(app).get(f"/{language}/{path}")
        cells = {"".join(cell.itertext()).replace("\xa0", " "): cell for cell in page.all(".//main//td")}

        assert reason in cells, path
        assert "ph" not in cells[reason].attrib["class"].split(), "hidden on a phone"
        assert "25" in " ".join(cells), f"{path}: the compared rayon has its share"


@pytest.mark.parametrize("path", ["", "areas"])
def test_no_length_is_drawn_for_an_area_that_is_not_compared(app, made, path):
    page = PageClient(app).get(f"/en/{path}")
    bars = [bar for bar in page.all(".//main//{*}svg[@class='bar']") if "Too few schools" in bar.attrib["aria-label"]]
    assert bars
    for bar in bars:
        assert [(part.attrib["width"], "hatch" in part.attrib["fill"]) for part in bar] == [
            ("100.0%", False),
            ("100.0%", True),
        ]


def test_the_thresholds_are_those_of_the_parameter_tables():
    assert (needed_pct(), complete_pct()) == (60, 80)
