"""All tasks of a kind; and the fix-it queue: schools whose place is in doubt, why, where it lies, and its form."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.web.revisions import words
from app.web.work.locations_page import locations_page, read_wish
from app.web.work.placing import PlaceConflictError, PlaceDoubtedError, PlaceRefusedError, place_school
from app.web.work.tasks import all_of
from app.workflows.revise_errors import PointUnderWayError

blueprint = Blueprint("work", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")

UNPROCESSABLE, CONFLICT = 422, 409


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
@requires("see")
def doubtful_locations() -> str:
    """Show the doubtful locations of the reader's territory, by area and by reason."""
    return render_template("work/locations.html", page=locations_page(current_session(), read_wish()))


@blueprint.post("/work/locations", endpoint="place")
@requires("edit")
def place() -> Response:
    """Draft and submit another point for the school of the address (``school=``); somebody else verifies it."""
    session, wish = current_session(), read_wish()
    try:
        place_school(session, wish.school or "", request.form)
    except PlaceRefusedError as refused:
        session.rollback()
        page = locations_page(session, wish, sent=request.form, errors=refused.errors)
        return Response(render_template("work/locations.html", page=page), status=UNPROCESSABLE)
    except PlaceConflictError as conflict:
        session.rollback()
        page = locations_page(session, wish, sent=request.form, conflicts=conflict.conflicts)
        return Response(render_template("work/locations.html", page=page), status=CONFLICT)
    except PlaceDoubtedError as doubted:
        session.rollback()
        page = locations_page(session, wish, sent=request.form, point=doubted.point)
        return Response(render_template("work/locations.html", page=page), status=UNPROCESSABLE)
    except PointUnderWayError:
        session.rollback()
        page = locations_page(session, wish, sent=request.form)
        return Response(render_template("work/locations.html", page=page), status=CONFLICT)
    session.commit()
    done = words.STEP_DONE["submit"]
    flash(_(done), "good")
    return redirect(wish.address(school=wish.school) + "#place", code=303)
