"""Tiles over HTTP: keys, caches, headers, and what an address may ask for."""

import gzip
import os

import pytest
from sqlalchemy import event

from app.web.tiles.cache import TileCache
from tests.factories.areas import make_area
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school
from tests.support.mvt import read_tile

HASH = "a" * 64
PLACE = "9/362/188"


@pytest.fixture
def ranked(session):
    run = make_run(session, HASH)
    make_result(session, run, make_school(session, code="70000001"), 1, grade="E")
    make_result(session, run, make_school(session, code="70000002"), 2, grade="B")
    return run


@pytest.fixture(autouse=True)
def own_cache(app, tmp_path):
    app.extensions["tile_cache"] = TileCache(tmp_path)
    yield
    del app.extensions["tile_cache"]


def codes(response):
    content = gzip.decompress(response.data) if response.headers.get("Content-Encoding") == "gzip" else response.data
    return [one.attributes["code"] for one in read_tile(content)["schools"]]


def statements(session):
    seen = []
    event.listen(session.connection(), "before_cursor_execute", lambda *facts: seen.append(facts[2]))
    return seen


def test_a_tile_of_a_run_may_be_kept_for_ever(client, ranked):
    response = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}", headers={"Accept-Encoding": "gzip"})

    assert response.status_code == 200
    assert response.mimetype == "application/vnd.mapbox-vector-tile"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sorted(codes(response)) == ["70000001", "70000002"]


def test_who_takes_no_gzip_gets_the_plain_bytes(client, ranked):
    response = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}", headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in response.headers
    assert sorted(codes(response)) == ["70000001", "70000002"]


def test_without_a_run_the_published_one_is_shown_and_kept_for_a_minute(client, ranked):
    response = client.get(f"/tiles/schools/{PLACE}.mvt")

    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["ETag"] == client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}").headers["ETag"]


def test_neither_a_cached_nor_an_unchanged_tile_asks_the_database(client, session, ranked):
    first = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}")
    seen = statements(session)

    again = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}")
    unchanged = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (200, first.data)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert seen == []


def test_tile_of_a_run_that_was_met_takes_one_statement(client, session, ranked):
    client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}")
    seen = statements(session)

    other = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}&v=2")

    assert sorted(codes(other)) == ["70000001", "70000002"]
    assert (
        len([text for text in seen if text.lstrip().startswith(("SELECT", "WITH")) and "set_config" not in text]) == 1
    )


def test_tile_of_a_run_that_was_met_and_is_withdrawn_is_not_found(client, session, ranked):
    client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}")
    ranked.is_published = False
    session.flush()

    assert client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}&v=2").status_code == 404


def test_filter_level_run_and_scope_each_have_a_key_of_their_own(client, ranked):
    addresses = ("", "&grade=E", "&grade=B", "&confidence=3", "&q=70000001")

    tags = {client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}{more}").headers["ETag"] for more in addresses}

    assert len(tags) == len(addresses)


def test_the_order_of_the_list_does_not_change_a_tile(client, ranked):
    plain = client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}")

    assert (
        client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}&sort=name&desc=1").headers["ETag"] == plain.headers["ETag"]
    )


def test_a_filtered_tile_shows_what_the_filter_leaves(client, ranked):
    assert codes(client.get(f"/tiles/schools/{PLACE}.mvt?run={HASH}&grade=B")) == ["70000002"]


def test_a_tile_without_a_school_is_empty(client, ranked):
    assert client.get(f"/tiles/schools/9/0/0.mvt?run={HASH}").status_code == 204


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tiles/schools/5/32/0.mvt", 404),
        ("/tiles/schools/5/0/32.mvt", 404),
        ("/tiles/schools/23/0/0.mvt", 404),
        ("/tiles/schools/-1/0/0.mvt", 404),
        ("/tiles/schools/5/1.5/0.mvt", 404),
        ("/tiles/no-such-layer/5/22/11.mvt", 404),
        ("/tiles/..%2f..%2fetc/5/22/11.mvt", 404),
        (f"/tiles/schools/{PLACE}.mvt?run={'f' * 64}", 404),
        (f"/tiles/schools/{PLACE}.mvt?run=nonsense", 400),
        (f"/tiles/schools/{PLACE}.mvt?grade=Z", 400),
        (f"/tiles/areas/{PLACE}.mvt?by=7", 400),
        ("/tiles/no-such-layer.json", 404),
    ],
)
def test_what_cannot_be_shown_is_a_problem(client, ranked, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert response.mimetype == "application/problem+json"


def test_areas_have_the_day_and_the_version_in_their_address(client, session, ranked):
    make_area(session, 1, box=(74.0, 42.5, 75.0, 43.0))
    address = client.get("/tiles/areas.json?by=1").get_json()["tiles"][0]

    response = client.get(address.replace("http://localhost", "").format(z=9, x=362, y=188))

    assert "&v=" in address
    assert "date=" in address
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]


def test_a_version_that_does_not_exist_is_not_kept(client, session, ranked):
    make_area(session, 1, box=(74.0, 42.5, 75.0, 43.0))

    response = client.get(f"/tiles/areas/{PLACE}.mvt?run={HASH}&date=2026-01-01&by=1&v=invented")

    assert response.headers["Cache-Control"] == "public, max-age=60"


def test_tilejson_names_fields_zooms_and_the_run(client, ranked):
    found = client.get("/tiles/schools.json?grade=E").get_json()

    assert found["tilejson"] == "3.0.0"
    assert found["tiles"] == [f"http://localhost/tiles/schools/{{z}}/{{x}}/{{y}}.mvt?run={HASH}&grade=E"]
    assert found["vector_layers"][0]["id"] == "schools"
    assert "grade" in found["vector_layers"][0]["fields"]


def test_the_cache_stays_below_its_limit_and_forgets_what_was_read_longest_ago(tmp_path):
    cache = TileCache(tmp_path, largest_bytes=1000)
    for number in range(20):
        cache.put(f"tile {number}", b"x" * 100)
    for age, path in enumerate(sorted(tmp_path.glob("??/*"))):
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    newest = sorted(tmp_path.glob("??/*"))[-1]

    removed = cache.sweep()

    assert removed == 12
    assert sum(path.stat().st_size for path in tmp_path.glob("??/*")) == 800
    assert newest.exists()


def test_no_text_of_a_request_becomes_a_path(tmp_path):
    cache = TileCache(tmp_path / "cache")

    cache.put("../../escape", b"tile")

    assert cache.get("../../escape") == b"tile"
    assert [path.parent.parent for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "cache"]


def test_a_disk_that_takes_nothing_costs_no_answer(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = TileCache(tmp_path / "file")

    cache.put("key", b"tile")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
