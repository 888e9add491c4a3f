"""Read the answers of one place (the school, or one building) from a form: state, number, rooms, note, day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geodata.records.assessing import OF_BLOCK
from geodata.records.field import question_name, question_of, value_bounds
from geodata.records.submission import FieldAnswer
from geodata.validation.answers import read_state, state_of_value
from geodata.validation.numbers import read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

from geodata.records.field import FormCriterion

MOST_ROOMS = 500
HALF = 0.5
"""From this share of the rooms on a norm of rooms is partly met (method 6)."""
LONGEST_NOTE = 2_000
STATES = ("meets", "partly", "fails", "not_applicable", "unknown")
ANSWERED = ("meets", "partly", "fails")
YES = ("yes", "Yes", "Ооба", "Да")


@dataclass(frozen=True, slots=True)
class Place:
    """The school as a whole (number 0), or a building: its code and which repeat of the form it is.

    A repeat without a code is the only building of a school of which none is known.
    """

    building_code: str | None
    number: int = 0

    @property
    def is_block(self) -> bool:
        """Whether it is a repeat of the form."""
        return self.number > 0

    def column(self, name: str) -> str:
        """Return how a question is named to people: in a repeat with its number."""
        return f"{name}[{self.number}]" if self.number else name


def read_answers(
    values: Mapping[str, str],
    place: Place,
    criteria: Mapping[str, FormCriterion],
    choices: Mapping[str, str],
    tell: Callable[..., None],
    day: date | None,
) -> list[FieldAnswer]:
    """Return the answers at one place in the order of the edition; what cannot be used is told and left out."""
    names = [one for name in values if (one := question_of(name)) is not None]
    asked = {code for code, part in names if part not in ("last", "last_on")}
    found: list[FieldAnswer] = []
    for code in [one for one in criteria if one in asked]:
        criterion = criteria[code]
        wrong = _misplaced(criterion, place)
        if wrong is not None:
            tell(place.column(question_name(code)), None, wrong, criterion=code)
            continue
        answer = _answer(values, place, criterion, choices, tell, day)
        if answer is not None:
            found.append(answer)
    return found


def _misplaced(criterion: FormCriterion, place: Place) -> str | None:
    """Tell why a criterion cannot be answered there. Rooms may be counted in a building or over the whole school."""
    if place.is_block:
        return None if criterion.scope in OF_BLOCK else "building_not_needed"
    return "building_needed" if criterion.scope == "building" else None


def _answer(
    values: Mapping[str, str],
    place: Place,
    criterion: FormCriterion,
    choices: Mapping[str, str],
    tell: Callable[..., None],
    day: date | None,
) -> FieldAnswer | None:
    name = question_name(criterion.code)
    text = values.get(name)
    stated = (choices.get(text) or read_state(text)) if text else None
    if text and stated not in STATES:
        tell(place.column(name), text, "choice_unknown", allowed=", ".join(STATES))
        return None
    value = _value(values, place, criterion, tell)
    share = _share(values, place, criterion, tell)
    state = _settle(stated, value, share, place, criterion, tell)
    note = values.get(f"{name}_note")
    if state is None:
        if note is None or text:
            return None
        state = "unknown"
    return FieldAnswer(
        criterion.code,
        place.building_code,
        state,  # type: ignore[arg-type]
        value if state in ANSWERED else None,
        share if state in ANSWERED else None,
        note[:LONGEST_NOTE] if note else None,
        _evidence_day(values, name, text, day) or date.min,
    )


def _value(
    values: Mapping[str, str], place: Place, criterion: FormCriterion, tell: Callable[..., None]
) -> float | None:
    """Return the measured number; told are a number for a yes-or-no norm, text, and what cannot be."""
    name = f"{question_name(criterion.code)}_value"
    text = values.get(name)
    if not text:
        return None
    if criterion.value_type != "num":
        tell(place.column(name), text, "value_not_asked", criterion=criterion.code)
        return None
    number = read_number(text)
    if number.value is None:
        tell(place.column(name), text, number.code or "number_invalid")
        return None
    lowest, highest = value_bounds(criterion)
    if not lowest <= number.value <= highest:
        tell(place.column(name), text, "value_impossible", low=f"{lowest:.0f}", high=f"{highest:.0f}")
        return None
    if number.code:
        tell(place.column(name), text, number.code, "warning", read=number.value)
    return number.value


def _share(
    values: Mapping[str, str], place: Place, criterion: FormCriterion, tell: Callable[..., None]
) -> float | None:
    """Return the share of rooms that keep the norm; None without counts."""
    name = question_name(criterion.code)
    counts = []
    for part in ("rooms", "passed"):
        text = values.get(f"{name}_{part}")
        if not text:
            continue
        number = read_number(text, is_whole=True)
        if criterion.scope != "room":
            tell(place.column(f"{name}_{part}"), text, "value_not_asked", criterion=criterion.code)
        elif number.value is None or not 0 <= number.value <= MOST_ROOMS:
            tell(place.column(f"{name}_{part}"), text, number.code or "rooms_impossible", most=MOST_ROOMS)
        else:
            counts.append(number.value)
    if len(counts) < 2:
        return None
    looked_at, passed = counts
    if looked_at < 1 or passed > looked_at:
        tell(place.column(f"{name}_passed"), values[f"{name}_passed"], "rooms_impossible", most=int(looked_at))
        return None
    return passed / looked_at


def _settle(
    stated: str | None,
    value: float | None,
    share: float | None,
    place: Place,
    criterion: FormCriterion,
    tell: Callable[..., None],
) -> str | None:
    """Return the state: rooms decide, else the number, else what was said; a contradiction is told."""
    if stated not in (None, *ANSWERED):
        return stated
    measured = None
    if share is not None:
        measured = "meets" if share >= 1 else "partly" if share >= HALF else "fails"
    elif criterion.scope != "room":
        measured = state_of_value(criterion, value)
        if measured == "fails" and stated == "partly":
            measured = stated
    if measured is not None and stated is not None and measured != stated:
        column = place.column(question_name(criterion.code))
        tell(column, stated, "answer_contradicts", "warning")
    return measured or stated


def _evidence_day(values: Mapping[str, str], name: str, text: str | None, day: date | None) -> date | None:
    """Return the day of the visit; of an answer that was taken over without being looked at, its earlier day."""
    last, last_on = values.get(f"{name}_last"), values.get(f"{name}_last_on")
    if last and last_on and last == text and values.get(f"{name}_seen") not in YES:
        try:
            earlier = date.fromisoformat(last_on)
        except ValueError:
            return day
        return min(earlier, day) if day else earlier
    return day
