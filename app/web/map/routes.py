"""The map page, the card of one school or area, search, and light shapes for browsers without WebGL."""

from __future__ import annotations

import json

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from app.i18n.names import local_name
from app.web.checked_filter import checked_filter
from app.web.filters import read_page
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.map.cards import AreaCard, SchoolCard, area_card, school_card
from app.web.map.presenters import map_page, page_address, shows_money
from app.web.map.state import read_state
from app.web.priorities.plan_marks import shown_plan
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.web.vendor import vendor_path
from geodata.queries.areas import search_areas
from geodata.queries.map_shapes import area_bounds, area_features, base_features
from geodata.queries.priorities import select_rows
from geodata.queries.school_money import funded_codes
from geodata.queries.schools import search_schools

blueprint = Blueprint("map", __name__, url_prefix=f"{PREFIX}/map")
declare_action(blueprint, "read")

LIST_ROWS = 50
MOST_POINTS = 5_000
SHORTEST_QUESTION = 2


@blueprint.get("")
def index() -> str:
    """Show the map, its legend, filters with counts and the linked list."""
    wanted = checked_filter()
    limit, offset = read_page(request.args, default=LIST_ROWS, largest=LIST_ROWS)
    page = map_page(current_session(), run_or_none(), wanted, read_state(request.args), limit, offset)
    return render_template("map/index.html", page=page, page_address=page_address, vendor_path=vendor_path)


@blueprint.get("/card")
def card() -> str:
    """Show what the map says about one school (``school=``) or one area (``code=``), as a part of a page."""
    wanted = checked_filter()
    run = run_or_none()
    school, area = request.args.get("school", "")[:100], request.args.get("code", "")[:100]
    found: SchoolCard | AreaCard | None = None
    if run is not None and school:
        found = school_card(current_session(), run, school)
    elif run is not None and area:
        indicator = read_state(request.args).indicator
        found = area_card(current_session(), run, area, indicator, wanted)
    if found is None:
        raise NotFound
    return render_template("map/_card.html", card=found)


@blueprint.get("/search")
def search() -> Response:
    """Answer ``q`` with areas and schools spelt like it in any alphabet: kind, code, name, place, point or bounds."""
    question = request.args.get("q", "").strip()[:200]
    if len(question) < SHORTEST_QUESTION:
        return jsonify(results=[])
    session, language = current_session(), current_language()
    found = [
        {
            "kind": "area",
            "code": area.code,
            "name": local_name(area, language),
            "note": gettext("Area"),
            "bounds": area_bounds(session, area.code),
            "href": url_for("map.index", area=area.code),
        }
        for area in search_areas(session, question, 4)
    ]
    found += [
        {
            "kind": "school",
            "code": school.code,
            "name": local_name(school, language),
            "note": school.code,
            "point": None if school.lon is None else [school.lon, school.lat],
            "href": url_for("map.index", school=school.code),
        }
        for school in search_schools(session, question, 8)
    ]
    return jsonify(results=found)


@blueprint.get("/funded.json")
def funded() -> Response:
    """Answer the codes of the schools that get money in the plan of the address, else in the newest public one."""
    wanted = checked_filter()
    run, session = run_or_none(), current_session()
    plan = shown_plan(session, run, wanted.plan) if run else None
    answer = jsonify(plan=plan.hash if plan else None, codes=funded_codes(session, plan.id) if plan else [])
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/shapes.json")
def shapes() -> Response:
    """Answer areas (GeoJSON) and at most 5,000 schools of the filter, for the map without WebGL.

    With ``base=1`` the base map comes along: borders, lakes, rivers and names.
    """
    wanted, state = checked_filter(), read_state(request.args)
    run, session = run_or_none(), current_session()
    level = 2 if state.level == "auto" else int(state.level)
    areas = area_features(session, level, run.id if run else None, wanted.date)
    points = []
    if run is not None:
        plan = shown_plan(session, run, wanted.plan) if shows_money(wanted) else None
        funded = frozenset(funded_codes(session, plan.id)) if plan else frozenset()
        for row in select_rows(session, run.id, wanted, MOST_POINTS):
            if row.lon is not None:
                name = local_name(row, current_language())
                mark = [1] if row.code in funded else []
                points.append([row.lon, row.lat, row.grade or "U", row.code, row.national_rank, name, *mark])
    rows = json.dumps(points, ensure_ascii=False, separators=(",", ":"))
    base = f',"base":{base_features(session)}' if request.args.get("base") == "1" else ""
    body = f'{{"areas":{areas},"schools":{rows}{base}}}'
    return Response(body, mimetype="application/json", headers={"Cache-Control": "no-cache"})
