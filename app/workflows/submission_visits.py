"""From judged forms to assessments: which visit a form tells of, whether it may still be changed, and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.queries import submissions, writes_submissions
from geodata.queries.writes_submissions import VisitKey
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.database import Session
    from geodata.queries.submissions import Known, Places, StandingVisit
    from geodata.records.submission import CheckedSubmission, FieldVisit, Outcome
    from geodata.validation.submissions import FormContext

OPEN = ("submitted", "returned")
CLOSED = ("verified", "published")


@dataclass
class Judged:
    """One form with what is stored of it (None: it is new), and what is to become of it."""

    instance_id: str
    content: str
    checked: CheckedSubmission
    stored: Known | None
    is_contradiction: bool = False
    is_late: bool = False
    is_again: bool = False
    """The stored version is judged again; no new one is made."""
    id: int | None = None
    visit_id: int | None = None

    @property
    def status(self) -> str:
        """Return what the submission is from now on."""
        if self.is_late:
            return "late"
        return "taken" if self.checked.visit is not None else "refused"

    @property
    def number(self) -> int:
        """Return the number of the version that this form is."""
        if self.stored is None:
            return 1
        return self.stored.version if self.is_again else len(self.stored.hashes) + 1

    def refuse(self, code: str, column: str, value: str) -> None:
        """Refuse the form for a reason that lies outside it."""
        self.checked.problems.append(RowProblem(self.checked.raw.row, column, value, code))
        self.checked.visit = None


@dataclass
class Load:
    """What a delivery is held against, and what came of it so far.

    ``numbers`` are {edition code: (number, {criterion code: number})}.
    """

    origin: str
    connection_id: int | None
    places: Places
    context: FormContext
    numbers: Mapping[str, tuple[int, dict[str, int]]]
    outcome: Outcome

    def key_of(self, visit: FieldVisit) -> VisitKey:
        """Return what makes the visit one and the same."""
        school, edition = self.places.schools[visit.school_code], self.numbers[visit.edition_code][0]
        return VisitKey(school, edition, visit.kind, visit.assessed_on)


def apply_visits(session: Session, load: Load, judged: Sequence[Judged]) -> None:
    """Write the assessments and answers of the forms that hold; each form learns which assessment is its own.

    The ordinary form and the form of the protection group of one visit go into one assessment. Two forms of the same
    group that tell of the same visit contradict each other: the first counts. What was verified is not changed.
    """
    keys = {id(one): load.key_of(one.checked.visit) for one in judged if _counts(one) and one.checked.visit}
    standing = submissions.standing_visits(session, sorted(set(keys.values()))) if keys else {}
    closed = [one.stored.assessment_id for one in judged if one.stored and one.stored.visit_status in CLOSED]
    frozen = submissions.frozen_visits(session, [one for one in closed if one is not None]) if closed else frozenset()
    taken: dict[tuple[VisitKey, bool], Judged] = {}
    new: dict[VisitKey, str | None] = {}
    for one in judged:
        key = keys.get(id(one))
        if key is None:
            continue
        if one.stored is not None and one.stored.visit_status in CLOSED:
            _come_late(one, is_frozen=one.stored.assessment_id in frozen)
            continue
        there = standing.get(key)
        if (key, one.checked.is_protected) in taken or (there is not None and not _is_open(one, there)):
            one.refuse("visit_exists", "assessed_on", f"{key.kind} {key.assessed_on.isoformat()}")
            continue
        taken[key, one.checked.is_protected] = one
        if there is None:
            visit = one.checked.visit
            new[key] = new.get(key) or (visit.assessor if visit else None)
        else:
            one.visit_id = there.id
    made = writes_submissions.add_visits(session, new, load.origin) if new else {}
    for (key, _), one in taken.items():
        one.visit_id = one.visit_id or made[key]
    _answer(session, load, list(taken.values()))


def _counts(one: Judged) -> bool:
    return not one.is_contradiction


def _come_late(one: Judged, *, is_frozen: bool) -> None:
    one.is_late = True
    code = "visit_frozen" if is_frozen else "visit_closed"
    one.checked.problems.append(RowProblem(one.checked.raw.row, "assessed_on", None, code, "warning"))


def _is_open(one: Judged, there: StandingVisit) -> bool:
    """Tell whether the form may answer a visit that is there: its own, or one that a form of the other group made."""
    mine = one.stored.id if one.stored else None
    if there.status not in OPEN or not there.forms:
        return False
    return all(form == mine or is_protected != one.checked.is_protected for form, is_protected in there.forms)


def _answer(session: Session, load: Load, taken: Sequence[Judged]) -> None:
    """Put the answers of each form in place of those that its former version gave."""
    for is_protected in (False, True):
        group = [one for one in taken if one.checked.is_protected == is_protected]
        again = [one for one in group if one.stored is not None and one.stored.assessment_id is not None]
        former = [one.stored.assessment_id for one in again if one.stored and one.stored.assessment_id is not None]
        if former:
            writes_submissions.remove_answers(session, former, is_protected=is_protected)
            moved = [one for one in again if one.stored and one.stored.assessment_id != one.visit_id]
            left = [one.stored.assessment_id for one in moved if one.stored and one.stored.assessment_id]
            if left:
                writes_submissions.remove_empty_visits(session, left)
            assessors = {
                one.visit_id: one.checked.visit.assessor for one in again if one.visit_id and one.checked.visit
            }
            writes_submissions.submit_again(session, assessors)
        rows = (
            (one.visit_id or 0, load.numbers[one.checked.visit.edition_code][1], answer)
            for one in group
            if one.checked.visit is not None
            for answer in one.checked.visit.answers
        )
        if group:
            writes_submissions.add_answers(session, rows, load.places.buildings, is_protected=is_protected)
