"""Pictures of raster layers over HTTP: whom they are shown to, how long they last, what is drawn of them."""

import io
import json
import re
from html import unescape

import numpy as np
import pytest
from matplotlib.image import imread

from app.web.tiles.cache import TileCache
from geodata.queries.hazards import add_layer_version
from layers.manifest import manifest_as_json
from layers.registry import find_layer
from tests.factories.runs import make_run
from tests.support.rasters import write_raster

ADDRESS = "/tiles/demo_pga_475/picture.png"


@pytest.fixture(autouse=True)
def own_cache(app, tmp_path):
    app.extensions["tile_cache"] = TileCache(tmp_path / "tiles")
    yield
    del app.extensions["tile_cache"]


@pytest.fixture
def add_raster(app, session):
    """Store a raster layer of 30 x 30 cells: weak shaking in the west, strong in the east, unknown in the south."""
    make_run(session)

    def add(code="demo_pga_475", *, is_public=True):
        folder = app.extensions["settings"].geodata_dir
        folder.mkdir(parents=True, exist_ok=True)
        values = np.where(np.arange(30) < 15, 0.05, 0.4) * np.ones((30, 1))
        values[20:] = np.nan
        write_raster(folder / f"{code}.tif", values, step=0.1)
        manifest = manifest_as_json(find_layer(code))
        add_layer_version(
            session, manifest=manifest, data_sha256=code, is_public=is_public, features=[], file_path=f"{code}.tif"
        )
        session.flush()

    return add


def picture_of(response):
    return imread(io.BytesIO(response.data), format="png")


def config(page):
    return json.loads(unescape(re.search(r'data-config="([^"]*)"', page.text)[1]))


def test_a_picture_of_its_version_lasts_for_ever_and_is_not_sent_twice(client, add_raster):
    add_raster()

    pinned = client.get(f"{ADDRESS}?v=1a")
    loose = client.get(ADDRESS)

    assert (pinned.status_code, pinned.mimetype) == (200, "image/png")
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert loose.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(f"{ADDRESS}?v=1a", headers={"If-None-Match": pinned.headers["ETag"]}).status_code == 304
    picture = picture_of(pinned)
    assert picture[0, 0, 3] == picture[0, -1, 3] == 1
    assert picture[-1, 0, 3] == 0, "unknown is clear"


def test_classes_that_are_off_are_clear(client, add_raster):
    add_raster()

    strong, none = (picture_of(client.get(f"{ADDRESS}?only={only}")) for only in ("4", "none"))

    assert (strong[0, 0, 3], strong[0, -1, 3]) == (0, 1)
    assert none[..., 3].max() == 0
    assert client.get(f"{ADDRESS}?only=9").status_code == 400


def test_a_layer_that_is_not_public_has_no_picture_for_a_visitor_and_is_missing_on_the_map(client, add_raster):
    add_raster(is_public=False)

    assert client.get(f"{ADDRESS}?v=1a").status_code == 404
    page = client.get("/en/map?layers=demo_pga_475")
    assert "no such layer on this map: demo_pga_475" in page.text
    assert config(page)["hazards"] == []


def test_a_layer_of_features_and_a_lost_file_have_no_picture(app, client, add_raster):
    add_raster()
    (app.extensions["settings"].geodata_dir / "demo_pga_475.tif").unlink()

    assert client.get("/tiles/demo_mudflow/picture.png").status_code == 404
    assert client.get(ADDRESS).status_code == 404
    assert "no such layer on this map: demo_pga_475" in client.get("/en/map?layers=demo_pga_475").text


def test_the_map_lists_rasters_and_places_their_picture_for_every_kind_of_map(client, add_raster):
    add_raster()
    add_raster("altitude_gebco")

    page = client.get("/ru/map?layers=demo_pga_475&hz=demo_pga_475.4,demo_pga_475.3")

    hazards = {one["code"]: one for one in config(page)["hazards"]}
    assert hazards["demo_pga_475"]["picture"]["address"] == f"{ADDRESS}?v=1a&only=3,4"
    assert hazards["demo_pga_475"]["picture"]["bounds"] == pytest.approx([74.0, 39.0, 77.0, 42.0], abs=0.1)
    assert hazards["demo_pga_475"]["shown"] == [3, 4]
    assert hazards["altitude_gebco"]["isContext"] is True
    assert hazards["altitude_gebco"]["picture"] is None
    assert "Для ориентировки" in page.text
    image = re.search(
        r'<image class="pic" href="([^"]*)" x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"', page.text
    )
    assert unescape(image[1]) == f"{ADDRESS}?v=1a&only=3,4"
    width, height = float(image[4]), float(image[5])
    assert height / width == pytest.approx(1.32, abs=0.03), "three degrees of latitude are taller in Web Mercator"
    boxes = dict(re.findall(r'name="hz" value="demo_pga_475\.(\w+)" form="mapform"( checked)?', page.text))
    assert boxes == {"1": "", "2": "", "3": " checked", "4": " checked"}
    assert "Без цвета: неизвестно" in page.text
