"""OGC API - Features: pages of 500 features with the number matched, beside tipg on the same database."""

from __future__ import annotations

from collections.abc import Iterator

from app.settings import Settings
from geodata.database import make_engine, open_session
from geodata.queries.runs import published_run
from scripts.benches import Figure, bench
from scripts.benches.served import CLIENTS, application, hammer
from scripts.benches.tipg import tipg

PAGE = 500
REQUESTS = 60


@bench("ogc", sizes=(2_400, 150_000), needs_database=True)
def ogc(n: int) -> Iterator[Figure]:
    """Pages of 500 schools with numberMatched: processor time a request beside tipg."""
    engine = make_engine(Settings().web_url)
    with open_session(engine, "public") as session:
        run = published_run(session, None)
    engine.dispose()
    schools = run.school_count if run else n
    offsets = [PAGE * (number % max(1, min(schools // PAGE, 20))) for number in range(REQUESTS)]
    with application() as served:
        ours = hammer(served, [f"/ogc/collections/schools/items?limit={PAGE}&offset={offset}" for offset in offsets])
    details: dict[str, float | str] = {
        "cpu_ms": round(ours.cpu_ms, 2), "p95_ms": round(1000 * ours.p95, 1), "kB": round(ours.bytes_each / 1000, 1),
        "statuses": str(ours.statuses),
    }  # fmt: skip
    ratio = None
    with tipg() as server:
        if server is not None:
            address = "/collections/public.school/items"
            peer = hammer(server, [f"{address}?limit={PAGE}&offset={offset}&f=geojson" for offset in offsets])
            ratio = round(ours.cpu_ms / peer.cpu_ms, 3)
            details |= {
                "tipg_cpu_ms": round(peer.cpu_ms, 2), "tipg_p95_ms": round(1000 * peer.p95, 1),
                "tipg_kB": round(peer.bytes_each / 1000, 1), "tipg_statuses": str(peer.statuses),
            }  # fmt: skip
    yield Figure(
        f"{PAGE} features a page, processor ms a request at {CLIENTS} clients", schools, ours.cpu_ms / 1000,
        peer="tipg" if ratio else None, ratio=ratio, goal="tipg >= 6 x ours (ratio <= 0.167)", details=details,
    )  # fmt: skip
