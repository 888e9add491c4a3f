"""The fix-it queue: schools whose place is in doubt, with the reason and where the point lies."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from app.web.filters import InvalidFilterError, read_filter, read_page
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.web.schools.words import FLAGS, LOCATION_QUALITY
from geodata.queries import areas, locations

blueprint = Blueprint("work", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/work/locations", endpoint="locations")
def doubtful_locations() -> str:
    """Show doubtful locations, by area and by reason."""
    session = current_session()
    area, flag = read_filter(request.args).area, request.args.get("reason") or None
    if flag is not None and flag not in FLAGS:
        raise InvalidFilterError("reason", flag)
    limit, offset = read_page(request.args)
    chosen = {"area": area, "reason": flag}

    def address(offset: int | None) -> str:
        return url_for("work.locations", **{key: value for key, value in {**chosen, "offset": offset}.items() if value})  # type: ignore[arg-type]

    page = {
        "rows": locations.doubtful(session, area, flag, limit, offset),
        "pages": page_of(address, locations.count_doubtful(session, area, flag), limit, offset),
        "flags": FLAGS,
        "qualities": LOCATION_QUALITY,
        "chosen": chosen,
        "areas": list(areas.names(session, (1, 2), area).values()),
    }
    return render_template("work/locations.html", page=page)
