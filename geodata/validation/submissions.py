"""Judge one filled-in form: its edition, school, day and buildings, and every answer against the norm.

Nothing is put right silently and one error refuses the whole form: half a visit would look like a visit. It is kept
all the same, with each problem under its row, question and value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from geodata.records.field import BLOCK_CODE, question_of
from geodata.records.submission import CheckedSubmission, FieldVisit
from geodata.records.table import RowProblem
from geodata.validation import choices
from geodata.validation.dates import read_date
from geodata.validation.names import fold_name
from geodata.validation.submission_answers import Place, read_answers

if TYPE_CHECKING:
    from geodata.records.field import FormCriterion
    from geodata.records.submission import FieldAnswer, RawSubmission
    from geodata.records.table import Severity

KINDS = ("self", "verification", "survey", "instrument")
FIRST_DAY = date(2000, 1, 1)
CLOCK_TOLERANCE = timedelta(hours=26)
"""A device may stand a zone and an hour off before its clock is called wrong."""
OLDEST_CLOCK = datetime(2015, 1, 1, tzinfo=UTC)
WITHOUT_ANSWER = frozenset(
    {"start", "end", "today", "deviceid", "username", "instanceID", "instanceName", "deprecatedID", "rootUuid"}
)


@dataclass(frozen=True, slots=True)
class KnownEdition:
    """An edition that forms were made of: ``mark`` is code and the beginning of its hash, as a form carries them."""

    code: str
    mark: str
    criteria: Mapping[str, FormCriterion]


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a form is held against; nothing here is changed.

    ``choices`` are {label: name} of the words that forms offer. ``takes_protected`` tells for a school's code (None:
    unknown) whether who sends may enter answers of the protection group there.
    """

    now: datetime
    editions: Mapping[str, KnownEdition]
    school_codes: Mapping[str, str]
    """Codes and other registers' codes with the code of the school."""
    building_schools: Mapping[str, str]
    with_buildings: frozenset[str]
    """Schools of which a building is known."""
    choices: Mapping[str, str]
    protected_codes: frozenset[str]
    takes_protected: Callable[[str | None], bool]


@dataclass(slots=True)
class Judge:
    """Problems of one form as they are found."""

    row: int
    problems: list[RowProblem] = field(default_factory=list)

    def tell(
        self, column: str | None, value: str | None, code: str, severity: Severity = "error", **params: object
    ) -> None:
        """Note a problem of a question."""
        told = value[:200] if value else value
        self.problems.append(RowProblem(self.row, column, told, code, severity, params))

    @property
    def is_refused(self) -> bool:
        """Tell whether an error was found."""
        return any(problem.severity == "error" for problem in self.problems)


def check_submission(raw: RawSubmission, context: FormContext) -> CheckedSubmission:
    """Return the form with everything that is wrong with it."""
    judge = Judge(raw.row)
    if raw.instance_id is None:
        judge.tell("instanceID", None, "submission_without_id")
    school = _school(raw, context, judge)
    is_protected = _is_protected(raw, context)
    if is_protected and not context.takes_protected(school):
        judge.tell("protection", None, "answer_protected")
        return CheckedSubmission(raw, None, school, False, False, judge.problems)
    edition = _edition(raw, context, judge)
    kind = _kind(raw, context, judge)
    day = _day(raw, context, judge)
    _clock(raw, context, judge)
    _strange(raw, edition, judge)
    answers: list[FieldAnswer] = []
    if edition is not None:
        answers = _answers(raw, edition, context, judge, school, day)
        if not answers and not judge.is_refused:
            judge.tell(None, None, "answer_missing")
    visit = None
    if not judge.is_refused and school and edition and kind and day:
        visit = FieldVisit(school, edition.code, kind, day, raw.values.get("assessor"), tuple(answers))
    return CheckedSubmission(raw, visit, school, is_protected, True, judge.problems)


def _is_protected(raw: RawSubmission, context: FormContext) -> bool:
    """Tell whether the form is of the protection group, or holds one answer of it, in whatever edition."""
    if raw.values.get("protection") == "1":
        return True
    return any(
        (found := question_of(name)) is not None and found[0] in context.protected_codes
        for values in (raw.values, *raw.blocks)
        for name in values
    )


def _school(raw: RawSubmission, context: FormContext, judge: Judge) -> str | None:
    text = raw.values.get("school")
    if not text:
        judge.tell("school", None, "school_missing")
        return None
    for code in (text, code_in_label(text)):
        if code and code in context.school_codes:
            return context.school_codes[code]
    judge.tell("school", text, "school_unknown")
    return None


def code_in_label(text: str) -> str | None:
    """Return the code behind a name: ``№ 5 орто мектеби (0001234)`` gives ``0001234``."""
    if not text.endswith(")") or "(" not in text:
        return None
    return text[text.rindex("(") + 1 : -1].strip() or None


def _edition(raw: RawSubmission, context: FormContext, judge: Judge) -> KnownEdition | None:
    mark = raw.values.get("edition")
    known = ", ".join(sorted(context.editions))
    if not mark:
        judge.tell("edition", None, "form_not_ours", editions=known)
        return None
    edition = context.editions.get(mark.partition("/")[0])
    if edition is None:
        judge.tell("edition", mark, "edition_unknown", editions=known)
        return None
    if "/" in mark and mark != edition.mark:
        judge.tell("edition", mark, "edition_changed", mark=edition.mark)
        return None
    return edition


def _kind(raw: RawSubmission, context: FormContext, judge: Judge) -> str | None:
    text = raw.values.get("kind", "")
    kind = text if text in KINDS else context.choices.get(text) or choices.ASSESSMENT_KINDS.get(fold_name(text))
    if kind not in KINDS:
        allowed = ", ".join(KINDS)
        judge.tell("kind", text or None, "choice_unknown", allowed=allowed)
        return None
    return kind


def _day(raw: RawSubmission, context: FormContext, judge: Judge) -> date | None:
    text = raw.values.get("assessed_on")
    if not text:
        judge.tell("assessed_on", None, "answer_without_date")
        return None
    day, code = read_date(text.partition("T")[0])
    if day is None:
        judge.tell("assessed_on", text, code or "date_invalid")
    elif day > (context.now + timedelta(hours=6)).date():
        judge.tell("assessed_on", text, "date_future", today=context.now.date().isoformat())
    elif day < FIRST_DAY:
        judge.tell("assessed_on", text, "date_too_early", first=FIRST_DAY.isoformat())
    else:
        return day
    return None


def _clock(raw: RawSubmission, context: FormContext, judge: Judge) -> None:
    """Tell of a device whose clock is wrong; what it says is kept as a claim, the server's time counts."""
    for name, moment in (("start", raw.started_at), ("end", raw.ended_at)):
        if moment and not OLDEST_CLOCK < moment < context.now + CLOCK_TOLERANCE:
            judge.tell(name, moment.isoformat(), "clock_wrong", "warning")
    if raw.started_at and raw.ended_at and raw.ended_at < raw.started_at:
        judge.tell("end", raw.ended_at.isoformat(), "clock_backwards", "warning")


def _strange(raw: RawSubmission, edition: KnownEdition | None, judge: Judge) -> None:
    """Tell of keys that no form makes, and of questions that the edition does not ask."""
    for key in raw.strange[:20]:
        judge.tell(key, None, "key_strange", "warning")
    if edition is None:
        return
    for values in (raw.values, *raw.blocks):
        for name, value in values.items():
            found = question_of(name)
            if found is not None and found[0] not in edition.criteria:
                judge.tell(name, value, "criterion_unknown")
            elif found is None and name[:2].isupper() and name not in WITHOUT_ANSWER:
                judge.tell(name, value, "question_unknown", "warning")


def _answers(
    raw: RawSubmission, edition: KnownEdition, context: FormContext, judge: Judge, school: str | None, day: date | None
) -> list[FieldAnswer]:
    found = read_answers(raw.values, Place(None), edition.criteria, context.choices, judge.tell, day)
    first: dict[str | None, int] = {}
    for at, block in enumerate(raw.blocks, 1):
        if set(block) <= {BLOCK_CODE} or not any(question_of(name) for name in block):
            continue
        is_known, code = _building(block, context, judge, school, at)
        if not is_known:
            continue
        if code in first:
            judge.tell(BLOCK_CODE, code, "answer_twice", first=first[code])
            continue
        first[code] = at
        found += read_answers(block, Place(code, at), edition.criteria, context.choices, judge.tell, day)
    return found


def _building(
    block: dict[str, str], context: FormContext, judge: Judge, school: str | None, at: int
) -> tuple[bool, str | None]:
    """Return whether the building can be told, and its code: None where the school has no known building."""
    text = block.get(BLOCK_CODE)
    column = f"{BLOCK_CODE}[{at}]"
    if not text:
        if school is not None and school not in context.with_buildings:
            return True, None
        judge.tell(column, None, "block_missing")
        return False, None
    for code in (text, code_in_label(text)):
        if code and code in context.building_schools:
            owner = context.building_schools[code]
            if school is not None and owner != school:
                judge.tell(column, text, "building_of_other_school", building=code, school=owner)
                return False, None
            return True, code
    judge.tell(column, text, "building_unknown")
    return False, None
