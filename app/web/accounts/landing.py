"""Where one lands after signing in: on one's own school or area, the planner on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, url_for

from app.web.language import current_language
from app.web.request import current_session
from geodata.queries import accounts

if TYPE_CHECKING:
    from app.permissions import Grant


def landing() -> str:
    """Return the address of who is signed in now: their first grant with a place, else what their rights are for."""
    grants: tuple[Grant, ...] = g.grants
    code = accounts.place_codes(current_session(), grants)
    for grant in grants:
        if grant.school_id is not None and grant.school_id in code.schools:
            return url_for("schools.school", code=code.schools[grant.school_id])
        if grant.area_id is not None and grant.area_id in code.areas:
            return url_for("areas.area", code=code.areas[grant.area_id])
    if g.rights.where("rank").everywhere:
        return url_for("priorities.index")
    if g.rights.where("administer").everywhere:
        return url_for("administration.index")
    return f"/{current_language()}/"
