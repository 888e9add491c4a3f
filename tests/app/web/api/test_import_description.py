"""The import in the OpenAPI document: every field that is read and every answer that is given stands there."""

from __future__ import annotations

import os

import pytest
from jsonschema import Draft202012Validator
from werkzeug.datastructures import MultiDict

from app.web.api.description import build_description
from app.web.imports.forms import read_options
from tests.support import database as test_database
from tests.support.importing import BASIC, make_import_app, send

GOOD = b"code,name_ky,lat,lon\nD-100,Ak-Terek,42.8,74.6\n"
POST = "/api/v1/imports"
COMMIT = "/api/v1/imports/{id}/commit"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = test_database.create(f"mektep_described_{os.getpid()}")
    app = make_import_app(made, tmp_path_factory.mktemp("var"))
    yield app
    app.extensions["engine"].dispose()
    test_database.drop(made)


def faults(path, answer, method="post"):
    """Return what an answer has that its description lacks, and what breaks its schema."""
    document = build_description()
    described = document["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    reference = described[answer.mimetype]["schema"]["$ref"]
    schema = {"$ref": reference, "components": document["components"]}
    wrong = [error.message for error in Draft202012Validator(schema).iter_errors(answer.json)]
    return wrong + sorted(set(answer.json) - properties(document, reference))


def properties(document, reference):
    made = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    found = set(made.get("properties", {}))
    for part in made.get("allOf", []):
        found |= set(part.get("properties", {})) | (properties(document, part["$ref"]) if "$ref" in part else set())
    return found


def test_every_field_that_is_read_is_described():
    asked = set()

    class Spy(MultiDict):
        def get(self, key, *rest, **more):
            asked.add(key)
            return super().get(key, *rest, **more)

    read_options(Spy({"kind": "schools"}))

    form = build_description()["paths"][POST]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert len(asked) >= 8
    assert set(form["properties"]) == asked | {"file", "mode", "mapping", "accept_good_rows"}


@pytest.mark.parametrize(
    ("content", "fields", "status"),
    [
        pytest.param(GOOD, {"mode": "check"}, 200, id="a good file is checked"),
        pytest.param(GOOD.replace(b"D-100", b"D-200"), {"mode": "commit"}, 201, id="a good file is taken in"),
        pytest.param(GOOD.replace(b"42.8", b"north"), {"mode": "check"}, 200, id="a row is refused at the check"),
        pytest.param(GOOD.replace(b"42.8", b"north"), {"mode": "commit"}, 422, id="a row is refused at the commit"),
        pytest.param(b"", {"mode": "check"}, 422, id="an empty file"),
        pytest.param(GOOD, {"mode": "now"}, 422, id="a field that cannot be used"),
        pytest.param(GOOD, {"kind": "hazard"}, 422, id="a hazard without its layer"),
    ],
)
def test_an_answer_is_as_described(app, content, fields, status):
    answer = send(app, content, "list.csv", **fields)

    assert answer.status_code == status
    assert faults(POST, answer) == []


def test_a_large_file_a_commit_and_the_refusals_of_visitors_are_as_described(app):
    many = "\n".join(f"E-{row:05d},Мектеп {row},{41 + row / 9000:.4f},74.6" for row in range(5_001))
    large = send(app, ("code,name_ky,lat,lon\n" + many).encode(), "many.csv", headers={"Idempotency-Key": "e"})
    checked = send(app, GOOD.replace(b"D-100", b"D-300"), "list.csv")
    browser = app.test_client()
    committed = browser.post(f"{POST}/{checked.json['id']}/commit", headers=BASIC, data={"accept_good_rows": "0"})
    running = browser.post(f"{POST}/{large.json['id']}/commit", headers=BASIC)
    unknown = browser.post(f"{POST}/999999/commit", headers=BASIC)
    unsigned = browser.post(POST, headers={"Authorization": "Basic b3A6bm8="})
    shown = browser.get(f"{POST}/{checked.json['id']}", headers=BASIC)

    answers = (large, committed, running, unknown, unsigned, shown)
    assert [answer.status_code for answer in answers] == [202, 201, 409, 404, 401, 200]
    assert large.json["job"].startswith("/api/v1/jobs/")
    assert faults(POST, large) + faults(POST, unsigned) == []
    assert faults(COMMIT, committed) + faults(COMMIT, unknown) + faults(COMMIT, running) == []
    assert faults("/api/v1/imports/{id}", shown, "get") == []
