"""A stored plan drawn: what is stored, what pages and files say of it, and when it is refused."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.exports.plan_columns import plan_values
from app.funding.errors import InfeasibleError
from app.workflows import plan_draws as workflow
from app.workflows.allocate_budget import allocate_budget
from app.workflows.plan_draws import InputsChangedError, NothingSolvedError, draw_plan
from app.workflows.plan_ground import PlanGround, load_raw
from app.workflows.plan_inputs_moved import benefit_moves
from app.workflows.plan_wish import EnvelopeWish, MustActWish, Wish, wish_of_envelopes
from app.workflows.rank_schools import rank_schools
from app.workflows.sensitivity_variants import NoSuchPlanError
from geodata.database import make_engine, open_session, set_scope
from geodata.models import PlanDraws, PlanDrawSchool, School
from geodata.queries import plan_draws, plan_items, plans, provenance, runs, school_money
from geodata.queries.school_money import money_of_school
from geodata.records.rights import NO_RIGHTS
from scripts.chances import command
from tests.factories.country import make_country
from tests.support import database as test_database

BUDGET = 60_000_000
DRAWS = 60


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_plan_draws_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def engine(own_database):
    made = make_engine(own_database.url("mektep_worker"))
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def ranked(engine):
    with open_session(engine, "national") as session:
        make_country(session)
        session.execute(text("UPDATE building SET area_m2 = 800 WHERE area_m2 IS NULL"))
        return rank_schools(session, publish=True).hash


@pytest.fixture(scope="module")
def plan(engine, ranked):
    """A plan of a country of four schools that has money for some of them."""
    with open_session(engine, "national") as session:
        return allocate_budget(session, ranked, Wish(BUDGET, 0.5), publish=True)


@pytest.fixture(scope="module")
def drawn(engine, plan):
    with open_session(engine, "national") as session:
        return draw_plan(session, plan.hash, draws=DRAWS)


def rows_of(session, plan_hash):
    found = plans.find_plan(session, plan_hash)
    query = select(School.code, PlanDrawSchool.p_funded, PlanDrawSchool.p_kept)
    query = query.join(School, School.id == PlanDrawSchool.school_id)
    return {code: (share, kept) for code, share, kept in
            session.execute(query.where(PlanDrawSchool.plan_id == found.id))}  # fmt: skip


def test_each_school_that_can_be_bought_for_has_a_share_and_others_have_none(engine, plan, drawn):
    with open_session(engine, "national") as session:
        found = plans.find_plan(session, plan.hash)
        rows = rows_of(session, plan.hash)
        offered = set(session.scalars(text("""
            SELECT DISTINCT school.code FROM bundle_result AS offer JOIN school ON school.id = offer.school_id
            WHERE offer.run_id = (SELECT run_id FROM plan WHERE id = :plan) AND offer.cost_som IS NOT NULL
        """), {"plan": found.id}))  # fmt: skip
        planned = {row.code for row in plan_items.item_rows(session, found.id)}
        stored = session.get(PlanDraws, found.id)

    assert (drawn.draws, drawn.refused, drawn.is_new) == (DRAWS, 0, True)
    assert (stored.draws, stored.seed) == (DRAWS, 20261201)
    assert set(rows) <= offered
    assert planned <= set(rows)
    assert all(0 <= share <= 1 for share, _kept in rows.values())
    assert all((kept is not None) == (code in planned) for code, (_share, kept) in rows.items())
    assert all(kept <= share for share, kept in rows.values() if kept is not None)
    assert sum(share for share, _kept in rows.values()) > 0


def test_files_interface_and_page_say_the_stored_share(engine, plan, drawn):
    with open_session(engine, "national") as session:
        found = plans.find_plan(session, plan.hash)
        rows = rows_of(session, plan.hash)
        items = plan_items.item_rows(session, found.id)
        unknown = money_of_school(session, 0, found.id, school_id=0).chance

    assert items
    assert all(plan_values(row, {})["funded_in_draws"] == rows[row.code][0] for row in items)
    assert unknown == (DRAWS, None), "nothing can be bought for it: unknown, never 0"


def test_the_same_plan_is_drawn_once_and_the_command_says_so(own_database, plan, drawn, monkeypatch, capfd):
    monkeypatch.setenv("MEKTEP_WORKER_URL", own_database.url("mektep_worker"))

    code = command.main([plan.hash[:12], "--json"], standalone_mode=False)
    told = json.loads(capfd.readouterr().out)

    assert code == 0
    assert (told["is_new"], told["draws"], told["firm"]) == (False, DRAWS, drawn.firm)
    assert command.main(["f" * 12], standalone_mode=False) == 2


def test_the_same_seed_gives_the_same_shares(engine, plan, drawn):
    with open_session(engine, "national") as session:
        first = rows_of(session, plan.hash)
        found = plans.find_plan(session, plan.hash)
        run = runs.published_run(session, found.run_hash)
        table = workflow.load_table(session, run.id)
        standing = workflow.standing_of(found, table, workflow.sensitivity.items_of(session, found.id))
        inputs = workflow.sensitivity_inputs.load_inputs(session, table, str(run.scheme))
        again = workflow._drawn(standing, inputs, DRAWS, 20261201, lambda _pct, _step: None)

    codes = table.school_code
    assert {codes[at]: share for at, share in enumerate(again.share) if share == share} == {
        code: share for code, (share, _kept) in first.items()
    }


def test_money_of_several_years_and_schools_that_must_act_are_drawn_too(engine, ranked, plan):
    envelopes = (EnvelopeWish("republican_budget", 2027, 30_000_000), EnvelopeWish("donor", 2028, 40_000_000))
    with open_session(engine, "national") as session:
        table = workflow.load_table(session, runs.published_run(session, ranked).id)
        must = table.school_code[int(table.school[0])]
        wish = wish_of_envelopes(envelopes, floor_share=0.0, must_act=(MustActWish(must, "flooded twice"),))
        made = allocate_budget(session, ranked, wish)
        told = draw_plan(session, made.hash, draws=20)
        share, _kept = rows_of(session, made.hash)[must]
        session.rollback()

    assert (told.draws, told.refused) == (20, 0)
    assert share > 0.9, "a school that must be acted on gets money in (nearly) every draw"


def test_changed_data_are_refused_and_so_is_an_unknown_plan(engine, plan):
    with open_session(engine, "national") as session:
        other = allocate_budget(session, plans.find_plan(session, plan.hash).run_hash, Wish(BUDGET + 1, 0.5))
        session.execute(text("UPDATE building SET building_type = 'KG-ADB'"))
        with pytest.raises(InputsChangedError):
            draw_plan(session, other.hash, draws=5)
        with pytest.raises(NoSuchPlanError):
            draw_plan(session, "f" * 64)
        session.rollback()


def test_a_plan_whose_rules_no_draw_keeps_is_not_stored(engine, plan, monkeypatch):
    def refuse(_problem):
        raise InfeasibleError(("floors",))

    monkeypatch.setattr(workflow, "preview_of", refuse)
    with open_session(engine, "national") as session:
        other = allocate_budget(session, plans.find_plan(session, plan.hash).run_hash, Wish(BUDGET + 2, 0.5))
        with pytest.raises(NothingSolvedError):
            draw_plan(session, other.hash, draws=5)
        assert plan_draws.find_draws(session, plans.find_plan(session, other.hash).id) is None
        session.rollback()


@pytest.mark.parametrize("scope", ["public", "area"])
def test_only_who_plans_for_the_country_may_store_draws(engine, plan, scope):
    with open_session(engine, "national") as session:
        set_scope(session, scope, rights=NO_RIGHTS)
        with pytest.raises((ProgrammingError, IntegrityError)):
            plan_draws.add_draws(
                session,
                {"plan_id": 1, "draws": 1, "refused": 0, "seed": 1, "code_version": "x", "account_id": None},
                [],
            )
        session.rollback()


def test_what_the_plan_rests_on_is_stored_with_it_and_decides_the_stamp(engine, plan, drawn):
    with open_session(engine, "national") as session:
        found = plans.find_plan(session, plan.hash)
        rows = provenance.provenance_of(session, found.id)
        items = plan_items.item_rows(session, found.id)
        on_proposals = next(
            one.share for one in rows if (one.value, one.place, one.status) == ("benefit", 0, "proposal")
        )
        shown = school_money.plan_shown(session, 0, plan.hash[:16])
        stored = session.scalar(text("SELECT proposal_share FROM plan WHERE id = :id"), {"id": found.id})

    assert {one.value for one in rows} == {"benefit", "cost"}
    assert all(0 <= one.share <= 1 for one in rows)
    assert found.proposal_share == shown.proposal_share == on_proposals, "as worked out, not as measures are marked"
    assert stored >= 0, "the mark of the measures stays as it was"
    assert found.is_draft == (on_proposals > 0.5)
    assert all(0 <= row.on_proposals <= 1 for row in items)
    assert [one.place for one in rows if one.value == "benefit" and one.place] == list(
        range(1, 1 + sum(one.value == "benefit" and one.place > 0 for one in rows))
    )


def test_without_anything_moved_the_ground_gives_the_benefits_of_the_plan(engine, plan):
    with open_session(engine, "national") as session:
        found = plans.find_plan(session, plan.hash)
        run = runs.published_run(session, found.run_hash)
        table = workflow.load_table(session, run.id)
        standing = workflow.standing_of(found, table, workflow.sensitivity.items_of(session, found.id))
        inputs = workflow.sensitivity_inputs.load_inputs(session, table, str(run.scheme))
        raw = load_raw(session, str(run.scheme), inputs.parameters)
    ground, parameters = PlanGround(inputs, standing.row), inputs.parameters
    base = ground.benefits(parameters)
    moved = {one.name: one for one in benefit_moves(ground, raw)}

    assert base == pytest.approx(table.benefit[standing.row])
    assert ground.benefits(parameters, ground.portfolio_under(raw, parameters)) == pytest.approx(base)
    assert ground.benefits(parameters, with_index=True) == pytest.approx(base)
    life = moved["objective.life"].ends
    assert len(life) == 3, "low, middle and high"
    # The middle of 0.4 to 0.8 is 0.6, the default: nothing moves there.
    assert life[1] == pytest.approx(base)
    assert moved["occupancy.weeks"].ends == pytest.approx(np.stack([base] * 3), rel=0.2), "people cancel in shares"
    assert (moved["effect.RET-P"].ends[0] <= moved["effect.RET-P"].ends[2] + 1e-12).all(), "weak before strong"
    assert {one.status for one in moved.values()} <= {
        "proposal", "recalled", "computed here", "verified", "prior", "missing",
    }  # fmt: skip
