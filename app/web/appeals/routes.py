"""Appeals of facts: the public list, the form of a school, the page of one appeal with its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.web.appeals import measured, presenters, words
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.revisions.words import problem_words
from app.workflows.appeal_fact import (
    AppealIncompleteError,
    CorrectionRefusedError,
    SentAppeal,
    accept_appeal,
    reject_appeal,
    submit_appeal,
    withdraw_appeal,
)
from app.workflows.appealed_facts import group_of
from geodata.queries import appeals, record_facts

if TYPE_CHECKING:
    from geodata.queries.appeals import AppealFacts
    from geodata.records.revision import StoredRecord

UNPROCESSABLE = 422

blueprint = Blueprint("appeals", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/priorities/appeals")
def index() -> str:
    """Show every appeal without the names of people, the open ones first."""
    status = request.args.get("status", "").strip() or None
    if status is not None and status not in words.STATUSES:
        raise InvalidFilterError("status", status, words.STATUSES)
    limit, offset = read_page(request.args)
    return render_template("appeals/index.html", page=presenters.list_page(current_session(), status, limit, offset))


def _record(code: str) -> StoredRecord:
    session, building = current_session(), request.args.get("building", "").strip()
    found = (
        record_facts.stored_building(session, code, building) if building else record_facts.stored_school(session, code)
    )
    if found is None:
        abort(404)
    return found


@blueprint.get("/schools/<code>/appeal")
@requires("edit")
def form(code: str) -> str:
    """Show the form: which fact of the school or of one of its buildings is wrong."""
    page = presenters.form_page(current_session(), _record(code), request.args.get("fact", "").strip())
    return render_template("appeals/form.html", page=page)


@blueprint.post("/schools/<code>/appeal")
@requires("edit")
def submit(code: str) -> AnyResponse:
    """Take an appeal in; its time begins now."""
    session, record, fact = current_session(), _record(code), request.args.get("fact", "").strip()
    text = {name: request.form.get(name, "").replace("\0", "") for name in ("evidence", "reason", "evidence_url")}
    claimed = ", ".join(request.form.getlist(fact)).replace("\0", "")
    sent = SentAppeal(fact, claimed, **text)
    try:
        number = submit_appeal(session, record, sent)
    except AppealIncompleteError as error:
        session.rollback()
        page = presenters.form_page(session, record, fact, sent, error.fields)
        return Response(render_template("appeals/form.html", page=page), status=UNPROCESSABLE)
    session.commit()
    flash(_("The appeal is submitted. Its time runs."), "good")
    return redirect(url_for("appeals.appeal", number=number), code=303)


def _found(number: int) -> AppealFacts:
    found = appeals.find_appeal(current_session(), min(number, 2**62))
    is_own = found is not None and found.created_by == getattr(g, "account_id", None)
    if found is None or not (is_own or appeals.may_decide(current_session(), found.id) or _is_colleague(found)):
        abort(404)
    return found


def _is_colleague(found: AppealFacts) -> bool:
    return appeals.sees_school(current_session(), found.school_id)


@blueprint.get("/work/appeals/<int:number>")
@requires("work")
def appeal(number: int) -> str:
    """Show one appeal with its evidence to who works with the school, and what they may do."""
    return render_template("appeals/appeal.html", page=_page(_found(number)))


def _page(found: AppealFacts, wrong: tuple[str, ...] = ()) -> dict[str, Any]:
    is_open = found.status == "open"
    return {
        "row": presenters.rows_of(current_session(), [found])[0],
        "facts": found,
        "ranking": presenters.ranking_of(current_session(), found),
        "correction": measured.correction_of(found),
        "may_decide": is_open and appeals.may_decide(current_session(), found.id),
        "may_withdraw": is_open and found.created_by == getattr(g, "account_id", None),
        "wrong": [_(words.WRONG[name]) for name in wrong],
    }


@blueprint.post("/work/appeals/<int:number>/<any(accept, reject, withdraw):decision>")
@requires("work")
def decide(number: int, decision: str) -> AnyResponse:
    """Accept, reject or withdraw an appeal."""
    session, found = current_session(), _found(number)
    reason, draft = request.form.get("decision", "").replace("\0", ""), None
    try:
        if decision == "accept":
            draft = accept_appeal(session, found.id, reason)
        elif decision == "reject":
            reject_appeal(session, found.id, reason)
        else:
            withdraw_appeal(session, found.id)
    except AppealIncompleteError as error:
        session.rollback()
        return Response(render_template("appeals/appeal.html", page=_page(_found(number), error.fields)), UNPROCESSABLE)
    except CorrectionRefusedError as error:
        session.rollback()
        page = _page(_found(number), ("correction",))
        page["wrong"] += [" ".join(problem_words(one)) for one in error.problems]
        return Response(render_template("appeals/appeal.html", page=page), UNPROCESSABLE)
    session.commit()
    if decision == "accept" and draft is None:
        decision = "accept_only" if group_of(found.fact) is None else "accept_measured"
    flash(_(words.DONE[decision]), "good")
    target = url_for("revisions.change", number=draft) if draft else url_for("appeals.appeal", number=number)
    return redirect(target, code=303)
