"""Which ranking a page shows: the one its address names, else the published one; asked once a request.

Where ``app.web.page_cache`` has asked for the database's visible state, the run found under it stands for every
request that sees the same state: nothing was committed in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, g, request

from app.web.request import current_session
from geodata.queries.runs import published_run

if TYPE_CHECKING:
    from geodata.models import Run

SHORTEST = 8


def shown_run() -> Run | None:
    """Return the run of this request, or None when nothing has been ranked yet (or ``run=`` names none)."""
    if "shown_run" not in g:
        g.shown_run = _run_of_state(g.get("page_state"), named_run())
    run: Run | None = g.shown_run
    return run


def _run_of_state(state: str | None, wish: str | None) -> Run | None:
    """Return the wished run; a published one from memory when ``state`` (None: not known) is the one it was read in."""
    if state is None or wish is not None:
        return published_run(current_session(), wish)
    kept_state, kept = current_app.extensions.get("run_of_state", (None, None))
    if kept_state == state and kept is not None:
        found: Run = kept
        return found
    run = published_run(current_session())
    if run is not None:
        current_session().expunge(run)
        current_app.extensions["run_of_state"] = (state, run)
    return run


def named_run() -> str | None:
    """Return the hash that the address asks for, or None; what is no hash is no wish."""
    wish = request.args.get("run", "").strip().lower()
    is_hash = SHORTEST <= len(wish) <= 64 and all(letter in "0123456789abcdef" for letter in wish)
    return wish if is_hash else None


def show_run(run: Run) -> None:
    """Make ``run`` the run of this request, so that mark and foot of its page speak of it and of no other."""
    g.shown_run = run


def run_or_none() -> Run | None:
    """Return the run of this request; 404 when the address names one that does not exist."""
    run = shown_run()
    if run is None and named_run() is not None:
        abort(404)
    return run
