"""The parameters of the interface in the OpenAPI document, made from the lists of the filter itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from app.exports.columns import COUNTED_HAZARDS
from app.exports.words import QUEUES
from app.i18n.languages import CODES
from app.web.api.routes import AREA_LEVELS
from app.web.filters import CONFIDENCE, DEFAULT_LIMIT, GRADES, LARGEST_LIMIT, LARGEST_OFFSET, LEVELS, OWNERSHIP
from app.web.ogc.wishes import DEFAULT_LIMIT as OGC_DEFAULT_LIMIT
from app.web.ogc.wishes import LARGEST_LIMIT as OGC_LARGEST_LIMIT
from geodata.records.priority import SORTS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "maxLength": 100}
NUMBER: Schema = {"type": "integer", "minimum": 0}


def query(name: str, meaning: str, schema: Schema) -> Schema:
    """Return a parameter after the question mark."""
    return {"name": name, "in": "query", "description": meaning, "schema": schema}


def many(name: str, meaning: str, choices: tuple[str, ...]) -> Schema:
    """Return a parameter that may be repeated."""
    schema = {"type": "array", "items": {"type": "string", "enum": list(choices)}}
    return query(name, meaning, schema) | {"style": "form", "explode": True}


def place(name: str, schema: Schema) -> Schema:
    """Return a parameter inside the path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


@lru_cache(maxsize=1)
def parameters() -> dict[str, Schema]:
    """Return every parameter by the name that operations use."""
    return {**_filters(), **_windows(), **_places()}


def _filters() -> dict[str, Schema]:
    return {
        "run": query(
            "run",
            "Hash of a ranking, at least 8 characters; without it the published one",
            {"type": "string", "pattern": "^[0-9a-f]{8,64}$"},
        ),
        "area": query("area", "Code of an area of any level and period", TEXT),
        "q": query("q", "Part of a name in any spelling, or of a code", {"type": "string", "maxLength": 200}),
        "grade": many("grade", "Grades", GRADES),
        "confidence": many("confidence", "Confidence, 4 (high) to 1", CONFIDENCE),
        "ownership": many("ownership", "Ownership", OWNERSHIP),
        "hazard": query("hazard", f"Kind of hazard, such as {', '.join(COUNTED_HAZARDS)}", TEXT),
        "level": query("level", "Least level of the hazard", {"type": "string", "enum": list(LEVELS), "default": "3"}),
        "domain": query("domain", "Code of a domain of the Standard in which a requirement failed", TEXT),
        "plan": query(
            "plan",
            "Hash of a plan for a budget, at least 8 characters; without it the newest that everybody sees",
            {"type": "string", "pattern": "^[0-9a-f]{8,64}$"},
        ),
        "funded": query(
            "funded", "1: schools with money in the plan; 0: the others", {"type": "string", "enum": ["0", "1"]}
        ),
        "queue": query(
            "queue",
            "Queue of money: build (documents ready), design (dangerous, no documents), summer (small repairs)",
            {"type": "string", "enum": list(QUEUES)},
        ),
        "date": query(
            "date",
            "As it was public at the end of this day: ranking and areas; as_of names what is of today",
            {"type": "string", "format": "date"},
        ),
        "sort": query("sort", "Order", {"type": "string", "enum": list(SORTS), "default": "rank"}),
        "desc": query("desc", "Descending", {"type": "string", "enum": ["0", "1"], "default": "0"}),
        "lang": query("lang", "Language of words", {"type": "string", "enum": list(CODES)}),
    }


def _windows() -> dict[str, Schema]:
    return {
        "unit_level": query("unit_level", "Level of the areas", {"type": "string", "enum": list(AREA_LEVELS)}),
        "limit": query(
            "limit",
            "Most items of a page",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": query("offset", "Items before the page", NUMBER | {"maximum": LARGEST_OFFSET, "default": 0}),
        "ogc_limit": query(
            "limit",
            "Most features of a page",
            {"type": "integer", "minimum": 1, "maximum": OGC_LARGEST_LIMIT, "default": OGC_DEFAULT_LIMIT},
        ),
        "bbox": query(
            "bbox",
            "West, south, east, north in degrees",
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        )
        | {"style": "form", "explode": False},
        "datetime": query(
            "datetime",
            "Day or interval of validity, figures of the ranking shown at its end; .. is an open end",
            {"type": "string"},
        ),
    }


def _places() -> dict[str, Schema]:
    return {
        "code": place("code", TEXT),
        "hash": place("hash", {"type": "string"}),
        "name": place("name", TEXT),
        "feature_id": place("feature_id", TEXT),
        "token": place("token", {"type": "string", "maxLength": 64}),
        "layer": place("layer", TEXT),
        "z": place("z", NUMBER | {"maximum": 22}),
        "x": place("x", NUMBER),
        "y": place("y", NUMBER),
    }
