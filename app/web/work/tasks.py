"""Kinds of tasks beside changes of records, for the page of one's tasks. A new kind is one entry in the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import g, url_for
from flask_babel import gettext as _

from app.i18n.formats import format_date
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.permissions import Action
from app.web.appeals.presenters import tasks as appeal_rows
from app.web.guard import allowed
from app.web.language import current_language
from app.web.schools.words import ASSESSMENTS
from app.web.shown_run import shown_run
from geodata.queries import appeals as appeal_queries
from geodata.queries import campaigns, run_quality, verification
from geodata.queries.past import today_in_country

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.campaign import CampaignFacts

SHOWN = 20


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task: what, a line below it, what about it, since or until when, and where it is done."""

    label: str
    below: str
    about: str
    day: str
    address: str


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task: ``count`` of all of them, ``rows`` of the first ones, the page with all (None: ``work.tasks``).

    ``action``: the right without which nobody has such tasks.
    """

    key: str
    title: str
    day: str
    action: Action
    count: Callable[[Session], int]
    rows: Callable[[Session, int], Sequence[TaskRow]]
    endpoint: str | None = None


def _named(record: Any) -> str:
    return local_name(record, current_language()) or record.code


def _assessments(box: verification.Box) -> Callable[[Session, int], Sequence[TaskRow]]:
    def rows(session: Session, limit: int) -> list[TaskRow]:
        return [
            TaskRow(
                local_name(one, current_language()) or one.school_code,
                one.school_code,
                _(ASSESSMENTS.get(one.kind, one.kind)),
                format_date(one.step_at.date(), current_language()) if one.step_at else _("Unknown"),
                url_for("verification.assessment", assessment_id=one.id),
            )
            for one in verification.in_box(session, box, limit)
        ]

    return rows


def _returned(session: Session, limit: int) -> list[TaskRow]:
    return [
        TaskRow(
            local_name(one, current_language()) or one.school_code,
            one.school_code,
            _("%(kind)s: %(reason)s", kind=_(ASSESSMENTS.get(one.kind, one.kind)), reason=one.step_reason)
            if one.step_reason
            else _(ASSESSMENTS.get(one.kind, one.kind)),
            format_date(one.step_at.date(), current_language()) if one.step_at else _("Unknown"),
            url_for("assess.visit", visit_id=one.id),
        )
        for one in verification.in_box(session, "returned", limit)
    ]


def _late_campaigns(session: Session) -> list[CampaignFacts]:
    """Return the open campaigns that this person manages and that have late visits, the most first."""
    found = [one for one in campaigns.campaigns(session) if one.status == "open" and one.may_manage and one.late]
    return sorted(found, key=lambda one: -one.late)


def _campaign_rows(session: Session, limit: int) -> list[TaskRow]:
    language = current_language()
    return [
        TaskRow(
            one.title,
            local_name(one, language, "area_name") if one.area_code else _("All of your territory"),
            _("%(late)s of %(visits)s visits are late", late=one.late, visits=one.visits),
            format_date(one.ends_on, language),
            url_for("campaigns.campaign", campaign_id=one.id, state="late", _anchor="visits"),
        )
        for one in _late_campaigns(session)[:limit]
    ]


def _count(box: verification.Box) -> Callable[[Session], int]:
    def count(session: Session) -> int:
        if "assessment_boxes" not in g:
            g.assessment_boxes = verification.count_boxes(session)
        return int(g.assessment_boxes[box])

    return count


def _count_revisits(session: Session) -> int:
    run = shown_run()
    return run_quality.count_revisits(session, run.id, today_in_country(session)) if run else 0


def _revisits(session: Session, limit: int) -> list[TaskRow]:
    run, language = shown_run(), current_language()
    if run is None:
        return []
    return [
        TaskRow(
            _named(one),
            one.code,
            _("Answers whose shelf life has passed"),
            format_date(one.first_expiry_on, language),
            url_for("schools.school", code=one.code, _anchor="evidence"),
        )
        for one in run_quality.revisits(session, run.id, today_in_country(session), limit)
    ]


def _visits(session: Session, limit: int) -> list[TaskRow]:
    language = current_language()
    return [
        TaskRow(
            _named(one),
            one.title,
            _("%(kind)s, reminded", kind=_(ASSESSMENTS[one.kind])) if one.reminded_at else _(ASSESSMENTS[one.kind]),
            format_date(one.due_on, language),
            url_for("campaigns.campaign", campaign_id=one.campaign_id, _anchor="visits"),
        )
        for one in campaigns.own_visits(session, limit)
    ]


def _appeals(*, is_own: bool) -> Callable[[Session, int], Sequence[TaskRow]]:
    def rows(session: Session, limit: int) -> list[TaskRow]:
        waiting, own = appeal_rows(session)
        return [
            TaskRow(
                one["school"],
                one["facts"].school_code,
                f"{one['label']}: {one['present']} → {one['claimed']}",
                _("overdue since %(day)s", day=day) if one["facts"].is_overdue else day,
                one["address"],
            )
            for one in (own if is_own else waiting)[:limit]
            for day in [format_date(one["facts"].due_on, current_language())]
        ]

    return rows


def _count_appeals(*, is_own: bool) -> Callable[[Session], int]:
    return lambda session: len(appeal_queries.tasks(session)[is_own])


KINDS: list[TaskKind] = [
    TaskKind(
        "appeals",
        N_("Appeals to decide"),
        N_("Due on"),
        "verify",
        _count_appeals(is_own=False),
        _appeals(is_own=False),
        "appeals.index",
    ),
    TaskKind(
        "own-appeals",
        N_("Your appeals"),
        N_("Due on"),
        "edit",
        _count_appeals(is_own=True),
        _appeals(is_own=True),
        "appeals.index",
    ),
    TaskKind(
        "returned", N_("Returned assessments"), N_("Since"), "edit", _count("returned"), _returned, "assess.index"
    ),
    TaskKind("campaign", N_("Visits of campaigns"), N_("Due on"), "edit", campaigns.count_own_visits, _visits),
    TaskKind(
        "late-campaigns",
        N_("Campaigns with late visits"),
        N_("Ends on"),
        "verify",
        lambda session: len(_late_campaigns(session)),
        _campaign_rows,
        "campaigns.index",
    ),
    TaskKind(
        "verify",
        N_("Assessments to verify"),
        N_("Since"),
        "verify",
        _count("to_verify"),
        _assessments("to_verify"),
        "verification.queue",
    ),
    TaskKind(
        "publish",
        N_("Assessments to publish"),
        N_("Since"),
        "publish",
        _count("to_publish"),
        _assessments("to_publish"),
        "verification.queue",
    ),
    TaskKind("revisit", N_("Schools to visit again"), N_("Expired since"), "edit", _count_revisits, _revisits),
]


def open_tasks(session: Session) -> list[dict[str, Any]]:
    """Return the kinds of which something waits for who asks, each with its first rows."""
    found = []
    for kind in KINDS:
        count = kind.count(session) if allowed(kind.action) else 0
        if count:
            found.append(
                {
                    "key": kind.key,
                    "title": _(kind.title),
                    "day": _(kind.day),
                    "count": count,
                    "rows": kind.rows(session, SHOWN),
                    "address": url_for(kind.endpoint) if kind.endpoint else url_for("work.tasks", key=kind.key),
                }
            )
    return found


def all_of(session: Session, key: str, limit: int, offset: int) -> dict[str, Any] | None:
    """Return one page of all tasks of a kind; None where there is no such kind for who asks."""
    kind = next((one for one in KINDS if one.key == key and allowed(one.action)), None)
    if kind is None:
        return None
    return {
        "key": kind.key,
        "title": _(kind.title),
        "day": _(kind.day),
        "count": kind.count(session),
        "rows": kind.rows(session, offset + limit)[offset:],
    }
