"""The hazards of a school's page: in groups, with what counts in the score apart from what is only shown."""

import re

import pytest

from app.web.schools.hazards import counted_hazards
from geodata.models import Exposure, ExposureRun, HazardLayer, Run
from layers.manifest import manifest_as_json
from layers.registry import find_layer
from tests.factories.country import make_country
from tests.factories.runs import make_run


@pytest.fixture
def measured(session):
    """S1 with three layers: one that counts, two that are only shown."""
    country = make_country(session)
    make_run(session)
    for code, level, value in (("demo_mudflow", 2, None), ("demo_roads", 3, 120.0), ("demo_cold", 4, None)):
        manifest = manifest_as_json(find_layer(code))
        layer = HazardLayer(
            code=code, version=1, hazard=manifest["hazard"], kind=manifest["kind"], manifest=manifest, data_sha256="d",
            is_current=True, is_public=True, is_synthetic=True,
        )  # fmt: skip
        session.add(layer)
        session.flush()
        run = ExposureRun(layer_id=layer.id, input_sha256="i", is_current=True)
        session.add(run)
        session.flush()
        place = country.schools["S1"].id
        session.add(Exposure(run_id=run.id, school_id=place, level=level, value=value, status="measured"))
    session.flush()


@pytest.mark.parametrize(
    ("lang", "titles", "note"),
    [
        (
            "ky",
            ["Табигый, баллга кошулат", "Табигый, көрсөтүлөт гана", "Техногендик, көрсөтүлөт гана"],
            "тобокелдикти да, орунду да өзгөртпөйт",
        ),
        (
            "ru",
            ["Природные, входят в балл", "Природные, только показаны", "Техногенные, только показаны"],
            "не меняет ни риска, ни места",
        ),
        (
            "en",
            ["Natural, counted in the score", "Natural, shown only", "Technogenic, shown only"],
            "changes neither the risk nor the rank",
        ),
    ],
)
def test_what_counts_stands_apart_from_what_is_only_shown(client, measured, lang, titles, note):
    text = client.get(f"/{lang}/schools/S1").text

    assert re.findall(r'<th scope="rowgroup" colspan="3">([^<]*)</th>', text) == titles
    assert note in text


def test_the_bounds_of_classes_name_their_norm_or_say_that_they_are_a_proposal(client, measured):
    text = client.get("/en/schools/S1").text

    assert "120\u00a0m" in text
    assert text.count("Bounds of the classes:") == 2, "a layer that states none has no such line"


def test_what_counts_is_what_the_scheme_of_the_run_names():
    stated = Run(canonical='{"scheme": {"hazards": ["flood", "earthquake_landslide", "fire"]}}')

    assert counted_hazards(stated) == {"flood", "landslide", "fire"}
    assert {"earthquake", "mudflow", "glof"} <= counted_hazards(None)
    assert not {"cold", "heat", "tailings", "road", "power_line"} & counted_hazards(None)
