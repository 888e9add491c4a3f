"""Read a file in a process of its own: bounded memory, processor time and wall clock, no network.

The child hands back plain numbers, texts and bytes (marshal), never objects: a file that takes the
child over cannot make the parent run anything.
"""

from __future__ import annotations

import contextlib
import json
import marshal
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from geodata.errors import FileRefusedError
from geodata.readers.limits import refuse
from geodata.records.raster import RasterFile
from geodata.records.table import RawRow, RawTable, RowProblem

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SMALL_FILE_BYTES = 10_000_000
SMALL_MEMORY = 400_000_000
LARGE_MEMORY = 1_000_000_000
ADDRESS_SPACE = 3_000_000_000
"""Libraries map far more than they touch; RLIMIT_DATA bounds what is really taken."""
SECONDS = 120
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
OPTIONS = ("kind_hint", "sheet", "layer", "encoding")


def read_in_sandbox(
    path: Path | str,
    kind_hint: str | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    seconds: int = SECONDS,
) -> RawTable:
    """Return what ``geodata.readers.open_table`` returns, read in a child process with limits.

    Raises:
        FileRefusedError: As ``open_table``; also ``too_large`` (memory) and ``too_slow`` (time).
    """
    options = {"kind_hint": kind_hint, "sheet": sheet, "layer": layer, "encoding": encoding}
    answer = run_reader(Path(path), "table", options, seconds)
    geometries = _geometries(answer.pop("geometries"))
    rows = [
        RawRow(number, cells, geometry)
        for number, cells, geometry in zip(answer.pop("numbers"), answer.pop("cells"), geometries, strict=True)
    ]
    problems = [RowProblem(*problem) for problem in answer.pop("problems")]
    return RawTable(rows=rows, problems=problems, **answer)


def read_raster_in_sandbox(path: Path | str, seconds: int = SECONDS) -> RasterFile:
    """Return what ``geodata.readers.open_raster`` returns, read in a child process with limits."""
    answer = run_reader(Path(path), "raster", {}, seconds)
    problems = [RowProblem(*problem) for problem in answer.pop("problems")]
    return RasterFile(path=Path(path), problems=problems, **answer)


def _geometries(raw: list[bytes | None]) -> list[BaseGeometry | None]:
    if not any(raw):
        return [None] * len(raw)
    import numpy as np
    import shapely

    return list(shapely.from_wkb(np.array(raw, dtype=object)))


def run_reader(path: Path, kind: str, options: dict[str, Any], seconds: int) -> dict[str, Any]:
    """Return the plain answer of the child for one kind of reading: table, raster or footprint.

    Raises:
        FileRefusedError: The file is refused, or it takes too much memory or time.
    """
    memory = SMALL_MEMORY if path.stat().st_size <= SMALL_FILE_BYTES else LARGE_MEMORY
    with tempfile.TemporaryDirectory(prefix="reader-") as folder:
        result = Path(folder) / "result"
        request = {"path": str(path.resolve()), "kind": kind, "options": options, "memory": memory, "seconds": seconds}
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(PROJECT_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PROJ_NETWORK": "OFF",
            "TMPDIR": folder,
            "LC_ALL": "C.UTF-8",
            "MALLOC_ARENA_MAX": "2",
        }
        command = [sys.executable, "-m", "geodata.readers.sandbox", json.dumps(request), str(result)]
        try:
            done = subprocess.run(
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            refuse("too_slow", seconds=seconds)
        answer = _answer(result)
    if done.returncode != 0 or answer is None:
        _refuse_exit(done.returncode, memory, seconds)
    if "refused" in answer:
        raise FileRefusedError(RowProblem(*answer["refused"]))
    return answer


def _refuse_exit(code: int, memory: int, seconds: int) -> NoReturn:
    """Say why a child ended without an answer."""
    if code in (-signal.SIGXCPU, -signal.SIGALRM):
        refuse("too_slow", seconds=seconds)
    if code in (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV, NO_MEMORY):
        refuse("too_large", limit=f"{memory // 1_000_000} MB")
    refuse("reader_failed")


NO_MEMORY = 12


def _answer(result: Path) -> dict[str, Any] | None:
    try:
        found = marshal.loads(result.read_bytes())  # noqa: S302  plain values only, no code is ever made of them
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return found if isinstance(found, dict) else None


# --- in the child ---------------------------------------------------------------------------------


def main(request: dict[str, Any], result: Path) -> int:
    """Read as ``request`` says and leave the answer in ``result``; the exit code says how it went."""
    import gc

    _limit(request["memory"], request["seconds"])
    gc.disable()  # the process ends when the file is read
    try:
        answer = _read(request)
    except FileRefusedError as error:
        answer = {"refused": _plain_problem(error.problem)}
    except MemoryError:
        return NO_MEMORY
    with result.open("wb") as stream:
        marshal.dump(answer, stream)
    return 0


def _limit(memory: int, seconds: int) -> None:
    """Bound this process and take it off the network where the kernel lets us."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (64, 64)) if os.getuid() else None
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        flags = CLONE_NEWNET if os.getuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET
        ctypes.CDLL(None, use_errno=True).unshare(flags)  # refused in some containers: then nothing opens an address


def _read(request: dict[str, Any]) -> dict[str, Any]:
    from geodata.readers import open_raster, open_table

    if request["kind"] == "footprint":
        from geodata.readers.footprint_in_sandbox import plain_footprint

        return plain_footprint(request["path"], request["options"])
    if request["kind"] == "raster":
        found = open_raster(request["path"])
        names = ("srid", "width", "height", "dtype", "nodata", "bounds", "least", "greatest")
        answer = {name: getattr(found, name) for name in names}
        answer["problems"] = [_plain_problem(problem) for problem in found.problems]
        return answer
    options = {name: request["options"].get(name) for name in OPTIONS}
    table = open_table(request["path"], **options)
    answer = {
        name: getattr(table, name)
        for name in ("columns", "sheet", "sheets", "layers", "encoding", "srid", "has_geometry")
    }
    answer["numbers"] = [row.number for row in table.rows]
    answer["cells"] = [row.cells for row in table.rows]
    answer["geometries"] = [None if row.geometry is None else row.geometry.wkb for row in table.rows]
    answer["problems"] = [_plain_problem(problem) for problem in table.problems]
    return answer


def _plain_problem(problem: RowProblem) -> tuple[Any, ...]:
    params = {key: value if isinstance(value, int | float) else str(value) for key, value in problem.params.items()}
    return (problem.row, problem.column, problem.value, problem.code, problem.severity, params)


if __name__ == "__main__":
    try:
        status = main(json.loads(sys.argv[1]), Path(sys.argv[2]))
    except MemoryError:
        status = NO_MEMORY
    sys.exit(status)
