"""Every table of facts is audited, or named here as exempt with the reason."""

from sqlalchemy import text

EXEMPT = {
    "account_link": "one-time links; each is an event of its account",
    "account_session": "who is signed in at the moment; signing in is an event",
    "area_quality": "made from a run's inputs, never changed",
    "answer_change": "append-only history itself",
    "answer_prior": "counted for a version of priors, never changed",
    "area_result": "made from a run's inputs, never changed",
    "assessment_step": "append-only history itself",
    "audit_change": "the audit itself",
    "audit_event": "the audit itself",
    "audit_link": "the audit itself",
    "audit_transaction": "the audit itself",
    "background_job": "work, not facts; what it changes is audited under the request that asked",
    "base_map_feature": "a drawing below the facts, made again from its sources",
    "building_result": "made from a run's inputs, never changed",
    "building_screening": "made from a run's inputs, never changed",
    "bundle_result": "made from a run's inputs, never changed",
    "protection_count": "made from a run's inputs, never changed",
    "protection_shown": "made from a run's inputs, never changed",
    "plan_draws": "made from a plan, never changed",
    "plan_draw_school": "made from a plan, never changed",
    "plan_provenance": "made from a plan, never changed",
    "plan_item_provenance": "made from a plan, never changed",
    "plan_item": "made with its plan, never changed",
    "plan_must_act": "made with its plan, never changed",
    "plan_payment": "made with its plan, never changed",
    "plan_sensitivity": "made from a plan, never changed",
    "sensitivity_school": "made with its report, never changed",
    "sensitivity_variant": "made with its report, never changed",
    "cut_pair": "made from a run's inputs, never changed",
    "cut_school": "made from a run's inputs, never changed",
    "data_change": "a note that something changed, for kept pages",
    "domain_result": "made from a run's inputs, never changed",
    "exposure": "measured again from layers and places",
    "exposure_run": "measured again from layers and places",
    "funded_project": "append-only history itself",
    "hazard_feature": "its layer holds the SHA-256 of all features",
    "hazard_resolution": "append-only history itself",
    "import_batch": "taking in and taking back are events, what they change is audited",
    "import_problem": "what a check said about a file",
    "import_row": "what a check said about a file",
    "official_change": "made from two runs, never changed",
    "official_list": "append-only history itself",
    "official_split": "made from the kits of two runs, never changed",
    "parameter_decision": "append-only history itself",
    "pipeline_move": "append-only history itself",
    "prior_decision": "append-only history itself",
    "prior_version": "counted once, never changed",
    "quick_win_result": "made from a run's inputs, never changed",
    "revision": "keeps its own steps, who and why; what it publishes is audited",
    "revision_step": "append-only history itself",
    "role": "names of roles, from the code",
    "run_draws": "made from a run's inputs, never changed",
    "run_kit": "made from a run's inputs, never changed",
    "road": "its layer holds the SHA-256 of all roads",
    "school_area": "derived from places and outlines",
    "school_distance": "worked out again from roads and places",
    "school_way": "worked out again from roads and places",
    "service_place": "its layer holds the SHA-256 of all places",
    "school_quality": "made from a run's inputs, never changed",
    "scenario_result": "made from a scenario's inputs, never changed",
    "school_result": "made from a run's inputs, never changed",
    "school_works": "made from a run's inputs, never changed",
    "school_robustness": "made from a run's inputs, never changed",
    "school_swing": "made from a run's kit, never changed",
    "scheme_decision": "append-only history itself",
    "sign_in_record": "append-only history itself",
    "sign_in_try": "counts of the last minutes",
    "standard_edition_step": "append-only history itself",
    "submission_version": "append-only history itself",
    "survey_value": "made from a run's inputs, never changed",
    "tile_pyramid": "made from a run",
    "type_prior": "counted for a version of priors, never changed",
    "works_choice": "append-only history itself",
    "works_figure": "append-only history itself",
}

TABLES = text("""
    SELECT relname, array_agg(tgname::text) FILTER (WHERE tgname LIKE 'audit\\_%' AND tgenabled = 'O') AS triggers
    FROM pg_class LEFT JOIN pg_trigger ON tgrelid = pg_class.oid
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
        AND relname NOT LIKE 'procrastinate\\_%' AND relname NOT IN ('alembic_version', 'spatial_ref_sys')
    GROUP BY relname
""")
ROW_TRIGGERS = {"audit_added", "audit_changed", "audit_removed"}


def test_every_table_is_audited_or_exempt_with_a_reason(session):
    audited = {row.relname for row in session.execute(TABLES) if set(row.triggers or ()) >= ROW_TRIGGERS}
    every = {row.relname for row in session.execute(TABLES)}

    assert every - audited == EXEMPT.keys() & every
    assert audited.isdisjoint(EXEMPT)
    assert {"school", "building", "answer", "restricted_answer", "account", "account_grant", "run"} <= audited


def test_what_is_written_cannot_be_changed_by_anybody(session):
    guarded = {row.relname for row in session.execute(TABLES) if "audit_refuse" in (row.triggers or ())}

    assert guarded == {"audit_change", "audit_event", "audit_link", "audit_transaction"}
    for table in guarded:
        for role in ("mektep_web", "mektep_worker"):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                assert not _may(session, role, table, right), (role, table, right)
            assert _may(session, role, table, "INSERT") == (table == "audit_event"), (role, table)


def test_functions_of_the_audit_are_not_for_the_roles_of_the_application(session):
    found = text(
        "SELECT oid::regprocedure::text FROM pg_proc "
        "WHERE proname LIKE 'audit\\_%' AND proname <> 'audit_changes_of'"  # reads, and asks for the right itself
    )
    functions = session.scalars(found).all()

    assert len(functions) >= 6
    for function in functions:
        for role in ("mektep_web", "mektep_worker"):
            may = session.scalar(
                text("SELECT has_function_privilege(:role, :name, 'EXECUTE')"), {"role": role, "name": function}
            )
            assert not may, (role, function)


def test_secrets_of_accounts_are_named_as_such(session):
    """A new column of an account is a secret until the trigger names it as one that may be shown."""
    shown = session.scalar(
        text("SELECT encode(tgargs, 'escape') FROM pg_trigger WHERE tgname = 'audit_changed' AND tgrelid = :account"),
        {"account": session.scalar(text("SELECT 'account'::regclass::oid"))},
    ).split("\\000")[2]

    assert shown == "{name,display_name,email,active,is_synthetic,tf_primary_method,mf_codes_made_at}"


def _may(session, role, table, right):
    return session.scalar(
        text("SELECT has_table_privilege(:role, :table, :right)"), {"role": role, "table": table, "right": right}
    )
