"""One page of a list as JSON: where it stands, what comes next, and which run it shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, abort, request, url_for

from app.exports.columns import COUNTED_HAZARDS
from app.exports.document import LICENCE_ADDRESS
from app.web.checked_filter import checked_filter
from app.web.filters import PARAMETERS, UnknownParameterError, read_page, write_filter
from app.web.past_day import day_shown, run_of_filter
from app.web.request import current_scope
from app.web.shown_run import is_sample

if TYPE_CHECKING:
    from geodata.models import Run
    from geodata.records.priority import ListFilter

PAGING = ("limit", "offset")
EVERYWHERE = ("lang",)
A_MINUTE = "public, max-age=60"


def read_wish(*more: str, paged: bool = True, hazards: Sequence[str] = COUNTED_HAZARDS) -> ListFilter:
    """Return the checked filter of the address; raises UnknownParameterError for a name that nobody knows.

    A misspelt filter must not answer the whole list. ``more`` are names that this address takes besides.
    """
    known = (*PARAMETERS, *EVERYWHERE, *more, *(PAGING if paged else ()))
    for name in request.args:
        if name not in known:
            raise UnknownParameterError(name[:60], request.args[name], known)
    return checked_filter(hazards=hazards)


def run_of(wanted: ListFilter) -> Run | None:
    """Return the run of the filter, its past day or today; None when nothing was ranked, 404 for an absent one."""
    run = run_of_filter(wanted)
    if run is None and wanted.run is not None:
        abort(404)
    return run


def json_text(value: Any) -> str:
    """Return compact JSON; dates as ISO text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def answer_json(body: Any, mimetype: str = "application/json") -> Response:
    """Return ``body`` (or JSON text, also in UTF-8) with a tag of its content: 304 when the reader has it already."""
    text = body if isinstance(body, (str, bytes)) else json_text(body)
    response = Response(text, mimetype=mimetype)
    response.add_etag()
    response.headers.setdefault("Cache-Control", A_MINUTE if current_scope() == "public" else "private, no-store")
    response.headers["Vary"] = "Accept-Language, Authorization, Cookie"
    response.make_conditional(request)
    return response


def answer_page(
    items: Sequence[Any],
    total: int,
    run: Run | None,
    wanted: ListFilter,
    of_today: Sequence[str] = ("*",),
    **more: Any,
) -> Response:
    """Return one page: run, licence, ``total``, ``items`` and links to the next and the former page.

    ``of_today`` are the fields that a past day of the filter does not change, ``*`` for all.
    """
    limit, offset = read_page(request.args)
    body: dict[str, Any] = {
        "run": run.hash if run else None,
        "data_date": run.data_date if run else None,
        "is_synthetic": run.is_synthetic if run else is_sample(),
        "as_of": as_of(of_today),
        "licence": LICENCE_ADDRESS,
        "total": total,
        "limit": limit,
        "offset": offset,
        "next": _link(wanted, limit, offset + limit, **more) if offset + limit < total else None,
        "previous": _link(wanted, limit, max(0, offset - limit), **more) if offset else None,
        "items": items,
    }
    return answer_json(body)


def as_of(of_today: Sequence[str]) -> dict[str, Any] | None:
    """Return the past day that the answer shows and the fields that are of today all the same; None for today."""
    day = day_shown()
    return None if day is None else {"date": day.day, "of_today": list(of_today)}


def _link(wanted: ListFilter, limit: int, offset: int, **more: Any) -> str:
    endpoint = request.endpoint or ""
    values: dict[str, Any] = {**write_filter(wanted)}
    values |= {name: request.args[name] for name in EVERYWHERE if name in request.args}
    values |= {name: value for name, value in more.items() if value is not None}
    return url_for(endpoint, **values, limit=limit, offset=offset, _external=True)
