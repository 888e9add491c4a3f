"""Make a frozen run the official list: by a person with the right, for a reason, by a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.permissions import Grant, rights_of
from app.workflows.official_difference import store_difference
from geodata.database import ACCOUNT_KEY, set_scope
from geodata.queries import accounts, audit, official_lists
from geodata.queries.runs import published_run
from geodata.records.rights import NO_RIGHTS

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.rights import Rights

LONGEST = 2000


class OfficialListError(Exception):
    """Base of every refusal to make a run official."""


class NotDecidingError(OfficialListError):
    """Who asks may not make lists official: that takes the rights to rank and to publish for the whole country."""


class NoApproverError(OfficialListError):
    """There is no active account of this name that ranks and publishes for the whole country."""


class AlreadyOfficialError(OfficialListError):
    """The run is the official list already."""


class ApprovalIncompleteError(OfficialListError):
    """Something is missing or cannot be read; ``fields`` names what."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Approval:
    """What a decision rests on. ``document``: title and number of the act; its day and address may be unknown."""

    reason: str
    document: str
    document_on: date | None = None
    document_url: str | None = None


def wrong_fields(approval: Approval) -> tuple[str, ...]:
    """Return the fields that are empty, too long, or no address of a document."""
    wrong = [name for name in ("reason", "document") if not 0 < len(getattr(approval, name).strip()) <= LONGEST]
    if approval.document_url and not is_address(approval.document_url):
        wrong.append("document_url")
    return tuple(wrong)


def is_address(text: str) -> bool:
    """Return whether ``text`` is an http(s) address with a host and without a name and password in it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and len(text) <= 500


def approver_of(session: Session, name: str) -> tuple[int, Rights]:
    """Return the account that a decision of the command line is recorded for, and its rights.

    Raises:
        NoApproverError: The account is absent or disabled, or does not rank and publish for the whole country.
    """
    number = accounts.account_id_of(session, name)
    rights = rights_of(Grant(*one) for one in accounts.grants_of(session, number)) if number is not None else NO_RIGHTS
    if number is None or not (rights.where("rank").everywhere and rights.where("publish").everywhere):
        raise NoApproverError(f"{name!r} is no active account that ranks and publishes for the whole country")
    return number, rights


def decide_as(session: Session, approver: tuple[int, Rights], run_hash: str, approval: Approval) -> int:
    """Make a run official in the name of an approver (``approver_of``), who is recorded; see ``make_official``."""
    set_scope(session, "national", *approver)
    run = published_run(session, run_hash)
    assert run is not None
    return make_official(session, run, approval)


def make_official(session: Session, run: Run, approval: Approval) -> int:
    """Make ``run`` the official list from now on and store what moved against the former one.

    Returns the decision's number; its time is the database's. The caller commits. Former official lists stay
    as they are, and readable.

    Raises:
        NotDecidingError: The rights are missing; row security says the same.
        ApprovalIncompleteError: Reason or document is missing.
        AlreadyOfficialError: It is the official list at the moment.
    """
    if not official_lists.may_decide(session):
        raise NotDecidingError
    wrong = wrong_fields(approval)
    if wrong:
        raise ApprovalIncompleteError(wrong)
    official_lists.hold_lists(session)
    former = official_lists.in_force(session)
    if former is not None and former.run.id == run.id:
        raise AlreadyOfficialError(f"it is the official list already: {run.hash}")
    facts = {
        "account_id": session.info.get(ACCOUNT_KEY),
        "approver": official_lists.own_name(session),
        "reason": approval.reason.strip(),
        "document": approval.document.strip(),
        "document_on": approval.document_on,
        "document_url": approval.document_url or None,
        "former_run_id": former.run.id if former else None,
    }
    number = official_lists.add_decision(session, run.id, facts)
    if former is not None:
        store_difference(session, number, former.run, run)
    audit.record(session, "run:official", subject=run.hash, details={"document": facts["document"]})
    return number
