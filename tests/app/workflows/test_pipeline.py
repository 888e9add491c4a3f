"""Projects of the pipeline: who moves them, what each step needs, whose money is taken, and sums to the som."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from sqlalchemy import select, text

from app.exports.plan_columns import MONEY as MONEY_WORDS
from app.workflows.pipeline import (
    MovedMeanwhileError,
    NoMoneyRecordedError,
    NoSuchMeasureError,
    SentMoney,
    SentMove,
    begin_project,
    move_project,
    record_money,
)
from app.workflows.record_project import (
    FROM_FAMILIES,
    MONEY,
    MoneyOfFamiliesError,
    ProjectError,
    ProjectIncompleteError,
    SentProject,
    record_project,
)
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.database import DBAPIError
from geodata.models import Run
from geodata.queries import pipeline
from geodata.records.plan_item import SOURCES
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.factories.plans import make_offer
from tests.factories.runs import make_result, make_run
from tests.factories.stored_plans import make_plan

GRANT = SentProject("1 000 001", "stimulating_grant", "2026-11-20", "Order No. 5")
SPENT = SentMoney("spent", "local_budget", "200000", "2026-11-21", "Payment order 12")


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    run = make_run(session)
    make_result(session, run, made.own, 1, oblast_id=made.oblast.id)
    make_result(session, run, made.foreign, 2, oblast_id=made.oblast.id)
    make_offer(session, run, made.own, "RET+WASH", cost_som=1_234_567)
    make_offer(session, run, made.own, "REP", cost_som=None)
    return made


@pytest.fixture
def project(session, place):
    return begin_project(session, place.own.id, "RET+WASH", "First in the list", begun_on="2026-11-01")


def store_move(session, number, at, stage):
    """Write a move past the workflow, as another program would."""
    values = {"project_id": number, "from_stage": at, "to_stage": stage, "reason": "x", "document": None}
    pipeline.add_move(session, values | {"moved_on": "2026-11-20"})


def move(session, number, stage, **values):
    at = pipeline.find_project(session, number).stage
    move_project(session, number, SentMove(at, stage, "2026-11-20", "Decided by the kenesh", **values))


def test_a_project_goes_from_stage_to_stage_and_each_move_is_kept(session, place, project):
    for stage in ("design", "approved"):
        move(session, project, stage, document="Minutes No. 4")
    record_project(session, place.own.id, GRANT, project=project)
    for stage in ("procured", "building", "done"):
        move(session, project, stage)

    found, steps = pipeline.find_project(session, project), pipeline.moves(session, project)
    assert (found.stage, found.steps, found.cost_som, found.decided_som) == ("done", 6, 1_234_567, 1_000_001)
    assert [one.to_stage for one in steps] == ["identified", "design", "approved", "procured", "building", "done"]
    assert {one.reason for one in steps[1:]} == {"Decided by the kenesh"}
    assert steps[1].document == "Minutes No. 4"


def test_nobody_is_procured_without_a_record_of_the_money(session, project):
    move(session, project, "approved")

    with pytest.raises(NoMoneyRecordedError):
        move(session, project, "building")
    with pytest.raises(DBAPIError, match="no money of this project is recorded"), session.begin_nested():
        store_move(session, project, "approved", "procured")


def test_two_people_who_move_one_project_do_not_pass_each_other_by(session, project):
    with pytest.raises(MovedMeanwhileError):
        move_project(session, project, SentMove("design", "approved", "2026-11-20", "x"))
    with pytest.raises(DBAPIError, match="not at this stage"), session.begin_nested():
        store_move(session, project, "design", "approved")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"reason": " "}, ("reason",)),
        ({"moved_on": "2031-01-01"}, ("moved_on",)),
        ({"moved_on": "soon"}, ("moved_on",)),
        ({"moved_on": "2026-10-31"}, ("moved_on",)),
    ],
)
def test_a_move_needs_a_day_that_has_come_and_a_reason(session, project, wrong, named):
    with pytest.raises(ProjectIncompleteError) as refused:
        move_project(session, project, replace(SentMove("identified", "design", "2026-11-20", "why"), **wrong))

    assert refused.value.fields == named


def test_a_local_body_begins_and_designs_at_home_and_no_more(session, place, project):
    become(session, make_officer(session, "local_body", area=place.aimak))

    own = begin_project(session, place.own.id, "REP", "The roof fell in", begun_on="2026-11-02")
    move(session, own, "design")

    assert pipeline.find_project(session, own).cost_som is None, "a cost that nobody knows is not 0"
    for action in (
        lambda: move(session, own, "approved"),
        lambda: record_money(session, own, SPENT),
        lambda: begin_project(session, place.foreign.id, "REP", "x"),
    ):
        with pytest.raises(OutsideTerritoryError):
            action()
    with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
        store_move(session, own, "design", "approved")
    assert pipeline.moves(session, own)[-1].account_name


def test_what_was_written_is_changed_by_nobody(session, project):
    record_money(session, project, SPENT)
    for table in ("pipeline_project", "pipeline_move", "pipeline_money"):
        for statement in (f"UPDATE {table} SET recorded_at = now()", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text(statement))


def test_money_is_planned_and_spent_by_source_and_corrected_by_another_row(session, place, project):
    planned = replace(SPENT, kind="planned", money="stimulating_grant", amount="1 000 001", on_date="2027-03-01")
    record_money(session, project, planned)
    first = record_money(session, project, SPENT)
    record_money(session, project, replace(SPENT, amount="233334", replaces=str(first)))
    mistaken = record_money(session, project, replace(SPENT, money="donor"))
    record_money(session, project, replace(SPENT, money="donor", amount="0", replaces=str(mistaken)))

    sums = {one.stage: one for one in pipeline.sums_by_stage(session, {"area": place.rayon.code})}
    found = sums["identified"]
    assert (found.projects, found.cost_som, found.planned_som, found.spent_som) == (1, 1_234_567, 1_000_001, 233_334)
    assert pipeline.sums_by_source(session, {}) == {
        "stimulating_grant": (1_000_001, 0, 0), "local_budget": (0, 0, 233_334), "donor": (0, 0, 0),
    }  # fmt: skip
    assert [(one.kind, one.amount_som) for one in pipeline.money_rows(session, project)] == [
        ("spent", 233_334), ("planned", 1_000_001),
    ]  # fmt: skip
    assert sum(one.projects for one in pipeline.sums_by_stage(session, {"area": place.foreign_rayon.code})) == 0


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"amount": "12.5"}, ("amount",)), ({"amount": "0"}, ("amount",)), ({"money": "bake_sale"}, ("money",)),
     ({"kind": "hoped"}, ("kind",)), ({"document": ""}, ("document",)), ({"on_date": "2031-01-01"}, ("on_date",)),
     ({"replaces": "999999"}, ("replaces",)), ({"document_url": "javascript:x"}, ("document_url",))],
)  # fmt: skip
def test_money_that_cannot_be_is_refused_by_its_field(session, project, wrong, named):
    with pytest.raises(ProjectIncompleteError) as refused:
        record_money(session, project, replace(SPENT, **wrong))

    assert refused.value.fields == named


def test_a_dropped_project_is_kept_and_its_money_counts_no_more(session, place, project):
    record_money(session, project, replace(SPENT, kind="planned"))
    move(session, project, "dropped")

    sums = {one.stage: one for one in pipeline.sums_by_stage(session, {})}
    assert (sums["identified"].projects, sums["dropped"].projects, sums["dropped"].planned_som) == (0, 1, 200_000)
    assert pipeline.sums_by_source(session, {}) == {}
    assert {one.cost_som for one in pipeline.stages_by_area(session, 2, place.oblast.id)} == {0}
    assert pipeline.find_project(session, project).stage == "dropped"


def test_units_of_an_area_are_counted_by_stage_and_those_without_projects_are_there(session, place, project):
    found = {one.code: one for one in pipeline.stages_by_area(session, 2, place.oblast.id)}

    assert found[place.rayon.code].counts == {"identified": 1}
    assert found[place.rayon.code].cost_som == 1_234_567
    assert (found[place.foreign_rayon.code].counts, found[place.foreign_rayon.code].cost_som) == ({}, 0)


def test_measures_that_are_not_offered_are_no_project(session, place):
    with pytest.raises(NoSuchMeasureError):
        begin_project(session, place.own.id, "FIRE", "x")


def test_a_project_from_a_plan_names_it(session, place):
    run = session.scalars(select(Run)).one()
    plan = make_plan(session, run, [(place.own, "REL", 77, {})])

    number = begin_project(session, place.own.id, "REL", "In the plan", plan.hash)

    found = pipeline.find_project(session, number)
    assert (found.plan_hash, found.cost_som) == (plan.hash, 77)
    assert [one.id for one in pipeline.list_projects(session, {"plan": plan.hash[:8]})] == [number]
    with pytest.raises(NoSuchMeasureError):
        begin_project(session, place.own.id, "REP", "not in it", plan.hash)


def test_another_project_is_none(session):
    with pytest.raises(ProjectError):
        move_project(session, 10**20, SentMove())


def test_families_pay_for_nothing(session, project):
    """Collecting money in schools is prohibited: no list, form, column or rule knows boards of trustees or parents."""
    for source in FROM_FAMILIES:
        with pytest.raises(MoneyOfFamiliesError):
            record_money(session, project, replace(SPENT, money=source))
        values = {"project_id": project, "kind": "spent", "amount_som": 1, "on_date": "2026-11-20", "document": "x"}
        with pytest.raises(DBAPIError, match="ck_pipeline_money_money"), session.begin_nested():
            pipeline.add_money(session, values | {"money": source})
    assert set(MONEY) == set(SOURCES) == set(MONEY_WORDS)
    checks = session.scalars(
        text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND pg_get_constraintdef(oid) "
             "LIKE '%republican_budget%'")
    ).all()  # fmt: skip
    assert len(checks) >= 3
    words = ("trustee", "parent", "ата-эне", "родител", "попечител", "камкор")
    for told in (*checks, *MONEY_WORDS.values(), *(field.name for field in fields(SentMoney))):
        assert not any(word in told.lower() for word in words), told
