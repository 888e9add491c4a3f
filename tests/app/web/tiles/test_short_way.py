"""The short way answers as Flask does, and hands on all that is not a visitor's plain tile."""

import gzip
from contextlib import contextmanager

import pytest
from flask import request_started
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.web.health.metrics import REQUESTS
from app.web.tiles.cache import TileCache
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school
from tests.support.mvt import read_tile
from tests.support.web import make_app, make_settings

HASH = "b" * 64
PLACE = "9/362/188"
ADDRESS = f"/tiles/schools/{PLACE}.mvt?run={HASH}"
GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
LONG_WAY = {"Cookie": "somebody=1"}
"""With a cookie a request is Flask's."""


@pytest.fixture
def ranked(session):
    run = make_run(session, HASH)
    make_result(session, run, make_school(session, code="70000001"), 1, grade="E")
    return run


@pytest.fixture
def client(app):
    """A visitor's program that sends the headers that it is told, cookies too."""
    return app.test_client(use_cookies=False)


@pytest.fixture(autouse=True)
def own_cache(app, tmp_path):
    app.extensions["tile_cache"] = TileCache(tmp_path)
    yield
    del app.extensions["tile_cache"]


@contextmanager
def seen_by_flask(app):
    """Yield a list that grows by one with each request that Flask sees."""
    seen = []

    def note(*_facts, **_more):
        seen.append(1)

    with request_started.connected_to(note, app):
        yield seen


def facts(response):
    """Return all that a browser gets, but for the reference number."""
    return response.status, sorted((name, value) for name, value in response.headers if name != "X-Request-ID")


@pytest.mark.parametrize("version", ["", "&v=7-abc"])
@pytest.mark.parametrize(("place", "status"), [(PLACE, 200), ("9/0/0", 204)])
def test_both_ways_give_the_same_answer(app, client, ranked, place, status, version):
    address = f"/tiles/schools/{place}.mvt?run={HASH}{version}"
    with seen_by_flask(app) as seen:
        short = client.get(address, headers=GZIP)
        kept = client.get(address, headers=GZIP)
        unseen = len(seen) == 0
        long = client.get(address, headers=GZIP | LONG_WAY)

    assert unseen
    assert seen
    assert short.status_code == status
    assert facts(short) == facts(kept) == facts(long)
    assert short.data == kept.data == long.data


def test_both_ways_tell_alike_that_a_tile_is_not_modified(app, client, ranked):
    known = {"If-None-Match": client.get(ADDRESS, headers=GZIP).headers["ETag"]}
    with seen_by_flask(app) as seen:
        short = client.get(ADDRESS, headers=GZIP | known)
        unseen = len(seen) == 0
        long = client.get(ADDRESS, headers=GZIP | known | LONG_WAY)

    assert unseen
    assert seen
    assert short.status_code == 304
    assert facts(short) == facts(long)


def test_both_ways_share_their_tiles(client, ranked):
    short = client.get(ADDRESS, headers=GZIP)

    assert [one.attributes["code"] for one in read_tile(gzip.decompress(short.data))["schools"]] == ["70000001"]
    assert client.get(f"/tiles/schools/{PLACE}.mvt", headers=GZIP).headers["ETag"] == short.headers["ETag"]


@pytest.mark.parametrize(
    ("address", "more"),
    [
        (ADDRESS, {"Cookie": "mektep_session=x"}),
        (ADDRESS, {"Authorization": "Bearer mk_none"}),
        (ADDRESS, {"Authentication-Token": "x"}),
        (ADDRESS, {"Accept-Encoding": "identity"}),
        (ADDRESS, {"Accept-Encoding": "gzip;q=0"}),
        (ADDRESS, {"If-None-Match": '"another"'}),
        (f"{ADDRESS}&grade=E", {}),
        (f"{ADDRESS}&q=7", {}),
        (f"/tiles/schools/{PLACE}.mvt?grade=E&run={HASH}", {}),
        (f"/tiles/schools/{PLACE}.mvt", {}),
        (f"/tiles/schools/{PLACE}.mvt?run={HASH[:8]}", {}),
        (f"/tiles/schools/{PLACE}.mvt?run={'f' * 64}", {}),
        (f"/tiles/schools/5/32/0.mvt?run={HASH}", {}),
        (f"/tiles/schools/23/0/0.mvt?run={HASH}", {}),
        (f"/tiles/areas/{PLACE}.mvt?run={HASH}", {}),
    ],
)
def test_everything_else_is_handed_on(app, client, ranked, address, more):
    with seen_by_flask(app) as seen:
        client.get(address, headers=GZIP | more)

    assert len(seen) == 1


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_reading_takes_the_short_way(app, client, ranked, method):
    with seen_by_flask(app) as seen:
        client.open(ADDRESS, method=method, headers=GZIP)

    assert len(seen) == 1


def test_run_that_was_met_and_is_withdrawn_is_not_found(client, session, ranked):
    client.get(ADDRESS, headers=GZIP)
    ranked.is_published = False
    session.flush()

    response = client.get(f"{ADDRESS}&v=2", headers=GZIP)

    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_database_that_is_away_is_told_in_words(app, client, ranked, monkeypatch):
    def away(*_facts):
        raise OperationalError("SELECT", None, Exception("gone"), connection_invalidated=True)

    monkeypatch.setattr(app.extensions["public_reader"], "execute", away)

    response = client.get(ADDRESS, headers=GZIP)

    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"


def test_reference_number_of_the_proxy_is_kept_when_it_is_well_formed(client, ranked):
    asked = client.get(ADDRESS, headers=GZIP | {"X-Request-ID": "proxy-number-1"})
    odd = client.get(ADDRESS, headers=GZIP | {"X-Request-ID": "<script>"})

    assert asked.headers["X-Request-ID"] == "proxy-number-1"
    assert len(odd.headers["X-Request-ID"]) == 12


def test_tiles_of_the_short_way_are_counted_like_others(client, ranked):
    counted = REQUESTS.labels("tiles.tile", "GET", "200")
    before = counted._value.get()

    client.get(ADDRESS, headers=GZIP)
    client.get(ADDRESS, headers=GZIP | LONG_WAY)

    assert counted._value.get() == before + 2


@pytest.fixture
def limited(database, tmp_path):
    settings = make_settings(database, tmp_path, rate_limits=True, tiles_per_minute=3, trusted_proxies=1)
    made = make_app(settings)
    made.extensions["tile_cache"] = KeptTile()
    yield made
    made.extensions["engine"].dispose()
    made.extensions["public_reader"].dispose()


class KeptTile:
    """A cache that holds every tile, so that no run is needed."""

    def get(self, _key):
        return b"tile"


def test_limit_of_an_address_counts_both_ways_together(limited):
    client, here = limited.test_client(use_cookies=False), {"X-Forwarded-For": "192.0.2.7"}

    answers = [client.get(ADDRESS, headers=GZIP | here | more) for more in ({}, LONG_WAY, {}, {}, LONG_WAY)]
    other = client.get(ADDRESS, headers=GZIP | {"X-Forwarded-For": "192.0.2.8"})

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[3].headers["Retry-After"]) >= 1
    assert other.status_code == 200


def test_addresses_are_told_apart_as_the_proxy_says(limited):
    layers, one = [], limited.wsgi_app
    while one is not None:
        layers.append(type(one).__name__)
        one = getattr(one, "application", None) or getattr(one, "app", None)

    assert layers.index(ProxyFix.__name__) < layers.index("ShortWay")


@pytest.mark.parametrize("https_only", [False, True])
def test_both_ways_have_the_same_headers_over_https(database, tmp_path, https_only):
    made = make_app(make_settings(database, tmp_path, https_only=https_only))
    made.extensions["tile_cache"] = KeptTile()
    client = made.test_client(use_cookies=False)

    short, long = (client.get(ADDRESS, headers=GZIP | more) for more in ({}, LONG_WAY))
    made.extensions["engine"].dispose()
    made.extensions["public_reader"].dispose()

    assert facts(short) == facts(long)
    assert ("Strict-Transport-Security" in short.headers) == https_only
