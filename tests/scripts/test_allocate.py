"""``allocate``: the same inputs give the same plan, money is whole som, and what cannot be is told in one line."""

from __future__ import annotations

import json
import os
from itertools import product

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


TWO_YEARS = (
    "--envelope", "republican_budget:2027:60000000", "--envelope", "local_budget:2027:20000000",
    "--envelope", "donor:2028:90000000:O1", "--floor-share", "0",
)  # fmt: skip


def stored(own_database, query, **values):
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        found = session.execute(text(query), values).all()
    engine.dispose()
    return found


def test_who_pays_in_which_year_is_printed_and_sums_to_the_cost(allocate, run_hash):
    code, told = allocate("--run", run_hash, *TWO_YEARS, "--json")
    made = json.loads(told.out)

    assert code == 0
    assert sum(one["som"] for one in made["paid"]) == made["cost"] > 0
    most = {("republican_budget", 2027): 60e6, ("local_budget", 2027): 20e6, ("donor", 2028): 90e6}
    assert all(one["som"] <= most[one["source"], one["year"]] for one in made["paid"])
    assert f"2027  republican_budget  {made['paid'][1]['som']:,} som" in allocate("--run", run_hash, *TWO_YEARS)[1].out


def test_the_year_of_a_budget_is_the_year_of_the_works(allocate, own_database, run_hash):
    made = json.loads(allocate("--run", run_hash, "--budget", "80000000", "--year", "2028", "--json")[1].out)

    assert [(one["source"], one["year"]) for one in made["paid"]] == [("republican_budget", 2028)]
    query = "SELECT DISTINCT year FROM plan_item JOIN plan ON plan.id = plan_id WHERE hash = :hash"
    assert stored(own_database, query, hash=made["plan"]) == [(2028,)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--envelope", "parents:2027:500"), "EnvelopeError", id="money of families"),
        pytest.param(("--budget", "1000", "--must-act", "S9=fell"), "'S9' is not in this ranking", id="unknown school"),
        pytest.param(("--budget", "1000", "--limit", "O9:1:"), "'O9' is not in this ranking", id="unknown area"),
        pytest.param(("--budget", "1000", "--limit", "O1:500000:"), "FloorsAboveBudgetError", id="floors above"),
        pytest.param(
            ("--budget", "99000000", "--floor-share", "0", "--limit", "R1:20000000:", "--limit", "O1::10000000"),
            "cannot be kept together: ceiling:O1, rayon_floor:R1", id="conflict",
        ),
        pytest.param(
            ("--budget", "99000000", "--floor-share", "0", "--works", "0", "--limit", "R2:70000000:"),
            "rayon_floor:R2", id="no contractors",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_the_rules_in_conflict(allocate, own_database, run_hash, arguments, told):
    before = stored(own_database, "SELECT count(*) FROM plan")

    code, said = allocate("--run", run_hash, *arguments)

    assert code == 2
    assert told in said.err
    assert stored(own_database, "SELECT count(*) FROM plan") == before


def test_schools_that_must_be_acted_on_come_first_and_those_without_are_named(allocate, run_hash):
    must = ("--must-act-flagged", "--must-act", "S3=cracks", "--must-act", "S4=no building known", "--floor-share", "0")

    little, much = (
        json.loads(allocate("--run", run_hash, "--budget", budget, *must, "--json")[1].out)
        for budget in ("1000", "900000000")
    )

    assert {(one["school"], one["outcome"]) for one in little["must_act_left"]} == {
        ("S2", "no_money"), ("S3", "no_money"), ("S4", "no_measure"),
    }  # fmt: skip
    assert {one["reason"] for one in little["must_act_left"]} == {"structural_flag", "cracks", "no building known"}
    assert [one["school"] for one in much["must_act_left"]] == ["S4"]
    assert (
        "WITHOUT S4: no building known (no_measure)"
        in allocate("--run", run_hash, "--budget", "900000000", *must)[1].out
    )


def test_a_plan_whose_time_is_out_is_kept_and_marked(allocate, own_database, run_hash, monkeypatch):
    from app.funding import allocation
    from app.funding.program import Solved

    monkeypatch.setattr(allocation, "solve", lambda *_, **__: Solved(None, -float("inf"), "time limit"))

    made = json.loads(allocate("--run", run_hash, "--budget", "30000001", "--floor-share", "0", "--json")[1].out)
    line = allocate("--run", run_hash, "--budget", "30000001", "--floor-share", "0")[1].out

    assert not made["is_proven"]
    assert 1e-4 < made["gap"] < 1
    assert "NOT PROVEN: may miss" in line
    assert stored(own_database, "SELECT status FROM plan WHERE hash = :hash", hash=made["plan"]) == [("time limit",)]


def test_every_part_of_the_wish_is_in_the_text_and_changes_the_hash(allocate, own_database, run_hash):
    base = ("--run", run_hash, "--budget", "90000000", "--floor-share", "0", "--json")
    changes = ((), ("--gini", "0.9"), ("--works", "5"), ("--limit", "O1:1:"), ("--must-act", "S2=cracks"),
               ("--must-act-flagged",), ("--seconds", "50"))  # fmt: skip

    plans = [json.loads(allocate(*base, *change)[1].out)["plan"] for change in changes]

    assert len(set(plans)) == len(changes)
    (row,) = stored(own_database, "SELECT canonical FROM plan WHERE hash = :hash", hash=plans[4])
    assert json.loads(row[0])["must_act"] == [{"code": "S2", "reason": "cracks"}]
    for (canonical,) in stored(own_database, "SELECT canonical FROM plan"):
        assert {"run", "envelopes", "must_act", "must_rule", "limits", "works_most", "gini_most", "floor_share",
                "parameters", "solver", "code"} <= set(json.loads(canonical))  # fmt: skip


def test_the_gap_is_what_trying_every_set_of_measures_finds(allocate, own_database, run_hash):
    made = json.loads(allocate("--run", run_hash, "--budget", "150000000", "--floor-share", "0", "--json")[1].out)
    offers = stored(
        own_database,
        "SELECT school_id, cost_som, benefit, bundle FROM bundle_result JOIN run ON run.id = run_id "
        "WHERE hash = :hash AND cost_som IS NOT NULL",
        hash=run_hash,
    )
    schools = sorted({row[0] for row in offers})
    comfort = {"HEAT", "EE"}
    choices = [
        [(0, 0.0), *((cost, gain) for school, cost, gain, code in offers if school == one and code not in comfort)]
        for one in schools
    ]

    best = max(
        sum(gain for _cost, gain in chosen)
        for chosen in product(*choices)
        if sum(cost for cost, _gain in chosen) <= 150_000_000
    )

    assert made["is_proven"]
    assert made["benefit"] == pytest.approx(best, rel=1e-4)
    assert (best - made["benefit"]) / best <= made["gap"] + 1e-9


def test_no_money_for_comfort_goes_into_a_building_that_is_not_known_to_be_safe(allocate, own_database, run_hash):
    allocate("--run", run_hash, "--budget", "2000000000", "--floor-share", "0")

    rows = stored(own_database, "SELECT DISTINCT bundle FROM plan_item")

    assert rows
    for (bundle,) in rows:
        codes = set(bundle.split("+"))
        assert not codes & {"HEAT", "EE"} or codes & {"RET", "RET-P", "REP", "REL"}, bundle


def test_a_plan_on_a_superseded_ranking_says_so(allocate, own_database, run_hash):
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        session.execute(text("UPDATE school SET pupils = 700 WHERE code = 'S1'"))
        rank_schools(session, publish=True)
    engine.dispose()

    code, told = allocate("--run", run_hash, "--budget", "70000000", "--json")

    assert code == 0
    assert json.loads(told.out)["is_superseded"]
    assert "superseded: a newer one is in force" in told.err
