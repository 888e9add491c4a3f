"""Give accounts roles in territories, and let row security read them: scope ``area``.

During a transaction ``app.rights`` holds what the account may do and where (``geodata.records.rights``). Code that sets
nothing holds nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WEB, WORKER = "mektep_web", "mektep_worker"
ROLES = f"{WEB}, {WORKER}"

ROLE_NAMES = (
    "school", "local_body", "department", "oblast", "planner", "assessor", "engineer", "council", "trainer", "analyst",
    "auditor", "administrator",
)  # fmt: skip

FUNCTIONS = {
    "app_rights()": (
        "jsonb",
        "SELECT coalesce(nullif(current_setting('app.rights', true), ''), '{}')::jsonb",
    ),
    "app_may(wanted text)": ("boolean", "SELECT jsonb_exists(app_rights(), wanted)"),
    "app_everywhere(wanted text)": (
        "boolean",
        f"SELECT (jsonb_exists(app_rights(), 'system') AND current_user = '{WORKER}') "
        "OR coalesce((app_rights() #>> ARRAY[wanted, 'everywhere'])::boolean, false)",
    ),
    "app_areas(wanted text)": (
        "bigint[]",
        "SELECT ARRAY(SELECT value::bigint FROM jsonb_array_elements_text(app_rights() #> ARRAY[wanted, 'areas']))",
    ),
    "app_schools(wanted text)": (
        "bigint[]",
        "SELECT ARRAY(SELECT value::bigint FROM jsonb_array_elements_text(app_rights() #> ARRAY[wanted, 'schools']))",
    ),
    "app_account()": ("bigint", "SELECT nullif(current_setting('app.account', true), '')::bigint"),
}


IN_TERRITORY = """
    CREATE FUNCTION app_in_territory(school bigint, wanted text) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
    BEGIN
        RETURN app_everywhere(wanted) OR school = ANY (app_schools(wanted)) OR EXISTS (
            SELECT FROM school_area AS place WHERE place.school_id = school AND place.area_id = ANY (app_areas(wanted))
        );
    END $$
"""
"""A function with a low cost, not a subquery: it is called for the few rows that are not published, while the cost of a
subquery in a policy would make the planner shun every join with a protected table."""


def inside(school: str, right: str) -> str:
    """Return the condition that ``school`` (an expression of its id) lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory({school}, '{right}'))"


VISIT_RESTRICTED = (
    "EXISTS (SELECT FROM assessment AS visit WHERE visit.id = assessment_id AND "
    f"{inside('visit.school_id', 'see_restricted')})"
)
PUBLIC_LAYER = "layer_id IN (SELECT id FROM hazard_layer WHERE is_public)"
PUBLISHED_RUN = "run_id IN (SELECT id FROM run WHERE is_published)"

READ = {
    # table: (what everybody sees, what scope area sees besides, what scope national sees besides)
    "school": ("is_published", inside("school.id", "see"), "true"),
    "building": ("is_published", inside("building.school_id", "see"), "true"),
    "school_code": ("EXISTS (SELECT FROM school WHERE school.id = school_id)", "false", "true"),
    "assessment": ("status = 'published'", inside("assessment.school_id", "see"), "true"),
    "answer": ("EXISTS (SELECT FROM assessment WHERE assessment.id = assessment_id)", "false", "true"),
    "restricted_answer": ("false", VISIT_RESTRICTED, VISIT_RESTRICTED),
    "hazard_layer": ("is_public", "false", "true"),
    "hazard_feature": (PUBLIC_LAYER, "false", "true"),
    "exposure_run": (PUBLIC_LAYER, "false", "true"),
    "exposure": ("run_id IN (SELECT id FROM exposure_run)", "false", "true"),
    "run": ("is_published", "false", "true"),
    "school_result": (PUBLISHED_RUN, "false", "true"),
    "building_result": (PUBLISHED_RUN, "false", "true"),
    "domain_result": (PUBLISHED_RUN, "false", "true"),
    "area_result": (PUBLISHED_RUN, "false", "true"),
    "tile_pyramid": (PUBLISHED_RUN, "false", "true"),
    "import_batch": ("false", "false", "NOT is_restricted OR (SELECT app_everywhere('see_restricted'))"),
    "import_row": ("false", "false", "batch_id IN (SELECT id FROM import_batch)"),
    "import_problem": ("false", "false", "batch_id IN (SELECT id FROM import_batch)"),
    "audit_event": ("false", "(SELECT app_everywhere('audit'))", "(SELECT app_everywhere('audit'))"),
}
"""What each scope sees of each protected table: views on published rows, one's territory, and the whole."""

NATIONAL = "(SELECT app_scope()) = 'national'"
IN_AREA = "(SELECT app_scope()) = 'area'"
OWN = "account_id = (SELECT app_account())"
ADMIN = "(SELECT app_everywhere('administer'))"
CREDENTIAL = "current_setting('app.credential', true)"

WRITE = {
    "school_change": ("school", f"{NATIONAL} OR ({IN_AREA} AND {inside('school.id', 'publish')})"),
    "building_add": ("building", f"{NATIONAL} OR ({IN_AREA} AND {inside('building.school_id', 'publish')})"),
    "building_change": ("building", f"{NATIONAL} OR ({IN_AREA} AND {inside('building.school_id', 'publish')})"),
    "restricted_answer_add": ("restricted_answer", f"{NATIONAL} AND {VISIT_RESTRICTED}"),
    "restricted_answer_change": ("restricted_answer", f"{NATIONAL} AND {VISIT_RESTRICTED}"),
    "restricted_answer_remove": ("restricted_answer", f"{NATIONAL} AND {VISIT_RESTRICTED}"),
    "audit_event_add": ("audit_event", f"{NATIONAL} OR {IN_AREA}"),
}
"""Who may write where; what is not here stays with the national scope (migration 0003)."""

ACCOUNT_ROW = {
    "account": f"{CREDENTIAL} IN (name, fs_uniquifier) OR id = (SELECT app_account()) OR {ADMIN}",
    "account_session": f"secret_sha256 = {CREDENTIAL} OR {OWN} OR {ADMIN}",
}
"""The rows of accounts that the web role may see: those it can name, one's own, all for administrators."""

ACCOUNT_COLUMNS = (
    "email, password, active, fs_uniquifier, mf_recovery_codes, tf_primary_method, tf_totp_secret, "
    "last_login_at, current_login_at, last_login_ip, current_login_ip, login_count, updated_at"
)

TRACKED = "last_login_at, current_login_at, last_login_ip, current_login_ip, login_count, updated_at"
RESTRICTED_KEYS = "SELECT id, assessment_id, criterion_id, building_id, batch_id FROM restricted_answer"


def upgrade() -> None:
    """Apply."""
    for signature, (kind, body) in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {signature} RETURNS {kind} LANGUAGE sql STABLE PARALLEL SAFE AS $$ {body} $$")
    op.execute(IN_TERRITORY)
    # A file with answers of the protection group: what it says is theirs who may see such answers.
    op.add_column("import_batch", sa.Column("is_restricted", sa.Boolean, server_default=sa.false(), nullable=False))
    for table, rows in READ.items():
        op.execute(f"ALTER POLICY {table}_read ON {table} USING ({_by_scope(*rows)})")
    for policy, (table, rule) in WRITE.items():
        clauses = f"WITH CHECK ({rule})" if policy.endswith("_add") else f"USING ({rule})"
        op.execute(f"ALTER POLICY {policy} ON {table} {clauses}")
    # That an answer exists is no secret, what it says is: undo must know what rests on a batch.
    op.execute(
        "CREATE FUNCTION restricted_answer_keys() RETURNS TABLE (id bigint, assessment_id bigint, criterion_id bigint, "
        "building_id bigint, batch_id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public "
        f"AS $$ {RESTRICTED_KEYS} $$"
    )
    op.execute("REVOKE ALL ON FUNCTION restricted_answer_keys() FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION restricted_answer_keys() TO {ROLES}")
    _create_grants()
    _open_accounts()
    _open_jobs()


def _by_scope(public: str, area: str, national: str) -> str:
    """Return the condition of the three scopes; each scope is asked once a statement, the cheapest rule first."""
    parts = [("app_scope() IN ('public', 'area', 'national')", public)]
    parts += [("app_scope() = 'national'", national), ("app_scope() = 'area'", area)]
    return " OR ".join(f"((SELECT {scope}) AND ({rows}))" for scope, rows in parts if rows != "false") or "false"


def _create_grants() -> None:
    for name in ROLE_NAMES:
        op.execute(sa.text("INSERT INTO role (name) VALUES (:name)").bindparams(name=name))
    op.create_table(
        "account_grant",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("area_id", sa.BigInteger),
        sa.Column("school_id", sa.BigInteger),
        sa.Column("granted_by", sa.BigInteger),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
        sa.CheckConstraint("num_nonnulls(area_id, school_id) <= 1", name=op.f("ck_account_grant_one_place")),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], ondelete="CASCADE", name=op.f(f"fk_account_grant_{column}_{to}")
            )
            for column, target, to in (
                ("account_id", "account.id", "account"),
                ("role", "role.name", "role"),
                ("area_id", "area.id", "area"),
                ("school_id", "school.id", "school"),
            )
        ),
    )
    op.execute(
        "INSERT INTO account_grant (account_id, role) SELECT held.account_id, becomes.role FROM account_role AS held "
        "CROSS JOIN (VALUES ('planner'), ('administrator')) AS becomes (role)"
    )
    op.drop_table("account_role")
    op.execute("DELETE FROM role WHERE name = 'operator'")
    op.create_index(
        "uq_account_grant_place",
        "account_grant",
        ["account_id", "role", "area_id", "school_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(op.f("ix_account_grant_area_id"), "account_grant", ["area_id"])
    op.create_index(op.f("ix_account_grant_school_id"), "account_grant", ["school_id"])
    op.execute("ALTER TABLE account_grant ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE account_grant FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY account_grant_owner ON account_grant TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY account_grant_worker ON account_grant TO {WORKER} "
        f"USING ({NATIONAL} OR {OWN}) WITH CHECK ({NATIONAL})"
    )
    op.execute(
        f"CREATE POLICY account_grant_read ON account_grant FOR SELECT TO {WEB} "
        "USING (account_id IN (SELECT id FROM account))"
    )
    op.execute(f"CREATE POLICY account_grant_add ON account_grant FOR INSERT TO {WEB} WITH CHECK ({ADMIN})")
    op.execute(f"CREATE POLICY account_grant_remove ON account_grant FOR DELETE TO {WEB} USING ({ADMIN})")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON account_grant TO {ROLES}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def _open_accounts() -> None:
    op.add_column("account", sa.Column("display_name", sa.Text))
    for table, row in ACCOUNT_ROW.items():
        op.execute(f"ALTER POLICY {table}_web ON {table} USING ({row}) WITH CHECK ({row})")
    op.execute(f"GRANT INSERT ON account TO {WEB}")
    op.execute(f"GRANT UPDATE ({ACCOUNT_COLUMNS}, display_name) ON account TO {WEB}")
    # A row of one's own or one that was named may be changed, but only an administrator adds one.
    op.execute(f"CREATE POLICY account_add ON account AS RESTRICTIVE FOR INSERT TO {WEB} WITH CHECK ({ADMIN})")


def _open_jobs() -> None:
    op.drop_constraint("ck_background_job_scope", "background_job")
    op.create_check_constraint(
        op.f("ck_background_job_scope"), "background_job", "scope IN ('public', 'area', 'national')"
    )
    mine = f"scope = 'public' OR {OWN}"
    for policy, clause in (("read", "USING"), ("add", "WITH CHECK")):
        rule = _by_scope("scope = 'public'", mine, "true")
        op.execute(f"ALTER POLICY background_job_{policy} ON background_job {clause} ({rule})")


def downgrade() -> None:
    """Take back."""
    _close_jobs()
    _close_accounts()
    op.drop_table("account_grant")
    op.execute("DELETE FROM role")
    op.execute(
        "INSERT INTO role (name, description) VALUES ('operator', 'imports, ranks and undoes for the whole country')"
    )
    op.execute("DROP FUNCTION restricted_answer_keys()")
    for policy, (table, _) in WRITE.items():
        clause = "WITH CHECK" if policy.endswith("_add") else "USING"
        op.execute(f"ALTER POLICY {policy} ON {table} {clause} ({NATIONAL})")
    for table, (public, _, _) in READ.items():
        op.execute(f"ALTER POLICY {table}_read ON {table} USING ({_by_scope(public, 'false', 'true')})")
    op.drop_column("import_batch", "is_restricted")
    _create_account_role()
    op.execute("DROP FUNCTION app_in_territory(bigint, text)")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")


def _close_jobs() -> None:
    op.execute("DELETE FROM background_job WHERE scope = 'area'")
    op.drop_constraint(op.f("ck_background_job_scope"), "background_job")
    op.create_check_constraint(op.f("ck_background_job_scope"), "background_job", "scope IN ('public', 'national')")
    for policy, clause in (("read", "USING"), ("add", "WITH CHECK")):
        rule = _by_scope("scope = 'public'", "false", "true")
        op.execute(f"ALTER POLICY background_job_{policy} ON background_job {clause} ({rule})")


def _close_accounts() -> None:
    op.execute("DROP POLICY account_add ON account")
    op.execute(f"REVOKE INSERT ON account FROM {WEB}")
    op.execute(f"REVOKE UPDATE ({ACCOUNT_COLUMNS}, display_name) ON account FROM {WEB}")
    op.execute(f"GRANT UPDATE ({TRACKED}) ON account TO {WEB}")
    rows = {
        "account": f"{CREDENTIAL} IN (name, fs_uniquifier)",
        "account_session": f"secret_sha256 = {CREDENTIAL}",
    }
    for table, row in rows.items():
        op.execute(f"ALTER POLICY {table}_web ON {table} USING ({row}) WITH CHECK ({row})")
    op.drop_column("account", "display_name")


def _create_account_role() -> None:
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("role_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
        *(
            sa.ForeignKeyConstraint(
                [f"{to}_id"], [f"{to}.id"], ondelete="CASCADE", name=op.f(f"fk_account_role_{to}_id_{to}")
            )
            for to in ("account", "role")
        ),
    )
    op.execute("ALTER TABLE account_role ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE account_role FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY account_role_owner ON account_role TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY account_role_worker ON account_role TO {WORKER} USING ({NATIONAL}) WITH CHECK ({NATIONAL})"
    )
    op.execute(
        f"CREATE POLICY account_role_web ON account_role TO {WEB} USING (account_id IN (SELECT id FROM account))"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON account_role TO {WORKER}")
    op.execute(f"GRANT SELECT ON account_role TO {WEB}")
