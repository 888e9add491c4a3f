"""Answers to the criteria: one answer a row, or one school a row with a column per criterion."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from geodata.records.finding import AnswerRecord
from geodata.validation import choices
from geodata.validation.context import KnownCriterion
from geodata.validation.fields import read_choices, read_codes, read_days, read_numbers, read_shares
from geodata.validation.names import fold_name
from geodata.validation.numbers import read_number
from geodata.validation.sheet import Fault, Reading, Sheet

if TYPE_CHECKING:
    from geodata.records.field import FormCriterion

FEWEST_WIDE = 2
LARGEST = 1e9


def check_answers(sheet: Sheet) -> list[Any]:
    """Return an answer (or the list of answers) per row; rows with an error are told in the sheet."""
    wide = _wide_columns(sheet)
    if not wide and "criterion_code" not in sheet:
        sheet.tell_file("mapping_missing", "error", field="criterion_code", columns=", ".join(sheet.table.columns[:40]))
        return []
    schools = _known_schools(sheet)
    days = _days(sheet)
    kinds = read_choices(sheet, "kind", choices.ASSESSMENT_KINDS, sheet.context.assessment_kind)
    assessors = sheet.texts("assessor")
    if wide:
        return _wide(sheet, wide, schools, days, kinds, assessors)
    return _long(sheet, schools, days, kinds, assessors)


def _long(
    sheet: Sheet,
    schools: list[str | None],
    days: list[date | None],
    kinds: list[str | None],
    assessors: list[str | None],
) -> list[AnswerRecord]:
    criteria = _criteria(sheet)
    buildings = _buildings(sheet, schools, criteria)
    shares = read_shares(sheet, "room_share")
    values = read_numbers(sheet, "value", -LARGEST, LARGEST)
    states = _states(sheet, criteria, values, shares)
    notes = sheet.texts("note", 2_000)
    _check_twice(sheet, list(zip(schools, criteria, buildings, days, strict=True)))
    return [
        AnswerRecord(
            schools[at] or "",
            criteria[at] or "",
            cast("Any", states[at] or "unknown"),
            days[at] or date.min,
            buildings[at],
            values[at],
            shares[at],
            notes[at],
            cast("Any", kinds[at]),
            assessors[at],
            sheet.context.is_synthetic,
        )
        for at in range(len(sheet))
    ]


def _known_schools(sheet: Sheet) -> list[str | None]:
    codes = read_codes(sheet, "school_code")
    for at, code in enumerate(codes):
        if code is None or code in sheet.context.school_codes:
            continue
        found = {there[code] for there in sheet.context.school_aliases.values() if code in there}
        if len(found) == 1:
            codes[at] = found.pop()
        else:
            sheet.tell(at, "school_code", code, "school_unknown")
    return codes


def _days(sheet: Sheet) -> list[date | None]:
    """Return the day of each answer: the row's, else the one stated for the file; without any no answer counts."""
    days = read_days(sheet, "assessed_on")
    for at, day in enumerate(days):
        if day is None:
            days[at] = sheet.context.assessed_on
            if days[at] is None and at not in sheet.bad:
                sheet.tell(at, "assessed_on", None, "answer_without_date")
    return days


def _criteria(sheet: Sheet) -> list[str | None]:
    known = sheet.context.criteria

    def read(text: str) -> Reading:
        code = text.upper().replace(" ", "-")
        return (code, None) if code in known else (None, Fault("criterion_unknown"))

    codes = sheet.read("criterion_code", read, is_key=True)
    for at, code in enumerate(codes):
        if code is None and at not in sheet.bad:
            sheet.tell(at, "criterion_code", None, "key_missing")
        elif code is not None and known[code].is_protected:
            _guard(sheet, at, "criterion_code", code)
    return codes


def _guard(sheet: Sheet, at: int, field: str, code: str) -> None:
    """Note that the file holds a protected answer; refuse the row, and say no more of it, when its sender may not."""
    if sheet.context.takes_protected:
        sheet.is_restricted = True
        return
    sheet.tell(at, field, code, "answer_protected")
    sheet.silent.add(at)


def _buildings(sheet: Sheet, schools: list[str | None], criteria: list[str | None]) -> list[str | None]:
    """Return building codes; a building criterion needs one, and it must be the school's."""
    codes = sheet.texts("building_code", 64)
    owners = sheet.context.building_schools
    for at, code in enumerate(codes):
        criterion = sheet.context.criteria.get(criteria[at] or "")
        scope = criterion.scope if criterion else None
        if code is None:
            if scope == "building" and at not in sheet.bad:
                sheet.tell(at, "building_code", None, "building_needed", criterion=criteria[at])
        elif code not in owners:
            sheet.tell(at, "building_code", code, "building_unknown")
        elif schools[at] is not None and owners[code] != schools[at]:
            sheet.tell(at, "building_code", code, "building_of_other_school", building=code, school=owners[code])
        elif scope in ("school", "site"):
            sheet.tell(at, "building_code", code, "building_not_needed", "warning", criterion=criteria[at])
            codes[at] = None
    return codes


def _states(
    sheet: Sheet, criteria: list[str | None], values: list[float | None], shares: list[float | None]
) -> list[str | None]:
    """Return the state as written, else from the measured value and the norm; a row with neither is refused."""
    allowed = ", ".join(dict.fromkeys(choices.ANSWER_STATES.values()))
    cells = sheet.cells("state")
    states: list[str | None] = []
    for at, cell in enumerate(cells):
        text = (cell or "").strip()
        state = read_state(text) if text else None
        criterion = sheet.context.criteria.get(criteria[at] or "")
        if text and state is None:
            sheet.tell(at, "state", cell, "choice_unknown", allowed=allowed)
        if state is None and not text and criterion is not None:
            state = state_of_value(criterion, values[at])
            if state is None and shares[at] is not None:
                state = "meets" if shares[at] == 1 else "fails" if shares[at] == 0 else "partly"
        if state is None and not text and at not in sheet.bad:
            sheet.tell(at, "state", None, "answer_missing")
        states.append(state)
    return states


def read_state(text: str) -> str | None:
    """Return the state that a word or sign of the three languages means, or None."""
    low = text.casefold()
    return choices.ANSWER_STATES.get(low) or choices.ANSWER_STATES.get(fold_name(text))


def state_of_value(criterion: KnownCriterion | FormCriterion, value: float | None) -> str | None:
    """Return whether a measured value keeps the norm; None without a value or a norm in numbers."""
    if value is None or criterion.value_type != "num":
        return None
    low, high = criterion.threshold_min, criterion.threshold_max
    if low is None and high is None:
        return None
    return "meets" if (low is None or value >= low) and (high is None or value <= high) else "fails"


def _check_twice(sheet: Sheet, keys: list[tuple[Any, ...]]) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for at, key in enumerate(keys):
        if None in key[:2] or at in sheet.bad:
            continue
        if key in first:
            sheet.tell(at, "criterion_code", key[1], "answer_twice", first=sheet.numbers[first[key]])
        else:
            first[key] = at


def _wide_columns(sheet: Sheet) -> dict[str, str]:
    """Return criterion to column where headings are codes of criteria."""
    if "criterion_code" in sheet:
        return {}
    found = {
        code: column
        for column in sheet.table.columns
        if (code := column.strip().upper().replace(" ", "-").replace("_", "-")) in sheet.context.criteria
    }
    return found if len(found) >= FEWEST_WIDE else {}


def _wide(
    sheet: Sheet,
    wide: dict[str, str],
    schools: list[str | None],
    days: list[date | None],
    kinds: list[str | None],
    assessors: list[str | None],
) -> list[list[AnswerRecord]]:
    buildings = sheet.texts("building_code", 64)
    _check_twice(sheet, list(zip(schools, schools, buildings, days, strict=True)))
    found: list[list[AnswerRecord]] = [[] for _ in range(len(sheet))]
    for code, column in wide.items():
        sheet.columns[code] = column
        criterion = sheet.context.criteria[code]
        for at, cell in enumerate(sheet.cells(code)):
            text = (cell or "").strip()
            if not text:
                continue
            if criterion.is_protected:
                _guard(sheet, at, code, code)
            number = read_number(text).value if criterion.value_type == "num" else None
            state = state_of_value(criterion, number) or read_state(text)
            if state is None:
                sheet.tell(at, code, cell, "choice_unknown", allowed=", ".join(set(choices.ANSWER_STATES.values())))
                continue
            building = buildings[at] if criterion.scope in ("building", "room") else None
            if criterion.scope == "building" and building is None:
                sheet.tell(at, code, cell, "building_needed", criterion=code)
                continue
            found[at].append(
                AnswerRecord(
                    schools[at] or "", code, cast("Any", state), days[at] or date.min, building, number,
                    kind=cast("Any", kinds[at]), assessor=assessors[at], is_synthetic=sheet.context.is_synthetic,
                )
            )  # fmt: skip
    for at, answers in enumerate(found):
        if not answers and at not in sheet.bad:
            sheet.tell(at, None, None, "answer_missing")
    return found
