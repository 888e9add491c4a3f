"""School lists to records: registers, tables of any order, and the OSM schools export."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

import numpy as np

from geodata.records.school import LocationQuality, SchoolRecord
from geodata.validation import choices
from geodata.validation.coordinates import read_places
from geodata.validation.fields import (
    check_code_set,
    read_choices,
    read_codes,
    read_days,
    read_numbers,
    read_years,
)
from geodata.validation.names import fold_name
from geodata.validation.phones import read_phone_column
from geodata.validation.places import AreaFinder, read_areas
from geodata.validation.sheet import Fault, Reading, Sheet
from geodata.validation.shifts import MOST_PUPILS, read_shift_hours, read_shift_pupils
from geodata.validation.texts import language_of

MOST_STAFF = 5_000
MOST_SOM = 10**12
FOUNDED = date(1800, 1, 1)
REGISTERS = ("emis", "tax", "giga")


def check_schools(sheet: Sheet) -> list[SchoolRecord]:
    """Return one record per row; rows with an error are told in the sheet."""
    key, codes = _codes(sheet)
    check_code_set(sheet, key, codes, sheet.context.school_codes)
    names = _names(sheet)
    points = read_places(sheet)
    areas = read_areas(sheet)
    _compare_places(sheet, points, areas)
    facts = _facts(sheet)
    others = _other_codes(sheet, key, codes)
    provenance = _provenance(sheet)
    quality: LocationQuality = "geocoded" if key == "osm_id" else "declared"
    synthetic = sheet.context.is_synthetic
    return [
        SchoolRecord(
            *cast(
                "Any",
                (
                    codes[at] or "",
                    *names[at],
                    points[at],
                    quality if points[at] is not None else "unknown",
                    areas[at],
                    *facts[at],
                    others[at],
                    provenance[at],
                    synthetic,
                ),
            )
        )
        for at in range(len(sheet))
    ]


def _codes(sheet: Sheet) -> tuple[str, list[str | None]]:
    """Return the key's field and the codes: the school's own, the register's, or ``osm-`` and the number."""
    if "code" in sheet:
        return "code", read_codes(sheet, "code")
    if "osm_id" in sheet:
        found = read_codes(sheet, "osm_id")
        return "osm_id", [None if one is None else "osm-" + re.sub(r"\D", "", one) for one in found]
    return "emis", read_codes(sheet, "emis")


def _names(sheet: Sheet) -> list[tuple[str | None, str | None, str | None]]:
    """Return names ky, ru, en; a name without a stated language goes where its letters say."""
    ky, ru, en, any_name = (sheet.texts(name) for name in ("name_ky", "name_ru", "name_en", "name"))
    found = []
    nameless = 0
    for at, row in enumerate(zip(ky, ru, en, strict=True)):
        names: list[Any] = list(row)
        plain = any_name[at]
        if plain is not None and plain not in names:
            place = ("ky", "ru", "en").index(language_of(plain))
            if names[place] is None:
                names[place] = plain
        nameless += not any(names) and at not in sheet.bad
        found.append((names[0], names[1], names[2]))
    if nameless:
        sheet.tell_file("schools_nameless", count=nameless)
    return found


def _compare_places(sheet: Sheet, points: list[Any], areas: list[str | None]) -> None:
    """Take a missing area from the point, and tell points that lie in another area than the row names."""
    where = [at for at, point in enumerate(points) if point is not None]
    if len(where) < len(sheet):
        sheet.tell_file("schools_placeless", count=len(sheet) - len(where))
    if sheet.context.areas_at is None or not where:
        return
    lon = np.array([points[at].x for at in where])
    lat = np.array([points[at].y for at in where])
    finder = AreaFinder(tuple(sheet.context.areas))
    for at, code in zip(where, sheet.context.areas_at(lon, lat), strict=True):
        named = areas[at]
        if code is None:
            continue
        if named is None:
            areas[at] = code
        elif code in finder.by_code and not finder.are_related(named, code):
            sheet.tell(at, "area_code", named, "point_in_other_area", "note", area=code)


def _facts(sheet: Sheet) -> list[tuple[Any, ...]]:
    kinds = read_choices(sheet, "kind", choices.SCHOOL_KINDS, "unknown")
    ownerships = read_choices(sheet, "ownership", choices.OWNERSHIPS, "unknown")
    languages = [found or () for found in sheet.read("languages", _read_languages)]
    pupils = read_numbers(sheet, "pupils", 0, MOST_PUPILS, "people", is_whole=True)
    seats = read_numbers(sheet, "seats", 0, MOST_PUPILS, "people", is_whole=True)
    shifts = read_numbers(sheet, "shifts", 1, 3, is_whole=True)
    staff = read_numbers(sheet, "staff", 0, MOST_STAFF, "people", is_whole=True)
    boarding = read_numbers(sheet, "boarding_pupils", 0, MOST_PUPILS, "people", is_whole=True)
    for at, (boarders, all_pupils) in enumerate(zip(boarding, pupils, strict=True)):
        if boarders is not None and all_pupils is not None and boarders > all_pupils:
            sheet.tell(at, "boarding_pupils", str(boarders), "boarding_exceeds_pupils", pupils=all_pupils)
    phones = read_phone_column(sheet, "phones")
    opened, closed = read_days(sheet, "opened_on", FOUNDED), read_days(sheet, "closed_on", FOUNDED)
    for at, (first, last) in enumerate(zip(opened, closed, strict=True)):
        if first is not None and last is not None and last < first:
            sheet.tell(at, "closed_on", last.isoformat(), "dates_reversed", first=first.isoformat())
    by_shift = read_shift_pupils(sheet, pupils, shifts)
    hours = read_shift_hours(sheet, by_shift)
    return list(
        zip(
            *(kinds, ownerships, languages, pupils, seats, shifts, by_shift, hours, staff, boarding),
            *(opened, closed, phones),
            strict=True,
        )
    )


def _read_languages(text: str) -> Reading:
    found = []
    for word in re.split(r"[,;/+&]|\s+(?:и|жана|and)\s+|-(?=[а-я])", text):
        value = choices.LANGUAGES.get(fold_name(word))
        if value is None:
            allowed = ", ".join(dict.fromkeys(choices.LANGUAGES.values()))
            return None, Fault("choice_unknown", params={"allowed": allowed})
        found.append(value)
    return tuple(dict.fromkeys(found)), None


def _other_codes(sheet: Sheet, key: str, codes: list[str | None]) -> list[dict[str, str]]:
    registers: dict[str, list[str | None]] = {name: sheet.texts(name, 64) for name in REGISTERS if name in sheet}
    if "osm_id" in sheet:
        registers["osm"] = [one and re.sub(r"\D", "", one) for one in sheet.texts("osm_id", 64)]
    if not registers:
        return [{} for _ in codes]
    columns = list(registers.items())
    return [{name: value for name, values in columns if (value := values[at])} for at in range(len(codes))]


def _provenance(sheet: Sheet) -> list[dict[str, dict[str, object]]]:
    """Return what a row says beyond the record: the day of its facts, and its building as declared."""
    days = read_days(sheet, "dated")
    years = read_years(sheet, "year_built")
    walls = sheet.texts("wall_material")
    costs = read_numbers(sheet, "replacement_som", 0, MOST_SOM, "som", is_whole=True)
    if {"year_built", "wall_material", "replacement_som"} & sheet.columns.keys():
        sheet.tell_file("building_facts_declared")
    found = []
    for day, year, wall, cost in zip(days, years, walls, costs, strict=True):
        origin: dict[str, dict[str, object]] = {}
        if day is not None:
            origin["row"] = {"date": day.isoformat()}
        declared = {
            name: value
            for name, value in (("year_built", year), ("wall_material", wall), ("replacement_som", cost))
            if value is not None
        }
        if declared:
            origin["declared_building"] = {**declared, "quality": "declared"}
        found.append(origin)
    return found
