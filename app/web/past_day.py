"""A past day in the filter of an address: the ranking that the public was shown then, for every channel alike.

A run that the address names stands before the day. Runs are kept and never change, so their ranks, grades, points and
numbers of pupils are those of the day; names, owners and places of schools are not kept for whole lists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import g, request
from werkzeug.exceptions import NotFound

from app.i18n.marks import N_
from app.web.filters import InvalidFilterError
from app.web.past_day_problems import NoRankingThenError
from app.web.request import current_session
from app.web.shown_run import show_run
from geodata.queries import past, school_money
from geodata.queries.runs import published_run

if TYPE_CHECKING:
    from geodata.models import Run
    from geodata.records.priority import ListFilter

OF_TODAY = ("name_ky", "name_ru", "name_en", "ownership", "lon", "lat")
"""What every list holds as it is today, whatever the day: columns of files and fields of answers."""

KEEP_THE_DAY = frozenset({"priorities", "map", "areas", "api", "exports"})
"""Blueprints whose answers are those of the day; tiles and OGC collections ask ``run_of_filter`` themselves."""


IN_THE_FUTURE = N_("The day lies in the future: choose a day up to today, or leave it out.")
NO_QUEUES_THEN = N_("Queues are not kept for past days: leave out the day or the queue.")
NO_PLAN_THEN = N_("No plan of money was public on that day: leave out the day or this filter.")


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day that is over, the moment at which it ended in Bishkek, and the run that was shown then (None: none)."""

    day: date
    end: datetime
    run: Run | None


def past_day(wanted: date | None) -> PastDay | None:
    """Return the past day of an address, asked once a request; None for today and without one."""
    if wanted is None:
        return None
    known: dict[date, PastDay | None] = g.setdefault("past_days", {})
    if wanted not in known:
        session = current_session()
        known[wanted] = None
        if wanted < past.today_in_country(session):
            end = past.end_of_day(session, wanted)
            known[wanted] = PastDay(wanted, end, past.run_shown(session, end))
    return known[wanted]


def refuse_future(day: date | None, field: str = "date", value: str = "") -> None:
    """Refuse a day that has begun neither in Bishkek nor by this server's clock, which the map's tiles are dated by.

    ``value`` is what the address holds under ``field``, "" where it is the day alone. A day that has begun by the
    server's clock needs no question to the database.

    Raises:
        InvalidFilterError: The day lies in the future.
    """
    if day is None or day <= date.today():  # noqa: DTZ011  the server's day
        return
    if day > past.today_in_country(current_session()):
        raise InvalidFilterError(field, value or day.isoformat(), reason=IN_THE_FUTURE)


def show_day(wanted: ListFilter) -> ListFilter:
    """Make the run of a past day the run of this request (None where there was none) and return its filter.

    Who asks for schools with money without naming a plan gets the plan that was public then written into the filter.

    Raises:
        InvalidFilterError: The day lies in the future, money is asked for and no plan was public on that day, or a
            queue, which is kept for no day.
    """
    refuse_future(wanted.date)
    if wanted.run is not None or request.blueprint not in KEEP_THE_DAY:
        return wanted
    found = past_day(wanted.date)
    if found is None:
        return wanted
    if wanted.queue is not None:  # what documents and money a school had is not kept by day
        raise InvalidFilterError("queue", wanted.queue, reason=NO_QUEUES_THEN)
    g.day_shown = found
    show_run(found.run)
    if wanted.funded is None or wanted.plan is not None or found.run is None:
        return wanted
    plan = school_money.plan_before(current_session(), found.run.id, found.end)
    if plan is None:
        raise InvalidFilterError("funded", "1" if wanted.funded else "0", reason=NO_PLAN_THEN)
    return replace(wanted, plan=plan)


def day_shown() -> PastDay | None:
    """Return the past day that this request shows, None when it shows today or a run that its address names."""
    day: PastDay | None = g.get("day_shown")
    return day


def date_in_links() -> str | None:
    """Return the day that links of this request carry on, as an address writes it; None for today."""
    found = day_shown()
    return None if found is None else found.day.isoformat()


def run_of_filter(wanted: ListFilter) -> Run | None:
    """Return the run that a filter names, else the one of its past day, else today's; None when there is none."""
    found = past_day(wanted.date) if wanted.run is None else None
    return published_run(current_session(), wanted.run) if found is None else found.run


def no_run(wanted: ListFilter) -> NotFound:
    """Return why ``run_of_filter`` found none: NoRankingThenError where it was the past day, else NotFound."""
    is_by_day = wanted.run is None and past_day(wanted.date) is not None
    return NoRankingThenError() if is_by_day else NotFound()


def ranked_run(run: Run | None, wanted: ListFilter) -> Run:
    """Return ``run``, found for ``wanted``, for what is nothing without a ranking; raises ``no_run`` without one."""
    if run is None:
        raise no_run(wanted)
    return run
