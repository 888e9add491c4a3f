"""The values of the shown run as a workbench needs them, and the same as one compact JSON for the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.areas.names import todays_units
from app.web.language import current_language
from app.web.remembered import remembered
from app.web.shapes import frame_around_area
from geodata.queries import workbench

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.workbench import RunValues
    from geodata.records.map_shape import Frame

MAP_WIDTH, MAP_HEIGHT = 640, 340
WORD = {"ky": 0, "ru": 1, "en": 2}


@dataclass(frozen=True)
class Bench:
    """Values of a run with the names of its oblasts and the frame of the map."""

    run: Run
    found: RunValues
    oblasts: dict[str, Any]
    frame: Frame
    unknown_value: float
    top: int


def load_bench(session: Session, run: Run) -> Bench:
    """Return what the workbench weighs; read once as long as the data stay."""
    found = remembered(("run values", run.id), lambda: workbench.run_values(session, run.id))
    names = todays_units(session, (1,))
    parameters = default_parameters()
    top = max(1, round(parameters["uncertainty.top_share"] * len(found.codes)))
    frame = frame_around_area(session, None, MAP_WIDTH, MAP_HEIGHT)
    return Bench(run, found, names, frame, parameters["priority.unknown_value"], top)


def name_of(bench: Bench, row: int, language: str) -> str:
    """Return a school's name in ``language``, else in the first language that has one, else its code."""
    names = bench.found.names[row]
    return names[WORD[language]] or next((name for name in names if name), bench.found.codes[row])


def oblast_of(bench: Bench, row: int, language: str) -> str:
    """Return the name of a school's oblast, or an empty text."""
    area = bench.oblasts.get(bench.found.oblasts[row] or "")
    return local_name(area, language) if area else ""


def pixels_of(bench: Bench, row: int) -> tuple[float, float] | None:
    """Return a school's place on the map, or None where it is unknown."""
    lon, lat = bench.found.places[row]
    if np.isnan(lon) or np.isnan(lat):
        return None
    x, y = bench.frame.project(float(lon), float(lat))
    return round(x, 1), round(y, 1)


def tie_order(bench: Bench) -> list[int]:
    """Return the rows in the order in which ties stand: higher C1, then higher C2, then the code."""
    risk = np.nan_to_num(bench.found.risk, nan=-1.0)
    return [int(row) for row in np.lexsort((np.arange(len(risk)), -risk[:, 1], -risk[:, 0]))]


def bench_json(bench: Bench, low: tuple[int, ...], high: tuple[int, ...]) -> str:
    """Return the values for the browser: one row a school in the order of ties.

    A row: code, name, place of its oblast in ``areas``, grade, rank in the run, [x, y] on the map, v of the factors.
    """
    language = current_language()
    codes = sorted({code for code in bench.found.oblasts if code})
    place = {code: number for number, code in enumerate(codes)}
    rows = [
        [
            bench.found.codes[row],
            name_of(bench, row, language),
            place.get(bench.found.oblasts[row] or "", -1),
            bench.found.grades[row],
            int(bench.found.ranks[row]),
            pixels_of(bench, row),
            [None if np.isnan(value) else float(value) for value in bench.found.values[row]],
        ]
        for row in tie_order(bench)
    ]
    names = [local_name(bench.oblasts[code], language) if code in bench.oblasts else code for code in codes]
    content = {
        "run": bench.run.hash,
        "unknown": bench.unknown_value,
        "top": bench.top,
        "low": low,
        "high": high,
        "areas": names,
        "area_codes": codes,
        "schools": rows,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
