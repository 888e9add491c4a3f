"""The catalogue's form: what a layer must say, and that it survives the database."""

import pytest
from pydantic import ValidationError

from layers.errors import InvalidManifestError
from layers.manifest import manifest_as_json, manifest_from_json, read_manifest
from layers.raster_image import colour_raster
from tests.factories.layers import LEVELS, make_layer
from tests.support.rasters import write_raster


def test_a_manifest_comes_back_from_the_database_as_it_was():
    layer = make_layer(classes=LEVELS, quantity="pga_g", coverage={"kind": "features"})

    assert manifest_from_json(manifest_as_json(layer)) == layer


def test_the_basis_of_classes_is_kept_and_a_manifest_without_one_is_what_it_was():
    basis = {"status": "proposal", "text": "a proposal"}
    layer = make_layer(classes=LEVELS, quantity="pga_g", basis=basis)

    assert manifest_as_json(layer)["basis"] == basis
    assert manifest_from_json(manifest_as_json(layer)) == layer
    assert "basis" not in manifest_as_json(make_layer(classes=LEVELS, quantity="pga_g"))


@pytest.mark.parametrize("wrong", [{"classes": LEVELS[::-1]}, {"fitness": "perfect"}, {"unknown_key": 1}])
def test_a_wrong_manifest_is_refused(wrong):
    with pytest.raises(ValidationError):
        make_layer(quantity="pga_g", **wrong)


def test_a_file_that_is_no_manifest_names_itself(tmp_path):
    (tmp_path / "broken.toml").write_text("code = 'broken'\nhazard = 'flood'")

    with pytest.raises(InvalidManifestError, match=r"broken\.toml"):
        read_manifest(tmp_path / "broken.toml")


def test_no_stated_licence_is_no_licence():
    assert not make_layer(source={"publisher": "x", "licence": "not stated"}).is_licensed


def test_the_picture_of_a_raster_is_coloured_by_class_and_clear_without_data(tmp_path):
    import io

    import numpy as np
    from matplotlib.image import imread

    path = write_raster(
        tmp_path / "pga.tif", np.where(np.arange(400) < 200, 0.05, np.nan) * np.ones((400, 1)), step=0.001
    )

    png, bounds = colour_raster(make_layer(kind="raster", quantity="pga_g", classes=LEVELS), path)

    picture = imread(io.BytesIO(png), format="png")
    assert picture[0, 0] == pytest.approx([0xDE / 255, 0xEB / 255, 0xF7 / 255, 1], abs=0.01)
    assert picture[0, -1][3] == 0
    assert bounds == pytest.approx((74.0, 41.6, 74.4, 42.0), abs=1e-3)
