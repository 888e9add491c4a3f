"""Appeal a fact, not a rank: by who works for the school, with evidence; decided by somebody else, in counted days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.risk.parameters import default_parameters
from app.workflows.appealed_facts import canonical_claim, group_of, measured_facts, refusal_of
from app.workflows.make_official import is_address
from app.workflows.revise import Saved, SentForm, open_edit, save_draft
from app.workflows.revise_check import check_texts
from app.workflows.revise_errors import OutsideTerritoryError
from app.workflows.revise_fields import find_edit_field, text_of
from geodata.database import ACCOUNT_KEY
from geodata.queries import appeals, audit, record_facts, revisions

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.queries.appeals import AppealFacts
    from geodata.records.revision import StoredRecord

LONGEST = 2000


class AppealError(Exception):
    """Base of what is wrong with an appeal."""


class UnknownAppealError(AppealError):
    """There is no such appeal, or its school is not for the reader."""


class AppealIncompleteError(AppealError):
    """A field is missing or cannot be read; ``fields`` names them, ``fact.WHY`` a fact that cannot be appealed."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class AlreadyAppealedError(AppealError):
    """The same fact is under appeal already."""


class NotDecidingHereError(AppealError):
    """Who asks may not take this step: who decides verifies there, and nobody decides an appeal of their own."""


class AppealDecidedError(AppealError):
    """The appeal was closed meanwhile."""


class CorrectionRefusedError(AppealError):
    """What was appealed for cannot be recorded beside what stands there now; ``problems`` say why."""

    def __init__(self, problems: tuple[Any, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SentAppeal:
    """What somebody says is true, and by which evidence.

    ``fact`` is a field of the record or a key of ``app.workflows.appealed_facts``; ``claimed`` is written as in the
    form of the record, or is a state, a level, or minutes.
    """

    fact: str
    claimed: str
    evidence: str
    reason: str
    evidence_url: str = ""


def submit_appeal(session: Session, record: StoredRecord, sent: SentAppeal) -> int:
    """Appeal a fact of ``record`` and return the number of the appeal; the caller commits.

    Raises:
        OutsideTerritoryError: The account does not edit this school.
        AppealIncompleteError: No such fact, no value that the register takes, no evidence or no reason.
        AlreadyAppealedError: Somebody appealed it before and nothing is decided yet.
    """
    if "edit" not in revisions.rights_at(session, record.school_id) or record.version is None:
        raise OutsideTerritoryError
    present, claimed = _values(session, record, sent)
    building_id = record.id if record.kind == "building" else None
    if appeals.is_open(session, record.school_id, building_id, sent.fact):
        raise AlreadyAppealedError(sent.fact)
    number = appeals.add_appeal(
        session,
        {
            "school_id": record.school_id,
            "building_id": building_id,
            "fact": sent.fact,
            "present_value": present,
            "claimed": claimed,
            "evidence": sent.evidence.strip(),
            "evidence_url": sent.evidence_url.strip() or None,
            "reason": sent.reason.strip(),
            "created_by": session.info.get(ACCOUNT_KEY),
            "working_days": int(default_parameters()["appeal.working_days"]),
        },
    )
    audit.record(session, "appeal:submitted", subject=str(number))
    return number


def _values(session: Session, record: StoredRecord, sent: SentAppeal) -> tuple[str | None, str]:
    """Return the present and the claimed value as they are stored; raises ``AppealIncompleteError``."""
    wrong = [name for name in ("evidence", "reason") if not 0 < len(getattr(sent, name).strip()) <= LONGEST]
    if sent.evidence_url.strip() and not is_address(sent.evidence_url.strip()):
        wrong.append("evidence_url")
    of_record = group_of(sent.fact) is None
    present, claimed = _of_record(session, record, sent) if of_record else _measured(session, record, sent)
    if claimed is None or claimed == present:
        wrong.append("claimed")
    if wrong or claimed is None:
        raise AppealIncompleteError(tuple(wrong))
    return present, claimed


def _of_record(session: Session, record: StoredRecord, sent: SentAppeal) -> tuple[str | None, str | None]:
    edited = find_edit_field(record.kind, sent.fact)
    if edited is None or not edited.is_public:  # an appeal is public with the value that it is about
        raise AppealIncompleteError(("fact",))
    is_wrong = check_texts(session, record, {sent.fact: sent.claimed}).errors.get(sent.fact)
    claimed = None if is_wrong else sent.claimed.strip() or None
    return text_of(edited, record.facts.get(sent.fact)) or None, claimed


def _measured(session: Session, record: StoredRecord, sent: SentAppeal) -> tuple[str | None, str | None]:
    found = next((one for one in measured_facts(session, record) if one.key == sent.fact), None)
    if found is None:
        raise AppealIncompleteError((refusal_of(session, record, sent.fact),))
    return found.present, canonical_claim(found.group, sent.claimed)


def accept_appeal(session: Session, number: int, decision: str) -> int | None:
    """Accept: the value becomes a draft of who decides, to be verified by somebody else; return its number.

    Who verifies here but edits nothing accepts without a draft (None), and so does everybody what no change of the
    record corrects: an answer, a hazard, a travel time. ``app.workflows.rank_corrected`` ranks the list again after
    the publication of a change.

    Raises:
        UnknownAppealError, NotDecidingHereError, AppealDecidedError.
        AppealIncompleteError: The decision has no words.
        CorrectionRefusedError: The value cannot stand beside what is in force or in the draft of who decides.
    """
    found = _decidable(session, number, decision)
    revision = _draft(session, found) if "edit" in revisions.rights_at(session, found.school_id) else None
    _close(session, number, "accepted", decision, revision)
    return revision


def _draft(session: Session, found: AppealFacts) -> int | None:
    record = record_facts.stored_record(session, found.kind, found.school_id, found.building_id)
    if record is None or group_of(found.fact) is not None:
        return None
    state = open_edit(session, record, lock=True)
    reason = f"#{found.id}: {found.reason}"
    dated = found.created_at.date().isoformat()
    source = found.evidence[:300]
    sent = SentForm({found.fact: found.claimed}, {}, state.stamp, source=source, dated=dated, reason=reason[:LONGEST])
    outcome = save_draft(session, state, sent)
    if isinstance(outcome, Saved):
        return outcome.number
    problems = tuple(one for found in getattr(outcome, "errors", {}).values() for one in found)
    if problems:
        raise CorrectionRefusedError(problems)
    return None  # the value is in force already


def reject_appeal(session: Session, number: int, decision: str) -> None:
    """Reject an appeal with a reason; the fact stays. Raises as ``accept_appeal``."""
    _decidable(session, number, decision)
    _close(session, number, "rejected", decision)


def withdraw_appeal(session: Session, number: int) -> None:
    """Take one's own open appeal back.

    Raises:
        UnknownAppealError, NotDecidingHereError, AppealDecidedError.
    """
    found = appeals.find_appeal(session, number)
    if found is None:
        raise UnknownAppealError(number)
    if found.created_by != session.info.get(ACCOUNT_KEY):
        raise NotDecidingHereError
    _close(session, number, "withdrawn", None)


def _decidable(session: Session, number: int, decision: str) -> AppealFacts:
    found = appeals.find_appeal(session, number)
    if found is None:
        raise UnknownAppealError(number)
    if found.status != "open":
        raise AppealDecidedError(number)
    if not appeals.may_decide(session, number):
        raise NotDecidingHereError
    if not 0 < len(decision.strip()) <= LONGEST:
        raise AppealIncompleteError(("decision",))
    return found


def _close(session: Session, number: int, status: str, decision: str | None, revision: int | None = None) -> None:
    if not appeals.decide(session, number, status, decision and decision.strip(), revision):
        raise AppealDecidedError(number)
    audit.record(session, f"appeal:{status}", subject=str(number))
