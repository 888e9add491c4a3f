"""A visitor's page leaves its statements prepared, so that the next one need not be planned."""

import pytest

from app.factory import create_app
from app.settings import Settings
from tests.support.web import KEY

ENOUGH = 7
"""The driver prepares what it has sent five times."""
MANY, PLANNED = 16, 5
"""The server plans a prepared statement five times before it may keep a plan; a school's page asks each once."""


@pytest.fixture
def shown(demonstration, tmp_path):
    made = create_app(
        Settings(
            web_url=demonstration.url("mektep_web"),
            worker_url=demonstration.url("mektep_worker"),
            secret_key=KEY,
            var_dir=tmp_path,
            page_cache_mb=0,
        )
    )
    yield made
    made.extensions["engine"].dispose()
    made.extensions["public_reader"].dispose()


def test_statements_of_a_visitors_page_stay_prepared_from_one_request_to_the_next(shown):
    client = shown.test_client()
    address = client.get("/api/v1/priorities?limit=1").json["items"][0]["code"]

    answers = [client.get(f"/ky/schools/{address}").status_code for _ in range(ENOUGH)]

    with shown.extensions["engine"].connect() as connection:
        kept = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    assert answers == [200] * ENOUGH
    assert any("domain_result" in statement for statement in kept)


@pytest.mark.parametrize("part", ["WITH here AS", "generate_series"])
def test_dear_statements_of_a_schools_page_are_planned_no_more_once_they_are_known(shown, part):
    client = shown.test_client()
    schools = [one["code"] for one in client.get(f"/api/v1/priorities?limit={MANY}").json["items"]]

    for code in schools:
        client.get(f"/ky/schools/{code}")

    with shown.extensions["engine"].connect() as connection:
        asked = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE strpos(statement, %(part)s) > 0"
        plans = connection.exec_driver_sql(asked, {"part": part}).all()
    assert plans
    assert all(custom == PLANNED and generic > 0 for custom, generic in plans)
