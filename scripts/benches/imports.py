"""Files of schools that come in: reading XLSX beside calamine, checking and committing by the command line."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from app.settings import Settings
from geodata.database import plain_address
from scripts.benches import TURNS, Figure, bench, best_in_turn, stopwatch

HEADINGS = ("code", "name_ky", "name_ru", "lat", "lon", "pupils", "seats", "ownership")
GOALS = {2_400: "<= 2 s", 150_000: "<= 60 s, <= 500 MB"}
MEASURED = (
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=sys.stderr); "
    "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
)
"""A process of its own that runs a command and prints its exit code and the peak memory of it and its children, MB."""


@bench("imports", sizes=(2_400, 150_000), needs_database=True)
def imports(n: int) -> Iterator[Figure]:
    """Reading, checking and committing n schools from XLSX, and taking them back."""
    from geodata.readers import open_table

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench-schools.xlsx"
        _write(path, n)
        gc.disable()  # as in the process of its own where files are read; for the peer too
        ours, peer = best_in_turn(TURNS, lambda: open_table(path), lambda: _calamine(path))
        gc.enable()
        yield Figure(
            "read XLSX", n, ours, peer="calamine, bare rows", ratio=round(ours / peer, 2), goal="<= 1.5 x calamine",
            details={"peer_seconds": round(peer, 3)},
        )  # fmt: skip
        try:
            yield _timed(n, "check XLSX (dry run)", ["--dry-run"], path)
            yield _timed(n, "check and commit XLSX", [], path)
            with stopwatch() as seconds:
                taken = _take_back(path.name)
            yield Figure("undo of the import", n, seconds[0], goal="<= 120 s", details={"batches": taken})
        finally:
            _take_back(path.name)


def _write(path: Path, n: int) -> None:
    """Write n schools inside Kyrgyzstan, with codes that nobody has."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("schools")
    sheet.write_row(0, 0, HEADINGS)
    for row in range(n):
        lat, lon = 41.2 + (row % 1_000) * 0.0005, 74.5 + (row // 1_000) * 0.004
        values = (f"77{row:08d}", f"№ {row} орто мектеби", f"Средняя школа № {row}", lat, lon, 300 + row % 700, 400)
        sheet.write_row(row + 1, 0, (*values, "municipal"))
    book.close()


def _calamine(path: Path) -> None:
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _timed(n: int, name: str, choices: list[str], path: Path) -> Figure:
    command = [sys.executable, "-m", "scripts", "import", "schools", str(path), "--synthetic", "--json", *choices]
    with stopwatch() as seconds:
        done = subprocess.run([sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=True)
    code, peak = (int(part) for part in done.stdout.split())
    found = _summary(done.stderr)
    details: dict[str, float | str] = {"peak_MB_of_the_import": peak, "exit_code": code, **found}
    return Figure(name, n, seconds[0], goal=GOALS.get(n), details=details)


def _summary(text: str) -> dict[str, float | str]:
    """Return the counts of the JSON line among the progress lines."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return {key: found[key] for key in ("status", "added", "changed", "refused") if key in found}
    return {"status": "no answer"}


def _take_back(file_name: str) -> int:
    """Undo the committed batches of the file by the command line and return how many there were."""
    with psycopg.connect(plain_address(Settings().owner_url)) as connection:
        batches = connection.execute(
            "SELECT id FROM import_batch WHERE file_name = %s AND status = 'committed'", (file_name,)
        ).fetchall()
    for (batch,) in batches:
        subprocess.run(
            [sys.executable, "-m", "scripts", "import", "undo", str(batch)], check=True, stdout=subprocess.DEVNULL
        )
    return len(batches)
