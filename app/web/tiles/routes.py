"""Tiles and TileJSON: SQL builds the bytes; a cached or unchanged tile does not touch the database."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, jsonify, request
from werkzeug.exceptions import NotFound

from app.web.checked_filter import checked_filter
from app.web.filters import InvalidFilterError, is_filtered
from app.web.guard import declare_action
from app.web.past_day import no_run, run_of_filter
from app.web.request import current_scope, current_session, public_reader
from app.web.tiles.pictures import draw_picture, picture_version, read_levels
from app.web.tiles.run_tiles import pack, packed_run_tile, tile_cache_of
from app.web.tiles.tilejson import LAYERS, describe
from app.web.tiles.wish import WHOLE_HASH, Wish, etag_of, is_on_earth
from geodata.queries import tile_versions, tiles
from geodata.queries.tile_pyramid import ALWAYS_POINTS
from geodata.queries.tiles_base import base_tile

if TYPE_CHECKING:
    from app.web.tiles.cache import TileCache
    from geodata.database import Session
    from geodata.public_reader import PublicReader

blueprint = Blueprint("tiles", __name__, url_prefix="/tiles")
declare_action(blueprint, "read")

FOREVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
AREA_LEVELS = ("1", "2", "3")


def tile_cache() -> TileCache:
    """Return the application's tile cache."""
    return tile_cache_of(current_app)


def _read_wish(layer: str, z: int, x: int, y: int) -> Wish:
    if not is_on_earth(z, x, y):
        abort(404)
    level = request.args.get("by", "1")
    if level not in AREA_LEVELS:
        raise InvalidFilterError("by", level, AREA_LEVELS)
    version = request.args.get("v", "")[:64] or None
    wanted = checked_filter(takes_plan=False)
    return Wish(layer, z, x, y, wanted, int(level), version)


@blueprint.get("/<layer>/<int:z>/<int:x>/<int:y>.mvt")
def tile(layer: str, z: int, x: int, y: int) -> Response:
    """Answer one tile: 200 with gzip, 204 when nothing is there, 304 when the browser has it.

    What an account sees is its own: it is made anew each time and kept nowhere.
    """
    wish = _read_wish(layer, z, x, y)
    if current_scope() != "public":
        return _packed_answer(pack(_pin(wish)[1]()), "private, no-store")
    is_plain = layer != "schools" or not is_filtered(wish.wanted)
    if not wish.is_pinned:
        current, content = _pin(wish)
        key = current.key()
        return _answer(_cached(key, content, is_plain), key, A_MINUTE)
    key = wish.key()
    if etag_of(key) in request.if_none_match:
        return _answer(b"", key, FOREVER, status=304)
    if wish.layer == "schools" and is_plain:
        return _answer(_run_tile(wish, key), key, FOREVER)
    packed = tile_cache().get(key) if is_plain else None
    if packed is not None:
        return _answer(packed, key, FOREVER)
    current, content = _pin(wish)
    if current == wish:
        return _answer(_made(key, content, is_plain), key, FOREVER)
    key = current.key()
    return _answer(_cached(key, content, is_plain), key, A_MINUTE)


def _cached(key: str, make: Any, is_plain: bool) -> bytes:
    """Return the compressed tile from the disk, else make and keep it."""
    packed = tile_cache().get(key) if is_plain else None
    return _made(key, make, is_plain) if packed is None else packed


def _made(key: str, make: Any, is_plain: bool) -> bytes:
    """Make the compressed tile; it is kept unless a filter makes it one reader's own."""
    packed = pack(make())
    if is_plain:
        tile_cache().put(key, packed)
    return packed


def _pin(wish: Wish) -> tuple[Wish, Any]:
    """Return the wish with run and version as they are now, and what makes its bytes.

    A run or layer that does not exist, or that the reader may not see, is not found.
    """
    session = _reader(wish)
    place = (wish.z, wish.x, wish.y)
    if wish.layer == "base":
        version = tile_versions.outline_versions(session)[1]
        return replace(wish, version=version), lambda: base_tile(session, *place)
    if wish.layer in ("schools", "areas"):
        named = wish.wanted.run
        is_whole = named is not None and len(named) == WHOLE_HASH
        run = tile_versions.tiled_run(session, named) if is_whole and named else run_of_filter(wish.wanted)
        # Areas have outlines without a ranking too; where the address names one, it must be there.
        if run is None and (wish.layer == "schools" or named is not None):
            raise no_run(wish.wanted)
        pinned = wish if run is None else replace(wish, wanted=replace(wish.wanted, run=run.hash))
        if wish.layer == "schools" and run is not None:
            return pinned, lambda: tiles.school_tile(
                session, run.id, wish.wanted, *place, has_pyramid=run.school_count > ALWAYS_POINTS
            )
        run_id = None if run is None else run.id
        on = wish.wanted.date or date.today()  # noqa: DTZ011  the server's day
        version = tile_versions.outline_versions(session)[0]
        pinned = replace(pinned, version=version, wanted=replace(pinned.wanted, date=on))
        return pinned, lambda: tiles.area_tile(session, run_id, wish.level, on, *place)
    found = _hazard(session, wish.layer)
    return replace(wish, version=str(found.version)), lambda: tiles.hazard_tile(session, found.id, *place)


def _run_tile(wish: Wish, key: str) -> bytes:
    packed = packed_run_tile(current_app, wish, key)
    if packed is None:
        abort(404)
    return packed


def _reader(wish: Wish) -> Session | PublicReader:
    """Return what the tile is read with: the light way for the public, a session for filters and for an account."""
    is_light = current_scope() == "public" and (wish.layer != "schools" or not is_filtered(wish.wanted))
    return public_reader() if is_light else current_session()


def _hazard(session: Session | PublicReader, code: str) -> tile_versions.TiledLayer:
    for found in tile_versions.tiled_layers(session):
        if found.code == code:
            return found
    raise NotFound


def _answer(packed: bytes, key: str, lifetime: str, status: int | None = None) -> Response:
    etag = etag_of(key)
    if status is None and etag in request.if_none_match:
        status = 304
    response = _packed_answer(packed, lifetime, status)
    response.set_etag(etag)
    return response


def _packed_answer(packed: bytes, lifetime: str, status: int | None = None) -> Response:
    status = status or (200 if packed else 204)
    response = Response(status=status, mimetype="application/vnd.mapbox-vector-tile")
    if status == 200:
        if "gzip" in request.accept_encodings:
            response.set_data(packed)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.set_data(gzip.decompress(packed))
    response.headers["Cache-Control"] = lifetime
    response.headers["Vary"] = "Accept-Encoding, Authorization, Cookie"
    return response


@blueprint.get("/<layer>/picture.png")
def picture(layer: str) -> Response:
    """Answer a raster layer as one picture in Web Mercator; ``only=1,2,unknown`` leaves other classes clear.

    The version in the address makes it last for ever. What only an account may see is kept nowhere.
    """
    levels = read_levels(request.args.get("only", ""))
    is_public = current_scope() == "public"
    reader = public_reader() if is_public else current_session()
    layers = tile_versions.mapped_layers(reader)
    found = next((one for one in layers if one.code == layer and one.kind == "raster"), None)
    if found is None:
        abort(404)
    key = repr(("picture", found.id, picture_version(found), sorted(levels, key=str) if levels is not None else None))
    if not is_public:
        return _picture_answer(draw_picture(found, levels), "private, no-store")
    lifetime = FOREVER if request.args.get("v") == picture_version(found) else A_MINUTE
    if etag_of(key) in request.if_none_match:
        return _picture_answer(b"", lifetime, etag_of(key), status=304)
    content = tile_cache().get(key)
    if content is None:
        content = draw_picture(found, levels)
        if content is not None:
            tile_cache().put(key, content)
    return _picture_answer(content, lifetime, etag_of(key))


def _picture_answer(content: bytes | None, lifetime: str, etag: str | None = None, status: int = 200) -> Response:
    if content is None:
        abort(404)
    response = Response(content, status=status, mimetype="image/png")
    response.headers["Cache-Control"] = lifetime
    response.headers["Vary"] = "Authorization, Cookie"
    if etag is not None:
        response.set_etag(etag)
    return response


@blueprint.get("/<layer>.json")
def tilejson(layer: str) -> Response:
    """Answer the TileJSON 3 of a layer; run, filter, level and date of the address go on to its tiles."""
    wish = _read_wish(layer, 0, 0, 0)
    pinned, _ = _pin(wish)
    hazard = None if layer in LAYERS else _hazard(current_session(), layer)
    response = jsonify(describe(layer, pinned.wanted, pinned.level, pinned.version, request.url_root, hazard))
    response.headers["Cache-Control"] = "no-cache"
    return response
