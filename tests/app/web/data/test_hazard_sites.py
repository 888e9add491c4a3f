"""Hazard areas with the schools inside them, as a file."""

import csv
import io

from geoalchemy2.shape import from_shape
from shapely.geometry import LineString, Point, box
from sqlalchemy import update

from geodata.models import HazardFeature, HazardLayer
from layers.manifest import manifest_as_json
from layers.registry import find_layer
from tests.factories.country import make_country


def test_each_area_names_its_schools_with_pupils_by_shift_and_what_its_source_says(session, app):
    country = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    layer = country.layers["landslide"]
    around_s1 = from_shape(box(74.15, 42.7, 74.25, 42.9), srid=4326)  # S1 lies at 74.2, S2 at 74.4
    opinion = {"opinion_no": "12-4/77", "opinion_date": "2025-06-01"}
    for level, facts in ((4, opinion), (1, {}), (None, {})):
        session.add(HazardFeature(layer_id=layer.id, geom=around_s1, level=level, name="Slope", properties=facts))
    session.flush()
    answer = app.test_client().get("/en/data/hazard-sites.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))

    assert [(row["code"], row["level"]) for row in rows] == [("S1", "4"), ("S1", "")], "unknown is told, least is not"
    assert "12-4/77" in rows[0]["site_facts"]
    assert (rows[0]["shift_1"], rows[0]["shift_2"], rows[0]["shift_3"]) == ("400", "200", "")
    assert "/en/data/hazard-sites.xlsx" in app.test_client().get("/en/data").text
    session.execute(update(HazardLayer).values(is_public=False))
    assert app.test_client().get("/en/data/hazard-sites.csv").get_data().decode().count("S1") == 0


def test_near_lines_and_points_the_distance_says_the_level(session, app):
    country = make_country(session)
    lon, lat = 74.2, 42.8  # S1; at 42.8 N a degree of latitude is 111,090 m (WGS 84)
    country.schools["S1"].location = from_shape(Point(lon, lat), srid=4326)

    def north(metres):
        return lat + metres / 111_090

    road = LineString([(lon - 0.1, north(150)), (lon + 0.1, north(150))])
    shapes = {
        "demo_roads": [("A road", road)],
        "demo_tailings": [("Two km", Point(lon, north(2000))), ("Four km", Point(lon, north(4000)))],
        "demo_cold": [("A zone", box(74, 42, 75, 43))],
    }
    for code, features in shapes.items():
        manifest = manifest_as_json(find_layer(code))
        layer = HazardLayer(
            code=code, version=1, hazard=manifest["hazard"], kind=manifest["kind"], manifest=manifest, data_sha256="d",
            is_current=True, is_public=True,
        )  # fmt: skip
        session.add(layer)
        session.flush()
        level = 4 if code == "demo_cold" else None
        for name, shape in features:
            session.add(HazardFeature(layer_id=layer.id, geom=from_shape(shape, srid=4326), level=level, name=name))
    session.flush()
    answer = app.test_client().get("/en/data/hazard-sites.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))

    assert [(row["site_name"], row["level"], row["code"]) for row in rows] == [
        ("A road", "3", "S1"),
        ("Two km", "2", "S1"),
    ], "four kilometres is beyond the classes, and a zone of cold is no site"
