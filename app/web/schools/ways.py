"""How far help and other schools are, and which paths of mudflows, avalanches and the like lie across the way.

Minutes as a table states them stand before those worked out from a road file, those before straight lines times a
factor; each line says which it is. Where no layer covers the way, what lies across it is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports.words import HAZARD_LABELS
from app.i18n.formats import format_date, format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.risk.displacement import SAFE_GRADES, may_teach, minutes_of, road_km, takes_pupils_of
from app.risk.parameters import default_parameters
from app.web.addresses import address_of
from app.web.language import current_language
from geodata.queries import ways
from geodata.records.travel import WAY_TARGETS
from layers.crossing import CROSSED_HAZARDS, Crossing, crossings

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import TravelTime
    from geodata.queries.travel import Surroundings
    from geodata.records.school import SchoolFacts
    from geodata.records.travel import WayFacts

LABELS = {
    "settlement": N_("Centre of the settlement"),
    "school": N_("Nearest other school that may take pupils"),
    "safe_school": N_("Nearest such school of grade A to C"),
    "fire_station": N_("Nearest fire station"),
    "hospital": N_("Nearest hospital"),
}


@dataclass(frozen=True)
class Way:
    """One line of the table; texts are translated. ``note`` says where km and minutes come from.

    ``crossed``, ``silent`` and ``free``: what the way crosses, what nobody can tell, where a map shows no path.
    """

    label: str
    name: str | None
    address: str | None
    length: str
    note: str
    crossed: list[str]
    silent: str
    free: str
    line: str


@dataclass(frozen=True)
class Ways:
    """The table of ways and from which level on a path counts."""

    rows: list[Way]
    least_level: int


def ways_section(session: Session, school: SchoolFacts, around: Surroundings) -> Ways:
    """Return the ways of a school. One query."""
    least = int(default_parameters()["travel.crossing_level"])
    found = ways.ways_of(session, school.id, _straight_to(school, around), hazards=CROSSED_HAZARDS, least_level=least)
    return Ways([_row(target, _chosen(target, found, around), around) for target in WAY_TARGETS], least)


def _straight_to(school: SchoolFacts, around: Surroundings) -> dict[str, str]:
    """Return the codes of the nearest schools by straight line: any that may take pupils, and one of grade A to C."""
    fitting = [
        row
        for row in around.schools
        if takes_pupils_of(row.kind, school.kind) and may_teach(row.languages, school.languages)
    ]
    safe = [row for row in fitting if row.grade in SAFE_GRADES]
    return {target: rows[0].code for target, rows in (("school", fitting), ("safe_school", safe)) if rows}


def _chosen(target: str, found: list[WayFacts], around: Surroundings) -> WayFacts | None:
    """Return the way by road, else the straight line; a school that is no longer of grade A to C is not safe."""
    grades = {row.code: row.grade for row in around.schools}
    own = [
        one
        for one in found
        if one.target == target
        and not (target == "safe_school" and grades.get(one.other_code or "", "A") not in SAFE_GRADES)
    ]
    return min(own, key=lambda one: one.minutes is None, default=None)


def _row(target: str, way: WayFacts | None, around: Surroundings) -> Way:
    stated = around.times.get(target)
    name = _name(way)
    address = address_of("schools.school", code=way.other_code) if way is not None and way.other_code else None
    if stated is not None and stated.target_name not in (None, name):
        name, address = stated.target_name, None
    length, note = _length(way, stated, around)
    crossed = crossings(way.line, way.touched) if way is not None else []
    return Way(
        _(LABELS[target]),
        name,
        address,
        length,
        note,
        [_crossed(one) for one in crossed if one.state == "crosses"],
        _hazards(crossed, "unknown"),
        _hazards(crossed, "free"),
        _along(way),
    )


def _along(way: WayFacts | None) -> str:
    if way is None:
        return ""
    return _("along the straight line, not the road") if way.minutes is None else _("along the road")


def _name(way: WayFacts | None) -> str | None:
    return None if way is None else local_name(way, current_language()) or way.other_code


def _length(way: WayFacts | None, stated: TravelTime | None, around: Surroundings) -> tuple[str, str]:
    """Return minutes and km in words, and where they come from."""
    language, parameters = current_language(), default_parameters()
    if stated is not None:
        note = _("By road, %(date)s: %(source)s.", source=stated.source, date=format_date(stated.source_date, language))
        return _told(stated.minutes, stated.km), note
    if way is None:
        return _("Unknown"), _("Neither travel times nor a place of this kind near it have been imported.")
    if way.minutes is not None:
        day = format_date(around.roads_day, language)
        note = _("By the road file of %(date)s: %(source)s", date=day, source=around.roads_source)
        return _told(way.minutes, way.km), note
    text = _(
        "about %(minutes)s min, %(km)s km",
        minutes=format_number(minutes_of(way.straight_km, parameters), language),
        km=format_number(road_km(way.straight_km, parameters), language, 1),
    )
    note = _(
        "Estimate: straight line times %(factor)s at %(speed)s km/h. It is not used in the ranking.",
        factor=format_number(parameters["travel.detour"], language, 1),
        speed=format_number(parameters["travel.speed_kmh"], language),
    )
    return text, note if around.roads_day is None else note + " " + _("The road file leads to none.")


def _told(minutes: float, km: float | None) -> str:
    language = current_language()
    told = format_number(minutes, language)
    if km is None:
        return _("%(value)s min", value=told)
    return _("%(minutes)s min, %(km)s km", minutes=told, km=format_number(km, language, 1))


def _crossed(one: Crossing) -> str:
    language = current_language()
    values: dict[str, Any] = {"hazard": _(HAZARD_LABELS[one.hazard]), "paths": format_number(one.paths, language)}
    return _("%(hazard)s: paths %(paths)s, worst level %(level)s of 4", level=one.worst, **values)


def _hazards(found: list[Crossing], state: str) -> str:
    return ", ".join(_(HAZARD_LABELS[one.hazard]) for one in found if one.state == state)
