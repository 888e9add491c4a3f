"""Maps drawn on the server: shapes, hatches, labels, scale."""

import math
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from app.exports.choropleth import INDICATORS, count_classes
from app.exports.svg_map import DrawnArea, DrawnSchool, MapDrawing, draw_map, scale_length
from geodata.records.map_shape import AreaShape, ContextShape, Frame

FRAME = Frame(7_700_000, 4_740_000, 8_930_000, 5_360_000, 860, 433)
SVG = "{http://www.w3.org/2000/svg}"
SQUARE = "m0 0l10 0 0 10 -10 0z"


def drawn(**parts):
    facts = {"frame": FRAME, "title": "Карта", "description": "…", "language": "ky", **parts}
    return ET.fromstring(draw_map(MapDrawing(**facts)))


def area(**values):
    facts = {
        "code": "1", "level": 2, "name_ky": "А", "name_ru": None, "name_en": None, "path": SQUARE, "label_x": 5,
        "label_y": 5, "schools": 10, "assessed": 8, "is_rankable": True, "pupils": 1000, "pupils_at_risk": 350,
        "mean_priority": 44.0, "mean_index": 60.0,
    }  # fmt: skip
    return AreaShape(**(facts | values))


def test_every_grade_has_a_shape_of_its_own_and_unknown_is_hatched():
    schools = [DrawnSchool(10 * n, 10, grade, grade or "?") for n, grade in enumerate((*"ABCDE", None))]
    symbols = {one.get("id"): ET.tostring(one) for one in drawn(schools=schools).iter(f"{SVG}g") if one.get("id")}

    assert set(symbols) == {"map-A", "map-B", "map-C", "map-D", "map-E", "map-U"}
    assert len(set(symbols.values())) == 6
    assert b"stroke" in symbols["map-U"]


def test_an_area_without_data_is_hatched_and_a_hidden_one_is_empty():
    areas = [DrawnArea(SQUARE, number, str(number)) for number in (0, 5, None)]

    fills = [
        one.get("fill") for one in drawn(areas=areas).iter(f"{SVG}path") if (one.get("class") or "").startswith("u")
    ]

    assert fills == ["url(#map-nd)", "#74547a", "none"]


def test_labels_never_touch_and_never_leave_the_frame():
    areas = [DrawnArea(SQUARE, 1, "", f"Аймак {n}", 40 + 9 * n, 100) for n in range(60)]

    texts = [one for one in drawn(areas=areas).iter(f"{SVG}text") if one.get("class") == "al"]

    boxes = sorted((float(one.get("x")), len(one.text)) for one in texts)
    gaps = [right[0] - left[0] - (left[1] + right[1]) * 6.3 / 2 for left, right in pairwise(boxes)]
    assert len(texts) > 3
    assert min(gaps) >= 0


def test_markup_in_a_name_stays_text():
    root = drawn(areas=[DrawnArea(SQUARE, 1, "<script>", "<b>&", 400, 200, href='/x?a="1"&b=2')])

    assert [one.text for one in root.iter(f"{SVG}text") if one.get("class") == "al"] == ["<b>&"]
    assert next(root.iter(f"{SVG}a")).get("href") == '/x?a="1"&b=2'
    assert not list(root.iter(f"{SVG}script"))


def test_a_lake_is_named_in_the_readers_language():
    lake = ContextShape("lake", SQUARE, 400, 200, 0, "Ысык-Көл", "Иссык-Куль", None, False)

    words = [one.text for one in drawn(context=[lake], language="ru").iter(f"{SVG}text")]

    assert "Иссык-Куль" in words


def test_the_scale_bar_measures_the_ground_and_not_the_projection():
    length, pixels = scale_length(FRAME)
    middle = 2 * math.atan(math.exp((FRAME.north + FRAME.south) / 2 / 6378137)) - math.pi / 2

    assert length in (1, 2, 5, 10, 20, 50, 100, 200, 500)
    assert pixels * (FRAME.east - FRAME.west) / FRAME.width * math.cos(middle) == pytest.approx(length * 1000, rel=1e-9)
    assert pixels <= FRAME.width / 6


def test_a_place_is_projected_where_a_tile_would_put_it():
    x, y = FRAME.project(74.6, 42.87)

    # EPSG:3857 of Bishkek, from PROJ: 8304434.0, 5292205.4
    assert x == pytest.approx((8304434.0 - 7_700_000) * 860 / 1_230_000, abs=0.2)
    assert y == pytest.approx((5_360_000 - 5292205.4) * 860 / 1_230_000, abs=0.2)


@pytest.mark.parametrize(
    ("code", "values", "number"),
    [
        pytest.param("at_risk", {}, 3, id="a bound belongs to the class above"),
        pytest.param("at_risk", {"is_rankable": False}, 0, id="too few assessed"),
        pytest.param("at_risk", {"pupils_at_risk": None}, 0, id="unknown is not nobody"),
        pytest.param("at_risk", {"pupils_at_risk": 0}, 1, id="nobody is known"),
        pytest.param("conformity", {"mean_index": 20.0}, 5, id="low conformity is dark"),
        pytest.param("coverage", {"is_rankable": False, "assessed": 1}, 1, id="coverage is always known"),
        pytest.param("coverage", {"schools": None, "assessed": None}, 0, id="no run"),
        pytest.param("priority", {}, 4, id="priority"),
    ],
)
def test_classes(code, values, number):
    indicator = INDICATORS[code]

    assert indicator.class_of(indicator.value_of(area(**values))) == number


def test_counts_of_classes_hold_every_area():
    areas = [area(), area(is_rankable=False), area(pupils_at_risk=900)]

    assert count_classes(INDICATORS["at_risk"], areas) == [1, 0, 0, 1, 0, 1]


def test_class_labels_close_the_range():
    share, count = INDICATORS["at_risk"], INDICATORS["pupils_at_risk"]

    assert [share.class_label(n, "en") for n in (1, 2, 5)] == ["0–19%", "20–34%", "65–100%"]
    assert count.class_label(5, "en") == "20,000 +"
    assert INDICATORS["conformity"].class_label(5, "en") == "0–39"
