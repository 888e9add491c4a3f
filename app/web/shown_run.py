"""Which ranking a page shows: the one its address names, else the published one; asked once a request.

The published one is asked once a visible state of the data, see ``app.web.remembered``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, g, request

from app.web.remembered import remembered
from app.web.request import current_session
from geodata.queries.runs import published_run
from geodata.queries.schools import has_sample

if TYPE_CHECKING:
    from geodata.models import Run

SHORTEST = 8


def shown_run() -> Run | None:
    """Return the run of this request, or None when nothing has been ranked yet (or ``run=`` names none)."""
    if "shown_run" not in g:
        wish = named_run()
        g.shown_run = remembered("run", _published) if wish is None else published_run(current_session(), wish)
    run: Run | None = g.shown_run
    return run


def _published() -> Run | None:
    session = current_session()
    run = published_run(session)
    if run is not None and "page_state" in g:
        session.expunge(run)  # other requests will read it
    return run


def is_sample() -> bool:
    """Return whether what this request shows was made up: so says its run, and where it has none, the schools."""
    run = shown_run()
    return run.is_synthetic if run is not None else remembered("has sample", lambda: has_sample(current_session()))


def named_run() -> str | None:
    """Return the hash that the address asks for, or None; what is no hash is no wish."""
    wish = request.args.get("run", "").strip().lower()
    is_hash = SHORTEST <= len(wish) <= 64 and all(letter in "0123456789abcdef" for letter in wish)
    return wish if is_hash else None


def show_run(run: Run | None) -> None:
    """Make ``run`` the run of this request, so that mark and foot of its page speak of it and of no other."""
    g.shown_run = run


def run_or_none() -> Run | None:
    """Return the run of this request; 404 when the address names one that does not exist."""
    run = shown_run()
    if run is None and named_run() is not None:
        abort(404)
    return run
