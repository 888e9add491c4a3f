"""The OpenAPI 3.1 document, made from the operations, the models and the filter's own lists."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Response
from pydantic import BaseModel

from app.web.api.catalogue_models import Problem
from app.web.api.import_operations import SCHEMAS, import_paths
from app.web.api.models import AsOf
from app.web.api.operations import Operation, operations
from app.web.api.pages import answer_json
from app.web.api.parameters import parameters
from app.web.api.routes import blueprint

REFERENCE = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"
SIGN_IN: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "mk_ and 43 letters",
        "description": "A key made on the page /<lang>/account/keys: what is not public needs one, what is public "
        "needs none. It does what was chosen for it and never more than its account may at that moment.",
    },
    "account": {
        "type": "http",
        "scheme": "basic",
        "description": "Name and password of an account, below /api/ only; keys are better, they can be revoked",
    },
}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Answer the description of the whole interface."""
    return answer_json(build_description())


@lru_cache(maxsize=1)
def build_description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    schemas: dict[str, Any] = {}
    _add_schema(schemas, Problem)
    schemas.update(SCHEMAS)
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
            "summary": "Schools of the Kyrgyz Republic ranked by priority, hazards and the Standard",
            "description": "Null is unknown, never 0 and never safe. All lists take the same filters.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": SIGN_IN,
            "parameters": {name: made for name, made in parameters().items() if made["in"] == "query"},
            "responses": {
                name: {"description": text, "content": {PROBLEM: {"schema": _reference(Problem)}}}
                for name, text in (
                    ("BadRequest", "A parameter cannot be read; ``field`` names it"),
                    ("UnderWay", "The same list is being written for you; ``job`` names the job"),
                    ("WrongKey", "The key that was sent does not work; it is never taken for a visitor's request"),
                    ("NotFound", "There is no such thing, or it is not public"),
                    ("TooMany", "Too many requests; ``Retry-After`` says in how many seconds to go on"),
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
        "is_synthetic": {"type": "boolean"},
        "as_of": {"anyOf": [_add_schema(schemas, AsOf), {"type": "null"}]},
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
    known = parameters()
    taken = [
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
        responses["409"] = {"$ref": "#/components/responses/UnderWay"}
    if operation.more.get("can_be_empty"):
        responses["204"] = {"description": "Nothing lies in this tile"}
    responses["304"] = {"description": "Not changed"}
    if operation.parameters:
        responses["400"] = {"$ref": "#/components/responses/BadRequest"}
    if operation.takes_key:
        responses["401"] = {"$ref": "#/components/responses/WrongKey"}
        responses["429"] = {"$ref": "#/components/responses/TooMany"}
    if operation.can_miss or "run" in operation.parameters:
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
    responses["503"] = {"$ref": "#/components/responses/Unavailable"}
    if operation.more.get("can_be_unready"):
        body = {"application/json": {"schema": {"type": "object", "required": ["missing"]}}}
        responses["503"] = {"description": "Something is missing, named in ``missing``", "content": body}
    made = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": taken,
        "responses": responses,
    }
    return made if operation.takes_key else made | {"security": []}


def _body(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if operation.item is None:
        return {"type": "object"} if "json" in operation.mimetype else {"type": "string", "format": "binary"}
    return _page_of(schemas, operation.item) if operation.is_page else dict(_add_schema(schemas, operation.item))
