"""Record money for a school; out of the order of the list it needs a reason and a document.

The system finds out itself what was passed by: the better-ranked schools without money, in the whole country, and for
money of a local budget in the oblast of the school.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.workflows.make_official import is_address
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, funded_projects, official_lists, past, pipeline, revisions
from geodata.queries.runs import published_run

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.funded_projects import Passed

MONEY = ("republican_budget", "local_budget", "stimulating_grant", "donor", "development_fund")
FROM_FAMILIES = ("board_of_trustees", "parents")
"""Never taken: safety is not collected from families."""

LOCAL_MONEY = ("local_budget",)
REASONS = ("emergency", "ready", "co_financing", "donor_condition", "court", "merger", "other")
LONGEST = 2000
MOST_SOM = 10**12
SHA256 = re.compile(r"[0-9a-f]{64}")


class ProjectError(Exception):
    """Base of what is wrong with a project."""


class ProjectIncompleteError(ProjectError):
    """Fields are missing or wrong; ``fields`` names them."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class MoneyOfFamiliesError(ProjectError):
    """Boards of trustees and parents are no source of this money."""


class NotInListError(ProjectError):
    """There is no list, or it does not hold the school."""


class OutOfOrderError(ProjectError):
    """The money passes better-ranked schools by, and reason or document is missing; ``passed`` says which."""

    def __init__(self, passed: Passed, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.passed = passed
        self.fields = fields


@dataclass(frozen=True, slots=True)
class SentProject:
    """What a form sends, as text."""

    amount: str = ""
    money: str = ""
    funded_on: str = ""
    document: str = ""
    document_url: str = ""
    document_sha256: str = ""
    reason_code: str = ""
    reason_ky: str = ""
    reason_ru: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    amount_som: int
    money: str
    funded_on: date


def list_of_money(session: Session) -> Run | None:
    """Return the list by which money goes: the official one in force, else the published ranking."""
    official = official_lists.in_force(session)
    return official.run if official else published_run(session)


def read_som(text: str) -> int | None:
    """Return whole som, digits with spaces between; None for anything else: no fractions, no signs, no currency."""
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", "", text.strip())
    return int(plain) if re.fullmatch(r"[0-9]{1,13}", plain) and 0 < int(plain) <= MOST_SOM else None


def record_project(
    session: Session, school_id: int, sent: SentProject, replaces: int | None = None, project: int | None = None
) -> int:
    """Record money for a school and return the number of the record; the caller commits.

    Args:
        replaces: The record of the same school that this one corrects.
        project: The project of the pipeline, of the same school, that the money is for; a correction keeps its own.

    Raises:
        OutsideTerritoryError: The account does not publish at this school.
        MoneyOfFamiliesError, ProjectIncompleteError, NotInListError.
        OutOfOrderError: Better-ranked schools are passed by, without a reason code, its text in Kyrgyz and Russian,
            and a document that can be looked at.
    """
    if "publish" not in revisions.rights_at(session, school_id):
        raise OutsideTerritoryError
    read = _read(session, school_id, sent, replaces)
    funded_projects.hold_projects(session)
    run = list_of_money(session)
    within = read.money in LOCAL_MONEY
    if run is None:
        raise NotInListError(school_id)
    passed = funded_projects.schools_passed(session, run.id, school_id, read.funded_on, within_oblast=within)
    if passed is None:
        raise NotInListError(school_id)
    wrong = _wrong_reason(sent) if passed.number else ()
    if wrong:
        raise OutOfOrderError(passed, wrong)
    values = (
        _document(sent)
        | _reason(sent, passed)
        | {
            "run_id": run.id,
            "school_id": school_id,
            "amount_som": read.amount_som,
            "money": read.money,
            "funded_on": read.funded_on,
            "created_by": session.info.get(ACCOUNT_KEY),
            "replaces_id": replaces,
            "project_id": _pipeline_project(session, school_id, replaces, project),
        }
    )
    number = funded_projects.add_project(session, values)
    audit.record(session, "project:recorded", subject=str(number), details={"passed": passed.number})
    return number


def _document(sent: SentProject) -> dict[str, Any]:
    return {
        "document": sent.document.strip(),
        "document_url": sent.document_url.strip() or None,
        "document_sha256": sent.document_sha256.strip().lower() or None,
    }


def _reason(sent: SentProject, passed: Passed) -> dict[str, Any]:
    is_deviation = passed.number > 0
    return {
        "passed_school_id": passed.school_id,
        "passed_count": passed.number,
        "reason_code": sent.reason_code if is_deviation else None,
        "reason_ky": sent.reason_ky.strip() if is_deviation else None,
        "reason_ru": sent.reason_ru.strip() if is_deviation else None,
    }


def _read(session: Session, school_id: int, sent: SentProject, replaces: int | None) -> _Read:
    if sent.money in FROM_FAMILIES:
        raise MoneyOfFamiliesError(sent.money)
    wrong = [] if sent.money in MONEY else ["money"]
    amount, day = read_som(sent.amount), _day(sent.funded_on)
    if amount is None:
        wrong.append("amount")
    if day is None or day > past.today_in_country(session):
        wrong.append("funded_on")
    if not 0 < len(sent.document.strip()) <= LONGEST:
        wrong.append("document")
    if sent.document_url.strip() and not is_address(sent.document_url.strip()):
        wrong.append("document_url")
    if sent.document_sha256.strip() and not SHA256.fullmatch(sent.document_sha256.strip().lower()):
        wrong.append("document_sha256")
    if replaces is not None:
        corrected = funded_projects.find_project(session, replaces)
        if corrected is None or corrected.school_id != school_id:
            wrong.append("replaces")
    if wrong or amount is None or day is None:
        raise ProjectIncompleteError(tuple(wrong))
    return _Read(amount, sent.money, day)


def _pipeline_project(session: Session, school_id: int, replaces: int | None, project: int | None) -> int | None:
    if project is None and replaces is not None:
        corrected = funded_projects.find_project(session, replaces)
        return corrected.project_id if corrected else None
    if project is None:
        return None
    found = pipeline.find_project(session, project)
    if found is None or found.school_id != school_id:
        raise ProjectIncompleteError(("project",))
    return project


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _wrong_reason(sent: SentProject) -> tuple[str, ...]:
    wrong = [] if sent.reason_code in REASONS else ["reason_code"]
    wrong += [name for name in ("reason_ky", "reason_ru") if not 0 < len(getattr(sent, name).strip()) <= LONGEST]
    if not sent.document_url.strip() and not sent.document_sha256.strip():
        wrong.append("document_url")
    return tuple(wrong)
