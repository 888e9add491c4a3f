"""The OpenAPI document: valid, complete, and what it says is what is answered."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.exports.columns import KEYS
from app.exports.exporter import load_exporters
from app.web.api.description import build_description
from tests.factories.ranked_country import make_ranked_country

READ = {
    "/api/v1/priorities": "",
    "/api/v1/areas": "",
    "/api/v1/areas/{code}": "oblast",
    "/api/v1/schools": "",
    "/api/v1/schools/{code}": "0000777001",
    "/api/v1/hazards": "",
    "/api/v1/standard/editions": "",
    "/api/v1/standard/editions/{code}": "edition",
    "/api/v1/runs": "",
    "/api/v1/runs/{hash}": "c" * 64,
}


def test_the_document_is_valid():
    OpenAPIV31SpecValidator(build_description()).validate()


def test_every_route_for_programs_is_described(made_app):
    described = {re.sub(r"{\w+}", "{}", path) for path in build_description()["paths"]}
    exempt = {"/api/v1/openapi.json", "/api/v1/priorities.{}", "/api/v1/plans/{}.{}", "/metrics"}
    routes = {
        re.sub(r"<[^>]+>", "{}", rule.rule)
        for rule in made_app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/tiles/", "/ogc", "/healthz", "/readyz", "/metrics"))
    }

    assert routes - exempt - described == set()
    assert {f"/api/v1/priorities.{key}" for key in load_exporters()} <= set(build_description()["paths"])


def test_the_rows_of_the_list_are_described_column_by_column():
    model = build_description()["components"]["schemas"]["PriorityItem"]

    assert tuple(model["properties"]) == KEYS


def test_operations_have_names_of_their_own():
    names = [
        operation["operationId"] for methods in build_description()["paths"].values() for operation in methods.values()
    ]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", READ)
def test_answers_fit_their_description(client, session, path):
    import jsonschema

    made = make_ranked_country(session)
    places = {"oblast": made.oblast.code, "edition": f"test-{made.run.hash[:8]}"}
    address = re.sub(r"{\w+}", places.get(READ[path], READ[path]), path)
    document = build_description()
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    body = client.get(address).json

    jsonschema.validate(body, {**schema, "components": document["components"]})
    if "items" in body:
        assert body["items"], "an empty page proves nothing"


def test_it_is_served(client):
    assert client.get("/api/v1/openapi.json").json["openapi"] == "3.1.0"
