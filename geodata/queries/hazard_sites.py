"""Hazard areas with the schools that lie in them, or near lines and points: an inventory for who watches the areas."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from sqlalchemy import text

from geodata.crs import to_metric

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

WITHOUT_SITES = ("altitude", "fault", "cold", "heat")
"""Context, and zones that each hold half a country."""

_LAYERS = text("""
    SELECT id, hazard, code, kind, manifest
    FROM hazard_layer
    WHERE is_current AND NOT hazard = ANY(:left_out)
    ORDER BY hazard, code
""")
_FEATURES = text("""
    SELECT id, level, ST_AsBinary(geom) AS wkb
    FROM hazard_feature
    WHERE layer_id = :layer_id
    ORDER BY id
""")
_NAMES = text("SELECT id, name, properties FROM hazard_feature WHERE id = ANY(:ids)")
_SCHOOLS = text("""
    SELECT code, name_ky, name_ru, name_en, pupils, shift_pupils, ST_AsBinary(location) AS wkb
    FROM school
    WHERE location IS NOT NULL AND (closed_on IS NULL OR closed_on > current_date)
    ORDER BY code COLLATE "C"
""")


class Site(NamedTuple):
    """One school in one hazard area, or as near to a line or point as the class of ``level`` reaches."""

    hazard: str
    layer_code: str
    layer_title: str | None
    site: int
    site_name: str | None
    level: int | None
    properties: dict[str, Any]
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    pupils: int | None
    shift_pupils: list[int] | None


def list_sites(session: Session, least: int = 2) -> list[Site]:
    """Return a row for each area of level ``least`` or worse (or of unknown level) and each open school inside it.

    Around lines and points (outburst floods, tailings, roads, power lines) the layer's classes of the distance say the
    level, or the feature's own where that is worse. Schools without coordinates are in no area: nobody knows. The worst
    level first. Places are matched here and not by the database, whose row security keeps it from using its index.
    """
    schools = session.execute(_SCHOOLS).all()
    places = shapely.from_wkb([bytes(row.wkb) for row in schools])
    found: list[tuple[Any, int, int | None, int]] = []
    for layer in session.execute(_LAYERS, {"left_out": list(WITHOUT_SITES)}).all():
        features = session.execute(_FEATURES, {"layer_id": layer.id}).all()
        if not features or not schools:
            continue
        shapes = shapely.from_wkb([bytes(row.wkb) for row in features])
        own = np.array([row.level or 0 for row in features], dtype=np.int64)
        is_zone = layer.kind not in ("line", "point")
        pairs = _inside(shapes, own, places, least) if is_zone else _near(layer, shapes, own, places, least)
        found += [(layer, features[one].id, int(worst) or None, int(at)) for one, at, worst in zip(*pairs, strict=True)]
    named = {row.id: row for row in session.execute(_NAMES, {"ids": sorted({site for _, site, _, _ in found})})}
    found.sort(key=lambda one: (-(one[2] or 0), one[0].hazard, one[1], one[3]))
    return [_site(layer, named[site], level, schools[at]) for layer, site, level, at in found]


Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]
"""Feature, school and level (0 = unknown) of each pair."""


def _inside(shapes: NDArray[Any], own: NDArray[np.int64], places: NDArray[Any], least: int) -> Pairs:
    feature, school = shapely.STRtree(places).query(shapes, predicate="intersects")
    counts = (own[feature] >= least) | (own[feature] == 0)
    return feature[counts], school[counts], own[feature[counts]]


def _near(layer: Any, shapes: NDArray[Any], own: NDArray[np.int64], places: NDArray[Any], least: int) -> Pairs:
    classes = [
        (inf if one["upper"] is None else float(one["upper"]), int(one["level"] or 0))
        for one in layer.manifest.get("classes") or ()
    ]
    reach_m = max((upper for upper, level in classes if level >= least and upper != inf), default=0.0)
    metric, at = to_metric(shapes), to_metric(places)
    feature, school = shapely.STRtree(at).query(metric, predicate="dwithin", distance=reach_m)
    away_m = shapely.distance(metric[feature], at[school])
    levels = np.array([*(level for _, level in classes), 0], dtype=np.int64)
    by_distance = levels[np.searchsorted([upper for upper, _ in classes], away_m, side="right")]
    worst = np.maximum(by_distance, own[feature])
    counts = worst >= least
    return feature[counts], school[counts], worst[counts]


def _site(layer: Any, feature: Any, level: int | None, school: Any) -> Site:
    return Site(
        layer.hazard, layer.code, layer.manifest.get("title"), feature.id, feature.name, level, feature.properties,
        school.code, school.name_ky, school.name_ru, school.name_en, school.pupils, school.shift_pupils,
    )  # fmt: skip
