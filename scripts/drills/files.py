"""Spoilt files for the importers: seeded changes of good files of every format, each held against the promises."""

from __future__ import annotations

import random
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from geodata.errors import FileRefusedError
from geodata.readers.sandbox import read_in_sandbox
from geodata.records.table import RowProblem
from geodata.validation import Context, validate
from geodata.validation.problems import MESSAGES, describe
from scripts.drills import SEED, Finding, drill
from scripts.drills.place import Place

MOST_S = 20.0
HOSTILE = (
    b"\x00", b"\xff\xfe", b"NaN", b"1e999", b"-0", b'"', b"\n" * 50, b"=cmd|' /C calc'!A0", b"9" * 400, b"\xd2\xa3",
    b"<script>alert(1)</script>", b"{{7*7}}", b"\xe2\x80\xae", b"]]>", b"2024-02-30", b"41,8;74,6",
)  # fmt: skip
"""What people and programs really leave in files, put at random places."""


@drill("files", needs="nothing", times=6, limit_s=300)
def files(place: Place, times: int) -> Iterator[Finding]:
    """Good files of each format spoilt at random, with a fixed seed: refused or read, in words and in time."""
    with TemporaryDirectory(dir=place.path) as folder:
        for number, (name, content) in enumerate(_good_files(Path(folder)).items()):
            chance = random.Random(SEED + number)  # noqa: S311
            yield _spoil(Path(folder), name, content, times, chance)


def _spoil(folder: Path, name: str, content: bytes, times: int, chance: random.Random) -> Finding:
    faults: list[str] = []
    refused = read = 0
    slowest = 0.0
    for number in range(times):
        change = chance.choice(CHANGES)
        spoilt = _inside(content, change, chance) if number % 2 else change(content, chance)
        path = folder / f"{number}-{name}"
        path.write_bytes(spoilt)
        begun = time.monotonic()
        try:
            faults += _read(path)
            read += 1
        except FileRefusedError as error:
            refused += 1
            if not _is_told(error.problem):
                faults.append(f"file {number}: refused without words")
        except Exception as error:  # any other end is the fault that is looked for
            faults.append(f"file {number} ({change.__name__}): {type(error).__name__}: {str(error)[:120]}")
        seconds = time.monotonic() - begun
        slowest = max(slowest, seconds)
        if seconds > MOST_S:
            faults.append(f"file {number}: {seconds:.1f} s")
        path.unlink()
    return Finding(
        f"spoilt {name.rpartition('.')[2].upper()} files",
        f"{times} files: cut, bits turned, pieces repeated, removed or replaced by hostile text (seed {SEED})",
        f"each refused or read, every problem in words, none over {MOST_S:.0f} s, no other error",
        f"{refused} refused, {read} read, slowest {slowest:.1f} s; " + ("; ".join(faults[:5]) or "no fault"),
        not faults,
    )


def _read(path: Path) -> list[str]:
    """Read and check one file as an import does before it looks at the database; return what is wrong."""
    table = read_in_sandbox(path)
    checked = validate("schools", table, None, Context(today=datetime.now(UTC).date()))
    faults = [f"{path.name}: {one.code} has no words" for one in checked.problems if not _is_told(one)]
    taken = {row for row, _ in checked.records}
    accounted = len(taken) + len(checked.refused) + len(checked.left_out)
    if accounted != len(table.rows) and not checked.file_is_refused:
        faults.append(f"{path.name}: {len(table.rows)} rows in, {accounted} taken or told")
    return faults


def _is_told(problem: RowProblem) -> bool:
    """Tell whether a problem has a sentence and a remedy."""
    if problem.code not in MESSAGES:
        return False
    what, remedy = describe(problem, str)
    return len(what) > len(problem.code) and bool(remedy)


def _good_files(folder: Path) -> dict[str, bytes]:
    """Return one good file of each format, forty schools each."""
    rows = [
        (f"{700 + row:06d}", f"№ {row} орто мектеби", f"Средняя школа № {row}", 42.5 + row / 500, 74.5 + row / 400, 300)
        for row in range(40)
    ]
    head = ("code", "name_ky", "name_ru", "lat", "lon", "pupils")
    text = "\n".join(",".join(map(str, row)) for row in [head, *rows])
    return {
        "schools.csv": text.encode(),
        "schools.xlsx": _workbook(head, rows),
        "schools.geojson": _features(folder, head, rows, "GeoJSON"),
        "schools.gpkg": _features(folder, head, rows, "GPKG"),
        "schools.zip": _shapefile(folder, head, rows),
    }


def _workbook(head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> bytes:
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("schools")
    for number, row in enumerate([head, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def _features(folder: Path, head: tuple[str, ...], rows: Sequence[tuple[object, ...]], driver: str) -> bytes:
    path = folder / f"good.{driver.lower()}"
    _write_features(path, head, rows, driver)
    return path.read_bytes()


def _shapefile(folder: Path, head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> bytes:
    _write_features(folder / "good.shp", head, rows, "ESRI Shapefile")
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("good.*")):
            if path.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                archive.write(path, f"schools{path.suffix}")
    return stream.getvalue()


def _write_features(path: Path, head: tuple[str, ...], rows: Sequence[tuple[object, ...]], driver: str) -> None:
    import geopandas
    from shapely import Point

    columns = {name: [row[index] for row in rows] for index, name in enumerate(head) if name not in ("lat", "lon")}
    points = [Point(row[4], row[3]) for row in rows]
    frame = geopandas.GeoDataFrame(columns, geometry=points, crs=4326)
    frame.to_file(path, driver=driver, engine="pyogrio", encoding="UTF-8")


def _inside(content: bytes, change: Callable[[bytes, random.Random], bytes], chance: random.Random) -> bytes:
    """Spoil one part of an archive and pack it again, so that its own checksums do not give it away."""
    if not content.startswith(b"PK"):
        return change(content, chance)
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        parts = [part for part in source.namelist() if source.getinfo(part).file_size]
        chosen = chance.choice(parts)
        for part in parts:
            target.writestr(part, change(source.read(part), chance) if part == chosen else source.read(part))
    return stream.getvalue()


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _turn_bits(content: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 8, 64))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _repeat(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    end = min(len(content), begin + chance.randrange(1, 400))
    return content[:end] + content[begin:end] * chance.choice((1, 50)) + content[end:]


def _remove(content: bytes, chance: random.Random) -> bytes:
    begin = chance.randrange(len(content))
    return content[:begin] + content[begin + chance.randrange(1, 400) :]


def _replace(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 4, 20))):
        place, piece = chance.randrange(len(content)), chance.choice(HOSTILE)
        content = content[:place] + piece + content[place + chance.choice((0, len(piece))) :]
    return content


CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_cut, _turn_bits, _repeat, _remove, _replace)
