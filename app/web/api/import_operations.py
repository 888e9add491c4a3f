"""The checked import in the OpenAPI document: what a program sends and gets."""

from __future__ import annotations

from typing import Any

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
BATCH_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Counts of a batch and one page of its problems",
    "properties": {
        "id": {"type": "integer"},
        "kind": {"type": "string"},
        "status": {"type": "string"},
        **{name: {"type": "integer"} for name in ("rows", "added", "changed", "unchanged", "refused")},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "row": {"type": ["integer", "null"]},
                    **{name: {"type": ["string", "null"]} for name in ("column", "value", "code", "message", "remedy")},
                },
            },
        },
    },
}
BATCH = {"application/json": {"schema": BATCH_SCHEMA}}
KIND = {"type": "string", "enum": ["areas", "schools", "buildings", "answers", "hazard"]}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "file"],
    "properties": {
        "kind": KIND,
        "file": {"type": "string", "format": "binary"},
        "mode": {"type": "string", "enum": ["check", "commit"], "default": "check"},
        "mapping": {"type": "string", "description": "JSON object: column of the file -> field"},
        "accept_good_rows": {"type": "string", "enum": ["0", "1"], "default": "0"},
    },
}


def _answers(*statuses: str) -> dict[str, Any]:
    said = {
        "200": ("Checked", BATCH),
        "201": ("Committed", BATCH),
        "202": ("A job does the work; ``job`` is its address", BATCH),
        "400": ("A field cannot be read", PROBLEM),
        "401": ("An account is needed", PROBLEM),
        "403": ("The account may not import", PROBLEM),
        "404": ("There is no such batch", PROBLEM),
        "409": ("The batch is in another state", PROBLEM),
        "413": ("The file is too large", PROBLEM),
        "422": ("The file or rows of it are refused; nothing was changed", PROBLEM),
    }
    return {status: {"description": said[status][0], "content": said[status][1]} for status in statuses}


def import_paths() -> dict[str, Any]:
    """Return the paths of the import."""
    batch = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200}}
    page = [{"$ref": "#/components/parameters/limit"}, {"$ref": "#/components/parameters/offset"}]
    form = {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}
    return {
        "/api/v1/imports": {
            "post": {
                "operationId": "send_import",
                "summary": "Check a file, or check it and take it in",
                "tags": ["imports"],
                "parameters": [key],
                "requestBody": form,
                "responses": _answers("200", "201", "202", "400", "401", "403", "413", "422"),
            }
        },
        "/api/v1/imports/{id}/commit": {
            "post": {
                "operationId": "commit_import",
                "summary": "Take a checked file in",
                "tags": ["imports"],
                "parameters": [batch],
                "responses": _answers("200", "201", "202", "400", "401", "403", "404", "409", "422"),
            }
        },
        "/api/v1/imports/{id}": {
            "get": {
                "operationId": "import_batch",
                "summary": "Counts and problems of a batch",
                "tags": ["imports"],
                "parameters": [batch, *page],
                "responses": _answers("200", "400", "401", "403", "404"),
            }
        },
    }
