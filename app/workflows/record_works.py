"""Record what an engineer says works cost, and a decision between retrofit, replacement and relocation.

A record is never changed: the next one names the record that it replaces. Who has looked at an older one is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.funding.bundles import CHOICES as BUNDLE_CHOICES
from app.funding.bundles import PROTECT, RELOCATE, RETROFIT, WATER, bundles
from app.funding.catalogue import default_catalogue
from app.workflows.record_project import read_som
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, past, revisions, works
from geodata.readers.parameter_tables import of_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geodata.database import Session
    from geodata.queries.works import Figure

STAGES = ("survey", "design", "expertise", "contract")
"""How firm a cost is: of a survey, of a design, of a design that passed the state expertise, of a contract."""
CHOICES = tuple(sorted(set(BUNDLE_CHOICES.values())))
LONGEST = 500
EARLIEST = date(2000, 1, 1)
PER_BUILDING = ("area_m2", "building")
"""Quantities that belong to one building, so that a cost for one building means something."""


class WorksError(Exception):
    """Base of what is wrong with a cost or a decision."""


class WorksIncompleteError(WorksError):
    """Fields are missing or wrong; ``fields`` names them."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class WorksChangedError(WorksError):
    """Somebody else has recorded a newer cost or decision since the page was shown."""


@dataclass(frozen=True, slots=True)
class SentFigure:
    """What a form or a row of a file says, as text. ``building``: its code; empty: the whole school."""

    measures: str = ""
    building: str = ""
    cost: str = ""
    document: str = ""
    documented_on: str = ""
    priced_on: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class SentChoice:
    """What the form of a decision says; ``choice`` empty: the rule again."""

    choice: str = ""
    reason: str = ""
    document: str = ""


@of_tables
def known_measures() -> frozenset[str]:
    """Return the codes that a cost can be stated for: bundles, their measures, all others of the catalogue."""
    every = bundles()
    parts = {code for bundle in every for code in bundle.measures}
    rest = set(default_catalogue().interventions) - {"RET-S", "RET-RC"}
    return frozenset({bundle.code for bundle in every} | parts | rest)


def measure_of(text: str) -> str:
    """Return a code as the register keeps it: both kinds of full retrofit are one measure."""
    parts = [part.strip().upper() for part in text.split("+")]
    return "+".join(RETROFIT if part in ("RET-S", "RET-RC") else part for part in parts)


def is_for_building(measures: str) -> bool:
    """Return whether a cost of the measure can be stated for one building."""
    if measures == RETROFIT:
        return True
    found = default_catalogue().interventions.get(measures)
    return found is not None and found.quantity in PER_BUILDING and measures not in (RELOCATE, WATER, PROTECT)


def record_figure(
    session: Session,
    school_id: int,
    sent: SentFigure,
    buildings: Mapping[str, int],
    replaces: int | None = None,
) -> int:
    """Record what works cost at a school and return the number of the record; the caller commits.

    Args:
        buildings: Ids of the school's buildings by their codes.
        replaces: The record in force that this one replaces; None: there is none yet.

    Raises:
        OutsideTerritoryError: The account does not estimate at this school.
        WorksIncompleteError: Fields are missing or wrong.
        WorksChangedError: Another record is in force by now.
    """
    _hold_right(session, school_id)
    wrong = wrong_fields(sent, buildings, past.today_in_country(session))
    if wrong:
        raise WorksIncompleteError(wrong)
    measures = measure_of(sent.measures)
    building_id = buildings[sent.building.strip()] if sent.building.strip() else None
    _hold_place(works.figures_at(session, school_id), measures, building_id, replaces)
    values = {
        "school_id": school_id,
        "building_id": building_id,
        "measures": measures,
        "cost_som": read_som(sent.cost),
        "document": sent.document.strip(),
        "documented_on": date.fromisoformat(sent.documented_on.strip()),
        "priced_on": date.fromisoformat(sent.priced_on.strip()),
        "stage": sent.stage.strip(),
    }
    return _add_figure(session, values, replaces)


def take_back_figure(session: Session, school_id: int, number: int, document: str) -> int:
    """Give the word back to the estimate and return the number of the record that says so; errors as above."""
    _hold_right(session, school_id)
    if not 0 < len(document.strip()) <= LONGEST:
        raise WorksIncompleteError(("document",))
    found = next((one for one in works.figures_at(session, school_id) if one.id == number), None)
    if found is None or not found.stands or found.cost_som is None:
        raise WorksChangedError(number)
    values = {
        "school_id": school_id,
        "building_id": found.building_id,
        "measures": found.measures,
        "cost_som": None,
        "document": document.strip(),
        "documented_on": past.today_in_country(session),
        "priced_on": found.priced_on,
        "stage": found.stage,
    }
    return _add_figure(session, values, number)


def record_choice(session: Session, school_id: int, sent: SentChoice, replaces: int | None = None) -> int:
    """Record a decision in place of the rule and return its number; the caller commits; errors as ``record_figure``."""
    _hold_right(session, school_id)
    wrong = [] if sent.choice in CHOICES or (not sent.choice and replaces is not None) else ["choice"]
    wrong += [name for name in ("reason", "document") if not 0 < len(getattr(sent, name).strip()) <= LONGEST]
    if wrong:
        raise WorksIncompleteError(tuple(wrong))
    newest = next(iter(works.choices_at(session, school_id)), None)
    if (newest.id if newest else None) != replaces:
        raise WorksChangedError(replaces)
    values = {
        "school_id": school_id,
        "choice": sent.choice or None,
        "reason": sent.reason.strip(),
        "document": sent.document.strip(),
        "created_by": session.info.get(ACCOUNT_KEY),
        "replaces_id": replaces,
    }
    number = works.add_choice(session, values)
    if number is None:
        raise WorksChangedError(replaces)
    audit.record(session, "works:decided", subject=str(number), details={"school": school_id, "choice": sent.choice})
    return number


def wrong_fields(sent: SentFigure, buildings: Collection[str], today: date) -> tuple[str, ...]:
    """Return the fields of a cost that cannot be taken; ``cost_zero`` is a cost that is not above zero."""
    measures, building = measure_of(sent.measures), sent.building.strip()
    wrong = [] if measures in known_measures() else ["measures"]
    if building and (building not in buildings or (not wrong and not is_for_building(measures))):
        wrong.append("building")
    if read_som(sent.cost) is None:
        wrong.append("cost_zero" if _is_number(sent.cost) else "cost")
    if not 0 < len(sent.document.strip()) <= LONGEST:
        wrong.append("document")
    for name in ("documented_on", "priced_on"):
        day = _day(getattr(sent, name))
        if day is None or not EARLIEST <= day <= today:
            wrong.append(name)
    if sent.stage.strip() not in STAGES:
        wrong.append("stage")
    return tuple(wrong)


def place_of(figures: list[Figure], measures: str, building_id: int | None) -> Figure | None:
    """Return the record that stands for a measure of the school or a building, taken back or not."""
    mine = (one for one in figures if one.measures == measures and one.building_id == building_id)
    return next((one for one in mine if one.stands), None)


def _hold_right(session: Session, school_id: int) -> None:
    if "estimate" not in revisions.rights_at(session, school_id):
        raise OutsideTerritoryError


def _hold_place(figures: list[Figure], measures: str, building_id: int | None, replaces: int | None) -> None:
    stands = place_of(figures, measures, building_id)
    if (stands.id if stands else None) != replaces:
        raise WorksChangedError(replaces)


def _add_figure(session: Session, values: Mapping[str, object], replaces: int | None) -> int:
    more = {"created_by": session.info.get(ACCOUNT_KEY), "replaces_id": replaces}
    number = works.add_figure(session, {**values, **more})
    if number is None:
        raise WorksChangedError(replaces)
    told = {"school": values["school_id"], "measures": values["measures"], "cost_som": values["cost_som"]}
    audit.record(session, "works:priced", subject=str(number), details=told)
    return number


def _is_number(text: str) -> bool:
    plain = text.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    return plain.lstrip("-\u2212").isdecimal() and (plain[:1] in "-\u2212" or not plain.strip("0"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
