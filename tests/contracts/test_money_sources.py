"""Collecting money in schools is prohibited: parents and boards of trustees are a source nowhere."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.funding.catalogue import default_catalogue
from app.funding.envelopes import SOURCES
from app.funding.precedence import class_of_group
from app.permissions import Grant, rights_of
from app.web.deviations.words import MONEY as WORDS
from app.workflows.record_project import FROM_FAMILIES, MONEY
from geodata.database import set_scope
from geodata.readers.parameter_tables import read_parameter_tables
from geodata.records.rights import NO_RIGHTS

FAMILIES = re.compile(r"parent|trustee|famil|household|collection|fee\b", re.IGNORECASE)


def test_sources_are_one_closed_list_in_plans_projects_and_words():
    assert set(SOURCES) == set(MONEY) == set(WORDS)
    assert not set(SOURCES) & set(FROM_FAMILIES)
    assert not [source for source in SOURCES if FAMILIES.search(source)]


def test_no_list_of_sources_in_the_database_holds_families(session):
    rows = session.execute(
        text("""
            SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'c' AND connamespace = 'public'::regnamespace
                AND pg_get_constraintdef(oid) ~ 'republican_budget|local_budget'
        """)
    ).all()

    assert "plan_payment" in {table for table, _rule in rows}
    assert not [(table, rule) for table, rule in rows if FAMILIES.search(rule)]


def test_the_database_refuses_a_payment_of_families(session):
    for source in FROM_FAMILIES:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                text(
                    "INSERT INTO plan_payment (plan_id, school_id, source, year, amount_som) VALUES (0, 0, :s, 2027, 5)"
                ),
                {"s": source},
            )


@pytest.mark.parametrize("statement", [
    "INSERT INTO plan (hash, canonical, status, code_version, run_id, budget_som, cost_som, benefit, bound,"
    " shadow_price, proposal_share, schools, is_proven, is_unique, is_synthetic)"
    " VALUES ('h', '{}', '-', '-', 0, 0, 0, 0, 0, 0, 0, 0, true, true, true)",
    "INSERT INTO plan_must_act (plan_id, school_id, reason, outcome) VALUES (0, 0, 'x', 'funded')",
])  # fmt: skip
@pytest.mark.parametrize("rights", [NO_RIGHTS, rights_of([Grant("planner")])], ids=["nobody", "planner"])
def test_a_plan_takes_the_right_to_rank_in_the_database_too(session, statement, rights):
    set_scope(session, "national", rights=rights)
    session.execute(text("SET LOCAL ROLE mektep_web"))
    may = rights is not NO_RIGHTS

    with pytest.raises(IntegrityError if may else ProgrammingError, match=None if may else "row-level security"):
        session.execute(text(statement))


def test_every_group_of_measures_is_safety_service_or_comfort():
    groups = {measure.group for measure in default_catalogue().interventions.values()}

    assert groups <= set(class_of_group())
    assert {row["status"] for row in read_parameter_tables().rows["funding_groups"]} == {"proposal"}


def test_own_shares_of_local_budgets_say_where_they_come_from():
    rows = read_parameter_tables().rows["cofinancing"]

    assert [row["area_code"] for row in rows].count("") == 1, "one row stands for every other area"
    assert all(row["source"] and row["status"] for row in rows)
