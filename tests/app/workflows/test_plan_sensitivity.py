"""A stored plan under other assumptions: what is recomputed, what is said instead, and what nobody may write."""

from __future__ import annotations

import json
import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.funding.sensitivity import load_variants
from app.workflows import plan_sensitivity, sensitivity_inputs
from app.workflows.allocate_budget import allocate_budget
from app.workflows.plan_sensitivity import report_sensitivity
from app.workflows.plan_wish import EnvelopeWish, Wish, wish_of_envelopes
from app.workflows.rank_schools import rank_schools
from app.workflows.sensitivity_variants import NoSuchPlanError, scaled, without
from geodata.database import make_engine, open_session, set_scope
from geodata.queries import sensitivity
from geodata.records.rights import NO_RIGHTS
from scripts.sensitivity import command
from tests.factories.country import make_country
from tests.support import database as test_database

BUDGET = 60_000_000


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_sensitivity_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def engine(own_database):
    made = make_engine(own_database.url("mektep_worker"))
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def plan(engine):
    """A plan of a country of four schools that has money for some of them."""
    with open_session(engine, "national") as session:
        make_country(session)
        session.execute(text("UPDATE building SET area_m2 = 800 WHERE area_m2 IS NULL"))
        run = rank_schools(session, publish=True).hash
        return allocate_budget(session, run, Wish(BUDGET, 0.5), publish=True)


@pytest.fixture(scope="module")
def report(engine, plan):
    with open_session(engine, "national") as session:
        return report_sensitivity(session, plan.hash)


@pytest.fixture
def variants(engine, report):
    with open_session(engine, "national") as session:
        found = sensitivity.find_report(session, report.hash)
        return {one.code: one for one in sensitivity.variants_of(session, found.id)}


def test_each_variant_is_computed_or_says_why_not(report, variants):
    assert report.computed == sum(one.outcome == "computed" and one.assumption != "rules" for one in variants.values())
    assert {code for code, one in variants.items() if one.outcome != "computed"} == {
        "discount_low", "discount_high", "ranking_weights",
    }  # fmt: skip
    assert all(one.reason for one in variants.values() if one.outcome != "computed")
    assert "equity_on" not in variants, "the plan has floors already"


def test_money_of_a_variant_keeps_to_its_own_budget_and_its_gap_is_told(variants):
    assert variants["budget_low"].budget_som == 48_000_000  # 60 million less a fifth
    assert variants["budget_high"].budget_som == 72_000_000
    assert variants["costs_high"].budget_som == BUDGET
    for one in variants.values():
        if one.outcome == "computed":
            assert 0 <= one.cost_som <= one.budget_som, one.code
            assert one.gap is not None
            assert one.gap < 0.05, one.code


def test_a_rule_never_brings_benefit_and_the_cut_by_rank_never_beats_the_plan_without_rules(plan, variants):
    free = variants["without_floors"]

    assert free.benefit >= plan.benefit * (1 - 0.0015)
    assert variants["simple_cut"].benefit <= free.benefit * (1 + 0.0015)
    assert variants["simple_cut"].cost_som <= BUDGET


def test_no_regret_schools_are_in_every_variant_and_hanging_ones_in_some(engine, plan, report, variants):
    with open_session(engine, "national") as session:
        found = sensitivity.find_report(session, report.hash)
        always = sensitivity.no_regret_ids(session, found.id)
        planned = {school for school, *_rest in sensitivity.items_of(session, found.plan_id)}
        rows = session.execute(
            text("SELECT school_id, is_planned, funded_in, changed_by, hangs_on FROM sensitivity_school")
        ).all()

    assert set(always) <= planned
    assert report.no_regret == len(always) == found.no_regret
    groups = {code: one.assumption for code, one in variants.items()}
    for row in rows:
        moved = {groups[code] for code in row.changed_by}
        assert row.hangs_on == (moved.pop() if len(moved) == 1 else None)
        assert row.funded_in == (report.computed - len(row.changed_by) if row.is_planned else len(row.changed_by))


def test_the_same_report_is_made_once_by_hand_or_by_the_command(own_database, plan, report, monkeypatch, capfd):
    monkeypatch.setenv("MEKTEP_WORKER_URL", own_database.url("mektep_worker"))

    code = command.main([plan.hash[:12], "--json"], standalone_mode=False)
    told = json.loads(capfd.readouterr().out)

    assert code == 0
    assert (told["hash"], told["is_new"], told["no_regret"]) == (report.hash, False, report.no_regret)
    assert command.main(["f" * 12], standalone_mode=False) == 2


def test_what_cannot_be_worked_out_from_the_inputs_any_more_says_so(engine, plan, monkeypatch):
    """Somebody changed a building since the ranking: its risk is another one now, and no model is computed."""
    monkeypatch.setattr(plan_sensitivity, "code_version", lambda: "another program")
    with open_session(engine, "national") as session:
        session.execute(text("UPDATE school SET pupils = coalesce(pupils, 100) + id * 10, shift_pupils = '{}'"))
        made = report_sensitivity(session, plan.hash)
        found = sensitivity.find_report(session, made.hash)
        rows = {one.code: one for one in sensitivity.variants_of(session, found.id)}
        session.rollback()

    assert rows["model_F1"].outcome == "not_computed"
    assert rows["model_F1"].reason == "inputs_changed"
    assert rows["model_F1"].schools is None
    assert rows["budget_low"].outcome == "computed", "this one needs the stored offers only"


def test_a_plan_that_is_not_there_has_no_report(engine):
    with open_session(engine, "national") as session, pytest.raises(NoSuchPlanError):
        report_sensitivity(session, "f" * 64)


def test_a_report_is_seen_with_its_plan_and_written_by_who_ranks_only(engine, plan, report):
    with open_session(engine, "national") as session:
        session.execute(text("UPDATE plan SET is_published = false"))
        set_scope(session, "public", rights=NO_RIGHTS)
        hidden = [
            session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("plan_sensitivity", "sensitivity_variant", "sensitivity_school")
        ]
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(
                text("INSERT INTO plan_sensitivity (plan_id, hash, canonical, code_version, variants, no_regret, "
                     "gap_asked) VALUES (1, 'x', '{}', 'x', 0, 0, 0)")
            )  # fmt: skip
        session.rollback()

    assert hidden == [0, 0, 0]


def test_weights_of_the_benefit_and_models_change_what_they_should():
    variants = {one.code: one for one in load_variants()[1]}
    standing = sensitivity_inputs.default_parameters()

    alone = sensitivity_inputs.changed_parameters(standing, variants["model_F2"])
    lives = sensitivity_inputs.changed_parameters(standing, variants["life_low"])

    assert [alone[f"model_weight.F{number}"] for number in (1, 2, 3)] == [0.0, 1.0, 0.0]
    assert [lives[name] for name in sensitivity_inputs.OBJECTIVE] == pytest.approx([0.4, 0.225, 0.375])
    assert standing["model_weight.F2"] == 0.25, "the method's own parameters stay"


def test_a_smaller_budget_takes_from_every_envelope_and_a_rule_goes_alone():
    wish = wish_of_envelopes(
        (EnvelopeWish("republican_budget", 2027, 100), EnvelopeWish("donor", 2028, 51)), gini_most=0.3
    )

    smaller = scaled(wish, 0.8)

    assert [one.som for one in smaller.envelopes] == [80, 41]
    assert smaller.budget_som == 121
    assert without(wish, "gini").gini_most is None
    assert without(wish, "gini").floor_share == wish.floor_share


def test_a_plan_of_two_years_moves_with_the_discount_rate_and_tells_what_each_rule_costs(engine, plan):
    with open_session(engine, "national") as session:
        run = session.scalar(text("SELECT hash FROM run"))
        wish = wish_of_envelopes(
            (EnvelopeWish("republican_budget", 2027, 40_000_000), EnvelopeWish("donor", 2028, 40_000_000)),
            floor_share=0.25, gini_most=0.9, must_rule="structural_flag", works_most=1,
        )  # fmt: skip
        made = allocate_budget(session, run, wish)
        report = report_sensitivity(session, made.hash)
        found = sensitivity.find_report(session, report.hash)
        rows = {one.code: one for one in sensitivity.variants_of(session, found.id)}
        session.rollback()

    assert rows["discount_low"].outcome == rows["discount_high"].outcome == "computed"
    assert {code for code in rows if rows[code].assumption == "rules"} == {
        "without_floors", "without_gini", "without_must_act", "without_capacity", "simple_cut",
    }  # fmt: skip
    assert rows["budget_low"].budget_som == 64_000_000
    for code in ("without_floors", "without_gini", "without_must_act", "without_capacity"):
        assert rows[code].outcome == "computed", code
        assert rows[code].benefit >= made.benefit * (1 - 0.002), code


def test_a_plan_without_money_has_no_school_that_could_be_lost(engine, plan):
    with open_session(engine, "national") as session:
        made = allocate_budget(session, session.scalar(text("SELECT hash FROM run")), Wish(0, 0.0))
        report = report_sensitivity(session, made.hash)
        found = sensitivity.find_report(session, report.hash)
        rows = {one.code: one for one in sensitivity.variants_of(session, found.id)}
        session.rollback()

    assert (report.schools, report.no_regret) == (0, 0)
    assert rows["budget_high"].schools == 0
    assert rows["budget_high"].shared_money is None, "a share of no money is unknown"
    assert "equity_on" in rows
    assert "equity_off" not in rows
