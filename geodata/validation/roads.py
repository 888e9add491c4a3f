"""Files of roads and of services: lines with class, limit and direction; points with a kind."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from geodata.records.travel import RoadLine, ServicePoint
from geodata.validation.choices import NO_ROADS, ROAD_CLASSES, SERVICES, SURFACES, fold_choice
from geodata.validation.coordinates import read_places
from geodata.validation.sheet import Fault, Reading, Sheet
from geodata.validation.texts import clean, gap_of

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = ("LineString", "MultiLineString")
LIMIT = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(km/?h|kmh|kph|км/ч|км/с|mph)?", re.IGNORECASE)
KM_A_MILE = 1.609344
MOST_KMH = 200.0
FORWARD = frozenset({"yes", "true", "1", "f", "да", "ооба"})
BACKWARD = frozenset({"-1", "reverse", "t"})
BOTH = frozenset({"no", "false", "0", "b", "нет", "жок", "alternating", "reversible"})
MOST_TOLD = 30


def check_roads(sheet: Sheet) -> list[RoadLine | None]:
    """Return one road per row; what no vehicle uses (footways, roads that are planned) is left out and counted."""
    if not sheet.table.has_geometry:
        sheet.tell_file("roads_need_lines", "error")
        return [None] * len(sheet)
    classes = _classes(sheet)
    limits = _read(sheet, "limit_kmh", read_limit)
    directions = _read(sheet, "oneway", read_direction)
    paved = _read(sheet, "surface", lambda text: (SURFACES.get(fold_choice(text)), None))
    names = [clean(cell)[0][:300] or None if cell else None for cell in sheet.cells("name")]
    shapes = [row.geometry for row in sheet.table.rows]
    for at, shape in enumerate(shapes):
        if at in sheet.bad or at in sheet.left_out:
            continue
        if shape is None:
            sheet.tell(at, None, None, "geometry_missing")
        elif shape.geom_type not in LINES:
            sheet.tell(at, None, None, "geometry_wrong_type", expected="LineString", found=shape.geom_type)
    if len(sheet) == len(sheet.left_out | sheet.bad) and not sheet.bad:
        sheet.tell_file("roads_none", "error")
    rows = zip(shapes, classes, limits, directions, paved, names, strict=True)
    return [
        None if shape is None else RoadLine(shape, kind, limit, direction or 0, _is_paved(surface), name)
        for shape, kind, limit, direction, surface, name in rows
    ]


def _read(sheet: Sheet, name: str, reader: Callable[[str], Reading]) -> list[Any]:
    """Return what each cell says; "no", "0" and "none" are words of these columns and no doubtful gaps."""
    known: dict[str, Reading] = {}
    found: list[Any] = []
    for at, cell in enumerate(sheet.cells(name)):
        text = clean(cell)[0] if cell else ""
        if not text or gap_of(text) in ("empty", "unknown"):
            found.append(None)
            continue
        value, fault = known.setdefault(text, reader(text))
        if fault is not None and at not in sheet.left_out:
            sheet.tell(at, name, cell, fault.code, fault.severity, **fault.params)
        found.append(value)
    return found


def _is_paved(surface: str | None) -> bool | None:
    return None if surface is None else surface == "paved"


def _classes(sheet: Sheet) -> list[str]:
    """Return the class of each row; a word that nobody knows is the class "other", and told."""
    found, dropped, strange = [], Counter[str](), Counter[str]()
    for at, cell in enumerate(sheet.cells("road_class")):
        text = clean(cell)[0] if cell else ""
        word = fold_choice(text.removesuffix("_link").removesuffix("_Link")) if text else ""
        known = ROAD_CLASSES.get(word)
        if known is None and word in NO_ROADS:
            sheet.left_out.add(at)
            dropped[text] += 1
        elif known is None and text:
            strange[text] += 1
        found.append(known or "other")
    if dropped:
        sheet.tell_file("roads_left_out", count=sum(dropped.values()), values=_shown(dropped))
    if strange:
        sheet.tell_file("road_class_unknown", "warning", count=sum(strange.values()), values=_shown(strange))
    return found


def _shown(counted: Counter[str]) -> str:
    return ", ".join(f"{word[:60]}: {count}" for word, count in counted.most_common(MOST_TOLD))


def read_limit(text: str) -> Reading:
    """Return km/h; 0 says nothing (exports write it for "not stated"), words such as "RU:urban" are unknown."""
    found = LIMIT.fullmatch(text.strip())
    if found is None:
        return None, Fault("speed_word", "warning")
    kmh = float(found.group(1).replace(",", ".")) * (KM_A_MILE if (found.group(2) or "").lower() == "mph" else 1)
    if kmh == 0:
        return None, Fault("speed_zero", "warning")
    if not 0 < kmh <= MOST_KMH:
        return None, Fault("speed_impossible", params={"most": f"{MOST_KMH:g}"})
    return kmh, None


def read_direction(text: str) -> Reading:
    """Return 1 as drawn, -1 against it, 0 both ways."""
    word = text.strip().casefold()
    if word in FORWARD:
        return 1, None
    if word in BACKWARD:
        return -1, None
    return 0, None if word in BOTH else Fault("direction_word", "warning")


def check_services(sheet: Sheet) -> list[ServicePoint | None]:
    """Return one fire station or hospital per row; points of other kinds are left out and counted."""
    kinds = []
    dropped: Counter[str] = Counter()
    for at, cell in enumerate(sheet.cells("kind")):
        text = clean(cell)[0] if cell else ""
        kind = SERVICES.get(fold_choice(text)) if text else None
        if kind is None:
            sheet.left_out.add(at)
            dropped[text or "–"] += 1
        kinds.append(kind)
    if dropped:
        sheet.tell_file("services_left_out", count=sum(dropped.values()), values=_shown(dropped))
    if len(sheet.left_out) == len(sheet):
        sheet.tell_file("services_none", "error")
        return [None] * len(sheet)
    places = _places(sheet)
    names = [clean(cell)[0][:300] or None if cell else None for cell in sheet.cells("name")]
    return [
        None if place is None or kind is None else ServicePoint(place, kind, name)
        for place, kind, name in zip(places, kinds, names, strict=True)
    ]


def _places(sheet: Sheet) -> list[Any]:
    if not sheet.table.has_geometry and not ({"lat", "lon"} <= sheet.columns.keys() or "coordinates" in sheet):
        sheet.tell_file("mapping_missing", "error", field="lat", columns=", ".join(sheet.table.columns[:40]))
        return [None] * len(sheet)
    places = read_places(sheet, tell_repeated=False)
    for at, place in enumerate(places):
        if place is None and at not in sheet.bad and at not in sheet.left_out:
            sheet.tell(at, None, None, "geometry_missing")
    return places
