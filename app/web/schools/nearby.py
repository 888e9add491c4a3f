"""If a building closed tomorrow: where its pupils could go, and how far help is; straight lines say that they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.i18n.formats import format_date, format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.risk.displacement import FreeSeats, NearSchool, free_seats, least_radius, minutes_of, radii, road_km
from app.risk.parameters import default_parameters
from app.web.language import current_language
from app.web.schools import words
from geodata.queries import travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run, TravelTime
    from geodata.queries.travel import Surroundings
    from geodata.records.school import BuildingFacts, SchoolFacts

TARGETS = {
    "school": N_("Nearest other school"),
    "fire_station": N_("Nearest fire station"),
    "hospital": N_("Nearest hospital"),
}
NEAREST = 5
"""Schools that are named."""


@dataclass(frozen=True)
class Way:
    """How far something is; ``note`` says where that comes from."""

    label: str
    text: str
    note: str


@dataclass(frozen=True)
class Displaced:
    """Pupils of one building, by shift, and the distance within which all of them find seats."""

    name: str
    pupils: list[str]
    fits: list[str]


@dataclass(frozen=True)
class Nearby:
    """What the section shows; texts are translated. ``rows``: language, distance, then free seats by shift."""

    shifts: list[int]
    rows: list[tuple[str, str, list[FreeSeats]]]
    displaced: list[Displaced]
    ways: list[Way]
    named: list[tuple[str, str, str, str]]
    has_place: bool


def surroundings_of(session: Session, run: Run | None, school: SchoolFacts) -> Surroundings:
    """Return what is around a school as far as seats are looked for. One query."""
    parameters = default_parameters()
    most = radii(parameters)[-1] / parameters["travel.detour"]
    return travel.surroundings(session, school.id, run.id if run else None, most)


def nearby_of(around: Surroundings, school: SchoolFacts, buildings: Sequence[BuildingFacts]) -> Nearby:
    """Return what is near a school."""
    parameters = default_parameters()
    fitting = [row for row in around.schools if _takes(row.kind, school.kind)]
    near = [_near(row) for row in fitting]
    shifts = list(range(1, max(len(school.shift_pupils), school.shifts or 1) + 1))
    whole = free_seats(near, school.languages, shifts, parameters)
    return Nearby(
        shifts,
        _rows(near, school, shifts, whole),
        [_displaced(one, school, shifts, whole) for one in buildings if _share(one)],
        _ways(around.times, fitting),
        [_named(row) for row in fitting[:NEAREST]],
        has_place=school.lon is not None,
    )


def _takes(other: str, own: str) -> bool:
    """Whether a school of another kind teaches the pupils of this one; of unknown kinds nothing is excluded."""
    return not (other == "special" != own or (other == "primary" and own not in ("primary", "unknown")))


def _near(row: Any) -> NearSchool:
    shifts = tuple(row.shift_pupils or ())
    if not shifts and row.shifts == 1 and row.pupils is not None:
        shifts = (row.pupils,)
    return NearSchool(
        row.straight_km, frozenset(row.languages), row.seats, shifts or None, is_dangerous=row.grade in ("D", "E")
    )


def _rows(
    near: list[NearSchool], school: SchoolFacts, shifts: list[int], whole: list[FreeSeats]
) -> list[tuple[str, str, list[FreeSeats]]]:
    language, parameters = current_language(), default_parameters()
    groups = [(_("any of its languages"), whole)] if len(school.languages) > 1 else []
    groups += [
        (_(words.LANGUAGES.get(code, code)), free_seats(near, [code], shifts, parameters)) for code in school.languages
    ]
    return [
        (
            label,
            _("up to %(km)s km", km=format_number(radius, language)),
            [one for one in found if one.radius_km == radius],
        )
        for label, found in groups
        for radius in radii(parameters)
    ]


def _share(building: BuildingFacts) -> float | None:
    """The share of the pupils as the ranking completed it, else as it is recorded."""
    share = building.risk.get("share", building.pupil_share)
    return None if share is None else float(str(share))


def _displaced(building: BuildingFacts, school: SchoolFacts, shifts: list[int], whole: list[FreeSeats]) -> Displaced:
    language, share = current_language(), _share(building) or 0.0
    inside = list(school.shift_pupils) or ([school.pupils] if school.shifts == 1 and school.pupils is not None else [])
    pupils, fits = [], []
    for shift in shifts:
        if shift > len(inside):
            pupils.append(_("Unknown"))
            fits.append(_("Unknown"))
            continue
        count = round(share * inside[shift - 1])
        radius = least_radius(whole, shift, count)
        pupils.append(format_number(count, language))
        km = None if radius is None else format_number(radius, language)
        fits.append(_("up to %(km)s km", km=km) if km else _("not enough known free seats"))
    return Displaced(building.name or building.code, pupils, fits)


def _ways(times: dict[str, TravelTime], near: list[Any]) -> list[Way]:
    language, parameters = current_language(), default_parameters()
    found = []
    for target, label in TARGETS.items():
        told = times.get(target)
        if told is not None:
            way = f" ({format_number(told.km, language, 1)}\u00a0{_('km')})" if told.km is not None else ""
            text = _("%(value)s minutes", value=format_number(told.minutes, language)) + way
            note = _("By road, %(date)s: %(source)s.", source=told.source, date=format_date(told.source_date, language))
            found.append(Way(_(label), f"{told.target_name}: {text}" if told.target_name else text, note))
        elif target == "school" and near:
            straight = near[0].straight_km
            text = _(
                "about %(minutes)s minutes, %(km)s km",
                minutes=format_number(minutes_of(straight, parameters), language),
                km=format_number(road_km(straight, parameters), language, 1),
            )
            found.append(Way(_(label), text, _estimate()))
        else:
            found.append(Way(_(label), _("Unknown"), _("No travel times by road have been imported.")))
    return found


def _estimate() -> str:
    language, parameters = current_language(), default_parameters()
    return _(
        "Estimate: straight line times %(factor)s at %(speed)s km/h. It is not used in the ranking.",
        factor=format_number(parameters["travel.detour"], language, 1),
        speed=format_number(parameters["travel.speed_kmh"], language),
    )


def _named(row: Any) -> tuple[str, str, str, str]:
    language = current_language()
    km = format_number(road_km(row.straight_km, default_parameters()), language, 1)
    return (
        local_name(row, language) or row.code,
        url_for("schools.school", code=row.code),
        km,
        row.grade or _("No grade"),
    )
