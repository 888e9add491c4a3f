"""OGC API - Features, parts 1 and GeoJSON: landing page, conformance, collections and their items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext

from app.i18n.marks import N_
from app.web.api.pages import answer_json, json_text
from app.web.checked_filter import checked_filter
from app.web.filters import InvalidFilterError
from app.web.guard import declare_action
from app.web.ogc.wishes import CRS84, read_box, read_period, read_window, refuse_unknown
from app.web.past_day import past_day, refuse_future
from app.web.request import current_scope, current_session, public_reader
from geodata.queries.features import FeatureWish, extent, feature_page
from geodata.queries.hazards import current_layers
from geodata.queries.runs import published_run_id

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.public_reader import PublicReader

blueprint = Blueprint("ogc", __name__, url_prefix="/ogc")
declare_action(blueprint, "read")

GEOJSON = "application/geo+json"
CONFORMANCE = tuple(f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "geojson"))
OF_TODAY: dict[str, list[str]] = {
    "schools": ["geometry", "name_ky", "name_ru", "name_en", "kind", "ownership", "pupils", "seats", "shifts"],
    "areas": [],
}
"""Properties that are of today also where ``datetime`` ends on a past day."""


@dataclass(frozen=True)
class Collection:
    """One collection: its name in addresses, what it is, and the query that fills it."""

    name: str
    kind: str
    title: str
    description: str
    layer_id: int | None = None
    licence: str = ""


def _own_collections() -> list[Collection]:
    schools = gettext(N_("Schools with their result in the published run"))
    areas = gettext(N_("Units of all levels and periods"))
    return [
        Collection("schools", "schools", gettext(N_("Schools")), schools),
        Collection("areas", "areas", gettext(N_("Areas")), areas),
    ]


def _layer_collections(code: str | None = None) -> list[Collection]:
    found = []
    for layer in current_layers(current_session(), code):
        if layer.kind != "raster":
            source = layer.manifest.get("source") or {}
            title = gettext(layer.manifest.get("title") or layer.code)
            found.append(Collection(layer.code, "hazard", title, title, layer.id, source.get("licence") or ""))
    return found


def _collections() -> list[Collection]:
    return [*_own_collections(), *_layer_collections()]


def _find(name: str) -> Collection:
    own = {collection.name: collection for collection in _own_collections()}
    found = own.get(name) or next(iter(_layer_collections(name)), None)
    if found is None:
        abort(404)
    return found


def _link(endpoint: str, rel: str, title: str, mimetype: str = "application/json", **values: Any) -> dict[str, str]:
    return {"href": url_for(endpoint, **values, _external=True), "rel": rel, "type": mimetype, "title": title}


@blueprint.get("/", strict_slashes=False)
def landing() -> Response:
    """Answer where everything is."""
    links = [
        _link("ogc.landing", "self", gettext(N_("This document"))),
        _link("ogc.conformance", "conformance", gettext(N_("Conformance classes"))),
        _link("ogc.collections", "data", gettext(N_("Collections"))),
        _link(
            "api.openapi",
            "service-desc",
            gettext(N_("Description of the interface")),
            "application/vnd.oai.openapi+json;version=3.1",
        ),
    ]
    title = gettext(N_("Koopsuz Mektep: schools, areas and hazards"))
    return answer_json({"title": title, "description": title, "links": links})


@blueprint.get("/conformance")
def conformance() -> Response:
    """Answer the conformance classes that hold."""
    return answer_json({"conformsTo": list(CONFORMANCE)})


@blueprint.get("/collections")
def collections() -> Response:
    """Answer what collections there are."""
    links = [_link("ogc.collections", "self", gettext(N_("This document")))]
    return answer_json({"links": links, "collections": [_describe(found) for found in _collections()]})


@blueprint.get("/collections/<name>")
def collection(name: str) -> Response:
    """Answer what one collection is."""
    return answer_json(_describe(_find(name)))


def _describe(found: Collection) -> dict[str, Any]:
    box = extent(current_session(), found.kind, found.layer_id)
    links = [
        _link("ogc.items", "items", found.title, GEOJSON, name=found.name),
        _link("ogc.collection", "self", found.title, name=found.name),
    ]
    if found.licence.startswith("http"):
        links.append({"href": found.licence, "rel": "license", "type": "text/html", "title": found.licence})
    body: dict[str, Any] = {
        "id": found.name,
        "title": found.title,
        "description": f"{found.description}. {found.licence}".strip(". ") + ".",
        "itemType": "feature",
        "crs": [CRS84],
        "links": links,
    }
    if box is not None:
        body["extent"] = {"spatial": {"bbox": [list(box)], "crs": CRS84}}
    return body


def _run_id(on: date | None) -> int | None:
    wanted = checked_filter()
    day = past_day(on) if wanted.run is None else None
    if day is not None:
        return None if day.run is None else day.run.id
    run_id = published_run_id(_reader(), wanted.run)
    if run_id is None and wanted.run is not None:
        abort(404)
    return run_id


def _reader() -> Session | PublicReader:
    """Return what features are read with: the light way for the public, a session for an account."""
    return public_reader() if current_scope() == "public" else current_session()


@blueprint.get("/collections/<name>/items")
def items(name: str) -> Response:
    """Answer one page of features as GeoJSON; the text comes from the database as it is."""
    found = _find(name)
    refuse_unknown(request.args)
    limit, offset = read_window(request.args)
    starts, ends = read_period(request.args)
    if "/" not in request.args.get("datetime", ""):  # an interval may reach beyond today
        refuse_future(ends, "datetime", request.args.get("datetime", ""))
    wish = FeatureWish(
        limit,
        offset,
        read_box(request.args),
        starts,
        ends,
        layer_id=found.layer_id,
        run_id=None if found.kind == "hazard" else _run_id(ends),
    )
    page = feature_page(_reader(), found.kind, wish)
    kept = {key: value for key, value in request.args.items() if key not in ("limit", "offset")}
    links = [_link("ogc.items", "self", found.title, GEOJSON, name=name, **kept, limit=limit, offset=offset)]
    if offset + page.returned < page.matched and page.returned:
        links.append(
            _link("ogc.items", "next", found.title, GEOJSON, name=name, **kept, limit=limit, offset=offset + limit)
        )
    if offset:
        before = max(0, offset - limit)
        links.append(_link("ogc.items", "prev", found.title, GEOJSON, name=name, **kept, limit=limit, offset=before))
    links.append(_link("ogc.collection", "collection", found.title, name=name))
    body = {"type": "FeatureCollection", "numberMatched": page.matched, "numberReturned": page.returned, "links": links}
    if past_day(ends) is not None and not request.args.get("run"):
        body["as_of"] = {"date": ends, "of_today": OF_TODAY.get(found.kind, ["*"])}
    head = json_text(body)
    return answer_json(b"".join((head[:-1].encode(), b',"features":', page.features, b"}")), GEOJSON)


@blueprint.get("/collections/<name>/items/<feature_id>")
def item(name: str, feature_id: str) -> Response:
    """Answer one feature."""
    found = _find(name)
    if not feature_id.isprintable():
        raise InvalidFilterError("feature_id", feature_id)
    run_id = None if found.kind == "hazard" else _run_id(None)
    wish = FeatureWish(1, 0, feature_id=feature_id, layer_id=found.layer_id, run_id=run_id)
    page = feature_page(_reader(), found.kind, wish)
    if not page.returned:
        abort(404)
    links = [
        _link("ogc.item", "self", found.title, GEOJSON, name=name, feature_id=feature_id),
        _link("ogc.collection", "collection", found.title, name=name),
    ]
    return answer_json(b"".join((page.features[1:-2], b',"links":', json_text(links).encode(), b"}")), GEOJSON)
