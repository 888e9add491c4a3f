"""The quality of what is known, by territory: coverage, age, verification and contradictions beside the risk."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES
from app.web.checked_filter import checked_filter
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.quality.presenters import ORDER_KEYS, Wish, quality_file, quality_page
from app.web.quality.words import DOUBTS, ORDERS
from app.web.request import current_session
from app.web.shown_run import run_or_none

blueprint = Blueprint("quality", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/quality")
def index() -> str:
    """Show the areas of the country or of one area by the quality of what is known of them."""
    run = run_or_none()
    if run is None:
        return render_template("quality/none.html")
    limit, offset = read_page(request.args)
    return render_template("quality/index.html", page=quality_page(current_session(), run, _wish(), limit, offset))


@blueprint.get(
    "/quality/<any(areas, schools):what>.csv-metadata.json", endpoint="file", defaults={"extension": EXTENSION}
)
@blueprint.get("/quality/<any(areas, schools):what>.<any(csv, xlsx):extension>", endpoint="file")
@requires("export")
def download(what: str, extension: str) -> Response:
    """Return areas or schools with their quality as a file."""
    run = run_or_none()
    if run is None:
        abort(404)
    response = Response(quality_file(current_session(), run, _wish(), what, extension), content_type=TYPES[extension])
    name = f"quality-{what}-{run.data_date.isoformat()}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _wish() -> Wish:
    order, doubt = request.args.get("order", "completeness"), request.args.get("doubt") or None
    if order not in ORDER_KEYS:
        raise InvalidFilterError("order", order, ORDERS)
    if doubt is not None and doubt not in DOUBTS:
        raise InvalidFilterError("doubt", doubt, DOUBTS)
    return Wish(checked_filter().area, order, doubt)
