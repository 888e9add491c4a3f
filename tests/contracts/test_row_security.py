"""Deny by default: each table is protected by row security, or named here as open."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.permissions import Grant, rights_of
from geodata.database import set_scope
from geodata.records.rights import NO_RIGHTS
from tests.support.rights import EVERYTHING

LOCAL = rights_of([Grant("local_body", area_id=1)])
"""Somebody who drafts and submits in one aimak."""

OPEN = {
    "area",
    "area_boundary",
    "area_succession",
    "school_area",
    "standard_edition",
    "standard_domain",
    "criterion",
    "criterion_guidance",
    "standard_agreement",
    "standard_edition_step",
    "base_map_feature",
    "claim",
    "role",
    "data_change",
}
"""Public by nature: names and outlines of areas, the standard, the base map, the names of roles,
random ids of changes."""

OTHERS = ("alembic_version", "spatial_ref_sys", "procrastinate_%")


def protected(session):
    return session.execute(
        text("""
            SELECT relname, relrowsecurity AND relforcerowsecurity
            FROM pg_class
            WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
                AND NOT relname LIKE ANY (:others)
        """),
        {"others": list(OTHERS)},
    ).all()


def test_every_table_is_protected_or_open_on_purpose(session):
    unprotected = {name for name, is_protected in protected(session) if not is_protected}

    assert unprotected == OPEN


def test_without_a_scope_no_protected_row_is_visible(engine):
    with engine.connect() as connection:
        tables = [name for name, is_protected in protected(connection) if is_protected]
        for table in tables:
            assert connection.scalar(text(f'SELECT count(*) FROM "{table}"')) == 0


def test_the_roles_of_the_application_own_nothing_and_cannot_pass_row_security(session):
    owned = session.scalar(
        text("""
            SELECT count(*) FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner
            WHERE rolname IN ('mektep_web', 'mektep_worker')
        """)
    )
    strong = session.scalars(
        text("""
            SELECT rolname FROM pg_roles
            WHERE rolname LIKE 'mektep%' AND (rolbypassrls OR rolsuper OR rolcreatedb OR rolcreaterole)
        """)
    ).all()

    assert owned == 0
    assert strong == []


def test_results_of_runs_cannot_be_changed_or_removed(session):
    results = ("school_result", "building_result", "domain_result", "area_result", "school_quality", "area_quality")
    drawn = ("run_draws", "school_robustness", "building_screening", "scenario_result", "bundle_result", "plan_item")
    plans = ("plan_payment", "plan_must_act", "survey_value", "measure_price")
    reports = ("plan_sensitivity", "sensitivity_variant", "sensitivity_school", "quick_win_result")
    reports = (*reports, "plan_draws", "plan_draw_school", "cut_school", "cut_pair", "plan_provenance")
    reports = (*reports, "plan_item_provenance")
    counted = ("prior_version", "type_prior", "answer_prior", "prior_decision", "parameter_decision")
    for table in (*results, *drawn, *plans, *reports, *counted, "exposure", "audit_event"):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            for role in ("mektep_web", "mektep_worker"):
                allowed = session.scalar(
                    text("SELECT has_table_privilege(:role, :table, :right)"),
                    {"role": role, "table": table, "right": right},
                )
                assert not allowed, (role, table, right)


@pytest.mark.parametrize("table", sorted(OPEN - {"role"}))
@pytest.mark.parametrize(("scope", "rights"), [("none", NO_RIGHTS), ("public", EVERYTHING), ("area", LOCAL)])
def test_what_everybody_reads_is_changed_for_the_whole_country_only(session, table, scope, rights):
    set_scope(session, scope, rights=rights)

    with pytest.raises(ProgrammingError, match=r"permission denied|for the whole country only"):
        session.execute(text(f"DELETE FROM {table}"))


def test_the_roles_themselves_are_changed_by_nobody(session):
    assert not session.scalar(text("SELECT has_table_privilege('mektep_web', 'role', 'INSERT, UPDATE, DELETE')"))
