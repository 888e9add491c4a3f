"""If a building closed tomorrow: where its pupils could go; straight lines say that they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.risk.displacement import FreeSeats, NearSchool, free_seats, least_radius, radii, takes_pupils_of, way_km
from app.risk.parameters import default_parameters
from app.web.addresses import address_of
from app.web.language import current_language
from app.web.schools import words
from geodata.queries import travel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.travel import Surroundings
    from geodata.records.school import BuildingFacts, SchoolFacts

NEAREST = 5
"""Schools that are named."""


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
    named: list[tuple[str, str, str, str]]
    has_place: bool
    detour: float
    roads_day: date | None
    """The day of the road file that distances are by; None: straight lines times a factor."""


def surroundings_of(session: Session, run: Run | None, school: SchoolFacts) -> Surroundings:
    """Return what is around a school as far as seats are looked for. One query."""
    parameters = default_parameters()
    run_id = run.id if run else None
    return travel.surroundings(session, school.id, run_id, radii(parameters)[-1], parameters["travel.detour"])


def nearby_of(around: Surroundings, school: SchoolFacts, buildings: Sequence[BuildingFacts]) -> Nearby:
    """Return what is near a school."""
    parameters = default_parameters()
    fitting = [row for row in around.schools if takes_pupils_of(row.kind, school.kind)]
    near = [_near(row, is_by_road=around.roads_day is not None) for row in fitting]
    nearest = sorted(zip(near, fitting, strict=True), key=lambda pair: way_km(pair[0], parameters))[:NEAREST]
    shifts = list(range(1, max(len(school.shift_pupils), school.shifts or 1) + 1))
    whole = free_seats(near, school.languages, shifts, parameters)
    return Nearby(
        shifts,
        _rows(near, school, shifts, whole),
        [_displaced(one, school, shifts, whole) for one in buildings if _share(one)],
        [_named(row, way_km(one, parameters)) for one, row in nearest],
        has_place=school.lon is not None,
        detour=parameters["travel.detour"],
        roads_day=around.roads_day,
    )


def _near(row: Any, *, is_by_road: bool) -> NearSchool:
    """Return a school near this one; where the road file reaches this one and not that, its seats are unknown."""
    shifts = tuple(row.shift_pupils or ())
    if not shifts and row.shifts == 1 and row.pupils is not None:
        shifts = (row.pupils,)
    return NearSchool(
        row.straight_km,
        frozenset(row.languages),
        None if is_by_road and row.known_km is None else row.seats,
        shifts or None,
        is_dangerous=row.grade in ("D", "E"),
        known_km=row.known_km,
    )


def _rows(
    near: list[NearSchool], school: SchoolFacts, shifts: list[int], whole: list[FreeSeats]
) -> list[tuple[str, str, list[FreeSeats]]]:
    language, parameters = current_language(), default_parameters()
    reach = [(radius, _("up to %(km)s km", km=format_number(radius, language))) for radius in radii(parameters)]
    spoken = [(_(words.LANGUAGES.get(code, code)), code) for code in school.languages]
    if len(spoken) == 1:
        groups = [(spoken[0][0], whole)]
    else:
        groups = [(_("any of its languages"), whole)] if spoken else []
        groups += [(label, free_seats(near, [code], shifts, parameters)) for label, code in spoken]
    return [
        (label, distance, [one for one in found if one.radius_km == radius])
        for label, found in groups
        for radius, distance in reach
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


def _named(row: Any, way: float) -> tuple[str, str, str, str]:
    language = current_language()
    km = format_number(way, language, 1)
    return (
        local_name(row, language) or row.code,
        address_of("schools.school", code=row.code),
        km,
        row.grade or _("No grade"),
    )
