"""Administrative units to records: registers with SOATE codes and boundary files with P-codes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

import numpy as np
import shapely

from geodata.records.area import AreaKind, AreaRecord
from geodata.validation import choices
from geodata.validation.codes import PCODE, soate_level, soate_of_pcode
from geodata.validation.context import KnownArea
from geodata.validation.country import lies_inside
from geodata.validation.fields import check_code_set, read_choices, read_codes, read_days, read_numbers, read_shares
from geodata.validation.names import core_of, likeness, match_area
from geodata.validation.places import AreaFinder
from geodata.validation.sheet import Sheet
from geodata.validation.twins import NAME_COLUMNS, tell_twins

OLDEST = date(1900, 1, 1)
MOST_PEOPLE = 10_000_000
LEVEL_OF_KIND = {"country": 0, "oblast": 1, "republican_city": 1, "rayon": 2, "city": 2, "aiyl_aimak": 3}
KIND_OF_LEVEL: dict[int, AreaKind] = {0: "country", 1: "oblast", 2: "rayon", 3: "aiyl_aimak"}
REPUBLICAN = ("41711000000000", "41721000000000")


def check_areas(sheet: Sheet) -> list[AreaRecord]:
    """Return one record per row; rows with an error are told in the sheet."""
    finder = AreaFinder(tuple(sheet.context.areas))
    names = [sheet.texts(name) for name in NAME_COLUMNS]
    codes, key = _codes(sheet, finder, names)
    check_code_set(sheet, key, codes)
    kinds = read_choices(sheet, "kind", choices.AREA_KINDS)
    levels = _levels(sheet, finder, codes, kinds)
    parents = _parents(sheet, finder, codes, levels)
    given_codes = sheet.texts("pcode", 20)
    starts, ends = read_days(sheet, "valid_from", OLDEST), read_days(sheet, "valid_to", OLDEST)
    former = sheet.texts("former_names", 1_000)
    people = read_numbers(sheet, "population", 0, MOST_PEOPLE, "people", is_whole=True)
    poverty = read_shares(sheet, "poverty_index")
    qualities = read_choices(sheet, "boundary_quality", choices.BOUNDARY_QUALITIES, sheet.context.boundary_quality)
    shapes = _shapes(sheet)
    full_names = _full_names(sheet, finder, codes, names)
    days = read_days(sheet, "dated", OLDEST)
    records: list[AreaRecord] = []
    for at, code in enumerate(codes):
        level = levels[at]
        known = finder.by_code.get(code or "")
        shape = shapes[at]
        ky, ru, en = full_names[at]
        records.append(
            AreaRecord(
                code or "",
                level if level is not None else 0,
                _kind(code, level, kinds[at], known),
                parents[at],
                ky or "",
                ru,
                en,
                tuple(part.strip() for part in re.split("[;|]", former[at] or "") if part.strip()),
                given_codes[at] or (known.pcode if known else None),
                starts[at] or sheet.context.valid_from or (known.valid_from if known else None),
                ends[at] or (known.valid_to if known else None),
                shape,
                cast("Any", qualities[at]) if shape is not None else None,
                people[at],
                poverty[at],
                sheet.context.is_synthetic,
                {} if days[at] is None else {"row": {"date": cast("date", days[at]).isoformat()}},
            )
        )
    tell_twins(sheet, finder, records)
    return records


def _codes(sheet: Sheet, finder: AreaFinder, names: list[list[str | None]]) -> tuple[list[str | None], str]:
    """Return SOATE codes: as given, from the P-code, or of the known unit that the name means."""
    if "code" in sheet:
        codes = read_codes(sheet, "code")
        for at, code in enumerate(codes):
            if code is not None and PCODE.fullmatch(code):
                codes[at] = soate_of_pcode(code)
        return codes, "code"
    if "pcode" in sheet:
        pcodes = read_codes(sheet, "pcode")
        codes = []
        for at, pcode in enumerate(pcodes):
            known = finder.by_pcode.get(pcode or "")
            code = known.code if known else soate_of_pcode(pcode) if pcode else None
            if pcode is not None and code is None:
                sheet.tell(at, "pcode", pcode, "pcode_shape")
            codes.append(code)
        return codes, "pcode"
    codes = []
    key = next(name for name in NAME_COLUMNS if name in sheet)
    types = sheet.cells("kind")
    for at, row in enumerate(zip(*names, strict=True)):
        found = [match_area(f"{name} {types[at] or ''}", finder.areas) for name in row if name]
        matched = next((match.area for match in found if match.area is not None), None)
        if matched is None and at not in sheet.bad:
            nearest = "; ".join(
                f"{area.name_ky or area.name_ru} ({area.code})" for m in found[:1] for area in m.nearest
            )
            sheet.tell(at, key, next((one for one in row if one), None), "area_name_unknown", nearest=nearest or "–")
        codes.append(matched.code if matched else None)
    sheet.tell_file("areas_matched_by_name", "warning")
    return codes, key


def _levels(sheet: Sheet, finder: AreaFinder, codes: list[str | None], kinds: list[str | None]) -> list[int | None]:
    stated = read_numbers(sheet, "level", 0, 4, is_whole=True)
    levels: list[int | None] = []
    for at, code in enumerate(codes):
        known = finder.by_code.get(code or "")
        shape = soate_level(code) if code else None
        level = known.level if known else stated[at] if stated[at] is not None and code not in finder.by_code else shape
        if level is None and kinds[at] is not None:
            level = LEVEL_OF_KIND[cast("str", kinds[at])]
        if code is not None and level is None and at not in sheet.bad:
            sheet.tell(at, "level" if "level" in sheet else "code", code, "area_level_unknown")
        elif level is not None and level > 3:
            sheet.tell(at, "level", str(level), "area_level_unknown")
        levels.append(level)
    return levels


def _parents(sheet: Sheet, finder: AreaFinder, codes: list[str | None], levels: list[int | None]) -> list[str | None]:
    """Return the code above: as given, as known, or by the shape of the SOATE code."""
    given = sheet.texts("parent_code", 64)
    in_file = {code for code in codes if code}
    parents: list[str | None] = []
    for at, code in enumerate(codes):
        known = finder.by_code.get(code or "")
        parent = given[at]
        if parent is not None and PCODE.fullmatch(parent):
            parent = soate_of_pcode(parent)
        if parent is None and known is not None:
            parent = known.parent_code
        level = levels[at]
        if parent is None and code is not None and level:
            cut = {1: 3, 2: 5, 3: 8}.get(level, 3)
            parent = code[:cut].ljust(14, "0") if code.isdigit() and len(code) == 14 else None
        if level and parent is not None and parent not in finder.by_code and parent not in in_file:
            sheet.tell(at, "parent_code", parent, "area_parent_unknown")
        parents.append(parent if level else None)
    return parents


def _kind(code: str | None, level: int | None, stated: str | None, known: KnownArea | None) -> AreaKind:
    if known is not None and known.kind in LEVEL_OF_KIND:
        return cast("AreaKind", known.kind)
    is_lesser_city = stated == "city" and level == 3  # of rayon significance
    if stated is not None and (LEVEL_OF_KIND[stated] == level or is_lesser_city):
        return cast("AreaKind", stated)
    if (stated == "city" and level == 1) or code in REPUBLICAN:
        return "republican_city"
    return KIND_OF_LEVEL.get(level or 0, "country")


def _full_names(
    sheet: Sheet, finder: AreaFinder, codes: list[str | None], names: list[list[str | None]]
) -> list[tuple[str | None, str | None, str | None]]:
    """Return names with the word for the kind of unit. Files with P-codes do not rename units that are known."""
    types = {"ky": sheet.texts("type_ky", 60), "ru": sheet.texts("type_ru", 60)}
    found = []
    for at, code in enumerate(codes):
        ky, ru, en, plain = (column[at] for column in names)
        known = finder.by_code.get(code or "")
        ky = ky or (plain if not ru and not en else None) or (known.name_ky if known else None)
        row = {"ky": _with_type(ky, types["ky"][at]), "ru": _with_type(ru, types["ru"][at]), "en": en}
        if known is not None and ("pcode" in sheet or "code" not in sheet):
            row = _keep_known(sheet, at, known, row)
        if not row["ky"] and (row["ru"] or row["en"]):
            row["ky"] = row["ru"] or row["en"]
            sheet.tell(at, "name_ky", None, "area_name_ky_missing", "warning", used=row["ky"])
        elif not row["ky"] and at not in sheet.bad:
            sheet.tell(at, "name_ky", None, "key_missing")
        found.append((row["ky"], row["ru"], row["en"]))
    return found


def _with_type(name: str | None, kind: str | None) -> str | None:
    if name is None or kind is None or kind.casefold() in name.casefold() or "." in name:
        return name
    return f"{name} {kind}" if core_of(kind) != core_of(name) else name


def _keep_known(sheet: Sheet, at: int, known: KnownArea, row: dict[str, str | None]) -> dict[str, str | None]:
    kept: dict[str, str | None] = {}
    for language, ours in (("ky", known.name_ky), ("ru", known.name_ru), ("en", known.name_en)):
        theirs = row[language]
        kept[language] = ours or theirs
        if ours and theirs and likeness(ours, theirs) < 0.8:
            sheet.tell(at, f"name_{language}", theirs, "area_name_kept", "warning", kept=ours)
    return kept


def _shapes(sheet: Sheet) -> list[Any]:
    """Return boundaries as MultiPolygon, or None; other shapes and boundaries abroad are refused."""
    if not sheet.table.has_geometry:
        return [None] * len(sheet)
    found: list[Any] = []
    for at, row in enumerate(sheet.table.rows):
        shape = row.geometry
        if shape is None:
            if at not in sheet.bad:
                sheet.tell(at, None, None, "geometry_missing")
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            sheet.tell(at, None, None, "geometry_wrong_type", expected="Polygon", found=shape.geom_type)
            shape = None
        elif shape.geom_type == "Polygon":
            shape = shapely.multipolygons([shape])
        found.append(shape)
    there = [at for at, shape in enumerate(found) if shape is not None]
    if there:
        middles = shapely.point_on_surface(np.array([found[at] for at in there], dtype=object))
        inside = lies_inside(shapely.get_x(middles), shapely.get_y(middles))
        for at, middle, is_inside in zip(there, middles, inside, strict=True):
            if not is_inside:
                sheet.tell(at, None, f"{middle.y:.6g}, {middle.x:.6g}", "coordinates_abroad")
    return found
