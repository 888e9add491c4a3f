"""Records as facts: what a row states about its record, in the canonical JSON that is compared and stored.

A fact that a row does not state is absent, and what is stored stays. Unknown on purpose (the word "unknown"
in the cell) is a fact of its own: None, or the default that means unknown.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

import shapely

from geodata.records.area import AreaRecord
from geodata.records.finding import AnswerRecord
from geodata.records.school import BuildingRecord, SchoolRecord
from geodata.records.standard import CriterionRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

COORDINATE_DECIMALS = 7
"""About a centimetre: what survives a round trip through text files."""

KEY_FIELDS = {
    SchoolRecord: ("code",),
    BuildingRecord: ("code",),
    AreaRecord: ("code",),
    AnswerRecord: ("school_code", "criterion_code", "building_code", "kind", "assessed_on"),
    CriterionRecord: ("edition", "code"),
}
RENAMED = {"geometry": "boundary"}
ALWAYS = {
    SchoolRecord: (),
    BuildingRecord: ("school_code",),
    AreaRecord: ("level", "kind"),
    AnswerRecord: ("state",),
    CriterionRecord: (),
}
_DEFAULTS = {kind: {each.name: each for each in fields(kind)} for kind in KEY_FIELDS}


def key_of(record: Any) -> str:
    """Return the key of a record: its code, school|criterion|building|kind|date of an answer, edition|criterion."""
    return "|".join("" if part is None else str(part) for part in _values(record, KEY_FIELDS[type(record)]))


def facts_of(record: Any, unknown: Iterable[str] = ()) -> dict[str, Any]:
    """Return the facts that ``record`` states; ``unknown`` names fields that the row calls unknown."""
    kind = type(record)
    skipped = KEY_FIELDS[kind]
    stated = {*ALWAYS[kind], *unknown}
    found: dict[str, Any] = {}
    for each in _DEFAULTS[kind].values():
        if each.name in skipped:
            continue
        value = getattr(record, each.name)
        if each.name in stated or not _is_default(value, each):
            found[RENAMED.get(each.name, each.name)] = _plain(value)
    return found


def _values(record: Any, names: Iterable[str]) -> list[Any]:
    return [getattr(record, name) for name in names]


def _is_default(value: Any, each: Any) -> bool:
    return value is None or value in ((), {}) or value == each.default


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, shapely.geometry.base.BaseGeometry):
        return _geometry(value)
    return value


def _geometry(geometry: BaseGeometry) -> Any:
    """Return a point as [longitude, latitude], all else as hexadecimal WKB, polygons as multi-polygons."""
    if geometry.geom_type == "Point":
        return [round(geometry.x, COORDINATE_DECIMALS), round(geometry.y, COORDINATE_DECIMALS)]
    if geometry.geom_type == "Polygon":
        geometry = shapely.MultiPolygon([geometry])
    flat = shapely.to_wkb(geometry, hex=True, output_dimension=2, byte_order=1)
    return str(flat).lower()
