"""Vector tiles: processor time a request beside raw SQL and tipg, sizes and times of all tiles, the pyramid."""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from app.settings import Settings
from app.workflows.rank_schools import tile_pyramid
from geodata.database import make_engine, open_session, plain_address
from geodata.public_reader import PublicReader
from geodata.queries import tile_versions, tiles
from geodata.records.priority import ListFilter
from scripts.benches import SIZES, Figure, bench, stopwatch
from scripts.benches.served import CLIENTS, Load, Served, application, hammer
from scripts.benches.tipg import tipg

ZOOMS = (5, 8, 11)
REQUESTS = 400
TILES_A_ZOOM = 60
FINEST = 13
RAW = """
    SELECT ST_AsMVT(tile, 'schools', 4096, 'geom', 'id') FROM (
        SELECT school.id, school.code, result.national_rank, result.grade, result.pupils,
            ST_AsMVTGeom(ST_Transform(school.location, 3857), ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 64) AS geom
        FROM school
        JOIN school_result AS result ON result.school_id = school.id AND result.run_id = %(run_id)s
        WHERE school.location && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4326)
    ) AS tile
"""
Place = tuple[int, int, int]


@bench("tiles", needs_database=True)
def tile_figures(n: int) -> Iterator[Figure]:
    """Tiles of schools and hazards: cost a request under eight clients, and every tile's size and time."""
    settings = Settings()
    with psycopg.connect(plain_address(settings.owner_url), autocommit=True) as owner:
        run: Any = owner.execute(
            "SELECT id, hash, school_count FROM run WHERE is_published ORDER BY id DESC"
        ).fetchone()
        points: Any = owner.execute(
            "SELECT ST_X(location), ST_Y(location) FROM school WHERE location IS NOT NULL "
            "ORDER BY md5(id::text) LIMIT 2000"
        ).fetchall()
        places = {zoom: _tiles_of(points, zoom) for zoom in range(FINEST + 1)}
        raw = {zoom: _raw_ms(owner, run[0], places[zoom]) for zoom in ZOOMS}
    yield from _over_http(run, places, raw)
    yield from _at_the_database(settings, run, places)
    yield _pyramid(settings, run)


def _tiles_of(points: list[tuple[float, float]], zoom: int) -> list[Place]:
    side, found = 2**zoom, set()
    for lon, lat in points:
        y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
        found.add((zoom, int((lon + 180) / 360 * side), int(y * side)))
    return random.Random(zoom).sample(sorted(found), min(TILES_A_ZOOM, len(found)))  # noqa: S311


def _raw_ms(connection: psycopg.Connection[Any], run_id: int, places: list[Place]) -> float:
    """Return the processor time in this process of one raw statement, milliseconds."""
    start = time.process_time()
    for number in range(REQUESTS // 4):
        z, x, y = places[number % len(places)]
        connection.execute(RAW, {"z": z, "x": x, "y": y, "run_id": run_id}).fetchone()
    return 1000 * (time.process_time() - start) / (REQUESTS // 4)


def _over_http(run: Any, places: dict[int, list[Place]], raw: dict[int, float]) -> Iterator[Figure]:
    with application() as ours:
        peers: dict[int, Load] = {}
        with tipg() as theirs:
            for zoom in ZOOMS if theirs else ():
                assert theirs is not None
                paths = [f"/collections/public.school/tiles/WebMercatorQuad/{z}/{x}/{y}" for z, x, y in places[zoom]]
                peers[zoom] = hammer(theirs, (paths * REQUESTS)[: REQUESTS // 4])
        for zoom in ZOOMS:
            yield from _of_zoom(ours, run, places[zoom], raw[zoom], peers.get(zoom))


def _of_zoom(ours: Served, run: Any, places: list[Place], raw_ms: float, peer: Load | None) -> Iterator[Figure]:
    paths = [f"/tiles/schools/{z}/{x}/{y}.mvt?run={run[1]}" for z, x, y in places]
    many = (paths * REQUESTS)[:REQUESTS]
    salt = time.time_ns()  # a version of its own makes every request a new one for the cache
    fresh = hammer(ours, [f"{path}&v={salt + number}" for number, path in enumerate(many)])
    cached = hammer(ours, many)
    known = hammer(ours, [many[0]] * REQUESTS, {"If-None-Match": _etag(ours, many[0])})
    label = f"z{places[0][0]}, processor ms a request at {CLIENTS} clients"
    details: dict[str, float | str] = {
        "cpu_ms": round(fresh.cpu_ms, 3), "raw_sql_cpu_ms": round(raw_ms, 3), "above_raw_ms": round(
            fresh.cpu_ms - raw_ms, 3), "kB": round(fresh.bytes_each / 1000, 1), "p95_ms": round(1000 * fresh.p95, 1),
        "statuses": str(fresh.statuses),
    }  # fmt: skip
    ratio = None
    if peer is not None and 200 in peer.statuses:
        ratio = round(fresh.cpu_ms / peer.cpu_ms, 3)
        details |= {"tipg_cpu_ms": round(peer.cpu_ms, 3), "tipg_kB": round(peer.bytes_each / 1000, 1)}
    yield Figure(
        f"tile uncached {label}", run[2], fresh.cpu_ms / 1000, peer="tipg" if ratio else None, ratio=ratio,
        goal="<= 1.0 ms above raw SQL; tipg >= 3 x ours at <= 20 kB", details=details,
    )  # fmt: skip
    yield Figure(f"tile cached {label}", run[2], cached.cpu_ms / 1000, goal="<= 0.9 ms")
    details = {"statuses": str(known.statuses)}
    yield Figure(f"tile not modified {label}", run[2], known.cpu_ms / 1000, goal="<= 0.6 ms", details=details)


def _etag(served: Served, path: str) -> str:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["ETag"]


def _at_the_database(settings: Settings, run: Any, places: dict[int, list[Place]]) -> Iterator[Figure]:
    """Time tiles as the web role under row security, one after the other."""
    reader = PublicReader(settings.web_url)
    has_pyramid = run[2] > tile_pyramid.ALWAYS_POINTS
    everywhere = [place for zoom in places for place in places[zoom]]
    plain: Callable[..., bytes] = lambda *place: tiles.school_tile(  # noqa: E731
        reader, run[0], ListFilter(), *place, has_pyramid=has_pyramid
    )
    goal = "each <= 200 kB, p95 <= 25 ms"
    yield _times(f"every tile z0-{FINEST} at the database, p95", run[2], everywhere, plain, goal)
    engine = make_engine(settings.web_url, limits="-c jit=off")
    with open_session(engine, "public") as session:
        some = [places[zoom][0] for zoom in range(3, 9)]
        filtered: Callable[..., bytes] = lambda *place: tiles.school_tile(  # noqa: E731
            session, run[0], ListFilter(grades=("E",)), *place
        )
        yield _times("filtered tiles z3-8 (grade E) at the database, p95", run[2], some, filtered, None)
    engine.dispose()
    for layer in tile_versions.tiled_layers(reader):
        read: Callable[..., bytes] = lambda *place, key=layer.id: tiles.hazard_tile(reader, key, *place)  # noqa: E731
        name = f"hazard {layer.code} z5 ({layer.feature_count} features) at the database, p95"
        yield _times(name, run[2], places[5] * 4, read, "<= 250 kB, <= 60 ms")
    reader.dispose()


def _times(name: str, n: int, places: list[Place], read: Callable[..., bytes], goal: str | None) -> Figure:
    seconds, sizes = [], []
    for place in places:
        with stopwatch() as taken:
            sizes.append(len(read(*place)))
        seconds.append(taken[0])
    ordered = sorted(seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    details: dict[str, float | str] = {
        "tiles": len(sizes), "median_ms": round(1000 * statistics.median(ordered), 2),
        "slowest_ms": round(1000 * ordered[-1], 1), "largest_kB": round(max(sizes) / 1000, 1),
    }  # fmt: skip
    return Figure(name, n, p95, goal=goal, details=details)


def _pyramid(settings: Settings, run: Any) -> Figure:
    """Time the pyramid of the run, and roll it back."""
    engine = make_engine(settings.worker_url)
    with open_session(engine, "national") as session:
        with stopwatch() as seconds:
            tile_pyramid.build_pyramid(session, run[0])
        session.rollback()
    engine.dispose()
    goal = "1.5 M: <= 30 s" if run[2] == SIZES[-1] else None
    return Figure("pyramid of tiles built", run[2], seconds[0], goal=goal)
