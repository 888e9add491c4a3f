"""Pages through gunicorn: time at eight clients, queries a page, and bytes of a first visit."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from app.factory import create_app
from app.settings import Settings
from geodata.database import count_statements, plain_address
from scripts.benches import Figure, bench
from scripts.benches.served import CLIENTS, Served, application, hammer

REQUESTS = 120
LIGHT_KB, MAP_KB = 60, 480
ASSETS = re.compile(r'(?:href|src)="(/static/[^"#]+)"')
MODULES = re.compile(r'"(/static/[^"]+\.m?js[^"]*)"')


@bench("pages", sizes=(2_400, 150_000), needs_database=True)
def pages(n: int) -> Iterator[Figure]:
    """Home, list, area, school and map shell: p95 at eight clients and queries; bytes of light page and map."""
    settings = Settings()
    with psycopg.connect(plain_address(settings.owner_url)) as owner:
        run: Any = owner.execute("SELECT id, school_count FROM run WHERE is_published ORDER BY id DESC").fetchone()
        areas = _codes(owner, "SELECT code FROM area WHERE level IN (1, 2) AND valid_to IS NULL ORDER BY code LIMIT 30")
        schools = _codes(owner, "SELECT code FROM school WHERE is_published ORDER BY md5(code) LIMIT 60")
    asked = {
        "home": ["/ky/"],
        "list": [f"/ky/priorities?offset={50 * number}" for number in range(20)],
        "list of an area by name": [f"/ky/priorities?area={code}&sort=name" for code in areas],
        "area": [f"/ky/areas/{code}" for code in areas],
        "school": [f"/ky/schools/{code}" for code in schools],
        "map shell": ["/ky/map"],
    }
    app = create_app(settings.model_copy(update={"secret_key": "bench " * 8, "page_cache_mb": 0}))
    client = app.test_client()
    queries: dict[str, int] = {}
    for name, paths in asked.items():
        client.get(paths[0])
        with count_statements(app.extensions["engine"]) as seen:
            client.get(paths[0])
        queries[name] = len(seen)
    with application("MEKTEP_PAGE_CACHE_MB=0") as served:
        yield from _loads(served, "made anew", asked, run[1], queries)
    with application() as served:
        yield from _loads(served, "warm", asked, run[1], {})
        for name, path, limit in (("light page", "/ky/", LIGHT_KB), ("full map", "/ky/map", MAP_KB)):
            total, files = _first_visit(served, path)
            details: dict[str, float | str] = {"kB": round(total / 1000, 1), "files": files}
            yield Figure(f"first visit of {name}, brotli", run[1], 0.0, goal=f"<= {limit} kB", details=details)


def _loads(
    served: Served, label: str, asked: dict[str, list[str]], n: int, queries: dict[str, int]
) -> Iterator[Figure]:
    """Measure every kind of page; "made anew" keeps no page, only parts that pages share.

    The readers' own processor time comes out of the same cores: ``readers_cpu_ms``.
    """
    for name, paths in asked.items():
        for _ in range(2):
            hammer(served, paths)
        before = time.process_time()
        load = hammer(served, (paths * REQUESTS)[:REQUESTS])
        details: dict[str, float | str] = {
            "median_ms": round(1000 * load.median, 1), "cpu_ms": round(load.cpu_ms, 1),
            "readers_cpu_ms": round(1000 * (time.process_time() - before) / load.requests, 1),
            "statuses": str(load.statuses),
        }  # fmt: skip
        if name in queries:
            details["queries"] = queries[name]
        goal = "p95 <= 150 ms with the country's data; <= 8 queries"
        yield Figure(f"page {name} {label}, p95 at {CLIENTS} clients", n, load.p95, goal=goal, details=details)


def _codes(connection: psycopg.Connection[Any], statement: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(statement.encode()).fetchall()]


def _first_visit(served: Served, path: str) -> tuple[int, int]:
    """Return the bytes and the number of files of a page with all that it names: styles, scripts, fonts, pictures."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)

    def fetch(address: str, encoding: str) -> bytes:
        connection.request("GET", address, headers={"Accept-Encoding": encoding})
        return connection.getresponse().read()

    page = fetch(path, "identity").decode()
    files = {address.replace("&amp;", "&") for address in (*ASSETS.findall(page), *MODULES.findall(page))}
    total = len(fetch(path, "br")) + sum(len(fetch(address, "br")) for address in files)
    connection.close()
    return total, 1 + len(files)
