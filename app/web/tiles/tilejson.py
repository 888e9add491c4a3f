"""TileJSON 3.0: what a layer's tiles hold and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from app.web.filters import write_filter
from geodata.crs import KYRGYZSTAN_BBOX

if TYPE_CHECKING:
    from geodata.queries.tile_versions import TiledLayer
    from geodata.records.priority import ListFilter

FINEST_ZOOM = 14

_NAMES = {"name_ky": "Kyrgyz name", "name_ru": "Russian name, where it differs", "name_en": "English name"}
_AREA = {
    "code": "Code",
    "level": "1 oblast or republican city, 2 rayon or city, 3 aiyl aimak",
    "schools": "Schools",
    "assessed": "Schools assessed",
    "is_rankable": "Whether enough schools are assessed to compare the area",
    "coverage": "Share of schools assessed, %",
    "pupils": "Pupils",
    "pupils_at_risk": "Pupils of schools graded D or E",
    "at_risk": "Their share, %",
    "priority": "Mean priority, 0..100",
    "index": "Mean conformity, 0..100",
    "worst_rank": "First national rank",
    **_NAMES,
}
LAYERS: dict[str, dict[str, dict[str, str]]] = {
    "schools": {
        "schools": {
            "code": "Code of the school",
            "rank": "National rank; of a cell, the first",
            "grade": "A..E, U unknown; of a cell, the worst",
            "index": "Conformity, 0..100",
            "priority": "Priority, 0..100; of a cell, the mean",
            "pupils": "Pupils; of a cell, the sum of known numbers",
            "confidence": "1..4",
            "n": "Schools in the cell; only cells have it",
            **_NAMES,
        }
    },
    "areas": {
        "areas": _AREA,
        "area_labels": {"code": "Code", "level": "Level", "schools": "Schools", **_NAMES},
    },
    "base": {
        "base": {
            "kind": "country, oblast, land, lake, lake_label (a point), river or place",
            "rank": "Importance",
            **_NAMES,
        }
    },
}
HAZARD = {"hazard": {"level": "1..4; left out when unknown", "value": "In the layer's unit", "name": "Name"}}


def tile_query(layer: str, wanted: ListFilter, level: int, version: str | None) -> str:
    """Return the query of a tile's address, encoded, with all that its content depends on."""
    parts: dict[str, Any] = {}
    if layer == "schools":
        plan = None if wanted.funded is None else wanted.plan
        parts = dict(write_filter(wanted, plan=plan, date=None, sort="rank", descending=False))
    elif layer == "areas":
        parts = {"run": wanted.run, "date": wanted.date.isoformat() if wanted.date else None, "by": level}
    if version is not None and layer != "schools":
        parts["v"] = version
    return urlencode({name: value for name, value in parts.items() if value}, doseq=True)


def tile_address(layer: str, wanted: ListFilter, level: int, version: str | None, root: str = "/") -> str:
    """Return the address of a layer's tiles with ``{z}/{x}/{y}`` left open."""
    query = tile_query(layer, wanted, level, version)
    return f"{root}tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt" + (f"?{query}" if query else "")


def describe(
    layer: str, wanted: ListFilter, level: int, version: str | None, root: str, hazard: TiledLayer | None
) -> dict[str, Any]:
    """Return the TileJSON document of ``layer``."""
    fields = LAYERS.get(layer, HAZARD)
    attribution = None
    if hazard is not None:
        source = hazard.manifest.get("source", {})
        attribution = ", ".join(str(source[key]) for key in ("publisher", "licence") if source.get(key))
    return {
        "tilejson": "3.0.0",
        "name": layer,
        "tiles": [tile_address(layer, wanted, level, version, root)],
        "vector_layers": [{"id": name, "fields": columns} for name, columns in fields.items()],
        "minzoom": 0,
        "maxzoom": FINEST_ZOOM,
        "bounds": list(KYRGYZSTAN_BBOX),
        **({"attribution": attribution} if attribution else {}),
    }
