"""The pipeline of projects: begin one, move it from stage to stage with a reason, plan and spend its money by source.

Who edits a school begins a project and takes it as far as its design; who publishes takes it further and enters money.
From procurement on a record of the money (``record_project``) is needed, so that no money passes the order of the list
by unseen. Collecting money in schools is prohibited: boards of trustees and parents are no source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.workflows.make_official import is_address
from app.workflows.record_project import (
    FROM_FAMILIES,
    LONGEST,
    MONEY,
    MoneyOfFamiliesError,
    ProjectError,
    ProjectIncompleteError,
    list_of_money,
    read_som,
)
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, past, pipeline, plan_items, plans, revisions
from geodata.records.pipeline import DROPPED, EARLY, PAID, STAGES

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.pipeline import PipelineRow

KINDS = ("planned", "spent")
TAKEN_BACK = "0"


class NoMoneyRecordedError(ProjectError):
    """The project goes beyond approval, and no money is recorded for it."""


class NoSuchMeasureError(ProjectError):
    """The measures are not offered to this school, so that they cannot become a project."""


class MovedMeanwhileError(ProjectError):
    """The project is at another stage than its page said."""


@dataclass(frozen=True, slots=True)
class SentMove:
    """What the form of a move sends, as text; ``at`` is the stage that the page showed."""

    at: str = ""
    stage: str = ""
    moved_on: str = ""
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class SentMoney:
    """What the form of money sends, as text; ``replaces`` names the row that is corrected, amount 0 takes it back."""

    kind: str = ""
    money: str = ""
    amount: str = ""
    on_date: str = ""
    document: str = ""
    document_url: str = ""
    replaces: str = ""


def stages_open(project: PipelineRow, rights: frozenset[str]) -> tuple[str, ...]:
    """Return the stages that a reader with ``rights`` at the school may take the project to."""
    every = tuple(stage for stage in (*STAGES, DROPPED) if stage != project.stage)
    if "publish" in rights:
        return every
    if "edit" in rights and project.stage in EARLY:
        return tuple(stage for stage in every if stage in (*EARLY, DROPPED))
    return ()


def begin_project(
    session: Session, school_id: int, bundle: str, reason: str, plan_hash: str = "", begun_on: str = ""
) -> int:
    """Begin a project with measures that the list of money offers the school; return its number, the caller commits.

    Args:
        begun_on: The day on which it was identified, today without it.

    Raises:
        OutsideTerritoryError: The account neither edits nor publishes at this school.
        ProjectIncompleteError: The reason is missing or too long, or the day is none that has come.
        NoSuchMeasureError: The measures are not offered here, or the plan does not hold them.
    """
    if not revisions.rights_at(session, school_id) & {"edit", "publish"}:
        raise OutsideTerritoryError
    day = _day(session, begun_on) if begun_on else past.today_in_country(session)
    wrong = [] if 0 < len(reason.strip()) <= LONGEST else ["reason"]
    if wrong or day is None:
        raise ProjectIncompleteError((*wrong, *(() if day else ("moved_on",))))
    cost, plan_id, is_synthetic = _offer(session, school_id, bundle, plan_hash)
    number = pipeline.add_project(
        session,
        {
            "school_id": school_id,
            "bundle": bundle,
            "plan_id": plan_id,
            "cost_som": cost,
            "is_synthetic": is_synthetic,
            "created_by": session.info.get(ACCOUNT_KEY),
        },
    )
    move = {"from_stage": None, "to_stage": STAGES[0], "moved_on": day, "reason": reason.strip(), "document": None}
    pipeline.add_move(session, {"project_id": number} | move)
    audit.record(session, "pipeline:begun", subject=str(number), details={"bundle": bundle})
    return number


def _offer(session: Session, school_id: int, bundle: str, plan_hash: str) -> tuple[int | None, int | None, bool]:
    run = list_of_money(session)
    if run is None:
        raise NoSuchMeasureError(bundle)
    if plan_hash:
        plan = plans.find_plan(session, plan_hash)
        item = plan_items.item_of_school(session, plan.id, school_id) if plan else None
        if plan is None or item is None or item[0] != bundle:
            raise NoSuchMeasureError(bundle)
        return item[1], plan.id, plan.is_synthetic
    offers = {one.bundle: one.cost_som for one in plans.offers_of_school(session, run.id, school_id)}
    if bundle not in offers:
        raise NoSuchMeasureError(bundle)
    return offers[bundle], None, run.is_synthetic


def move_project(session: Session, number: int, sent: SentMove) -> None:
    """Move a project to another stage; the caller commits.

    Raises:
        ProjectError: There is no such project for this reader.
        OutsideTerritoryError: The stage is not open to this account.
        MovedMeanwhileError, ProjectIncompleteError, NoMoneyRecordedError.
    """
    project = _project(session, number)
    if sent.stage not in stages_open(project, revisions.rights_at(session, project.school_id)):
        raise OutsideTerritoryError
    if sent.at != project.stage:
        raise MovedMeanwhileError(project.stage)
    day = _day(session, sent.moved_on)
    wrong = [] if day and day >= project.moved_on else ["moved_on"]
    if not 0 < len(sent.reason.strip()) <= LONGEST:
        wrong.append("reason")
    if len(sent.document) > LONGEST:
        wrong.append("document")
    if wrong:
        raise ProjectIncompleteError(tuple(wrong))
    if sent.stage in PAID and project.decided_som is None:
        raise NoMoneyRecordedError(sent.stage)
    move = {"from_stage": project.stage, "to_stage": sent.stage, "moved_on": day}
    told = {"reason": sent.reason.strip(), "document": sent.document.strip() or None}
    pipeline.add_move(session, {"project_id": number} | move | told)
    audit.record(session, "pipeline:moved", subject=str(number), details={"from": project.stage, "to": sent.stage})


def record_money(session: Session, number: int, sent: SentMoney) -> int:
    """Record planned or spent money of a project and return its number; the caller commits.

    Raises:
        ProjectError: There is no such project for this reader.
        OutsideTerritoryError: The account does not publish at this school.
        MoneyOfFamiliesError, ProjectIncompleteError.
    """
    project = _project(session, number)
    if "publish" not in revisions.rights_at(session, project.school_id):
        raise OutsideTerritoryError
    if sent.money in FROM_FAMILIES:
        raise MoneyOfFamiliesError(sent.money)
    replaces = int(sent.replaces) if sent.replaces.isascii() and sent.replaces.isdecimal() else None
    amount = 0 if replaces is not None and sent.amount.strip() == TAKEN_BACK else read_som(sent.amount)
    day = _any_day(sent.on_date) if sent.kind == "planned" else _day(session, sent.on_date)
    wrong = _wrong_money(sent, amount, day)
    if sent.replaces and (replaces is None or not pipeline.money_stands(session, number, replaces)):
        wrong.append("replaces")
    if wrong or amount is None:
        raise ProjectIncompleteError(tuple(wrong))
    money = pipeline.add_money(
        session,
        {
            "project_id": number,
            "kind": sent.kind,
            "money": sent.money,
            "amount_som": amount,
            "on_date": day,
            "document": sent.document.strip(),
            "document_url": sent.document_url.strip() or None,
            "created_by": session.info.get(ACCOUNT_KEY),
            "replaces_id": replaces,
        },
    )
    audit.record(session, f"pipeline:{sent.kind}", subject=str(number), details={"amount_som": amount})
    return money


def _wrong_money(sent: SentMoney, amount: int | None, day: date | None) -> list[str]:
    wrong = [] if sent.kind in KINDS else ["kind"]
    if sent.money not in MONEY:
        wrong.append("money")
    if amount is None:
        wrong.append("amount")
    if day is None:
        wrong.append("on_date")
    if not 0 < len(sent.document.strip()) <= LONGEST:
        wrong.append("document")
    if sent.document_url.strip() and not is_address(sent.document_url.strip()):
        wrong.append("document_url")
    return wrong


def _project(session: Session, number: int) -> PipelineRow:
    found = pipeline.find_project(session, number)
    if found is None:
        raise ProjectError(str(number))
    return found


def _any_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _day(session: Session, text: str) -> date | None:
    """Return a day that has come already."""
    day = _any_day(text)
    return day if day is not None and day <= past.today_in_country(session) else None
