"""Funded projects: what the system finds passed by, what a deviation needs, whose money and whose hand it takes."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from app.workflows.record_project import (
    MoneyOfFamiliesError,
    NotInListError,
    OutOfOrderError,
    ProjectIncompleteError,
    SentProject,
    read_som,
    record_project,
)
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.database import DBAPIError
from geodata.models import FundedProject
from geodata.queries import funded_projects
from tests.factories.areas import make_area
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school

PLAIN = SentProject("37 400 000", "republican_budget", "2026-11-20", "Order No. 5")
REASON = replace(
    PLAIN, reason_code="emergency", reason_ky="Дубал кулады", reason_ru="Стена рухнула", document_url="https://a.kg/5"
)


@pytest.fixture
def place(session):
    """Ranks: 1 far (another oblast), 2 foreign, 3 own."""
    made = make_two_rayons(session)
    other = make_area(session, 1)
    far = make_school(session)
    run = make_run(session)
    make_result(session, run, far, 1, oblast_id=other.id)
    make_result(session, run, made.foreign, 2, oblast_id=made.oblast.id)
    make_result(session, run, made.own, 3, oblast_id=made.oblast.id)
    return made, far, run


def stored(session, number):
    return session.get(FundedProject, number)


def test_the_best_ranked_school_is_in_order_and_needs_no_reason(session, place):
    made = stored(session, record_project(session, place[1].id, PLAIN))

    assert (made.amount_som, made.passed_count, made.passed_school_id, made.reason_code) == (37_400_000, 0, None, None)
    assert made.run_id == place[2].id


def test_out_of_order_money_is_refused_until_reason_and_document_are_there(session, place):
    with pytest.raises(OutOfOrderError) as refused:
        record_project(session, place[0].own.id, PLAIN)

    assert refused.value.fields == ("reason_code", "reason_ky", "reason_ru", "document_url")
    assert (refused.value.passed.number, refused.value.passed.school_id) == (2, place[1].id)
    made = stored(session, record_project(session, place[0].own.id, REASON))
    assert (made.passed_count, made.passed_school_id, made.reason_code) == (2, place[1].id, "emergency")


@pytest.mark.parametrize("lacking", ["reason_code", "reason_ky", "reason_ru", "document_url"])
def test_each_part_of_the_reason_is_needed(session, place, lacking):
    with pytest.raises(OutOfOrderError) as refused:
        record_project(session, place[0].own.id, replace(REASON, **{lacking: " "}))

    assert refused.value.fields == (lacking,)


def test_the_database_holds_the_reason_too(session, place):
    values = {"run_id": place[2].id, "school_id": place[0].own.id, "amount_som": 1, "money": "donor"}
    values |= {"funded_on": date(2026, 1, 1), "document": "d", "passed_count": 2, "passed_school_id": place[1].id}
    with pytest.raises(DBAPIError, match="ck_funded_project_deviation"), session.begin_nested():
        funded_projects.add_project(session, values)
    for statement in ("UPDATE funded_project SET amount_som = 1", "DELETE FROM funded_project"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))


def test_who_has_money_already_is_not_passed_by(session, place):
    record_project(session, place[1].id, PLAIN)
    record_project(session, place[0].foreign.id, PLAIN)

    assert stored(session, record_project(session, place[0].own.id, PLAIN)).passed_count == 0


def test_money_that_came_later_does_not_count(session, place):
    record_project(session, place[1].id, replace(PLAIN, funded_on="2026-11-25"))
    with pytest.raises(OutOfOrderError) as refused:
        record_project(session, place[0].foreign.id, PLAIN)

    assert refused.value.passed.school_id == place[1].id


def test_local_money_is_compared_within_the_oblast(session, place):
    local = replace(PLAIN, money="local_budget")

    assert stored(session, record_project(session, place[0].foreign.id, local)).passed_count == 0


@pytest.mark.parametrize("money", ["board_of_trustees", "parents"])
def test_money_of_families_is_refused(session, place, money):
    with pytest.raises(MoneyOfFamiliesError):
        record_project(session, place[1].id, replace(PLAIN, money=money))
    values = {"run_id": place[2].id, "school_id": place[1].id, "amount_som": 1, "money": money}
    values |= {"funded_on": date(2026, 1, 1), "document": "d", "passed_count": 0}
    with pytest.raises(DBAPIError, match="ck_funded_project_money"), session.begin_nested():
        funded_projects.add_project(session, values)


@pytest.mark.parametrize(
    ("typed", "som"),
    [
        ("37400000", 37_400_000), ("37 400 000", 37_400_000), ("37\u00a0400\u00a0000", 37_400_000), ("1", 1),
        ("1,5", None), ("1.5", None), ("-5", None), ("0", None), ("", None), ("5 сом", None), ("1e9", None),
        ("3 74", None), ("9999999999999", None), ("٣٤", None),
    ],
)  # fmt: skip
def test_money_is_whole_som(typed, som):
    assert read_som(typed) == som


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "1.5"}, "amount"),
        ({"money": "lottery"}, "money"),
        ({"funded_on": "2999-01-01"}, "funded_on"),
        ({"funded_on": "x"}, "funded_on"),
        ({"document": ""}, "document"),
        ({"document_url": "ftp://a"}, "document_url"),
        ({"document_sha256": "abc"}, "document_sha256"),
    ],
)
def test_what_is_wrong_is_named(session, place, changed, field):
    with pytest.raises(ProjectIncompleteError) as refused:
        record_project(session, place[1].id, replace(PLAIN, **changed))

    assert refused.value.fields == (field,)


@pytest.mark.parametrize(("role", "may"), [("oblast", True), ("planner", True), ("department", False)])
def test_who_publishes_in_the_territory_records(session, place, role, may):
    area = None if role == "planner" else place[0].oblast if role == "oblast" else place[0].rayon
    become(session, make_officer(session, role, area=area))
    if may:
        assert record_project(session, place[0].own.id, REASON)
    else:
        with pytest.raises(OutsideTerritoryError):
            record_project(session, place[0].own.id, REASON)


def test_another_oblast_records_nothing(session, place):
    become(session, make_officer(session, "oblast", area=place[0].oblast))

    with pytest.raises(OutsideTerritoryError):
        record_project(session, place[1].id, PLAIN)


def test_a_school_outside_the_list_gets_no_record(session, place):
    with pytest.raises(NotInListError):
        record_project(session, make_school(session).id, PLAIN)


def test_a_correction_takes_the_place_of_its_record_once(session, place):
    first = record_project(session, place[1].id, PLAIN)
    second = record_project(session, place[1].id, replace(PLAIN, amount="5"), replaces=first)

    assert [row.id for row in funded_projects.list_projects(session, only_deviations=False)] == [second]
    for school, replaced in ((place[1].id, first), (place[0].own.id, second)):
        with pytest.raises(ProjectIncompleteError) as refused:
            record_project(session, school, REASON, replaces=replaced)
        assert refused.value.fields == ("replaces",)


def test_rates_are_by_year_and_oblast(session, place):
    record_project(session, place[0].own.id, REASON)
    record_project(session, place[1].id, replace(PLAIN, funded_on="2025-05-05"))
    record_project(session, place[0].foreign.id, replace(PLAIN, amount="100"))
    found = {(rate.year, rate.code): rate[5:] for rate in funded_projects.rates(session)}

    assert found[2026, place[0].oblast.code] == (2, 1, 37_400_100, 37_400_000)
    assert sorted(rate[:2] for rate in found.values()) == [(1, 0), (2, 1)]
