"""The OpenAPI 3.1 document, made from the operations, the models and the filter's own lists."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Response
from pydantic import BaseModel

from app.exports.columns import COUNTED_HAZARDS
from app.i18n.languages import CODES
from app.web.api.catalogue_models import Problem
from app.web.api.import_operations import import_paths
from app.web.api.operations import Operation, operations
from app.web.api.pages import answer_json
from app.web.api.routes import AREA_LEVELS, blueprint
from app.web.filters import CONFIDENCE, DEFAULT_LIMIT, GRADES, LARGEST_LIMIT, LARGEST_OFFSET, LEVELS, OWNERSHIP
from app.web.ogc.wishes import DEFAULT_LIMIT as OGC_DEFAULT_LIMIT
from app.web.ogc.wishes import LARGEST_LIMIT as OGC_LARGEST_LIMIT
from geodata.records.priority import SORTS

REFERENCE = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Answer the description of the whole interface."""
    return answer_json(build_description())


@lru_cache(maxsize=1)
def build_description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    schemas: dict[str, Any] = {}
    _add_schema(schemas, Problem)
    paths: dict[str, Any] = {}
    for operation in operations():
        paths[operation.path] = {"get": _operation(operation, schemas)}
    for path, methods in import_paths().items():
        paths.setdefault(path, {}).update(methods)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Koopsuz Mektep",
            "version": "1.0.0",
            "summary": "Schools of the Kyrgyz Republic ranked by urgency, hazards and the Standard",
            "description": "Null is unknown, never 0 and never safe. All lists take the same filters.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {name: made for name, made in _parameters().items() if made["in"] == "query"},
            "responses": {
                name: {"description": text, "content": {PROBLEM: {"schema": _reference(Problem)}}}
                for name, text in (
                    ("BadRequest", "A parameter cannot be read; ``field`` names it"),
                    ("NotFound", "There is no such thing, or it is not public"),
                    ("Unavailable", "The database does not answer, or the answer takes too long"),
                )
            },
        },
    }


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def _add_schema(schemas: dict[str, Any], model: type[BaseModel]) -> dict[str, str]:
    if model.__name__ not in schemas:
        made = model.model_json_schema(ref_template=REFERENCE, mode="serialization")
        schemas.update(made.pop("$defs", {}))
        schemas[model.__name__] = made
    return _reference(model)


def _page_of(schemas: dict[str, Any], item: type[BaseModel]) -> dict[str, Any]:
    def nullable(kind: str) -> dict[str, Any]:
        return {"type": [kind, "null"]}

    properties = {
        "run": nullable("string"),
        "data_date": nullable("string") | {"format": "date"},
        "is_synthetic": nullable("boolean"),
        "licence": {"type": "string"},
        "total": {"type": "integer"},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "next": nullable("string") | {"format": "uri"},
        "previous": nullable("string") | {"format": "uri"},
        "items": {"type": "array", "items": _add_schema(schemas, item)},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    known = _parameters()
    parameters = [
        {"$ref": f"#/components/parameters/{name}"} if known[name]["in"] == "query" else known[name]
        for name in operation.parameters
    ]
    responses: dict[str, Any] = {
        "200": {"description": "Done", "content": {operation.mimetype: {"schema": _body(operation, schemas)}}}
    }
    if operation.more.get("is_file"):
        responses["202"] = {
            "description": "The list is long: a job writes it",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
        responses["303"] = {"description": "The list is long: the page of the job"}
    if operation.more.get("can_be_empty"):
        responses["204"] = {"description": "Nothing lies in this tile"}
    responses["304"] = {"description": "Not changed"}
    if operation.parameters:
        responses["400"] = {"$ref": "#/components/responses/BadRequest"}
    if operation.can_miss or "run" in operation.parameters:
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
    responses["503"] = {"$ref": "#/components/responses/Unavailable"}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": responses,
    }


def _body(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if operation.item is None:
        return {"type": "object"} if "json" in operation.mimetype else {"type": "string", "format": "binary"}
    return _page_of(schemas, operation.item) if operation.is_page else dict(_add_schema(schemas, operation.item))


@lru_cache(maxsize=1)
def _parameters() -> dict[str, dict[str, Any]]:
    text = {"type": "string", "maxLength": 100}

    def query(name: str, meaning: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": meaning, "schema": schema}

    def many(name: str, meaning: str, choices: tuple[str, ...]) -> dict[str, Any]:
        schema = {"type": "array", "items": {"type": "string", "enum": list(choices)}}
        return query(name, meaning, schema) | {"style": "form", "explode": True}

    def place(name: str, schema: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "in": "path", "required": True, "schema": schema}

    number = {"type": "integer", "minimum": 0}
    return {
        "run": query(
            "run",
            "Hash of a ranking, at least 8 characters; without it the published one",
            {"type": "string", "pattern": "^[0-9a-f]{8,64}$"},
        ),
        "area": query("area", "Code of an area of any level and period", text),
        "q": query("q", "Part of a name in any spelling, or of a code", {"type": "string", "maxLength": 200}),
        "grade": many("grade", "Grades", GRADES),
        "confidence": many("confidence", "Confidence, 4 (high) to 1", CONFIDENCE),
        "ownership": many("ownership", "Ownership", OWNERSHIP),
        "hazard": query("hazard", f"Kind of hazard, such as {', '.join(COUNTED_HAZARDS)}", text),
        "level": query("level", "Least level of the hazard", {"type": "string", "enum": list(LEVELS), "default": "3"}),
        "domain": query("domain", "Code of a domain of the Standard in which a requirement failed", text),
        "date": query("date", "Map of areas of this day", {"type": "string", "format": "date"}),
        "sort": query("sort", "Order", {"type": "string", "enum": list(SORTS), "default": "rank"}),
        "desc": query("desc", "Descending", {"type": "string", "enum": ["0", "1"], "default": "0"}),
        "lang": query("lang", "Language of words", {"type": "string", "enum": list(CODES)}),
        "unit_level": query("unit_level", "Level of the areas", {"type": "string", "enum": list(AREA_LEVELS)}),
        "limit": query(
            "limit",
            "Most items of a page",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        ),
        "offset": query("offset", "Items before the page", number | {"maximum": LARGEST_OFFSET, "default": 0}),
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
        "datetime": query("datetime", "Day or interval of validity; .. is an open end", {"type": "string"}),
        "code": place("code", text),
        "hash": place("hash", {"type": "string"}),
        "name": place("name", text),
        "feature_id": place("feature_id", text),
        "token": place("token", {"type": "string", "maxLength": 64}),
        "layer": place("layer", text),
        "z": place("z", number | {"maximum": 22}),
        "x": place("x", number),
        "y": place("y", number),
    }
