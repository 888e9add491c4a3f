"""A hazard layer on the map page: its classes with words and colours, also where the last class is open."""

import json
import re
from html import unescape

import pytest
from shapely.geometry import box

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
