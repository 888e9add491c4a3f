"""Campaigns: their list, one with its visits, and what its managers and those who are sent may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES
from app.web.campaigns import words
from app.web.campaigns.presenters import campaign_page, index_page, visits_file
from app.web.checked_filter import checked_filter
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.shown_run import shown_run
from app.workflows import campaigns as work
from geodata.queries import campaigns
from geodata.records.campaign import CampaignFacts

blueprint = Blueprint("campaigns", __name__, url_prefix=PREFIX)
declare_action(blueprint, "work")

LONGEST_NUMBER = 18


@blueprint.get("/campaigns")
def index() -> str:
    """Show the campaigns that this person sees, and the form of a new one."""
    return render_template("campaigns/index.html", page=index_page(current_session()))


@blueprint.post("/campaigns")
@requires("verify")
def start() -> AnyResponse:
    """Open a campaign, or show the form again with what is wrong in it."""
    session, run = current_session(), shown_run()
    try:
        number = work.open_campaign(session, _plan(), run.id if run else None)
    except (work.CampaignFieldError, work.EmptyCampaignError) as error:
        session.rollback()
        page = index_page(session, request.form.to_dict(), _wrong(error))
        return Response(render_template("campaigns/index.html", page=page), status=422)
    session.commit()
    done = words.DONE["opened"]
    flash(_(done), "good")
    return redirect(url_for("campaigns.campaign", campaign_id=number), code=303)


@blueprint.get("/campaigns/<int:campaign_id>")
def campaign(campaign_id: int) -> str:
    """Show one campaign: map and table of coverage, and its visits."""
    return render_template("campaigns/campaign.html", page=_page(_find(campaign_id)))


@blueprint.get("/campaigns/<int:campaign_id>/visits.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/campaigns/<int:campaign_id>/visits.<any(csv, xlsx):extension>")
def visits(campaign_id: int, extension: str) -> Response:
    """Return visits as a file: with ``state=missing`` the schools that have not answered."""
    found, chosen = _find(campaign_id), _chosen()
    response = Response(visits_file(current_session(), found, chosen, extension), content_type=TYPES[extension])
    response.headers["Content-Disposition"] = f'attachment; filename="campaign-{campaign_id}-visits.{extension}"'
    return response


@blueprint.post("/campaigns/<int:campaign_id>/hand-out")
@requires("verify")
def hand_out(campaign_id: int) -> AnyResponse:
    """Hand visits out to somebody until a day."""
    account = request.form.get("account", "")
    area, due_on = request.form.get("area") or None, _day("due_on")
    return _done(
        campaign_id,
        "handed",
        lambda: work.hand_out(current_session(), campaign_id, area, _number(account, "account"), due_on),
    )


@blueprint.post("/campaigns/<int:campaign_id>/remind")
@requires("verify")
def remind(campaign_id: int) -> AnyResponse:
    """Remind those who have sent nothing yet."""
    return _done(campaign_id, "reminded", lambda: work.remind(current_session(), campaign_id))


@blueprint.post("/campaigns/<int:campaign_id>/reason")
def reason(campaign_id: int) -> AnyResponse:
    """Write down why a school did not answer."""
    code, why = request.form.get("school", ""), request.form.get("reason", "").replace("\0", "")
    return _done(campaign_id, "said", lambda: work.give_reason(current_session(), campaign_id, code, why))


@blueprint.post("/campaigns/<int:campaign_id>/close")
@requires("verify")
def close(campaign_id: int) -> AnyResponse:
    """Close a campaign and freeze what it counted."""
    return _done(campaign_id, "closed", lambda: work.close(current_session(), campaign_id))


def _done(campaign_id: int, message: str, act: Callable[[], int | None]) -> AnyResponse:
    session = current_session()
    try:
        count = act()
    except work.CampaignFieldError as error:
        session.rollback()
        page = _page(_find(campaign_id), _wrong(error))
        return Response(render_template("campaigns/campaign.html", page=page), status=422)
    session.commit()
    flash(_(words.DONE[message]) % {"count": count}, "good")
    return redirect(url_for("campaigns.campaign", campaign_id=campaign_id), code=303)


def _wrong(error: work.CampaignError) -> str:
    return _(words.WRONG[error.field]) if isinstance(error, work.CampaignFieldError) else _(words.EMPTY)


def _find(campaign_id: int) -> CampaignFacts:
    found = campaigns.find_campaign(current_session(), campaign_id)
    if found is None:
        abort(404)
    return found


def _page(found: CampaignFacts, wrong: str | None = None) -> dict[str, Any]:
    limit, offset = read_page(request.args)
    return campaign_page(current_session(), found, shown_run(), _chosen(), limit, offset, wrong)


def _chosen() -> dict[str, str | None]:
    state = request.args.get("state") or None
    if state is not None and state not in words.FILTERS:
        raise InvalidFilterError("state", state, words.FILTERS)
    return {"state": state, "area": checked_filter().area}


def _plan() -> work.Plan:
    form = request.form
    is_sample = form.get("schools") == "sample"
    return work.Plan(
        title=form.get("title", "").replace("\0", ""),
        kind=form.get("kind", ""),
        area_code=form.get("area") or None,
        starts_on=_day("starts_on"),
        ends_on=_day("ends_on"),
        sample_size=(_number(form.get("sample_size", ""), "sample_size") or 0) if is_sample else None,
        seed=_number(form.get("seed", ""), "seed") if is_sample else None,
    )


def _day(field: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        return None


def _number(text: str, field: str) -> int | None:
    """Return a whole number, None for an empty field; raises ``CampaignFieldError`` for anything else."""
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= LONGEST_NUMBER):
        raise work.CampaignFieldError(field)
    return int(text)
