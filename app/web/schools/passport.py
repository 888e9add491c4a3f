"""The passport: each value with its source, date and quality; unknown is written out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.words import OWNERSHIP, SCHOOL_KINDS
from app.i18n.formats import format_date, format_number
from app.web.language import current_language
from app.web.schools import words
from geodata.readers.parameter_tables import of_tables, read_parameter_tables

if TYPE_CHECKING:
    from geodata.records.school import SchoolFacts


@dataclass(frozen=True)
class Value:
    """One value of the passport, and where it comes from."""

    label: str
    text: str
    source: str
    date: str
    quality: str
    is_known: bool = True


@of_tables
def building_types() -> dict[str, dict[str, str]]:
    """Return the building types by code, each with ``name_ky``, ``name_ru``, ``name_en`` and ``code``."""
    return {row["code"]: row for row in read_parameter_tables().rows["building_types"]}


def passport(school: SchoolFacts) -> list[Value]:
    """Return the passport's values in reading order."""
    language = current_language()

    def number(value: int | None) -> str | None:
        return None if value is None else format_number(value, language)

    shifts = number(school.shifts)
    if shifts and school.shift_pupils:
        shifts += ": " + " + ".join(format_number(pupils, language) for pupils in school.shift_pupils)
    place = None
    if school.lat is not None and school.lon is not None:
        place = f"{school.lat:.5f}, {school.lon:.5f} ({_(words.LOCATION_QUALITY[school.location_quality])})"
    spoken = ", ".join(_(words.LANGUAGES.get(code, code)) for code in school.languages) or None
    rows: list[tuple[str, str, str | None]] = [
        ("kind", _("Kind"), _word(SCHOOL_KINDS, school.kind)),
        ("ownership", _("Ownership"), _word(OWNERSHIP, school.ownership)),
        ("languages", _("Languages of instruction"), spoken),
        ("pupils", _("Pupils"), number(school.pupils)),
        ("seats", _("Seats by design"), number(school.seats)),
        ("shifts", _("Shifts (pupils)"), shifts),
        ("staff", _("Staff"), number(school.staff)),
        ("boarding_pupils", _("Pupils who board"), number(school.boarding_pupils)),
        ("location", _("Coordinates (latitude, longitude)"), place),
        ("opened_on", _("Opened"), format_date(school.opened_on, language) if school.opened_on else None),
    ]
    return [_value(school, field, label, text) for field, label, text in rows]


def _word(table: dict[str, str], code: str) -> str | None:
    return None if code == "unknown" else _(table.get(code, code))


def _day(written: object, language: str) -> str:
    """Return a day as the language writes it; what is no day stays as it was written, nothing is empty."""
    text = str(written or "")
    try:
        return format_date(date.fromisoformat(text), language) if text else ""
    except ValueError:
        return text


def _value(school: SchoolFacts, field: str, label: str, text: str | None) -> Value:
    language = current_language()
    own: dict[str, Any] = school.provenance.get(field) or {}
    source = str(own.get("source") or school.source or "") or words.UNKNOWN
    day = _day(own.get("date"), language) or format_date(school.source_date, language)
    quality = _(words.VALUE_QUALITY.get(str(own.get("quality") or ""), "Unknown"))
    source = _(words.SOURCES.get(source, source))
    return Value(label, text if text is not None else _("Unknown"), source, day, quality, text is not None)
