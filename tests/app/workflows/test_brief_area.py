"""The map of a printed brief: a city's rayons by their short names, a city without units shaded itself."""

import re

import pytest

from app.workflows import brief_area
from geodata.models import AreaResult
from tests.factories.areas import make_area
from tests.factories.runs import make_run

FIGURES = {"schools": 3, "assessed": 3, "covered": 3, "is_rankable": True, "pupils": 1000, "pupils_at_risk": 900}


@pytest.fixture
def map_of(session, monkeypatch):
    """Return the drawn map of the brief about an area."""
    run = make_run(session)
    monkeypatch.setattr(brief_area, "write_brief", lambda brief: brief.map_svg)

    def draw(area, *more):
        for one in (area, *more):
            session.add(AreaResult(run_id=run.id, area_id=one.id, level=one.level, **FIGURES))
        session.flush()
        return brief_area.brief_area(session, run, area, "en", "https://example.org")

    return draw


def labels(svg):
    return re.findall(r'<text class="al[^"]*"[^>]*>([^<]*)', svg)


def test_rayons_of_a_city_are_named_without_it(session, map_of):
    city = make_area(session, 1, box=(74.0, 42.5, 75.0, 43.0))
    rayon = make_area(session, 2, parent=city, box=(74.0, 42.5, 75.0, 43.0), name_en="Pervomay district (Bishkek)")

    svg = map_of(city, rayon)

    assert labels(svg) == ["Pervomay"]
    assert "<title>Pervomay district (Bishkek)</title>" in svg


def test_a_city_without_units_is_shaded_and_not_named_twice(session, map_of):
    city = make_area(session, 1, box=(74.0, 42.5, 75.0, 43.0), name_en="Sky city")

    svg = map_of(city)

    assert 'class="u k5"' in svg
    assert labels(svg) == []
