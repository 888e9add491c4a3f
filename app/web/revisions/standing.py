"""Where one stands: the line below the menu, and the number of tasks in it.

Visitors cost no query and see none of it: their pages are kept for all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, g, url_for
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.language import current_language
from app.web.request import current_scope, current_session
from app.web.shown_run import shown_run
from geodata.queries import standing as standing_queries
from geodata.queries.standing import SHOWN_PLACES

if TYPE_CHECKING:
    from geodata.records.revision import Place, Standing

STANDING_RIGHTS = ("see", "edit", "verify", "publish")


@dataclass(frozen=True, slots=True)
class Banner:
    """How many schools of how many are one's own, and which places these are (name, address)."""

    own: int
    all: int
    places: list[tuple[str, str]]
    has_more: bool


def _standing() -> Standing | None:
    """Return where this request's account stands, asked once; None for visitors and accounts without a territory."""
    if "standing" not in g:
        rights = g.get("rights")
        has_place = g.get("account_id") is not None and any(rights.where(right) for right in STANDING_RIGHTS)
        g.standing = standing_queries.find_standing(current_session()) if has_place else None
    found: Standing | None = g.standing
    return found


def waiting_tasks() -> int | None:
    """Return how many changes wait for this person; None for visitors and for who has no part in changes."""
    found = _standing()
    return found.waiting if found else None


def banner() -> Banner | None:
    """Return what the line below the menu says; None for visitors and for who sees the whole country."""
    if g.get("account_id") is None or current_scope() != "area" or not g.rights.where("see"):
        return None
    found = _standing()
    if found is None:
        return None
    run = shown_run()
    total = run.school_count if run else standing_queries.count_schools(current_session())
    places = [(local_name(place, current_language()), _address(place)) for place in found.places[:SHOWN_PLACES]]
    own = total if found.own_schools is None else found.own_schools
    return Banner(own, total, places or [(_("the whole country"), "")], len(found.places) > SHOWN_PLACES)


def _address(place: Place) -> str:
    return url_for("schools.school" if place.is_school else "areas.area", code=place.code)


def init_app(app: Flask) -> None:
    """Give templates the line below the menu."""
    app.jinja_env.globals["standing_banner"] = banner
