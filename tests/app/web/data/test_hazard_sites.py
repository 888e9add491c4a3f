"""Hazard areas with the schools inside them, as a file."""

import csv
import io

from geoalchemy2.shape import from_shape
from shapely.geometry import box
from sqlalchemy import update

from geodata.models import HazardFeature, HazardLayer
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
