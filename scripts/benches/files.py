"""Files of the list: each format beside the fastest known way to write the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from app.exports.exporter import find_exporter
from app.settings import Settings
from app.workflows.brief_area import brief_area
from app.workflows.export_list import describe_list, find_run, write_list
from geodata.database import make_engine, open_session, plain_address
from geodata.queries.areas import country
from geodata.records.priority import ListFilter
from scripts.benches import TURNS, Figure, bench, stopwatch

if TYPE_CHECKING:
    from geodata.database import Session

SMALL = 5_000
"""Up to so many schools the formats for one country are written too."""
GOALS = {
    "csv": "<= 1.5 x COPY",
    "xlsx": "country <= 0.6 s; 150,000 <= 25 s",
    "gpkg": "<= 1.5 x reading and pyogrio with Arrow",
    "parquet": "<= 1.5 x reading and pyogrio with Arrow",
    "html": "<= 1 s, <= 1.3 MB",
    "pdf": "200 rows <= 0.5 s",
}
PDF_ROWS = 200


@bench("files", sizes=(2_400, 150_000), needs_database=True)
def files(n: int) -> Iterator[Figure]:
    """The list in every format: seconds and bytes, beside COPY and pyogrio."""
    engine = make_engine(Settings().worker_url)
    with tempfile.TemporaryDirectory() as name, open_session(engine, "public") as session:
        folder, run = Path(name), find_run(session, None)
        count = run.school_count
        turns = [
            (_seconds(session, run, "csv", ListFilter(), folder), _copy_seconds(folder / "peer.csv", run.id))
            for _ in range(TURNS)
        ]
        ours, copied = map(min, zip(*turns, strict=True))
        yield _figure("csv", count, ours, folder, "COPY of the same rows' table", copied)
        for key in ("xlsx", "geojson", "gpkg", "parquet"):
            peer_name, peer = None, None
            if key in ("gpkg", "parquet"):
                peer_name = "raw COPY, then pyogrio with Arrow from memory"
                peer = copied + _pyogrio_seconds(session, run, key, folder)
            yield _written(session, run, key, ListFilter(), folder, count, peer_name, peer)
        if count <= SMALL:
            yield _written(session, run, "html", ListFilter(), folder, count, None, None)
            yield _printed(session, run, folder)
            yield _brief(session, run)
    engine.dispose()


def _written(
    session: Session, run: Any, key: str, wanted: ListFilter, folder: Path, n: int, peer_name: str | None,
    peer: float | None,
) -> Figure:  # fmt: skip
    times = 2 if n <= SMALL else 1
    best = min(_seconds(session, run, key, wanted, folder) for _ in range(times))
    return _figure(key, n, best, folder, peer_name, peer)


def _seconds(session: Session, run: Any, key: str, wanted: ListFilter, folder: Path) -> float:
    path = folder / f"list.{key}"
    path.unlink(missing_ok=True)
    with stopwatch() as seconds:
        write_list(session, run, wanted, find_exporter(key), "ky", path)
    return seconds[0]


def _figure(key: str, n: int, seconds: float, folder: Path, peer_name: str | None, peer: float | None) -> Figure:
    size = (folder / f"list.{key}").stat().st_size
    details: dict[str, float | str] = {"MB": round(size / 1e6, 2)}
    if peer is not None:
        details["peer_seconds"] = round(peer, 4)
    ratio = round(seconds / peer, 2) if peer else None
    return Figure(f"list as {key}", n, seconds, peer=peer_name, ratio=ratio, goal=GOALS.get(key), details=details)


def _copy_seconds(path: Path, run_id: int) -> float:
    """Return the seconds of a raw COPY of the results with their schools, as the owner, without any order."""
    statement = sql.SQL(
        "COPY (SELECT school.code, school.name_ky, school.name_ru, school.name_en, school.kind, school.ownership, "
        "ST_X(school.location), ST_Y(school.location), result.* FROM school_result AS result "
        "JOIN school ON school.id = result.school_id WHERE result.run_id = {}) TO STDOUT (FORMAT csv)"
    ).format(sql.Literal(run_id))
    address = plain_address(Settings().owner_url)
    with (
        psycopg.connect(address) as connection,
        path.open("wb") as file,
        stopwatch() as seconds,
        connection.cursor().copy(statement) as copy,
    ):
        file.writelines(copy)
    return seconds[0]


def _pyogrio_seconds(session: Session, run: Any, key: str, folder: Path) -> float:
    """Return the seconds that pyogrio (or geopandas' Parquet) needs for the rows as one frame in memory."""
    import geopandas
    import pandas

    document = describe_list(session, run, ListFilter(), "ky")
    names = [column.key for column in document.columns]
    rows = pandas.DataFrame(list(document.records()), columns=names)
    lon, lat = (pandas.to_numeric(rows[name], errors="coerce") for name in ("lon", "lat"))
    frame = geopandas.GeoDataFrame(rows, geometry=geopandas.points_from_xy(lon, lat), crs="EPSG:4326")
    path = folder / f"peer.{key}"
    with stopwatch() as seconds:
        if key == "gpkg":
            frame.to_file(path, driver="GPKG", engine="pyogrio", use_arrow=True)
        else:
            frame.to_parquet(path)
    return seconds[0]


def _printed(session: Session, run: Any, folder: Path) -> Figure:
    """Write the PDF of the area with the most schools up to 200, twice: fonts are read once."""
    from geodata.queries.areas import area_rows

    fitting = [row for row in area_rows(session, run.id, level=2) if 0 < (row.schools or 0) <= PDF_ROWS]
    area = max(fitting, key=lambda row: row.schools or 0)
    return _written(session, run, "pdf", ListFilter(area=area.code), folder, area.schools or 0, None, None)


def _brief(session: Session, run: Any) -> Figure:
    area = country(session)
    assert area is not None
    brief_area(session, run, area, "ky", "https://example.org/")
    with stopwatch() as seconds:
        content = brief_area(session, run, area, "ky", "https://example.org/")
    details: dict[str, float | str] = {"kB": round(len(content) / 1000, 1)}
    return Figure("brief of the country, PDF with map", run.school_count, seconds[0], goal="<= 0.5 s", details=details)
