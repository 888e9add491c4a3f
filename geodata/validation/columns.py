"""The fields of each kind of file, with the headings that people give them in three languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geodata.records.marks import N_
from geodata.validation import standard_columns
from geodata.validation.context import Kind

HEADINGS = Path(__file__).with_name("headings.toml")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a column may hold.

    ``test`` names the check of values in ``geodata.validation.value_kinds``; a ``strong`` one tells the
    field from values alone. ``is_required``: without it a file of this kind cannot be taken.
    """

    name: str
    label: str
    test: str = "any"
    strong: bool = False
    is_required: bool = False


NAME_KY = Field("name_ky", N_("name in Kyrgyz"), "text_ky", True)
NAME_RU = Field("name_ru", N_("name in Russian"), "text_ru", True)
NAME_EN = Field("name_en", N_("name in English"), "text_en", True)
NAME = Field("name", N_("name (language told from the letters)"), "text")
LAT = Field("lat", N_("latitude"), "lat", True)
LON = Field("lon", N_("longitude"), "lon", True)
PAIR = Field("coordinates", N_("both coordinates in one column"), "pair", True)
AREA_CODE = Field("area_code", N_("code of the area"), "soate", True)
AIMAK_CODE = Field("aimak_code", N_("code of the aiyl aimak"), "soate")
OBLAST_CODE = Field("oblast_code", N_("code of the oblast"), "soate")
AREA_NAME = Field("area_name", N_("name of the rayon, city or other area"), "text")
AIMAK_NAME = Field("aimak_name", N_("name of the aiyl aimak"), "text")
OBLAST_NAME = Field("oblast_name", N_("name of the oblast"), "text")
DATED = Field("dated", N_("date of the facts"), "date")
SCHOOL_CODE = Field("school_code", N_("code of the school"), "code", is_required=True)
YEAR_BUILT = Field("year_built", N_("year of construction"), "year")
WALL = Field("wall_material", N_("wall material"), "text")
COST = Field("replacement_som", N_("replacement cost, som"), "number")

SCHOOLS = (
    Field("code", N_("code of the school"), "code"),
    Field("osm_id", N_("OpenStreetMap number"), "osm"),
    Field("emis", N_("code in the education register (ИСУО)"), "code"),
    Field("tax", N_("tax number (ИНН)"), "code"),
    Field("giga", N_("Giga number"), "code"),
    NAME_KY,
    NAME_RU,
    NAME_EN,
    NAME,
    LAT,
    LON,
    PAIR,
    AREA_CODE,
    AIMAK_CODE,
    OBLAST_CODE,
    AREA_NAME,
    AIMAK_NAME,
    OBLAST_NAME,
    Field("kind", N_("kind of school"), "text"),
    Field("ownership", N_("ownership"), "text"),
    Field("languages", N_("languages of instruction"), "text"),
    Field("pupils", N_("pupils"), "count"),
    Field("seats", N_("seats by design"), "count"),
    Field("shifts", N_("number of shifts"), "shifts"),
    Field("shift_pupils", N_("pupils of each shift in one cell (409 + 322)"), "shift_list"),
    Field("shift_1_pupils", N_("pupils of the first shift"), "count"),
    Field("shift_2_pupils", N_("pupils of the second shift"), "count"),
    Field("shift_3_pupils", N_("pupils of the third shift"), "count"),
    Field("shift_hours", N_("hours of lessons a day of each shift (5.5; 5)"), "shift_list"),
    Field("staff", N_("staff"), "count"),
    Field("boarding_pupils", N_("pupils who board"), "count"),
    Field("opened_on", N_("opened on"), "date"),
    Field("closed_on", N_("closed on"), "date"),
    Field("phones", N_("office telephone"), "phone"),
    YEAR_BUILT,
    WALL,
    COST,
    DATED,
)

BUILDINGS = (
    Field("code", N_("code of the building"), "code"),
    SCHOOL_CODE,
    Field("name", N_("name of the block"), "text"),
    Field("use", N_("use"), "text"),
    Field("building_type", N_("building type"), "building_type", True),
    YEAR_BUILT,
    Field("storeys", N_("storeys"), "small"),
    Field("area_m2", N_("floor area, m²"), "number"),
    Field("condition", N_("condition"), "text"),
    Field("design_series", N_("design series"), "text"),
    Field("heating", N_("heating"), "text"),
    Field("pupil_share", N_("share of pupils"), "share"),
    Field("soil_class", N_("soil class by seismic properties"), "text"),
    COST,
    WALL,
    Field("vertical_irregularity", N_("vertical irregularity"), "flag"),
    Field("plan_irregularity", N_("plan irregularity"), "flag"),
    Field("flexible_diaphragm", N_("flexible diaphragm"), "flag"),
    Field("pounding", N_("pounding"), "flag"),
    LAT,
    LON,
    DATED,
)

ANSWERS = (
    SCHOOL_CODE,
    Field("criterion_code", N_("code of the criterion"), "criterion", True, True),
    Field("building_code", N_("code of the building"), "code"),
    Field("state", N_("answer"), "state", True),
    Field("value", N_("measured value"), "number"),
    Field("room_share", N_("share of rooms that pass"), "share"),
    Field("assessed_on", N_("date of the assessment"), "date"),
    Field("note", N_("note"), "text"),
    Field("kind", N_("kind of assessment"), "text"),
    Field("assessor", N_("assessor"), "text"),
)

AREAS = (
    Field("code", N_("SOATE code"), "soate", True),
    Field("pcode", N_("P-code (COD-AB)"), "pcode", True),
    NAME_KY,
    NAME_RU,
    NAME_EN,
    NAME,
    Field("parent_code", N_("code of the unit above"), "soate"),
    Field("level", N_("level"), "level"),
    Field("kind", N_("kind of unit"), "text"),
    Field("type_ky", N_("kind of unit in Kyrgyz"), "text"),
    Field("type_ru", N_("kind of unit in Russian"), "text"),
    Field("valid_from", N_("valid from"), "date"),
    Field("valid_to", N_("valid to"), "date"),
    Field("former_names", N_("former names"), "text"),
    Field("population", N_("population"), "number"),
    Field("poverty_index", N_("share of poor people"), "share"),
    Field("boundary_quality", N_("quality of the boundary"), "text"),
    DATED,
)

HAZARD = (
    Field("level", N_("hazard level")),
    Field("value", N_("measured value"), "number"),
    Field("name", N_("name"), "text"),
    Field("keep", N_("column that tells which features count"), "slip", True),
    LAT,
    LON,
    PAIR,
)

ROADS = (
    Field("road_class", N_("class of the road"), "text"),
    Field("limit_kmh", N_("highest speed, km/h")),
    Field("oneway", N_("one-way street")),
    Field("surface", N_("surface of the road"), "text"),
    Field("name", N_("name"), "text"),
)

SERVICES = (
    Field("kind", N_("fire station or hospital"), "text"),
    Field("name", N_("name"), "text"),
    LAT,
    LON,
    PAIR,
)

STANDARD = tuple(
    Field(name, label, standard_columns.TESTS.get(name, "any"), is_required=name in standard_columns.REQUIRED)
    for name, label in standard_columns.LABELS.items()
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    "standard": STANDARD,
    "schools": SCHOOLS,
    "buildings": BUILDINGS,
    "answers": ANSWERS,
    "areas": AREAS,
    "hazard": HAZARD,
    "roads": ROADS,
    "services": SERVICES,
}


def find_field(kind: Kind, name: str) -> Field | None:
    """Return the field of that name, or None."""
    return next((field for field in FIELDS[kind] if field.name == name), None)


@lru_cache(maxsize=1)
def _all_headings() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(HEADINGS.read_text("utf-8"))


@lru_cache(maxsize=500)
def headings_of(kind: Kind, name: str) -> tuple[str, ...]:
    """Return the headings by which people call a field, its own name first."""
    return (name, *_all_headings()[kind].get(name, ()))
