"""Charts: lengths are the numbers, unknown is hatched, nothing escapes its frame, titles are safe."""

import xml.etree.ElementTree as ET

from app.web.charts.bars import bounds_bar, grade_bar, part_bar, share_bar
from app.web.charts.rank_strip import rank_strip


def rects(picture):
    return [(rect.attrib["fill"], rect.attrib.get("x"), rect.attrib["width"]) for rect in ET.fromstring(picture)]


def test_unknown_part_is_hatched_behind_the_known():
    assert rects(share_bar(61, 8, "x"))[1:] == [("var(--bar)", "0.0%", "61.0%"), ("url(#hatch)", "61.0%", "8.0%")]


def test_bar_never_leaves_its_frame():
    assert rects(share_bar(95, 30, "x"))[2] == ("url(#hatch)", "95.0%", "5.0%")


def test_bounds_are_solid_to_the_lower_and_hatched_to_the_upper():
    drawn = rects(bounds_bar(20, 30, 60, "x", norm=80))

    assert drawn[1:3] == [("var(--bar)", "0.0%", "20.0%"), ("url(#hatch)", "20.0%", "40.0%")]
    assert [x for _fill, x, width in drawn if width == "2"] == ["30.0%", "80.0%"]


def test_unknown_part_of_a_score_has_no_solid_bar():
    assert [fill for fill, _x, _width in rects(part_bar(2.5, 5, 30, is_known=False, title="x"))] == ["url(#hatch)"]


def test_schools_by_grade_fill_the_bar_with_the_unknown_last():
    drawn = rects(grade_bar({"E": 1, "unknown": 3}, "x"))

    assert drawn == [("var(--ge)", "0.0%", "25.0%"), ("url(#hatch)", "25.0%", "75.0%")]


def test_title_cannot_break_out():
    assert ET.fromstring(share_bar(1, 1, '"><script>')).attrib["aria-label"] == '"><script>'


def test_strip_labels_rank_and_the_ends_of_its_window():
    texts = [text.text for text in ET.fromstring(rank_strip(37, 29, 58, 1904, "E", "x")).iter("text")]

    assert texts == ["37", "15", "43", "72"]
