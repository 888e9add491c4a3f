"""Plans for programs: published ones for visitors, pages that follow each other, errors as RFC 9457."""

from __future__ import annotations

import hashlib

import jsonschema
import pytest

from app.web.api.description import build_description
from tests.factories.listed_schools import make_listed_schools
from tests.factories.stored_plans import make_plan


@pytest.fixture
def listed(session):
    return make_listed_schools(session)


@pytest.fixture
def plan(session, listed):
    items = [(school, "RET", 1000 + number, {}) for number, school in enumerate(listed.schools)]
    return make_plan(session, listed.run, items)


def test_pages_of_funded_schools_follow_each_other_by_rank(client, plan):
    found, address = [], f"/api/v1/plans/{plan.hash[:10]}/items?limit=5&lang=ky"
    while address:
        body = client.get(address).json
        found += body["items"]
        address = body["next"]

    assert [item["national_rank"] for item in found] == list(range(1, 13))
    assert sum(item["cost_som"] for item in found) == plan.cost_som
    assert found[0]["donor_som"] is None, "the plan does not say who pays: unknown is not 0"


def test_a_plan_can_be_checked_against_its_hash(client, plan, listed):
    body = client.get(f"/api/v1/plans/{plan.hash}").json

    assert hashlib.sha256(body["canonical"].encode()).hexdigest() == body["hash"] == plan.hash
    assert (body["run"], body["is_draft"], body["gap"]) == (listed.run.hash, True, 0.0)
    assert [one["hash"] for one in client.get("/api/v1/plans").json["items"]] == [plan.hash]


def test_visitors_do_not_learn_of_plans_that_are_not_published(client, session, listed):
    hidden = make_plan(session, listed.run, [(listed.schools[0], "REP", 7, {})], published=False)

    for ending in ("", "/items", "/areas", ".csv", ".pdf"):
        answer = client.get(f"/api/v1/plans/{hidden.hash}{ending}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), ending
    assert client.get("/api/v1/plans").json["total"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [("/items?area=nowhere", "area"), ("/items?grade=E", "grade"), ("/areas?unit_level=9", "unit_level"),
     ("/items?limit=0", "limit"), (".csv?are=1", "are")],
)  # fmt: skip
def test_what_cannot_be_read_is_named(client, plan, query, field):
    answer = client.get(f"/api/v1/plans/{plan.hash}{query}")

    assert (answer.status_code, answer.json["field"]) == (400, field)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("plan_hash", ["abc", "0" * 64, "%25%25%25%25%25%25%25%25%25"])
def test_another_hash_is_nothing(client, plan, plan_hash):
    assert client.get(f"/api/v1/plans/{plan_hash}").status_code == 404


def test_areas_without_money_are_there_with_nothing(client, plan, listed):
    body = client.get(f"/api/v1/plans/{plan.hash}/areas?unit_level=2&area={listed.oblast.code}").json

    assert [(row["code"], row["schools"]) for row in body["items"]] == [(listed.rayon.code, 8)]


@pytest.mark.parametrize("ending", ["", "/{hash}", "/{hash}/items", "/{hash}/areas"])
def test_answers_fit_their_description(client, plan, ending):
    document = build_description()
    schema = document["paths"][f"/api/v1/plans{ending}"]["get"]["responses"]["200"]["content"]["application/json"]

    body = client.get(f"/api/v1/plans{ending.format(hash=plan.hash)}").json

    jsonschema.validate(body, {**schema["schema"], "components": document["components"]})
