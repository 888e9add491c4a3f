"""The page of a school."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.web.guard import allowed, declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.schools.as_of import as_of_page, read_day
from app.web.schools.history import history_page
from app.web.schools.school_page import school_page
from app.web.schools.why_page import why_page
from app.web.shown_run import run_or_none
from geodata.queries import contacts, revisions, schools

blueprint = Blueprint("schools", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/schools/<code>")
def school(code: str) -> str | Response:
    """Show one school: passport, buildings, hazards, and why it has this rank; with ``date`` as it was public then."""
    session = current_session()
    found = schools.find_school(session, code)
    if found is None:
        abort(404)
    wanted = request.args.get("date")
    if wanted:
        day = read_day(session, wanted)
        if day is None:
            return redirect(url_for("schools.school", code=code))
        return render_template("schools/as_of.html", page=as_of_page(session, found, day))
    page = school_page(session, run_or_none(), found)
    contact = contacts.find_contact(session, found.id) if g.account_id is not None else None
    page["contact"] = contact if contact and contact.is_seen else None
    page["may_edit"] = g.account_id is not None and allowed("edit") and "edit" in revisions.rights_at(session, found.id)
    return render_template("schools/school.html", page=page)


@blueprint.get("/schools/<code>/history")
def history(code: str) -> str:
    """Show what was known of a school on each day that an assessment became public, and what moved in between."""
    session = current_session()
    found = schools.find_school(session, code)
    if found is None:
        abort(404)
    return render_template("schools/history.html", page=history_page(session, found))


@blueprint.get("/schools/<code>/why")
def why(code: str) -> str:
    """Explain a school's rank in the run of the address: its parts, its neighbours, what would change it."""
    session, run = current_session(), run_or_none()
    found = schools.find_school(session, code)
    page = why_page(session, run, found, request.args.get("level")) if found and run else None
    if page is None:
        abort(404)
    return render_template("schools/why.html", page=page)
