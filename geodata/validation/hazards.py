"""Hazard files to features: what counts is said by the layer's manifest, else seen in the columns."""

from __future__ import annotations

from collections import Counter
from typing import Any

from geodata.records.hazard import HazardFeature
from geodata.validation.coordinates import read_places
from geodata.validation.numbers import read_number
from geodata.validation.sheet import Sheet
from geodata.validation.texts import clean, gap_of

FAULT_WORDS = ("normal", "reverse", "sinistral", "dextral", "strike-slip", "strike slip", "thrust", "oblique")
LEVELS = range(1, 5)
MOST_TOLD = 30


def check_hazards(sheet: Sheet) -> list[HazardFeature | None]:
    """Return one feature per row; rows that the layer's rule leaves out are in ``sheet.left_out``."""
    _use_plan(sheet)
    _leave_out(sheet)
    places = _places(sheet)
    names = [_name(cell) for cell in sheet.cells("name")]
    values = _values(sheet)
    levels = _levels(sheet)
    properties = _properties(sheet)
    return [
        None if place is None else HazardFeature(place, level, value, name, extra)
        for place, level, value, name, extra in zip(places, levels, values, names, properties, strict=True)
    ]


def _name(cell: str | None) -> str | None:
    """Return a feature's name; a gap or a word for "unknown" is no name, and no reason to refuse a hazard."""
    text = clean(cell)[0][:300] if cell else ""
    return text if text and gap_of(text) is None else None


def _use_plan(sheet: Sheet) -> None:
    """The manifest's columns come before guessed ones; a column that the file lacks is told."""
    plan = sheet.context.hazard
    if plan.value_column or plan.level_column:
        sheet.columns.pop("value", None)
        sheet.columns.pop("level", None)
    for name, column in (
        ("value", plan.value_column),
        ("level", plan.level_column),
        ("keep", plan.keep_column),
        ("name", plan.name_column),
        ("lat", plan.lat_column),
        ("lon", plan.lon_column),
    ):
        if column is None:
            continue
        found = next((one for one in sheet.table.columns if one.casefold() == column.casefold()), None)
        if found is not None:
            sheet.columns[name] = found
        else:
            sheet.tell_file("hazard_column_missing", "warning", column=column)


def _leave_out(sheet: Sheet) -> None:
    """Leave out what is not of the layer: by the manifest's values, or fold axes among faults."""
    if "keep" not in sheet:
        return
    plan = sheet.context.hazard
    wanted = {value.casefold() for value in plan.keep_values}
    dropped: Counter[str] = Counter()
    for at, cell in enumerate(sheet.cells("keep")):
        text = (cell or "").strip()
        low = text.casefold()
        is_kept = low in wanted if wanted else any(word in low for word in FAULT_WORDS)
        if not is_kept and at not in sheet.silent:
            sheet.left_out.add(at)
            dropped[text or "–"] += 1
    if dropped:
        shown = ", ".join(f"{value}: {count}" for value, count in dropped.most_common(12))
        sheet.tell_file("features_left_out", count=sum(dropped.values()), column=sheet.columns["keep"], values=shown)


def _places(sheet: Sheet) -> list[Any]:
    if sheet.table.has_geometry:
        shapes = [row.geometry for row in sheet.table.rows]
        for at, shape in enumerate(shapes):
            if shape is None and at not in sheet.bad and at not in sheet.left_out:
                sheet.tell(at, None, None, "geometry_missing")
        return shapes
    if not ({"lat", "lon"} <= sheet.columns.keys() or "coordinates" in sheet):
        sheet.tell_file("mapping_missing", "error", field="lat", columns=", ".join(sheet.table.columns[:40]))
        return [None] * len(sheet)
    places = read_places(sheet, tell_repeated=False)
    bare = [at for at, place in enumerate(places) if place is None and at not in sheet.bad and at not in sheet.left_out]
    for at in bare:
        sheet.tell(at, "lat", None, "event_without_place", "note")
        sheet.left_out.add(at)
    if bare:
        sheet.tell_file("events_without_place", "warning", count=len(bare), total=len(sheet))
    if len(bare) == len(sheet) and bare:
        sheet.tell_file("nothing_left", "error")
    return places


def _values(sheet: Sheet) -> list[float | None]:
    values: list[float | None] = []
    for at, cell in enumerate(sheet.cells("value")):
        text = clean(cell)[0] if cell else ""
        if not text or gap_of(text) is not None or at in sheet.left_out:
            values.append(None)
            continue
        number = read_number(text)
        values.append(number.value)
        if number.value is None:
            sheet.tell(at, "value", cell, number.code or "number_invalid")
        elif number.code:
            sheet.tell(at, "value", cell, number.code, "warning", read=format(number.value, ".12g"))
    return values


def _levels(sheet: Sheet) -> list[int | None]:
    """Return levels 1..4 by the manifest's map; a class without a documented meaning has none, and that is told."""
    plan = sheet.context.hazard
    mapped = {str(key).strip().casefold(): level for key, level in plan.level_map.items()}
    name = "level" if "level" in sheet else "value"
    levels: list[int | None] = []
    unknown: Counter[str] = Counter()
    for at, cell in enumerate(sheet.cells(name)):
        text = (cell or "").strip()
        level = mapped.get(text.casefold())
        if level is None and name == "level" and not mapped and text.isdecimal() and int(text) in LEVELS:
            level = int(text)
        if level is None and text and at not in sheet.left_out:
            unknown[text] += 1
        levels.append(level)
    if unknown:
        shown = ", ".join(value for value, _ in unknown.most_common(MOST_TOLD))
        sheet.tell_file("levels_undocumented", count=sum(unknown.values()), column=sheet.columns[name], values=shown)
    return levels


def _properties(sheet: Sheet) -> list[dict[str, object]]:
    """Return every column that is filled: a hazard feature keeps what its source says of it."""
    columns = sheet.table.columns
    sheet.extra_columns.update(columns)
    return [
        {column: cell for column, cell in zip(columns, row.cells, strict=True) if cell is not None}
        for row in sheet.table.rows
    ]
