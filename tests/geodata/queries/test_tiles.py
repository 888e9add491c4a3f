"""Vector tiles: what they hold, whom they show it to, and how big they may grow."""

from datetime import date

import pytest
from geoalchemy2 import WKTElement
from sqlalchemy import text

from geodata.database import set_scope
from geodata.models import AreaResult, BaseMapFeature, HazardFeature, HazardLayer
from geodata.queries import priorities, tile_pyramid, tile_versions, tiles
from geodata.queries.tiles_base import base_tile
from geodata.records.priority import ListFilter
from tests.factories.areas import make_area
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school
from tests.support.mvt import read_tile

BISHKEK = (9, 362, 188)
COUNTRY = (5, 22, 11)


def tile_holding(lon, lat, z):
    """The tile of a place, computed apart from the code under test."""
    from math import cos, log, pi, radians, tan

    y = (1 - log(tan(radians(lat)) + 1 / cos(radians(lat))) / pi) / 2
    return z, int((lon + 180) / 360 * 2**z), int(y * 2**z)


@pytest.fixture
def ranked(session):
    run = make_run(session)
    for rank, (grade, hazard) in enumerate([("E", 4), ("D", 3), (None, None), ("A", 1)], start=1):
        school = make_school(session, code=f"9000000{rank}", pupils=None if grade is None else 100 * rank)
        facts = {"grade": grade, "pupils": school.pupils, "confidence": rank, "hazard_levels": {"flood": hazard}}
        make_result(session, run, school, rank, **facts)
    make_result(session, run, make_school(session, lon=None), 5)
    return run


def schools(session, run, place=BISHKEK, **wanted):
    content = tiles.school_tile(session, run.id, ListFilter(**wanted), *place)
    found = read_tile(content).get("schools", []) if content else []
    return sorted(found, key=lambda one: one.attributes["rank"])


def test_a_school_stands_in_the_tile_of_its_place_with_what_is_known(session, ranked):
    found = schools(session, ranked, tile_holding(74.6, 42.87, 9))

    assert [one.attributes["code"] for one in found] == ["90000001", "90000002", "90000003", "90000004"]
    assert found[0].attributes | {"name_ky": "", "name_ru": "", "name_en": ""} == {
        "code": "90000001",
        "rank": 1,
        "grade": "E",
        "index": 30,
        "priority": 60,
        "pupils": 100,
        "confidence": 1,
        "name_ky": "",
        "name_ru": "",
        "name_en": "",
    }


def test_unknown_is_said_and_never_becomes_a_number(session, ranked):
    unknown = schools(session, ranked)[2].attributes

    assert unknown["grade"] == "U"
    assert "pupils" not in unknown


def test_names_come_from_zoom_eight_up(session, ranked):
    assert "name_ky" in schools(session, ranked, tile_holding(74.6, 42.87, 8))[0].attributes
    assert "name_ky" not in schools(session, ranked, tile_holding(74.6, 42.87, 7))[0].attributes


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({}, id="all"),
        pytest.param({"grades": ("E",)}, id="one grade"),
        pytest.param({"grades": ("D", "unknown")}, id="unknown grade too"),
        pytest.param({"hazard": "flood"}, id="in danger"),
        pytest.param({"hazard": "flood", "hazard_level": 4}, id="in great danger"),
        pytest.param({"confidence": (3, 4)}, id="confidence"),
        pytest.param({"ownership": ("private",)}, id="nothing left"),
        pytest.param({"q": "90000002"}, id="a code"),
        pytest.param({"q": "Ak-Terek"}, id="a name in Latin letters"),
        pytest.param({"area": "nowhere"}, id="an area that does not exist"),
    ],
)
def test_tile_and_list_show_the_same_schools(session, ranked, wanted):
    listed = priorities.select_rows(session, ranked.id, ListFilter(**wanted))

    shown = {one.attributes["code"]: one.attributes["rank"] for one in schools(session, ranked, **wanted)}

    assert shown == {row.code: row.national_rank for row in listed if row.lon is not None}


def test_public_sees_no_unpublished_school_and_no_unpublished_run(session, ranked):
    hidden = make_run(session, "c" * 64, published=False)
    make_result(session, hidden, make_school(session), 1)
    make_result(session, ranked, make_school(session, is_published=False), 6)
    assert len(schools(session, ranked)) == 5

    set_scope(session, "public")

    assert len(schools(session, ranked)) == 4
    assert schools(session, hidden) == []


@pytest.fixture
def crowd(session):
    """5,000 schools by SQL: a run large enough for a pyramid, in a square of half a degree near Naryn."""
    run = make_run(session, "d" * 64, school_count=5000)
    session.execute(
        text("""
        INSERT INTO school (code, name_ky, location, pupils)
        SELECT 'P-' || n, n || ' мектеп',
            ST_SetSRID(ST_MakePoint(75.5 + (n % 71) * 0.007, 41.2 + (n % 67) * 0.007), 4326),
            CASE WHEN n % 10 = 0 THEN NULL ELSE 100 END
        FROM generate_series(1, 5000) AS n
    """)
    )
    session.execute(
        text("""
        INSERT INTO school_result (run_id, school_id, grade, conformity_class, index_lower, index_central, index_upper,
            completeness, priority_lower, priority_central, priority_upper, factor_raw, factor_value, contribution,
            known, national_rank, rank_low, rank_high, confidence, pupils)
        SELECT :run, id, CASE substr(code, 3)::int % 4 WHEN 0 THEN NULL WHEN 1 THEN 'A' WHEN 2 THEN 'C' ELSE 'E' END,
            'critical', 0, 50, 100, 0.5, 0, substr(code, 3)::int % 100, 100, '{}', '{}', '{}', '{}',
            substr(code, 3)::int, 1, 5000, 2, pupils
        FROM school WHERE code LIKE 'P-%'
    """),
        {"run": run.id},
    )
    return run


def test_the_pyramid_counts_every_school_once_at_every_zoom(session, crowd):
    tile_pyramid.build_pyramid(session, crowd.id)

    rows = session.execute(
        text("""
        SELECT z, sum(schools), sum(n), sum(p) FROM tile_pyramid
        CROSS JOIN LATERAL (SELECT sum(c) AS n FROM unnest(cell_schools) AS c) AS counted
        CROSS JOIN LATERAL (SELECT sum(c) AS p FROM unnest(cell_pupils) AS c) AS taught
        WHERE run_id = :run AND z <= 6 GROUP BY z ORDER BY z
    """),
        {"run": crowd.id},
    ).all()

    assert [tuple(row) for row in rows] == [(z, 5000, 5000, 450_000) for z in range(7)]


def test_cells_tell_number_worst_grade_first_rank_and_known_pupils(session, crowd):
    tile_pyramid.build_pyramid(session, crowd.id)
    set_scope(session, "public")

    content = tiles.school_tile(session, crowd.id, ListFilter(), *tile_holding(75.7, 41.4, 5))

    cells = read_tile(content)["schools"]
    assert sum(one.attributes["n"] for one in cells) == 5000
    assert min(one.attributes["rank"] for one in cells) == 1
    assert {one.attributes["grade"] for one in cells} == {"E"}
    assert sum(one.attributes["pupils"] for one in cells) == 450_000
    assert len(content) <= 200_000


def test_the_pyramid_is_built_again_without_leftovers(session, crowd):
    tile_pyramid.build_pyramid(session, crowd.id)
    before = session.scalar(text("SELECT count(*) FROM tile_pyramid"))

    tile_pyramid.build_pyramid(session, crowd.id)

    assert session.scalar(text("SELECT count(*) FROM tile_pyramid")) == before > 0


def test_a_small_run_has_no_pyramid_and_shows_points_at_every_zoom(session, ranked):
    tile_pyramid.build_pyramid(session, ranked.id)

    assert session.scalar(text("SELECT count(*) FROM tile_pyramid")) == 0
    assert len(schools(session, ranked, (0, 0, 0))) == 4


def test_areas_carry_figures_and_hatch_what_is_not_covered(session, ranked):
    covered = make_area(session, 2, box=(74.0, 42.5, 74.8, 43.0))
    thin = make_area(session, 2, box=(74.8, 42.5, 75.4, 43.0))
    former = make_area(session, 2, box=(74.0, 42.5, 75.4, 43.0), valid_to=date(2020, 1, 1))
    for area, rankable in ((covered, True), (thin, False)):
        facts = {"schools": 10, "assessed": 6, "covered": 6, "pupils": 1000, "pupils_at_risk": 250}
        result = AreaResult(
            run_id=ranked.id, area_id=area.id, level=2, is_rankable=rankable, mean_priority=41.26, **facts
        )
        session.add(result)
    session.flush()

    layers = read_tile(tiles.area_tile(session, ranked.id, 2, date(2026, 1, 1), *COUNTRY))

    shown = {one.attributes["code"]: one.attributes for one in layers["areas"]}
    assert former.code not in shown
    assert (shown[covered.code]["priority"], shown[covered.code]["at_risk"], shown[covered.code]["coverage"]) == (
        41.3,
        25.0,
        60,
    )
    assert "priority" not in shown[thin.code]
    assert "at_risk" not in shown[thin.code]
    assert {one.attributes["code"] for one in layers["area_labels"]} == {covered.code, thin.code}


def test_the_map_of_a_former_day_shows_the_areas_of_that_day(session, ranked):
    former = make_area(session, 3, box=(74.0, 42.5, 75.4, 43.0), valid_to=date(2020, 1, 1))
    merged = make_area(session, 3, box=(74.0, 42.5, 75.4, 43.0), valid_from=date(2020, 1, 1))

    def shown(on):
        layers = read_tile(tiles.area_tile(session, ranked.id, 3, on, *COUNTRY))
        return [one.attributes["code"] for one in layers["areas"]]

    assert shown(date(2019, 12, 31)) == [former.code]
    assert shown(date(2020, 1, 1)) == [merged.code]


def make_hazard(session, code, *, public):
    layer = HazardLayer(
        code=code, version=1, hazard="mudflow", kind="polygon", manifest={}, data_sha256=code,
        feature_count=1, is_current=True, is_public=public,
    )  # fmt: skip
    session.add(layer)
    session.flush()
    shape = WKTElement("POLYGON((74 42.5,75 42.5,75 43,74 43,74 42.5))", srid=4326)
    session.add(HazardFeature(layer_id=layer.id, geom=shape, geom_low=shape, level=3, name="Сел"))
    session.add(HazardFeature(layer_id=layer.id, geom=shape, geom_low=shape, level=None))
    session.flush()
    return layer


def test_a_layer_without_a_licence_is_in_no_public_tile(session):
    public, secret = make_hazard(session, "open_layer", public=True), make_hazard(session, "closed_layer", public=False)
    assert len(read_tile(tiles.hazard_tile(session, secret.id, *BISHKEK))["hazard"]) == 2

    set_scope(session, "public")

    assert tiles.hazard_tile(session, secret.id, *BISHKEK) == b""
    assert len(read_tile(tiles.hazard_tile(session, public.id, *BISHKEK))["hazard"]) == 2
    assert [one.code for one in tile_versions.tiled_layers(session)] == ["open_layer"]


def test_an_undocumented_level_stays_unknown(session):
    layer = make_hazard(session, "open_layer", public=True)

    levels = [
        one.attributes.get("level") for one in read_tile(tiles.hazard_tile(session, layer.id, *BISHKEK))["hazard"]
    ]

    assert sorted(levels, key=str) == [3, None]


def test_the_base_map_labels_a_lake_once(session):
    ring = "76 42.2,78.3 42.2,78.3 42.8,76 42.8,76 42.2"
    lake = WKTElement(f"POLYGON(({ring}))", srid=4326)
    session.add(BaseMapFeature(kind="lake", name_ky="Ысык-Көл", geom=lake, min_zoom=0))
    session.flush()
    (_, west, north), (_, east, south) = tile_holding(76.1, 42.75, 8), tile_holding(78.2, 42.25, 8)

    kinds = []
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            kinds += [one.attributes["kind"] for one in read_tile(base_tile(session, 8, x, y)).get("base", [])]

    assert kinds.count("lake") > 1
    assert kinds.count("lake_label") == 1


def test_a_written_area_changes_the_version_of_its_layer(session):
    before = tile_versions.outline_versions(session)

    make_area(session, 1, box=(74.0, 42.5, 74.8, 43.0))

    assert tile_versions.outline_versions(session)[0] != before[0]


def test_a_tile_of_a_few_schools_reads_a_few_rows_in_spite_of_row_security(session, crowd):
    session.execute(
        text("INSERT INTO school (code, name_ky) SELECT 'Q-' || n, 'м' FROM generate_series(1, 30000) AS n")
    )
    session.execute(text("ANALYZE school"))
    set_scope(session, "public")
    box = "ST_Transform(ST_TileEnvelope(13, 5817, 3066, margin => 64.0 / 4096), 4326)"
    query = f"EXPLAIN SELECT * FROM school WHERE id IN (SELECT school_in_box({box}))"

    plan = "\n".join(session.execute(text(query)).scalars())

    assert "Seq Scan on school " not in plan


@pytest.mark.parametrize("table", ["school_result", "building_result", "domain_result", "area_result", "tile_pyramid"])
def test_published_runs_are_asked_once_a_statement_and_not_at_every_look_into_an_index(session, table):
    set_scope(session, "public")

    plan = "\n".join(session.execute(text(f"EXPLAIN SELECT * FROM {table}")).scalars())

    assert "Seq Scan on run" in plan
    assert "SubPlan" not in plan


def test_a_filtered_tile_of_a_crowd_counts_cells_like_the_pyramid(session, crowd):
    tile_pyramid.build_pyramid(session, crowd.id)
    set_scope(session, "public")
    place = tile_holding(75.7, 41.4, 5)

    stored = read_tile(tiles.school_tile(session, crowd.id, ListFilter(), *place))["schools"]
    counted = read_tile(tiles.school_tile(session, crowd.id, ListFilter(confidence=(2,)), *place))["schools"]

    assert {one.point: one.attributes for one in counted} == {one.point: one.attributes for one in stored}


def test_finding_by_place_shows_nobody_more_than_row_security_allows(session, ranked):
    make_result(session, ranked, make_school(session, code="90000009", is_published=False), 9)

    set_scope(session, "none")
    assert schools(session, ranked) == []

    set_scope(session, "public")
    assert "90000009" not in {one.attributes["code"] for one in schools(session, ranked)}


def test_a_unit_with_nothing_below_it_stands_at_every_deeper_level_of_its_day(session, ranked):
    oblast = make_area(session, 1, box=(74.0, 42.5, 74.8, 43.0))
    make_area(session, 2, parent=oblast, box=(74.0, 42.5, 74.8, 43.0), valid_from=date(2021, 1, 1))
    city = make_area(session, 1, box=(74.8, 42.5, 75.4, 43.0))
    make_area(session, 2, parent=city)  # its boundary is not known: nothing could be drawn for it

    def codes(level, on):
        found = read_tile(tiles.area_tile(session, ranked.id, level, on, *BISHKEK))["areas"]
        return sorted((one.attributes["code"], one.attributes["level"]) for one in found)

    today, before = date(2026, 12, 1), date(2020, 6, 1)

    assert codes(1, today) == [(oblast.code, 1), (city.code, 1)]
    assert sorted(level for _, level in codes(2, today)) == [1, 2]
    assert (city.code, 1) in codes(2, today)
    assert codes(3, today) == codes(2, today)
    assert codes(2, before) == codes(1, today), "the rayon did not stand yet"
