"""All tasks of a kind; and the fix-it queue: schools whose place is in doubt, why, and where the point lies."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from app.web.checked_filter import checked_filter
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.web.schools.words import FLAGS, LOCATION_QUALITY
from app.web.work.place_map import draw_place
from app.web.work.tasks import all_of
from geodata.queries import areas, locations

blueprint = Blueprint("work", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/work/tasks/<key>")
@requires("work")
def tasks(key: str) -> str:
    """Show all tasks of one kind."""
    limit, offset = read_page(request.args)
    task = all_of(current_session(), key, limit, offset)
    if task is None:
        abort(404)

    def address(offset: int | None) -> str:
        return url_for("work.tasks", key=key, offset=offset) if offset else url_for("work.tasks", key=key)

    page = {"task": task, "pages": page_of(address, task["count"], limit, offset)}
    return render_template("work/tasks.html", page=page)


@blueprint.get("/work/locations", endpoint="locations")
def doubtful_locations() -> str:
    """Show doubtful locations, by area and by reason."""
    session = current_session()
    area, flag = checked_filter().area, request.args.get("reason") or None
    if flag is not None and flag not in FLAGS:
        raise InvalidFilterError("reason", flag, FLAGS)
    limit, offset = read_page(request.args)
    chosen = {"area": area, "reason": flag}

    def address(offset: int | None, school: str | None = None) -> str:
        wanted = {**chosen, "offset": offset, "school": school}
        return url_for("work.locations", **{key: value for key, value in wanted.items() if value})  # type: ignore[arg-type]

    rows = locations.doubtful(session, area, flag, limit, offset)
    looked_at = next((row for row in rows if row.code == request.args.get("school")), rows[0] if rows else None)
    page = {
        "rows": rows,
        "looked_at": looked_at,
        "map": draw_place(session, looked_at, rows) if looked_at else None,
        "map_of": {row.code: address(offset, row.code) for row in rows},
        "pages": page_of(address, locations.count_doubtful(session, area, flag), limit, offset),
        "flags": FLAGS,
        "qualities": LOCATION_QUALITY,
        "chosen": chosen,
        "areas": list(areas.names(session, (1, 2), area).values()),
    }
    return render_template("work/locations.html", page=page)
