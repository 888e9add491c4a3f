"""The official list: who may decide, what a decision needs, what stays of the former one, what moved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text, update

from app.workflows.make_official import (
    AlreadyOfficialError,
    Approval,
    ApprovalIncompleteError,
    NotDecidingError,
    is_address,
    make_official,
)
from app.workflows.official_difference import store_difference
from app.workflows.rank_schools import rank_schools
from geodata.database import DBAPIError
from geodata.models import Building, OfficialList, Run, School
from geodata.queries import official_lists, past
from geodata.queries.runs import published_run, published_run_id
from tests.factories.country import make_country
from tests.factories.officers import become, become_everybody, make_officer

APPROVAL = Approval("budget of 2027", "Order No. 41", date(2026, 11, 20), "https://example.org/41")


@pytest.fixture
def planner(session):
    return make_officer(session, "planner")


def rank(session):
    return session.get(Run, rank_schools(session).run_id)


def test_a_decision_says_who_why_when_and_by_which_act(session, planner):
    make_country(session)
    run = rank(session)
    become(session, planner)
    number = make_official(session, run, APPROVAL)
    session.expire_all()
    made = session.get(OfficialList, number)

    assert (made.approver, made.reason, made.document) == (planner.name, "budget of 2027", "Order No. 41")
    assert abs(made.decided_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert made.former_run_id is None
    assert run.is_official
    assert official_lists.in_force(session).run.id == run.id


@pytest.mark.parametrize("role", ["oblast", "auditor", "council", "administrator"])
def test_nobody_else_decides_and_the_database_says_so_too(session, role):
    make_country(session)
    run = rank(session)
    become(session, make_officer(session, role))

    with pytest.raises(NotDecidingError):
        make_official(session, run, APPROVAL)
    with pytest.raises(DBAPIError, match="row-level security"):
        session.execute(text("INSERT INTO official_list (run_id) VALUES (:run)"), {"run": run.id})


@pytest.mark.parametrize(
    ("approval", "fields"),
    [
        (Approval(" ", "Order No. 41"), ("reason",)),
        (Approval("why", ""), ("document",)),
        (Approval("why", "Order", None, "javascript:alert(1)"), ("document_url",)),
        (Approval("why" * 1000, "Order"), ("reason",)),
    ],
)
def test_without_reason_and_act_nothing_becomes_official(session, approval, fields):
    make_country(session)
    run = rank(session)
    with pytest.raises(ApprovalIncompleteError) as refused:
        make_official(session, run, approval)

    assert refused.value.fields == fields
    assert not run.is_official


@pytest.mark.parametrize("address", ["ftp://example.org", "https://u:p@example.org", "http://", "//example.org", "x"])
def test_only_plain_web_addresses_are_taken(address):
    assert not is_address(address)
    assert is_address("https://cbd.minjust.gov.kg/41")


def test_a_decision_cannot_be_changed_or_removed(session, planner):
    make_country(session)
    make_official(session, rank(session), APPROVAL)
    for statement in ("UPDATE official_list SET reason = 'x'", "DELETE FROM official_list"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_the_official_list_does_not_change_by_ranking_old_data_again(session):
    """Data that are taken back give the hash of the run before them; publishing it anew is no decision."""
    country = make_country(session)
    first = rank(session)
    make_official(session, first, APPROVAL)
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=900))
    second = rank(session)
    make_official(session, second, APPROVAL)
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=600))
    again = rank(session)

    assert again.id == first.id
    assert published_run(session).id == published_run_id(session) == second.id
    with pytest.raises(AlreadyOfficialError):
        make_official(session, second, APPROVAL)


def test_which_list_was_official_is_known_for_each_moment(session):
    country = make_country(session)
    first = rank(session)
    make_official(session, first, APPROVAL)
    session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=900))
    make_official(session, rank(session), APPROVAL)
    old, new = reversed(official_lists.list_decisions(session))
    moment = new.decision.decided_at

    assert old.until == moment
    assert new.until is None
    assert official_lists.in_force(session, moment).run.id == first.id == past.run_shown(session, moment).id
    assert official_lists.in_force(session, old.decision.decided_at) is None


def change(session, country, number):
    return official_lists.change_of_school(session, number, country.schools["S1"].id)


@pytest.mark.parametrize(
    ("source_date", "reason", "part"),
    [(date(2026, 6, 30), "reality", "reality"), (date(2026, 3, 1), "data", "data")],
    ids=["evidence after the former data", "evidence before them: corrected"],
)
def test_pupils_that_changed_are_reality_or_knowledge_by_the_day_of_their_evidence(session, source_date, reason, part):
    country = make_country(session)
    first = rank(session)
    make_official(session, first, APPROVAL)
    assert date(2026, 3, 1) < first.data_date < date(2026, 6, 30)
    touched = first.created_at + timedelta(seconds=1)
    session.execute(
        update(School)
        .where(School.id == country.schools["S1"].id)
        .values(pupils=900, source_date=source_date, updated_at=touched)
    )
    number = make_official(session, rank(session), APPROVAL)
    moved = change(session, country, number)

    assert moved.reason == reason
    assert getattr(moved, part) == pytest.approx(moved.new_priority - moved.old_priority, abs=1e-6)
    assert moved.rule == moved.undivided == 0


def test_other_parameters_with_a_building_that_changed_too_are_not_told_apart(session):
    country = make_country(session)
    first = rank(session)
    make_official(session, first, APPROVAL)
    other = first.canonical.replace('"code":"', '"code":"0')
    touched = first.created_at + timedelta(seconds=1)
    session.execute(
        update(Building)
        .where(Building.school_id == country.schools["S1"].id)
        .values(building_type="KG-ADB", updated_at=touched)
    )
    second = rank(session)
    session.expunge(first)
    first.canonical = other
    number = official_lists.add_decision(session, second.id, {"former_run_id": first.id})
    store_difference(session, number, first, second)
    moved = change(session, country, number)

    assert moved.reason == "undivided"
    assert moved.undivided > 1


def test_visitors_read_decisions_of_published_runs_only(session):
    make_country(session)
    make_official(session, rank(session), APPROVAL)
    become(session, None)
    assert official_lists.count_decisions(session) == 1
    become_everybody(session)
    session.execute(update(Run).values(is_published=False))
    become(session, None)

    assert official_lists.count_decisions(session) == 0
