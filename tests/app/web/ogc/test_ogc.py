"""OGC API - Features: pages, boxes, times, links; GDAL reads it; the public sees public layers only."""

from __future__ import annotations

import json
import subprocess
import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from geodata.models import HazardFeature, HazardLayer
from tests.factories.areas import make_area
from tests.factories.listed_schools import make_listed_schools

if TYPE_CHECKING:
    from tests.factories.listed_schools import ListedSchools


@pytest.fixture
def listed(session) -> ListedSchools:
    made = make_listed_schools(session)
    for code, is_public in (("mudflow_open", True), ("mudflow_closed", False)):
        layer = HazardLayer(
            code=code, version=1, hazard="mudflow", kind="polygon", data_sha256="0", is_current=True,
            is_public=is_public, manifest={"title": "Mudflow", "source": {"licence": "CC BY 4.0"}},
        )  # fmt: skip
        session.add(layer)
        session.flush()
        shape = "SRID=4326;POLYGON((75 41, 75.5 41, 75.5 41.5, 75 41.5, 75 41))"
        session.add(HazardFeature(layer_id=layer.id, geom=shape, level=3, name='"Көк-Суу" <b>'))
    session.flush()
    return made


def get(client, path: str):
    response = client.get(f"/ogc{path}")
    assert response.status_code == 200, response.text
    return json.loads(response.data)


def test_the_landing_page_leads_everywhere(client, listed):
    body = get(client, "/")

    rels = {link["rel"]: link["href"] for link in body["links"]}
    assert set(rels) == {"self", "conformance", "data", "service-desc"}
    for address in rels.values():
        assert client.get(address).status_code == 200
    assert client.get("/ogc").status_code == 200


def test_collections_are_schools_areas_and_public_layers(client, listed):
    body = get(client, "/collections")

    assert [found["id"] for found in body["collections"]] == ["schools", "areas", "mudflow_open"]
    assert body["collections"][0]["extent"]["spatial"]["bbox"][0][0] == pytest.approx(74.5)
    assert client.get("/ogc/collections/mudflow_closed").status_code == 404
    assert client.get("/ogc/collections/mudflow_closed/items").status_code == 404
    assert client.get("/ogc/collections/nothing/items").status_code == 404


def test_pages_follow_each_other(client, listed):
    found, address, pages = [], "/ogc/collections/schools/items?limit=5", 0
    while address:
        body = json.loads(client.get(address).data)
        assert body["numberMatched"] == 12
        assert body["numberReturned"] == len(body["features"])
        found += [feature["id"] for feature in body["features"]]
        address = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
        pages += 1

    assert pages == 3
    assert found == sorted(school.code for school in listed.schools)


def test_a_box_counts_and_returns_what_lies_in_it(client, listed):
    body = get(client, "/collections/schools/items?bbox=74.85,41,75.05,42")

    assert [feature["id"] for feature in body["features"]] == ["00000004", "00000005"]
    assert body["numberMatched"] == 2
    assert body["features"][0]["properties"]["grade"] == "A"
    assert get(client, "/collections/schools/items?bbox=74.85,41,0,75.05,42,9000")["numberMatched"] == 2
    assert get(client, "/collections/areas/items?bbox=76.5,42.5,76.6,42.6")["numberMatched"] == 2
    assert get(client, "/collections/mudflow_open/items?bbox=70,40,71,41")["features"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=75,42,74,41", "bbox"),
        ("bbox=nan,1,2,3", "bbox"),
        ("datetime=soon", "datetime"),
        ("datetime=2025-01-01/2024-01-01", "datetime"),
        ("limit=0", "limit"),
        ("boxx=1", "boxx"),
        ("crs=EPSG:32643", "crs"),
    ],
)
def test_what_cannot_be_read_is_refused(client, listed, query, field):
    response = client.get(f"/ogc/collections/schools/items?{query}")

    assert response.status_code == 400
    assert response.json["field"] == field


def test_a_time_chooses_the_map_of_areas(client, session, listed):
    former = make_area(session, 3, parent=listed.rayon, valid_to=date(2025, 1, 1))

    def codes(query: str) -> set[str]:
        return {feature["id"] for feature in get(client, f"/collections/areas/items?{query}")["features"]}

    assert former.code in codes("datetime=2024-06-01")
    assert former.code in codes("datetime=../2024-06-01")
    assert former.code not in codes("datetime=2025-06-01T00:00:00Z")
    assert former.code not in codes("datetime=2025-01-01/..")
    assert former.code in codes("")


def test_one_feature_and_its_absence(client, listed):
    body = get(client, "/collections/schools/items/00000011")

    assert body["geometry"]["coordinates"] == pytest.approx([75.6, 41.233456789])
    assert body["properties"]["name_ky"] == "-12,5"
    assert {link["rel"] for link in body["links"]} == {"self", "collection"}
    assert client.get("/ogc/collections/schools/items/999").status_code == 404


def test_the_public_sees_published_schools_only(client, session, listed):
    listed.schools[4].is_published = False
    session.flush()

    body = get(client, "/collections/schools/items?limit=100")

    assert body["numberMatched"] == 11
    assert "00000004" not in {feature["id"] for feature in body["features"]}
    assert client.get("/ogc/collections/schools/items/00000004").status_code == 404


def test_gdal_reads_it(app, listed):
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        address = f"OAPIF:http://127.0.0.1:{server.server_port}/ogc"
        told = subprocess.run(["ogrinfo", "-ro", "-so", address, "schools"], capture_output=True, text=True, check=True)
        layers = subprocess.run(["ogrinfo", "-ro", address], capture_output=True, text=True, check=True).stdout
        shapes = subprocess.run(
            ["ogrinfo", "-ro", "-al", address, "mudflow_open"], capture_output=True, text=True, check=True
        ).stdout
    finally:
        server.shutdown()
        thread.join()

    assert "Feature Count: 12" in told.stdout
    assert "national_rank: Integer" in told.stdout
    assert "code: String" in told.stdout
    assert all(name in layers for name in ("schools", "areas", "mudflow_open"))
    assert "mudflow_closed" not in layers
    assert '"Көк-Суу" <b>' in shapes
