"""Drawings of building types: one a type, made by the code alone, nothing from elsewhere in them."""

from app.web.assess.survey_words import DRAWINGS as TOLD
from geodata.reference.building_types import building_type_codes
from scripts.make_type_drawings import DRAWINGS, FOLDER, drawing


def test_there_is_a_drawing_of_each_type_told_in_words_too():
    assert set(DRAWINGS) == set(building_type_codes()) == set(TOLD)
    assert {path.stem for path in FOLDER.iterdir()} == set(DRAWINGS)


def test_what_is_committed_is_what_the_code_draws_and_loads_nothing():
    for code in DRAWINGS:
        svg = (FOLDER / f"{code}.svg").read_text(encoding="utf-8")
        assert svg == drawing(code)
        assert svg.count("http") == 1  # the name space
        assert "<script" not in svg
        assert "href" not in svg
    assert len({drawing(code) for code in DRAWINGS}) == len(DRAWINGS)
