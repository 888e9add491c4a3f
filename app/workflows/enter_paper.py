"""Enter what was written on paper: many answers of one assessment at once, each kept as the page of assessing keeps it.

What stands already and is said again is passed over. What is refused does not keep the others out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.workflows.assess_answer import STATES, SentAnswer, save_answer
from app.workflows.assess_errors import AnswerConflictError, RefusedAnswerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.workflows.assess import Place, Sheet
    from geodata.database import Session

KEYS = {str(number): state for number, state in enumerate(STATES, 1)}
"""What is crossed on paper, and what it means."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it was typed: the number 1 to 5 (or nothing), value, rooms and note."""

    criterion: str
    building: str
    key: str
    value: str = ""
    rooms: str = ""
    passed: str = ""
    note: str = ""
    base_version: str = "0"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in the row."""
        return not (self.key or self.value or self.rooms or self.passed or self.note)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not kept, and why."""

    entry: Entry
    error: RefusedAnswerError | AnswerConflictError


def order_of_paper(sheet: Sheet, *, is_protected: bool) -> list[Place]:
    """Return the places in the order of the printed form: the school, then each building; protection by itself."""
    chosen = [place for place in sheet.places if place.question.is_protected == is_protected]
    numbers = {block.id: at for at, block in enumerate(sheet.blocks, 1)}
    return sorted(chosen, key=lambda place: numbers[place.block.id] if place.block else 0)


def enter(session: Session, sheet: Sheet, entries: Sequence[Entry], language: str) -> tuple[int, list[Refusal]]:
    """Keep the rows that say something new, in the caller's transaction; return how many, and what was refused.

    Raises what ``app.workflows.assess.open_visit`` raises.
    """
    day = sheet.visit.assessed_on.isoformat()
    places = {(one.question.code, one.block.code if one.block else ""): one for one in sheet.places}
    saved, refused = 0, []
    for entry in entries:
        place = places.get((entry.criterion, entry.building))
        if entry.is_empty or (place is not None and _stands(entry, place)):
            continue
        sent = SentAnswer(
            criterion=entry.criterion,
            state=KEYS.get(entry.key, entry.key),
            building=entry.building,
            value=entry.value,
            rooms=entry.rooms,
            passed=entry.passed,
            note=entry.note,
            evidence_on=day,
            base_version=entry.base_version,
        )
        try:
            save_answer(session, sheet.visit.id, sent, language)
        except (RefusedAnswerError, AnswerConflictError) as error:
            refused.append(Refusal(entry, error))
        else:
            saved += 1
    return saved, refused


def _stands(entry: Entry, place: Place) -> bool:
    """Tell whether the row says what stands and was confirmed; a share of rooms cannot be told from the row."""
    given = place.answer
    if given is None or place.is_taken_over or entry.rooms or entry.passed:
        return False
    value = "" if given.value is None else f"{given.value:.6f}".rstrip("0").rstrip(".")
    said = (KEYS.get(entry.key, ""), entry.value.replace(",", "."), entry.note)
    return said == (given.state, value, given.note or "")
