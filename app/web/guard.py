"""The door of every route: no declared action, no entry.

``factory`` names one action per blueprint; a single view asks for more with ``@requires("import")``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Flask, current_app, g, request

from app.permissions import EVERYONE, Action
from geodata.records.rights import NO_RIGHTS

View = TypeVar("View", bound=Callable)


class SignInNeededError(Exception):
    """The action is for people with an account, and nobody is signed in."""


class NotAllowedError(Exception):
    """Who is signed in may not do this."""


class UndeclaredRouteError(Exception):
    """A route declares no action; it answers nobody."""


def requires(action: Action) -> Callable[[View], View]:
    """Declare the action of one view, in place of its blueprint's. Put it below the route decorator."""

    def declare(view: View) -> View:
        view.required_action = action  # type: ignore[attr-defined]
        return view

    return declare


def declare_action(blueprint: Blueprint, action: Action) -> None:
    """Declare the action of all views of ``blueprint`` that declare none of their own."""
    blueprint.required_action = action  # type: ignore[attr-defined]


def action_of(app: Flask, endpoint: str) -> Action | None:
    """Return the declared action of ``endpoint``; static files are for reading."""
    if endpoint == "static":
        return "read"
    view = app.view_functions.get(endpoint)
    own = getattr(view, "required_action", None)
    if own is not None:
        return own  # type: ignore[no-any-return]
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    return getattr(blueprint, "required_action", None)


def allowed(action: Action) -> bool:
    """Return whether who asks may do ``action`` somewhere (with a key: by the key too); for templates and menus."""
    return action in EVERYONE or bool(getattr(g, "rights", NO_RIGHTS).where(action))


def init_app(app: Flask) -> None:
    """Check every request that found a route, after the account has been loaded."""

    @app.before_request
    def _check() -> None:
        if request.endpoint is None:
            return
        action = action_of(current_app, request.endpoint)
        if action is None:
            raise UndeclaredRouteError(request.endpoint)
        if allowed(action):
            return
        raise NotAllowedError(action) if getattr(g, "account_id", None) else SignInNeededError(action)

    app.jinja_env.globals["allowed"] = allowed
