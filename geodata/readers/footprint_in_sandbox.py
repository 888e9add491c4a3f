"""A footprint that somebody sent, read in the process with limits of ``geodata.readers.sandbox``.

What comes back is plain: numbers of a grid as bytes, polygons as WKB. The limits are those of every file that people
send; the file of a command of the house is read directly.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from geodata.errors import FootprintRefusedError
from geodata.readers.footprint import read_footprint
from geodata.readers.footprint_values import Footprint
from geodata.readers.sandbox import run_reader

SECONDS = 30
PLAIN = ("measure", "unit", "sha256", "west", "north", "step_lon", "step_lat", "facts")


def read_footprint_in_sandbox(
    path: Path, unit: str | None = None, field: str | None = None, suffix: str | None = None, seconds: int = SECONDS
) -> Footprint:
    """Return what ``read_footprint`` returns.

    Raises:
        FootprintRefusedError: As there.
        FileRefusedError: It needs more memory or time than a file may.
    """
    answer = run_reader(path, "footprint", {"unit": unit, "field": field, "suffix": suffix}, seconds)
    if "footprint_refused" in answer:
        template, params = answer["footprint_refused"]
        raise FootprintRefusedError(template, **params)
    import shapely

    grid = answer["grid"]
    polygons, values = answer["polygons"], answer["polygon_values"]
    return Footprint(
        **{name: answer[name] for name in PLAIN},
        grid=None if grid is None else np.frombuffer(grid[0], dtype=np.float64).reshape(grid[1]),
        polygons=tuple(shapely.from_wkb(polygons)) if polygons else (),
        polygon_values=None if values is None else np.frombuffer(values, dtype=np.float64),
    )


def plain_footprint(path: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the footprint of a file as plain values; for the process with limits."""
    import shapely

    try:
        found = read_footprint(Path(path), options.get("unit"), options.get("field"), options.get("suffix"))
    except FootprintRefusedError as error:
        return {"footprint_refused": (error.template, {key: str(value) for key, value in error.params.items()})}
    answer: dict[str, Any] = {name: getattr(found, name) for name in PLAIN}
    values = found.polygon_values
    answer["grid"] = None if found.grid is None else (found.grid.astype(np.float64).tobytes(), found.grid.shape)
    answer["polygons"] = [bytes(shapely.to_wkb(shape)) for shape in found.polygons]
    answer["polygon_values"] = None if values is None else values.astype(np.float64).tobytes()
    return answer
