"""A hazard layer on the map page: its classes with words and colours, also where the last class is open."""

import json
import re
from html import unescape

import pytest
from shapely.geometry import LineString, box

from geodata.queries.hazards import add_layer_version
from geodata.records.hazard import HazardFeature
from layers.manifest import manifest_as_json
from layers.registry import find_layer
from tests.factories.runs import make_run


@pytest.fixture
def mudflow(session):
    make_run(session)
    manifest = manifest_as_json(find_layer("demo_mudflow"))
    features = [HazardFeature(box(74, 42, 75, 43), level=4)]
    add_layer_version(session, manifest=manifest, data_sha256="a" * 64, is_public=True, features=features)
    session.flush()


def test_open_class_has_its_word_and_colour_in_the_readers_language(client, mudflow):
    text = client.get("/ky/map?layers=demo_mudflow").text

    config = json.loads(unescape(re.search(r'data-config="([^"]*)"', text)[1]))
    (hazard,) = config["hazards"]
    assert hazard["isOn"] is True
    assert [one["level"] for one in hazard["classes"]] == [1, 2, 3, 4, None]
    assert hazard["classes"][3] == {
        "level": 4,
        "colour": "#7f0000",
        "label": "сел нугу же чөкмөсү 1,5 м ден ашык",
    }
    assert "Сел жайылмалары (үлгү)" in text


@pytest.fixture
def many(session):
    make_run(session)
    for code in ("demo_roads", "demo_cold", "demo_mudflow", "demo_glof"):
        layer = find_layer(code)
        shape = LineString([(74, 42), (75, 43)]) if layer.kind == "line" else box(74, 42, 75, 43)
        manifest, features = manifest_as_json(layer), [HazardFeature(shape)]
        add_layer_version(session, manifest=manifest, data_sha256=code, is_public=True, features=features)
    session.flush()


def test_layers_stand_under_what_nature_does_and_what_people_built(client, many):
    text = client.get("/en/map").text

    groups = re.findall(r'role="group" aria-label="(\w+)">(.*?)</div>', text, re.DOTALL)
    assert [(title, re.findall(r'value="(demo_\w+)"', boxes)) for title, boxes in groups] == [
        ("Natural", ["demo_mudflow", "demo_glof", "demo_cold"]),
        ("Technogenic", ["demo_roads"]),
    ]


def test_a_line_has_the_colour_of_what_lies_on_it_and_a_zone_without_level_has_not(client, many):
    config = json.loads(unescape(re.search(r'data-config="([^"]*)"', client.get("/en/map").text)[1]))

    plain = {hazard["code"]: hazard["plain"] for hazard in config["hazards"]}
    assert plain == {"demo_cold": None, "demo_glof": "#54278f", "demo_mudflow": None, "demo_roads": "#67000d"}
