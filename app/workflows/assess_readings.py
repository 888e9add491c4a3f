"""Take readings of instruments into an assessment, from a form or a CSV: all rows are right or none is taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.workflows.assess import BISHKEK, open_visit, today
from app.workflows.assess_answer import SentAnswer, day_of, number_of, question_of
from app.workflows.assess_errors import AssessError, RefusedAnswerError
from geodata.queries import readings
from geodata.validation.answers import state_of_value
from geodata.validation.context import KnownCriterion

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.assessing import Question, ReadingFacts, Visit

COLUMNS = (
    "criterion", "building", "room", "value", "unit", "measured_at", "shift", "instrument", "calibrated_on", "note",
)  # fmt: skip
"""Headings of the CSV; those that are not needed may be left out: building, room, unit, shift, calibrated_on, note."""
NEEDED = ("criterion", "value", "measured_at", "instrument")
MOST_ROWS, LARGEST_FILE, LONGEST_TEXT = 5_000, 2 * 1024 * 1024, 300
CALIBRATION_DAYS = 365
"""A proposal: an instrument is calibrated every year."""
CLOCK_AHEAD = timedelta(minutes=5)
SEASONS = ("winter", "spring", "summer", "autumn")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row of a file (the first row after the headings is 2)."""

    row: int
    error: RefusedAnswerError


class RefusedReadingsError(AssessError):
    """A file with faulty rows; nothing of it was taken."""

    def __init__(self, faults: list[RowFault]) -> None:
        """Keep the faults, in the order of rows."""
        super().__init__(f"{len(faults)} rows")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading beside the norm. ``state``: meets or fails; ``season`` of the day in Bishkek."""

    facts: ReadingFacts
    question: Question | None
    state: str | None
    season: str
    is_calibrated: bool


def add_reading(session: Session, number: int, fields: Mapping[str, str], language: str = "ky") -> int:
    """Take one reading and return how many are new (0: it was there).

    Raises what ``app.workflows.assess.open_visit`` raises, and ``RefusedAnswerError``.
    """
    visit = open_visit(session, number, for_answers=True)
    return readings.add(session, [_row(session, visit, fields, language)])


def add_file(session: Session, number: int, data: bytes, language: str = "ky") -> tuple[int, int]:
    """Take the rows of a CSV (UTF-8; comma, semicolon or tab) and return how many are new, and how many there are.

    Raises what ``add_reading`` raises for the file as a whole, and ``RefusedReadingsError`` with every faulty row.
    """
    visit = open_visit(session, number, for_answers=True)
    found, faults = [], []
    for at, fields in enumerate(_table(data), start=2):
        try:
            found.append(_row(session, visit, fields, language))
        except RefusedAnswerError as error:
            faults.append(RowFault(at, error))
    if faults:
        raise RefusedReadingsError(faults)
    return readings.add(session, found), len(found)


def _table(data: bytes) -> list[dict[str, str]]:
    if not data:
        raise RefusedAnswerError("file_missing", "file")
    if len(data) > LARGEST_FILE:
        raise RefusedAnswerError("table_large", "file")
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedAnswerError("table_kind", "file") from error
    first = content.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise RefusedAnswerError("table_kind", "file") from error
    named = {(name or "").strip().lower() for name in (rows[0] if rows else {})}
    if "\0" in content or not named.issuperset(NEEDED):
        raise RefusedAnswerError("table_kind", "file")
    if len(rows) > MOST_ROWS:
        raise RefusedAnswerError("table_large", "file")
    return [
        {(name or "").strip().lower(): value for name, value in row.items() if isinstance(value, str)} for row in rows
    ]


def _row(session: Session, visit: Visit, fields: Mapping[str, str], language: str) -> dict[str, Any]:
    given = {name: (fields.get(name) or "").strip().replace("\0", "")[:LONGEST_TEXT] for name in COLUMNS}
    sent = SentAnswer(given["criterion"], building=given["building"])
    question, block = question_of(session, visit, sent, language, needs_building=False)
    if question.is_protected or not question.has_number:
        raise RefusedAnswerError("value_not_asked", "criterion", given["criterion"])
    if given["unit"] and given["unit"] != question.unit:
        raise RefusedAnswerError("unit_wrong", "unit", given["unit"], {"unit": question.unit})
    if not given["instrument"]:
        raise RefusedAnswerError("instrument_missing", "instrument")
    if given["shift"] not in ("", "1", "2", "3"):
        raise RefusedAnswerError("shift_wrong", "shift", given["shift"])
    measured_at = _moment(given["measured_at"])
    calibrated_on = day_of(given["calibrated_on"])
    return {
        "assessment_id": visit.id,
        "criterion_id": question.id,
        "building_id": block.id if block else None,
        "room": given["room"] or None,
        "value": number_of(given["value"], "value"),
        "measured_at": measured_at,
        "shift": int(given["shift"]) if given["shift"] else None,
        "instrument": given["instrument"],
        "calibrated_on": calibrated_on,
        "note": given["note"] or None,
    }


def _moment(text: str) -> datetime:
    """Return a moment; without a zone it is the time in Bishkek."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise RefusedAnswerError("day_wrong", "measured_at", text) from None
    found = found if found.tzinfo else found.replace(tzinfo=BISHKEK)
    if found > datetime.now(UTC) + CLOCK_AHEAD:
        raise RefusedAnswerError("day_ahead", "measured_at", text)
    if found.year < 1990:
        raise RefusedAnswerError("day_wrong", "measured_at", text)
    return found


def judge(found: list[ReadingFacts], questions: Mapping[str, Question]) -> list[Judged]:
    """Return readings beside their norms, with season and calibration; the order stays."""
    judged = []
    for facts in found:
        question = questions.get(facts.criterion_code)
        norm = question and KnownCriterion(
            question.code,
            question.scope,
            question.value_type,
            None,
            question.threshold_min,
            question.threshold_max,
        )
        day = facts.measured_at.astimezone(BISHKEK).date()
        state = state_of_value(norm, facts.value) if norm else None
        judged.append(Judged(facts, question, state, season_of(day), is_calibrated(facts.calibrated_on, day)))
    return judged


def season_of(day: date) -> str:
    """Return the season of a day: winter is December to February."""
    return SEASONS[day.month % 12 // 3]


def is_calibrated(calibrated_on: date | None, day: date | None = None) -> bool:
    """Return whether an instrument was calibrated within a year before ``day`` (None: today); unknown is no."""
    if calibrated_on is None:
        return False
    return 0 <= ((day or today()) - calibrated_on).days <= CALIBRATION_DAYS
