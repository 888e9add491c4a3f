"""Which facts beside the record may be appealed: public answers, levels of hazards and travel times at a school.

Their keys are ``answer.CODE``, ``hazard.KIND`` and ``travel.TARGET``. An appeal is public with the value that it is
about, so that the group protection and layers that are kept from the public stay outside. No change of the record
corrects these facts: an assessment, a decision about hazard sources, a new layer or a file of travel times does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from app.workflows.ranking_inputs import CONTEXT_HAZARDS
from app.workflows.ranking_sources import decided_layer, settled_exposures
from geodata.queries import appealed_facts, exposures, hazard_conflicts, standard, travel
from geodata.readers.travel import MOST_MINUTES, TARGETS
from geodata.records.assessing import OF_BLOCK
from layers.manifest import HAZARDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.database import Session
    from geodata.records.revision import StoredRecord

Group = Literal["answer", "hazard", "travel"]
GROUPS: tuple[Group, ...] = get_args(Group)
CLAIMED_STATES = ("meets", "partly", "fails", "not_applicable")
LEVELS = ("1", "2", "3", "4")
Refusal = Literal["fact", "fact.edition", "fact.protection", "fact.building", "fact.level"]


@dataclass(frozen=True, slots=True)
class MeasuredFact:
    """A fact beside the record: ``present`` is a state, a level or minutes as text, None = unknown."""

    group: Group
    code: str
    present: str | None

    @property
    def key(self) -> str:
        """Return what the appeal stores."""
        return f"{self.group}.{self.code}"


def group_of(key: str) -> Group | None:
    """Return the group of a key; None: a field of the record."""
    head, dot, _code = key.partition(".")
    return next((group for group in GROUPS if dot and group == head), None)


def measured_facts(session: Session, record: StoredRecord) -> list[MeasuredFact]:
    """Return what may be appealed at a school or one of its buildings, with what counts today.

    Hazards and travel times belong to the school. What is asked of each building is appealed at the building as soon
    as one building has an answer of its own.
    """
    found = list(_answers(session, record))
    if record.kind == "school":
        found += [*_hazards(session, record.school_id), *_times(session, record.school_id)]
    return found


def refusal_of(session: Session, record: StoredRecord, key: str) -> Refusal:
    """Return why a key that ``measured_facts`` does not hold is refused."""
    group, code = group_of(key), key.partition(".")[2]
    if group == "hazard" and record.kind == "school":
        return "fact.level" if code in HAZARDS and code not in CONTEXT_HAZARDS else "fact"
    edition = standard.find_edition(session)
    if group != "answer" or edition is None:
        return "fact"
    asked = {one.code: one for one in appealed_facts.asked_criteria(session, edition.id)}
    if code not in asked:
        return "fact.edition" if appealed_facts.is_of_any_edition(session, code) else "fact"
    return "fact.building" if asked[code].is_public else "fact.protection"


def canonical_claim(group: Group, claimed: str) -> str | None:
    """Return a claimed value as it is stored; None: no such state, level or number of minutes (0 to a day)."""
    text = claimed.strip()
    if group != "travel":
        return text if text in (CLAIMED_STATES if group == "answer" else LEVELS) else None
    try:
        minutes = round(float(text.replace(",", ".")), 1)
    except ValueError:
        return None
    return minutes_text(minutes) if 0 < minutes <= MOST_MINUTES else None


def minutes_text(minutes: float) -> str:
    """Return minutes with one decimal at most, whole ones without."""
    return f"{round(minutes, 1):g}"


def _answers(session: Session, record: StoredRecord) -> Iterator[MeasuredFact]:
    edition = standard.find_edition(session)
    if edition is None:
        return
    given = appealed_facts.counting_answers(session, record.school_id, edition.id)
    by_building = {code for code, building_id in given if building_id is not None}
    is_building = record.kind == "building"
    for one in appealed_facts.asked_criteria(session, edition.id):
        of_block = one.scope in OF_BLOCK
        if one.is_public and (of_block if is_building else not of_block or one.code not in by_building):
            of_school = given.get((one.code, None))
            yield MeasuredFact(
                "answer", one.code, given.get((one.code, record.id), of_school) if is_building else of_school
            )


def _hazards(session: Session, school_id: int) -> Iterator[MeasuredFact]:
    """The level that counts: of the layer that was decided for, else the worst known one."""
    public, decisions = appealed_facts.public_layers(session), hazard_conflicts.in_force(session)
    measured = [one for one in exposures.of_school(session, school_id) if one.code in public and not one.building_id]
    for hazard in sorted({one.hazard for one in measured}.difference(CONTEXT_HAZARDS)):
        told = [one for one in measured if one.hazard == hazard]
        counting = settled_exposures(told, decided_layer(decisions, hazard, school_id), None)
        levels = [one.level for one in counting if one.level is not None]
        if levels:
            yield MeasuredFact("hazard", hazard, str(max(levels)))


def _times(session: Session, school_id: int) -> Iterator[MeasuredFact]:
    """Minutes as a table states them, else along the road file."""
    stated, by_road = travel.times_of(session, school_id), appealed_facts.road_minutes(session, school_id)
    for target in TARGETS:
        minutes = stated[target].minutes if target in stated else by_road.get(target)
        yield MeasuredFact("travel", target, None if minutes is None else minutes_text(minutes))
