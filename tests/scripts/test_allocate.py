"""``allocate``: the same inputs give the same plan, money is whole som, and what cannot be is told in one line."""

from __future__ import annotations

import json
import os

import pytest
from sqlalchemy import text

from app.workflows.rank_schools import rank_schools
from geodata.database import make_engine, open_session
from scripts.allocate import command
from tests.factories.country import make_country
from tests.support import database as test_database


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_allocate_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def run_hash(own_database):
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        make_country(session)
        session.execute(text("UPDATE building SET area_m2 = 800 WHERE area_m2 IS NULL"))
        found = rank_schools(session, publish=True).hash
    engine.dispose()
    return found


@pytest.fixture
def allocate(own_database, monkeypatch, capfd):
    monkeypatch.setenv("MEKTEP_WORKER_URL", own_database.url("mektep_worker"))

    def run(*arguments):
        code = command.main(list(arguments), standalone_mode=False)
        return code, capfd.readouterr()

    return run


def test_a_plan_is_made_once_and_fits_the_money(allocate, own_database, run_hash):
    code, told = allocate("--run", run_hash[:12], "--budget", "100000000", "--json")
    made = json.loads(told.out)
    again = json.loads(allocate("--run", run_hash, "--budget", "100000000", "--json")[1].out)

    assert code == 0
    assert 0 < made["cost"] <= 100_000_000
    assert isinstance(made["cost"], int)
    assert made["funded"] > 0
    assert made["is_proven"]
    assert made["gap"] <= 1e-4
    assert (again["plan"], again["is_new"]) == (made["plan"], False)
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        stored = session.execute(
            text(
                "SELECT plan.cost_som, sum(item.cost_som)::bigint, count(*), plan.schools, plan.proposal_share "
                "FROM plan JOIN plan_item AS item ON item.plan_id = plan.id WHERE plan.hash = :hash GROUP BY plan.id"
            ),
            {"hash": made["plan"]},
        ).one()
    engine.dispose()
    assert stored[0] == stored[1] == made["cost"]
    assert stored[2] == stored[3] == made["funded"]
    assert stored[4] == 1.0, "every unit cost and effect is a proposal so far"


def test_more_money_buys_no_less(allocate, run_hash):
    little, much = (
        json.loads(allocate("--run", run_hash, "--budget", budget, "--json", "--floor-share", "0")[1].out)
        for budget in ("20000000", "200000000")
    )

    assert little["benefit"] <= much["benefit"]
    assert little["plan"] != much["plan"]


def test_a_run_that_is_not_there_is_told_and_nothing_is_stored(allocate):
    code, told = allocate("--run", "ffffffffffff", "--budget", "1000000")

    assert code == 2
    assert "NoSuchRunError" in told.err


def test_only_what_has_a_known_cost_is_funded(own_database, run_hash):
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        unknown = session.scalar(
            text("SELECT count(*) FROM plan_item JOIN plan ON plan.id = plan_id JOIN bundle_result AS offer "
                 "ON offer.run_id = plan.run_id AND offer.school_id = plan_item.school_id "
                 "AND offer.bundle = plan_item.bundle WHERE offer.cost_som IS NULL")
        )  # fmt: skip
    engine.dispose()
    assert unknown == 0
