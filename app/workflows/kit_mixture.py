"""Two kits side by side: what is another in the later one, by which cause, and any mixture of both.

A cell of a table, an answer in a building or what the layers say of one is a fact. Facts of one cause are exchanged
together; ``mixed`` gives a kit again, so that the rules which rank a kit rank every mixture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.workflows import kit_format
from app.workflows.kit_answers import AnswerPair
from app.workflows.kit_facts import (
    AREAS,
    BUILDINGS,
    CAUSES,
    CRITERIA,
    DATA,
    REALITY,
    SCHOOLS,
    UNDIVIDED,
    Evidence,
    Facts,
    Key,
    Row,
    facts_of,
    places_of,
    table_text,
)
from app.workflows.kit_format import Kit
from app.workflows.kit_layers import LayerPair

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER_REAL = frozenset({"code", "school", "soil_class", "year_built", "is_synthetic"})
"""What does not change in the world: another value of it is knowledge, whatever its day."""
PRIORS = ("inputs/type_priors.csv", "inputs/answer_priors.csv")
"""Tables of priors: a part of the rule."""
NOTHING_SAID = frozenset({"", "unknown"})


@dataclass(slots=True)
class TwoKits:
    """The schools that both kits hold, and the cause of each fact that differs."""

    old: Facts
    new: Facts
    schools: list[str]
    answers: AnswerPair
    layers: LayerPair
    school_cause: dict[tuple[str, str], str] = field(default_factory=dict)
    """By school and column."""
    building_cause: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """By school, building and column; column "" is the building itself, which only one kit holds."""

    @property
    def causes(self) -> list[str]:
        """Return the causes of which there is a fact, in their order."""
        found = {*self.school_cause.values(), *self.building_cause.values(), *self.answers.causes}
        if self.layers.differ or self._areas_differ():
            found.add(DATA)
        return [cause for cause in CAUSES if cause in found]

    def _areas_differ(self) -> bool:
        day = self.old.kit.canonical["data_date"], self.new.kit.canonical["data_date"]
        return day[0] != day[1] or any(self.old.areas.get(code) != self.new.areas.get(code) for code in self.schools)

    def mixed(self, exchanged: frozenset[str], rule: Kit) -> Kit:
        """Return a kit of the old facts with those of the causes ``exchanged`` from the new one.

        ``rule``: the kit whose edition of the standard asks; what it asks and a kit does not know is unanswered.
        """
        buildings = self._buildings(exchanged)
        places = places_of(self.schools, buildings)
        newest = self.new if DATA in exchanged else self.old
        files = {
            SCHOOLS: table_text([self._school(code, exchanged) for code in self.schools], self.new.schools),
            BUILDINGS: table_text(list(buildings.values()), {**self.old.buildings, **self.new.buildings}),
            AREAS: table_text([row for code in self.schools for row in newest.areas.get(code, [])], {}),
            CRITERIA: rule.files[CRITERIA],
            kit_format.PLACES: self.new.kit.files[kit_format.PLACES],
            kit_format.ANSWERS: self.answers.mixed(places, exchanged, rule),
        }
        files |= {name: rule.files[name] for name in PRIORS if name in rule.files}
        codes, told, bodies = self.layers.mixed(places, DATA in exchanged)
        files |= {f"layers/{code}.bin": body for code, body in bodies.items()}
        canonical = {
            "data_date": newest.kit.canonical["data_date"],
            "edition": rule.canonical["edition"],
            "layers": {code: {} for code in codes},
            "priors": rule.canonical.get("priors"),
        }
        return Kit(files, {"layers": told}, canonical)

    def _school(self, code: str, exchanged: frozenset[str]) -> Row:
        old, new = self.old.schools[code], self.new.schools[code]
        return {
            column: value if self.school_cause.get((code, column)) in exchanged else old.get(column, value)
            for column, value in new.items()
        }

    def _buildings(self, exchanged: frozenset[str]) -> dict[Key, Row]:
        found: dict[Key, Row] = {}
        inside = set(self.schools)
        for key in sorted({*self.old.buildings, *self.new.buildings}):
            if key[0] not in inside:
                continue
            old, new = self.old.buildings.get(key), self.new.buildings.get(key)
            if old is None or new is None:
                if (self.building_cause[*key, ""] in exchanged) == (old is None):
                    found[key] = old or new or {}
                continue
            found[key] = {
                column: value if self.building_cause.get((*key, column)) in exchanged else old.get(column, value)
                for column, value in new.items()
            }
        return found


def two_kits(old: Kit, new: Kit, evidence: Evidence) -> TwoKits:
    """Read two kits and tell the cause of each fact that differs.

    A known value that became another one by later evidence is reality; known only now, doubted or corrected is
    knowledge; a building that is gone and an answer that the first verification contradicts are undivided.

    Raises:
        KeyError, ValueError: An input is not of the form that this program writes.
    """
    before, after = facts_of(old), facts_of(new)
    codes = sorted(before.schools.keys() & after.schools.keys())
    answers = AnswerPair(before, after, evidence.former_day)
    found = TwoKits(before, after, codes, answers, LayerPair(before, after))
    for code in found.schools:
        later = evidence.is_later(evidence.of_school.get(code))
        for column, cause in _cells(before.schools[code], after.schools[code], later):
            found.school_cause[code, column] = cause
    inside = set(found.schools)
    for key in before.buildings.keys() | after.buildings.keys():
        if key[0] in inside:
            _compare_building(found, key, evidence)
    return found


def _compare_building(found: TwoKits, key: Key, evidence: Evidence) -> None:
    old, new = found.old.buildings.get(key), found.new.buildings.get(key)
    if old is None and new is not None:
        built = new.get("year_built") or "0"
        found.building_cause[*key, ""] = REALITY if int(built) > evidence.former_day.year else DATA
    elif new is None:
        found.building_cause[*key, ""] = UNDIVIDED
    elif old is not None:
        later = evidence.is_later(evidence.of_building.get(key))
        for column, cause in _cells(old, new, later):
            found.building_cause[*key, column] = cause


def _cells(old: Row, new: Row, is_later: bool) -> Iterator[tuple[str, str]]:
    """Yield the columns that differ, each with its cause."""
    for column, value in new.items():
        was = old.get(column, "")
        if was == value:
            continue
        is_known = was not in NOTHING_SAID and value not in NOTHING_SAID
        yield column, REALITY if is_known and is_later and column not in NEVER_REAL else DATA
