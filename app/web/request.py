"""The session of a request: one database session, its scope set before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from app.web.logs import request_id
from geodata.database import REQUEST_KEY, DBAPIError, Scope, is_lost, set_scope
from geodata.public_reader import PublicReader
from geodata.records.rights import NO_RIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine


def current_session() -> Session:
    """Return this request's session, with the scope of who asks (public for visitors)."""
    if "session" not in g:
        engine: Engine = current_app.extensions["engine"]
        g.session = Session(engine, expire_on_commit=False, info={REQUEST_KEY: request_id()})
        set_scope(g.session, current_scope(), getattr(g, "account_id", None), getattr(g, "rights", None) or NO_RIGHTS)
    session: Session = g.session
    return session


def public_reader() -> PublicReader:
    """Return what reads public data with one statement and no session; for requests of scope public only."""
    reader: PublicReader = current_app.extensions["public_reader"]
    return reader


def current_scope() -> Scope:
    """Return ``public`` for visitors; else what the account's grants come to (``app.permissions.scope_of``)."""
    scope: Scope = getattr(g, "scope", "public")
    return scope


def roll_back() -> None:
    """Undo what this request has not committed."""
    session = g.get("session")
    if session is not None:
        _leave(session, session.rollback)


def _leave(session: Session, leave: Callable[[], None]) -> None:
    """End a session's transaction; with a connection that was lost the server has ended it already."""
    try:
        leave()
    except DBAPIError as error:
        if not is_lost(error):
            raise
        session.invalidate()


def init_app(app: Flask) -> None:
    """Close the session at the end of each request; no change is committed implicitly.

    A visitor's page (``app.web.page_cache``) has read and nothing else, so its transaction ends by COMMIT: after a
    ROLLBACK the driver forgets its prepared statements, and to plan them anew costs more than to run them.
    """

    @app.teardown_appcontext
    def _close(error: BaseException | None) -> None:
        session = g.pop("session", None)
        if session is not None:
            if error is None and "page_state" in g:
                session.expunge_all()
                _leave(session, session.commit)
            _leave(session, session.close)
