"""Exposure is appended by layer version; the same inputs make nothing new."""

import pytest
import shapely
from sqlalchemy import text

from app.workflows.refresh_exposure import refresh_exposure
from geodata.database import set_scope
from geodata.queries import exposures, hazards
from geodata.records.hazard import HazardFeature
from layers.errors import UnknownLayerError
from layers.manifest import manifest_as_json
from tests.factories.layers import make_layer
from tests.factories.schools import make_school


def add_version(session, level, sha="1", **values):
    layer = make_layer(coverage={"kind": "features"}, **values)
    features = [HazardFeature(shapely.box(74.0, 42.0, 75.0, 43.0), level=level)]
    return hazards.add_layer_version(
        session, manifest=manifest_as_json(layer), data_sha256=sha, features=features, is_public=layer.is_licensed
    )


def test_a_school_gets_its_level_and_one_outside_stays_unknown(session, tmp_path):
    inside, outside, lost = (
        make_school(session),
        make_school(session, lon=78.0, lat=42.0),
        make_school(session, lon=None),
    )
    add_version(session, 3)

    (found,) = refresh_exposure(session, tmp_path)

    assert found.counts == {"measured": 1, "outside": 1, "no_location": 1}
    levels = [exposures.of_school(session, school.id)[0].level for school in (inside, outside, lost)]
    assert levels == [3, None, None]


def test_the_same_inputs_append_nothing_and_a_new_version_keeps_the_old_rows(session, tmp_path):
    school = make_school(session)
    add_version(session, 2)
    first = refresh_exposure(session, tmp_path)[0]
    again = refresh_exposure(session, tmp_path)[0]

    add_version(session, 4, sha="2")
    second = refresh_exposure(session, tmp_path)[0]

    assert (again.run_id, again.is_new) == (first.run_id, False)
    assert second.version == first.version + 1
    assert exposures.of_school(session, school.id)[0].level == 4
    rows = session.scalar(text("SELECT count(*) FROM exposure WHERE school_id = :id"), {"id": school.id})
    assert rows == 2


def test_the_same_data_make_no_new_version(session):
    first, is_new = add_version(session, 2)
    again = add_version(session, 2)

    assert is_new
    assert again == (first, False)


def test_a_layer_without_a_licence_is_hidden_from_the_public(session, tmp_path):
    school = make_school(session)
    add_version(session, 2, source={"publisher": "x", "licence": "not stated"})
    refresh_exposure(session, tmp_path)

    set_scope(session, "public")

    assert exposures.of_school(session, school.id) == []
    assert hazards.current_layers(session) == []


def test_an_unknown_layer_is_named(session, tmp_path):
    with pytest.raises(UnknownLayerError, match="no_such"):
        refresh_exposure(session, tmp_path, ["no_such"])


def test_exposure_cannot_be_changed_by_the_application(session, tmp_path):
    make_school(session)
    add_version(session, 2)
    refresh_exposure(session, tmp_path)

    with pytest.raises(Exception, match="permission denied"):
        session.execute(text("UPDATE exposure SET level = 1"))
