"""A file of roads and one of services: what is refused, stored, worked out, shown, and taken back.

Distances by hand stand in ``tests/files/roads/README.md``. S1 to S4 lie on 42.8° N at 74.2, 74.4, 74.6 and 74.8° E.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import shapely
from geoalchemy2 import WKTElement
from sqlalchemy import select, text, update

from app.workflows.import_file import check_file, import_at_once, undo_batch
from app.workflows.import_options import Folders, ImportOptions, ProblemsRemainError, UndoRefusedError, keep_file
from app.workflows.measure_ways import measure_ways
from app.workflows.rank_schools import rank_schools
from geodata.database import set_scope
from geodata.models import BaseMapFeature, Road, School, SchoolDistance, SchoolResult, SchoolWay, TravelTime
from geodata.queries import hazards, imports
from geodata.records.hazard import HazardFeature
from layers.manifest import manifest_as_json
from tests.factories.country import make_country
from tests.factories.layers import make_layer
from tests.support.pages import PageClient

FILES = Path(__file__).parents[2] / "files/roads"
EAST, NORTH = 16.361, 5.554
CLOSE = 2e-3


@pytest.fixture
def country(session):
    made = make_country(session)
    session.execute(update(School).values(languages=["ky"]))
    session.flush()
    return made


@pytest.fixture
def take(session, country, tmp_path):
    """Return a function that checks a file and takes it in."""

    def take_file(path, kind, **options):
        folders = Folders(tmp_path / "uploads", tmp_path / "geodata")
        kept = keep_file(folders.uploads, path, path.name)
        return import_at_once(session, kept, ImportOptions(kind, source="Test", **options), folders)

    return take_file


@pytest.fixture
def taken(take):
    return [take(FILES / f"{kind}.geojson", kind) for kind in ("services", "roads")]


def ways(session):
    rows = session.execute(select(SchoolWay, School.code).join(School, School.id == SchoolWay.school_id)).all()
    return {(code, way.target): way for way, code in rows}


def test_the_files_are_checked_with_counts_and_what_was_left_out(session, taken):
    services, roads = taken
    told = {one.code: one for one in imports.problems(session, roads.id)}

    assert (roads.status, roads.added, roads.refused, roads.left_out) == ("committed", 4, 0, 1)
    assert (services.added, services.left_out) == (2, 1)
    assert {"roads_left_out", "speed_zero", "speed_word"} <= told.keys()
    assert told["speed_zero"].row == 2
    assert session.query(Road).count() == 5, "the island came in two parts"


def test_ways_are_as_long_and_as_slow_as_worked_out_by_hand(session, taken, country):
    found = ways(session)

    there = found["S1", "school"]
    assert (there.other_id, there.km) == (country.schools["S2"].id, pytest.approx(EAST, rel=CLOSE))
    assert there.minutes == pytest.approx(EAST / 40 * 60, rel=CLOSE), "the limit, not the class"
    assert found["S2", "school"].other_id == country.schools["S3"].id, "as far, and faster: 50 km/h"
    assert found["S2", "school"].minutes == pytest.approx(EAST / 50 * 60, rel=CLOSE), "a limit of 0 says nothing"
    fire = found["S1", "fire_station"]
    assert fire.km == pytest.approx(EAST / 2 + NORTH, rel=CLOSE)
    assert fire.minutes == pytest.approx(EAST / 2 / 40 * 60 + NORTH / 25 * 60, rel=CLOSE)
    assert (fire.name_ky, fire.other_id) == ("ӨКБ № 4", None)
    assert found["S3", "hospital"].km == pytest.approx(EAST / 2, rel=CLOSE)
    assert not [key for key in found if key[0] == "S4"], "an island leads nowhere: unknown, not 0"
    assert not [key for key in found if key[1] == "safe_school"], "nothing is ranked: no school is called safe"


def test_kilometres_between_schools_end_where_seats_are_no_longer_looked_for(session, taken, country):
    ids = {school.id: code for code, school in country.schools.items()}
    found = {
        ids[row.school_id]: {ids[other]: km for other, km in zip(row.other_ids, row.km, strict=True)}
        for row in session.scalars(select(SchoolDistance))
    }

    assert {code: set(near) for code, near in found.items()} == {
        "S1": {"S1", "S2"}, "S2": {"S1", "S2", "S3"}, "S3": {"S2", "S3"}, "S4": {"S4"},
    }  # fmt: skip
    assert found["S1"]["S2"] == pytest.approx(EAST, rel=CLOSE)


def test_the_settlement_nearest_to_a_school_is_what_its_way_leads_to(session, take):
    for name, x in (("Жакын", 74.25), ("Алыс", 74.35)):
        session.add(BaseMapFeature(kind="place", name_ky=name, geom=WKTElement(f"POINT({x} 42.8)", srid=4326)))
    session.flush()
    take(FILES / "roads.geojson", "roads")
    way = ways(session)["S1", "settlement"]

    assert (way.name_ky, way.km) == ("Жакын", pytest.approx(EAST / 4, rel=CLOSE))


def test_the_next_safe_school_is_of_grade_a_to_c_in_the_published_ranking(session, take, country):
    run = rank_schools(session)
    grades = dict(
        session.execute(
            select(School.code, SchoolResult.grade)
            .join(SchoolResult, SchoolResult.school_id == School.id)
            .where(SchoolResult.run_id == run.run_id)
        ).all()
    )
    take(FILES / "roads.geojson", "roads")
    found = ways(session)

    assert [code for code, grade in grades.items() if grade in ("A", "B", "C")] == ["S1"]
    assert found["S3", "safe_school"].other_id == country.schools["S1"].id
    assert found["S3", "safe_school"].km == pytest.approx(2 * EAST, rel=CLOSE)
    assert ("S1", "safe_school") not in found, "a school is not its own alternative"


def test_schools_that_share_no_language_or_teach_smaller_children_take_nobody(session, take, country):
    session.execute(update(School).where(School.code == "S2").values(languages=["ru"]))
    session.execute(update(School).where(School.code == "S3").values(kind="primary"))
    session.execute(update(School).where(School.code == "S1").values(kind="secondary"))
    take(FILES / "roads.geojson", "roads")

    assert ("S1", "school") not in ways(session)


def test_minutes_by_road_rank_and_a_table_of_times_stands_before_them(session, app, taken, country):
    first = rank_schools(session)
    of_first = factor_of(session, first.run_id, country.schools["S1"].id)
    why = PageClient(app).get("/en/schools/S1/why").text
    stated = {"target_name": None, "km": None, "source": "table", "source_date": date(2026, 10, 1)}
    session.add(TravelTime(school_id=country.schools["S1"].id, target="school", minutes=12.0, **stated))
    session.flush()
    second = rank_schools(session)

    assert of_first == pytest.approx(EAST / 40 * 60, rel=CLOSE)
    assert "Worked out by the road file of" in why
    assert factor_of(session, second.run_id, country.schools["S1"].id) == 12.0


def factor_of(session, run_id, school_id):
    found = session.scalar(
        select(SchoolResult).where(SchoolResult.run_id == run_id, SchoolResult.school_id == school_id)
    )
    return found.factor_raw[6]


def test_a_school_that_moved_has_no_way_until_ways_are_worked_out_again(session, taken, country):
    session.execute(
        update(School).where(School.code == "S2").values(location=WKTElement("POINT(74.39 42.8)", srid=4326))
    )
    before = ways(session)
    distance = session.get(SchoolDistance, country.schools["S1"].id, populate_existing=True)
    measure_ways(session)
    after = ways(session)

    assert not [key for key in before if key[0] == "S2"]
    assert ("S1", "school") not in before
    assert distance.km[distance.other_ids.index(country.schools["S2"].id)] is None
    assert after["S1", "school"].km == pytest.approx(EAST * 0.95, rel=CLOSE)


def test_a_later_file_takes_over_and_each_is_taken_back_in_turn(session, take, taken, tmp_path):
    roads = json.loads((FILES / "roads.geojson").read_text("utf-8"))
    roads["features"] = roads["features"][:1]
    roads["features"][0]["properties"]["maxspeed"] = "80"
    path = tmp_path / "later.geojson"
    path.write_text(json.dumps(roads), encoding="utf-8")
    later = take(path, "roads")
    folders = Folders(tmp_path / "uploads", tmp_path / "geodata")
    fast = ways(session)

    with pytest.raises(UndoRefusedError) as refused:
        undo_batch(session, taken[1].id, folders)
    undo_batch(session, later.id, folders)
    session.expire_all()
    as_before = ways(session)
    undo_batch(session, taken[1].id, folders)

    assert (later.added, later.changed, later.unchanged) == (0, 1, 0)
    assert fast["S1", "school"].minutes == pytest.approx(EAST / 60 * 60, rel=CLOSE), "60 is the speed of the class"
    assert ("S2", "hospital") not in fast
    assert refused.value.obstacles[0].reference == "roads 2"
    assert as_before["S1", "school"].minutes == pytest.approx(EAST / 40 * 60, rel=CLOSE)
    assert ways(session) == {}
    assert session.scalars(select(SchoolDistance)).all() == []


FEATURE = {"type": "Feature", "properties": {"highway": "primary"}}
POINT = FEATURE | {"geometry": {"type": "Point", "coordinates": [74.2, 42.8]}}
LINE = FEATURE | {"geometry": {"type": "LineString", "coordinates": [[74.2, 42.8], [74.4, 42.8]]}}
FOOT = LINE | {"properties": {"highway": "footway"}}
FAST = LINE | {"properties": {"highway": "primary", "maxspeed": "400"}}


@pytest.mark.parametrize(
    ("features", "status", "code", "row"),
    [
        ([], "refused", "roads_none", None),
        ([FOOT], "refused", "roads_none", None),
        ([LINE, POINT], "checked", "geometry_wrong_type", 2),
        ([LINE, FAST], "checked", "speed_impossible", 2),
    ],
)
def test_what_is_no_road_is_told_with_its_row(session, country, tmp_path, features, status, code, row):
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    kept = keep_file(tmp_path / "uploads", path, path.name)
    summary = check_file(session, kept, ImportOptions("roads"))
    problem = next(one for one in imports.problems(session, summary.id) if one.code == code)

    assert (summary.status, problem.row, problem.severity) == (status, row, "error")


def test_roads_with_refused_rows_wait_for_consent_and_a_table_or_lines_without_crs_are_refused(take, tmp_path):
    roads = tmp_path / "roads.geojson"
    roads.write_text(json.dumps({"type": "FeatureCollection", "features": [LINE, POINT]}), encoding="utf-8")
    table = tmp_path / "roads.csv"
    table.write_text("highway,maxspeed\nprimary,60\n", encoding="utf-8")
    bare = tmp_path / "roads.zip"
    write_shapefile(bare, with_crs=False)

    with pytest.raises(ProblemsRemainError):
        take(roads, "roads")
    assert take(table, "roads").status == "refused"
    assert take(bare, "roads").status == "refused"


def test_a_zipped_shapefile_in_metres_gives_the_same_way(session, take, country, tmp_path):
    path = tmp_path / "metric.zip"
    write_shapefile(path, with_crs=True)
    take(path, "roads")
    way = ways(session)["S1", "school"]

    assert way.km == pytest.approx(EAST, rel=CLOSE)
    assert way.minutes == pytest.approx(EAST / 40 * 60, rel=CLOSE)


def write_shapefile(path, with_crs):
    import zipfile

    import geopandas

    lines = [shapely.LineString([(74.2, 42.8), (74.3, 42.8), (74.4, 42.8)])]
    folder = path.with_suffix("")
    folder.mkdir()
    frame = geopandas.GeoDataFrame({"fclass": ["primary"], "maxspeed": [40], "oneway": ["B"]}, geometry=lines, crs=4326)
    frame = frame.to_crs(32643)
    frame.to_file(folder / "roads.shp")
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            if with_crs or part.suffix != ".prj":
                archive.write(part, part.name)


def test_the_page_tells_ways_by_road_seats_by_road_and_what_the_way_crosses(session, app, country):
    """Without a file the straight line stands in and says so; the path at 74.25° E lies across both."""
    layer = make_layer(code="demo_mudflow")
    path = HazardFeature(shapely.box(74.25, 42.79, 74.26, 42.81), level=4)
    mild = HazardFeature(shapely.box(74.35, 42.79, 74.36, 42.81), level=2)
    narrow = make_layer(code="demo_avalanche", hazard="avalanche", coverage={"kind": "features"})
    calm = HazardFeature(shapely.box(74.1, 42.7, 74.3, 42.9), level=1)
    for made, features in ((layer, [path, mild]), (narrow, [calm])):
        hazards.add_layer_version(
            session, manifest=manifest_as_json(made), data_sha256="1", features=features, is_public=True
        )
    session.execute(update(School).where(School.code == "S2").values(seats=350, shifts=1, pupils=300))
    rank_schools(session)
    page = PageClient(app).get("/en/schools/S1")
    row = next(row for row in page.rows() if row[0].startswith("Nearest other school that may take pupils"))

    assert "straight line times 1.3" in row[1]
    assert "Mudflow: paths 1, worst level 4 of 4" in row[2]
    assert "Unknown: Avalanche, Landslide, Rockfall, Flood" in row[2], "covered half-way is not covered"
    assert "not the road" in row[2]


def test_with_roads_the_page_says_by_road(session, app, take, taken):
    session.execute(update(School).where(School.code == "S2").values(seats=350, shifts=1, pupils=300))
    rank_schools(session)
    page = PageClient(app).get("/en/schools/S1")
    rows = {row[0]: row for row in page.rows() if row}
    fire = next(row for name, row in rows.items() if name.startswith("Nearest fire station"))
    seats = next(row for row in page.rows() if row[:2] == ["Kyrgyz", "up to 30 km"])

    assert "26 min, 13.7 km" in fire[1]
    assert fire[1].endswith(": Test"), "who made the roads"
    assert "along the road" in fire[2]
    assert seats[4] == "1", "S2 is 16 km away by road, S3 33"
    assert "Distances are by the road file of" in page.text
    PageClient(app).get("/ky/schools/S1")
    PageClient(app).get("/ru/schools/S1")


def test_visitors_read_ways_and_no_roads(session, taken, country):
    session.execute(update(School).values(is_published=True))
    set_scope(session, "public")
    seen = session.scalar(text("SELECT count(*) FROM road")), session.scalar(text("SELECT count(*) FROM school_way"))

    assert seen[0] == 0
    assert seen[1] > 0


def test_the_data_page_names_who_made_the_files_and_that_no_licence_is_stated(app, taken):
    page = PageClient(app).get("/en/data")

    assert page.text.count("Test · licence not stated") == 2
