"""Where each part of a school's score comes from, and of which date, in a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.i18n.formats import format_date, format_number
from app.web.language import current_language
from app.web.priorities.run_inputs import read_canonical
from app.web.schools import words
from app.web.schools.passport import passport
from geodata.queries import schools, travel, ways

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.priority import PriorityRow
    from geodata.records.school import SchoolFacts


def sources_of(session: Session, run: Run, school: SchoolFacts, row: PriorityRow) -> dict[str, str]:
    """Return the source and date of the parts by code."""
    risk, services = _risk(session, run, school), _answers(row)
    return {
        "C1": risk,
        "C2": risk,
        "C3": risk,
        "C4": services,
        "C5": services,
        "C6": _pupils(school),
        "C7": _travel(session, school),
        "C8": _("Poverty index of the district, as of %(date)s.", date=format_date(run.data_date, current_language())),
    }


def _travel(session: Session, school: SchoolFacts) -> str:
    found = travel.times_of(session, school.id).get("school")
    by_road = None if found else ways.road_file_of(session, school.id, "school")
    if by_road is not None:
        day = format_date(by_road[0], current_language())
        return _("Worked out by the road file of %(date)s: %(source)s.", source=by_road[1], date=day)
    if found is None:
        return _("No travel time by road has been imported for this school.")
    return _(
        "Travel time by road of %(date)s: %(source)s.",
        source=found.source,
        date=format_date(found.source_date, current_language()),
    )


def _risk(session: Session, run: Run, school: SchoolFacts) -> str:
    found = schools.buildings(session, school.id, run.id)
    if not found:
        return _("No building is recorded: computed for an unknown type.")
    newest = max((one.source_date for one in found if one.source_date), default=None)
    source = next((one.source for one in found if one.source), None) or words.UNKNOWN
    layers = len(read_canonical(run.canonical).get("layers") or {})
    told = _(
        "Computed. Buildings: %(buildings)s (%(source)s, %(date)s); hazard layers: %(layers)s.",
        buildings=len(found),
        source=_(words.SOURCES.get(source, source)),
        date=format_date(newest, current_language()),
        layers=layers,
    )
    motions = [float(str(one.risk["motion_g"])) for one in found if one.risk.get("motion_g") is not None]
    shaking = f"{format_number(max(motions), current_language(), 2)}\u00a0g" if motions else _("Unknown")
    strongest = _("Strongest shaking of 475 years that counted, at the surface: %(shaking)s.", shaking=shaking)
    return f"{told} {strongest}"


def _answers(row: PriorityRow) -> str:
    if row.assessed_on is None:
        return _("Nobody has assessed this school: stands at its prior.")
    return _("Assessment of %(date)s.", date=format_date(row.assessed_on, current_language()))


def _pupils(school: SchoolFacts) -> str:
    value = passport(school)[3]
    return _("Pupils and seats: %(source)s, %(date)s.", source=value.source, date=value.date)
