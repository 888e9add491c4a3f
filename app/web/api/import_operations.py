"""The checked import in the OpenAPI document: what a program sends and gets."""

from __future__ import annotations

from typing import Any

REFERENCE = "#/components/schemas/"
PROBLEM = {"application/problem+json": {"schema": {"$ref": f"{REFERENCE}Problem"}}}
REFUSAL = {"application/problem+json": {"schema": {"$ref": f"{REFERENCE}ImportRefusal"}}}
BATCH = {"application/json": {"schema": {"$ref": f"{REFERENCE}ImportBatch"}}}
STATES = ["mapping", "checking", "refused", "checked", "cancelled", "committed", "undone"]
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
TEXT_OR_NULL = {"type": ["string", "null"]}
ROW_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["row", "column", "value", "code", "severity", "message", "remedy"],
    "properties": {
        "row": {"type": ["integer", "null"], "description": "Line of the file, 1 = its first; null = the whole file"},
        "column": TEXT_OR_NULL | {"description": "As the file names it"},
        "value": TEXT_OR_NULL,
        "code": TEXT | {"description": "Stable name of the kind of problem"},
        "severity": TEXT | {"enum": ["error", "warning", "note"]},
        "message": TEXT | {"description": "What is wrong, in the language of Accept-Language"},
        "remedy": TEXT | {"description": "What to do, in the same language"},
    },
}
COUNTS = ("rows", "added", "changed", "unchanged", "refused", "left_out")
BATCH_FACTS: dict[str, Any] = {
    "id": NUMBER,
    "kind": TEXT,
    "hazard": TEXT_OR_NULL | {"description": "Code of the layer that a hazard file is of"},
    "file": {
        "type": "object",
        "required": ["name", "sha256", "bytes"],
        "properties": {"name": TEXT, "sha256": TEXT, "bytes": NUMBER},
    },
    "mapping": {"type": "object", "additionalProperties": TEXT, "description": "Field: column of the file"},
    **dict.fromkeys(COUNTS, NUMBER),
    "problems_total": NUMBER,
    "problems": {"type": "array", "items": ROW_PROBLEM},
}
LINKS: dict[str, Any] = {
    "next": TEXT | {"description": "Address of the next page of problems; absent on the last"},
    "job": TEXT | {"description": "Address of the job that does the work; only with 202"},
}
SCHEMAS: dict[str, Any] = {
    "ImportBatch": {
        "type": "object",
        "description": "Counts of a batch and one page of its problems. Every row is added, changed, unchanged, "
        "refused or left out.",
        "required": [*BATCH_FACTS, "status"],
        "properties": {**BATCH_FACTS, "status": TEXT | {"enum": STATES}, **LINKS},
    },
    "ImportRefusal": {
        "description": "A problem; where a batch was made also its counts, its state and its problems",
        "allOf": [
            {"$ref": f"{REFERENCE}Problem"},
            {
                "type": "object",
                "properties": {**BATCH_FACTS, "state": TEXT | {"enum": STATES}, "next": LINKS["next"]},
            },
        ],
    },
}
ACCEPT = TEXT | {
    "enum": ["0", "1"],
    "default": "0",
    "description": "1 = take the good rows in and leave the refused ones out",
}
DAY = TEXT | {"format": "date"}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "file"],
    "properties": {
        "kind": TEXT
        | {"enum": ["areas", "schools", "buildings", "answers", "hazard", "roads", "services", "standard"]},
        "file": TEXT | {"format": "binary"},
        "mode": TEXT | {"enum": ["check", "commit"], "default": "check"},
        "mapping": TEXT | {"description": "JSON object: column of the file -> field, what is not guessed right"},
        "accept_good_rows": ACCEPT,
        "hazard": TEXT | {"description": "Code of the layer, needed where kind = hazard; see /api/v1/hazards"},
        "sheet": TEXT | {"description": "Sheet of a workbook; without it the first that holds a table"},
        "layer": TEXT | {"description": "Layer of a GeoPackage or of a zip with several shapefiles"},
        "encoding": TEXT | {"description": "Code page of a text file; without it the file's own bytes tell"},
        "valid_from": DAY | {"description": "Day from which a new map of areas is in force"},
        "assessed_on": DAY | {"description": "Day of the assessment where no column of answers says it"},
        "source": TEXT | {"description": "Who gave the data"},
        "licence": TEXT | {"description": "Under which licence"},
    },
}
COMMIT_FORM: dict[str, Any] = {"type": "object", "properties": {"accept_good_rows": ACCEPT}}

KEY_OR_ACCOUNT: list[dict[str, list[str]]] = [{"key": []}, {"account": []}]


def _answers(*statuses: str) -> dict[str, Any]:
    said = {
        "200": ("Checked", BATCH),
        "201": ("Committed", BATCH),
        "202": ("A job does the work; ``job`` is its address", BATCH),
        "400": ("A field or parameter cannot be read", PROBLEM),
        "401": ("A key or an account is needed, or the one that was sent does not work", PROBLEM),
        "403": ("The account or its key may not import", PROBLEM),
        "404": ("There is no such batch", PROBLEM),
        "409": ("The batch is in another state, its records have changed, or a job works on it", PROBLEM),
        "413": ("The file is too large", PROBLEM),
        "422": ("A field cannot be used, or the file or rows of it are refused; nothing was changed", REFUSAL),
        "429": ("Too many requests, or too many tries to sign in", PROBLEM),
        "503": ("The database does not answer or can only be read; nothing was changed", PROBLEM),
    }
    return {status: {"description": said[status][0], "content": said[status][1]} for status in statuses}


def import_paths() -> dict[str, Any]:
    """Return the paths of the import."""
    batch = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    key = {"name": "Idempotency-Key", "in": "header", "schema": TEXT | {"maxLength": 200}}
    key["description"] = "The same key again, also at the same time, makes no second copy and answers the same batch"
    page = [{"$ref": "#/components/parameters/limit"}, {"$ref": "#/components/parameters/offset"}]
    form = {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}
    commit_form = {"content": {"application/x-www-form-urlencoded": {"schema": COMMIT_FORM}}}
    return {
        "/api/v1/imports": {
            "post": {
                "security": KEY_OR_ACCOUNT,
                "operationId": "send_import",
                "summary": "Check a file, or check it and take it in",
                "tags": ["imports"],
                "parameters": [key],
                "requestBody": form,
                "responses": _answers("200", "201", "202", "400", "401", "403", "409", "413", "422", "429", "503"),
            }
        },
        "/api/v1/imports/{id}/commit": {
            "post": {
                "security": KEY_OR_ACCOUNT,
                "operationId": "commit_import",
                "summary": "Take a checked file in",
                "tags": ["imports"],
                "parameters": [batch],
                "requestBody": commit_form,
                "responses": _answers("200", "201", "202", "400", "401", "403", "404", "409", "422", "429", "503"),
            }
        },
        "/api/v1/imports/{id}": {
            "get": {
                "security": KEY_OR_ACCOUNT,
                "operationId": "import_batch",
                "summary": "Counts and problems of a batch",
                "tags": ["imports"],
                "parameters": [batch, *page],
                "responses": _answers("200", "400", "401", "403", "404", "429", "503"),
            }
        },
    }
