"""The filter of this request's address, with every code in it known: the one check for pages, tiles, API and files.

``app.web.filters`` reads what can be told from the text alone; here the data are asked. A code that nobody knows is
refused and never answered by an empty list, which would read like "there is none".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import abort, request

from app.exports.columns import COUNTED_HAZARDS
from app.i18n.names import local_name
from app.web.domain_names import domain_names
from app.web.filters import InvalidFilterError, read_filter
from app.web.language import current_language
from app.web.past_day import show_day
from app.web.remembered import remembered, remembered_by_state
from app.web.request import current_session
from app.web.shown_run import shown_run
from app.workflows.queue_standing import stand
from geodata.queries import areas
from geodata.queries.school_money import is_plan_there

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.records.priority import ListFilter

MOST_MEANT = 5
"""Areas that are named where a code is unknown and its text is like their names."""


def checked_filter(*, hazards: Sequence[str] = COUNTED_HAZARDS, takes_plan: bool = True) -> ListFilter:
    """Return the filter of the address; the data are asked only about a past day, an area, a domain, money or a queue.

    Without ``takes_plan`` a plan that restricts nothing is dropped: the answer is the same without it.

    Raises:
        InvalidFilterError: A value is outside its list, or no area or domain has the code.
        NotFound: There is no such plan, or not for who asks.
    """
    wanted = show_day(read_filter(request.args, hazards))
    if not takes_plan and wanted.funded is None:
        wanted = replace(wanted, plan=None)
    if wanted.area is not None:
        check_area(wanted.area)
    if wanted.domain is not None:
        _check_domain(wanted.domain)
    if wanted.plan is not None or wanted.funded is not None:
        _check_money(wanted)
    return _with_queue(wanted)


def check_area(code: str) -> None:
    """Raise InvalidFilterError where no area of any level and period has the code; areas like it are its choices."""
    session = current_session()
    if not remembered(("is area", code), lambda: areas.find_area(session, code) is not None):
        meant = areas.search_areas(session, code, MOST_MEANT)
        raise InvalidFilterError("area", code, {area.code: local_name(area, current_language()) for area in meant})


def _with_queue(wanted: ListFilter) -> ListFilter:
    """Return the filter with the schools of its queue, which are asked once a state of the data for all visitors."""
    run = shown_run() if wanted.queue is not None else None
    if wanted.queue is None or run is None:
        return wanted
    found = remembered_by_state(("queues", run.id), lambda: stand(current_session(), run.id))
    return replace(wanted, queue_schools=found.schools_in(wanted.queue))


def _check_domain(code: str) -> None:
    run = shown_run()
    if run is None:
        return  # nothing is ranked, or the run is not there: no list is answered
    known = domain_names(current_session(), run.edition_id)
    if code not in known:
        raise InvalidFilterError("domain", code, known)


def _check_money(wanted: ListFilter) -> None:
    run = shown_run()
    if run is None or is_plan_there(current_session(), run.id, wanted.plan):
        return
    if wanted.plan is not None:
        abort(404)
    raise InvalidFilterError("funded", "1" if wanted.funded else "0")
