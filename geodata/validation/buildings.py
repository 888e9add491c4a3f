"""Building lists to records: a wall material alone never makes a building type up."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, cast

import numpy as np
import shapely

from geodata.records.school import BuildingRecord
from geodata.validation import choices
from geodata.validation.coordinates import read_places
from geodata.validation.country import lies_inside
from geodata.validation.fields import (
    check_code_set,
    read_choices,
    read_codes,
    read_days,
    read_numbers,
    read_shares,
    read_years,
)
from geodata.validation.names import fold_name
from geodata.validation.sheet import Fault, Reading, Sheet

UNKNOWN_TYPE = "KG-UNK"
TYPE_CODE = re.compile(r"KG-[A-Z]{2,4}(?:-[A-Z])?")
MOST_SOM = 10**12
MOST_M2 = 200_000
MOST_STOREYS = 30
FLAGS = ("vertical_irregularity", "plan_irregularity", "flexible_diaphragm", "pounding")


def check_buildings(sheet: Sheet) -> list[BuildingRecord]:
    """Return one record per row; rows with an error are told in the sheet."""
    schools = _schools(sheet)
    names = sheet.texts("name")
    codes = _codes(sheet, schools, names)
    uses = read_choices(sheet, "use", choices.USES, "unknown")
    conditions = read_choices(sheet, "condition", choices.CONDITIONS, "unknown")
    heatings = read_choices(sheet, "heating", choices.HEATINGS, "unknown")
    types, walls = _types(sheet)
    years = read_years(sheet, "year_built")
    storeys = read_numbers(sheet, "storeys", 1, MOST_STOREYS, "storeys", is_whole=True)
    areas = read_numbers(sheet, "area_m2", 0.1, MOST_M2, "m2")
    series = sheet.texts("design_series", 100)
    shares = read_shares(sheet, "pupil_share")
    soils = read_choices(sheet, "soil_class", choices.SOIL_CLASSES)
    costs = read_numbers(sheet, "replacement_som", 0, MOST_SOM, "som", is_whole=True)
    flags: Any = [[_flag(one) for one in read_choices(sheet, name, choices.FLAGS)] for name in FLAGS]
    days = read_days(sheet, "dated")
    footprints = _footprints(sheet)
    _check_shares(sheet, schools, shares)
    synthetic = sheet.context.is_synthetic
    return [
        BuildingRecord(
            codes[at] or "",
            schools[at] or "",
            names[at],
            cast("Any", uses[at]),
            types[at],
            years[at],
            storeys[at],
            areas[at],
            cast("Any", conditions[at]),
            series[at],
            cast("Any", heatings[at]),
            shares[at],
            cast("Any", soils[at]),
            costs[at],
            flags[0][at],
            flags[1][at],
            flags[2][at],
            flags[3][at],
            footprints[at],
            _origin(days[at], walls[at], types[at]),
            synthetic,
        )
        for at in range(len(sheet))
    ]


def _flag(word: str | None) -> bool | None:
    return None if word is None else word == "yes"


def _origin(day: Any, wall: str | None, building_type: str) -> dict[str, dict[str, object]]:
    origin: dict[str, dict[str, object]] = {}
    if day is not None:
        origin["row"] = {"date": day.isoformat()}
    if wall is not None:
        quality = "missing" if building_type == UNKNOWN_TYPE else "declared"
        origin["building_type"] = {"declared": wall, "quality": quality}
    return origin


def _schools(sheet: Sheet) -> list[str | None]:
    """Return the code of each building's school; a school that nobody knows refuses the row."""
    key = "school_code"
    if key not in sheet:
        sheet.columns["school_code"] = sheet.columns.pop("code")
        sheet.tell_file("building_code_is_school", "warning", column=sheet.columns["school_code"])
    codes = read_codes(sheet, key)
    known, aliases = sheet.context.school_codes, sheet.context.school_aliases
    for at, code in enumerate(codes):
        if code is None or code in known:
            continue
        found = {there[code] for there in aliases.values() if code in there}
        if len(found) == 1:
            codes[at] = found.pop()
        elif at not in sheet.silent:
            sheet.tell(at, key, code, "school_unknown")
    return codes


def _codes(sheet: Sheet, schools: list[str | None], names: list[str | None]) -> list[str | None]:
    if "code" in sheet:
        codes = read_codes(sheet, "code")
        check_code_set(sheet, "code", codes, sheet.context.building_schools)
        for at, code in enumerate(codes):
            owner = sheet.context.building_schools.get(code or "")
            if owner is not None and schools[at] is not None and owner != schools[at]:
                sheet.tell(at, "school_code", schools[at], "building_of_other_school", building=code, school=owner)
        return codes
    counted: Counter[str | None] = Counter()
    made: list[str | None] = []
    for school, name in zip(schools, names, strict=True):
        counted[school] += 1
        slug = re.sub(r"[^A-Za-zА-Яа-яЁёҢңӨөҮү0-9]+", "-", name).strip("-")[:24] if name else ""
        made.append(school and f"{school}-{slug or counted[school]}")
    sheet.tell_file("building_codes_made", "warning")
    check_code_set(sheet, "school_code", made)
    return made


def _types(sheet: Sheet) -> tuple[list[str], list[str | None]]:
    """Return the building types and the wall materials as written."""
    known = sheet.context.building_types

    def read(text: str) -> Reading:
        code = text.upper()
        if code in known or (not known and TYPE_CODE.fullmatch(code)):
            return code, None
        if (found := choices.WALL_TYPES.get(fold_name(text))) is not None:
            return found, Fault("building_type_from_words", "warning", {"type": found})
        return None, Fault("building_type_unknown", params={"allowed": ", ".join(known) or "KG-…"})

    stated = sheet.read("building_type", read)
    walls = sheet.texts("wall_material")
    undecided = 0
    types = []
    for one, wall in zip(stated, walls, strict=True):
        found = one
        if found is None and wall is not None:
            found = choices.WALL_TYPES.get(fold_name(wall))
            undecided += found is None
        types.append(found or UNKNOWN_TYPE)
    if undecided:
        sheet.tell_file("wall_leaves_type_open", count=undecided)
    return types, walls


def _footprints(sheet: Sheet) -> list[Any]:
    """Return outlines or points as they are, once they lie in the country."""
    if not sheet.table.has_geometry:
        return read_places(sheet) if {"lat", "coordinates"} & sheet.columns.keys() else [None] * len(sheet)
    shapes: list[Any] = [row.geometry for row in sheet.table.rows]
    there = [at for at, shape in enumerate(shapes) if shape is not None]
    middles = shapely.centroid(np.array([shapes[at] for at in there], dtype=object))
    inside = lies_inside(shapely.get_x(middles), shapely.get_y(middles), sheet.context.country)
    for at, middle, is_inside in zip(there, middles, inside, strict=True):
        if not is_inside:
            sheet.tell(at, None, f"{middle.y:.6g}, {middle.x:.6g}", "coordinates_abroad")
        elif shapely.get_dimensions(shapes[at]) == 1:
            sheet.tell(at, None, None, "geometry_wrong_type", expected="Polygon", found=shapes[at].geom_type)
    return shapes


def _check_shares(sheet: Sheet, schools: list[str | None], shares: list[float | None]) -> None:
    """Shares of one school's buildings must not come to more than the school."""
    total: dict[str, float] = {}
    for school, share in zip(schools, shares, strict=True):
        if school is not None and share is not None:
            total[school] = total.get(school, 0.0) + share
    for at, (school, share) in enumerate(zip(schools, shares, strict=True)):
        if school is not None and share is not None and total[school] > 1.001:
            sheet.tell(at, "pupil_share", str(share), "shares_over_one", school=school, total=round(total[school], 3))
