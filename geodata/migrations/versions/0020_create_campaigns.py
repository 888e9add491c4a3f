"""Create campaigns: who visits which schools until when; what a closed campaign counted can no longer change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
ME = "(SELECT app_account())"
KINDS = "'self', 'verification', 'survey', 'instrument'"


def inside(right: str) -> str:
    """Return the condition that the visit's school lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory(school_id, '{right}'))"


CAMPAIGN_READ = (
    f"{SIGNED_IN} AND (created_by = {ME} OR (SELECT app_everywhere('verify')) "
    "OR EXISTS (SELECT FROM campaign_visit WHERE campaign_visit.campaign_id = campaign.id))"
)
CAMPAIGN_ADD = f"{SIGNED_IN} AND created_by = {ME} AND status = 'open' AND (SELECT app_may('verify'))"
CAMPAIGN_CHANGE = (
    f"{SIGNED_IN} AND (SELECT app_may('verify')) AND (created_by = {ME} OR (SELECT app_everywhere('verify')))"
)
VISIT_READ = f"{SIGNED_IN} AND (account_id = {ME} OR {inside('see')})"
VISIT_WRITE = f"{SIGNED_IN} AND {inside('verify')}"
VISIT_CHANGE = f"{SIGNED_IN} AND (account_id = {ME} OR {inside('verify')})"

CAMPAIGN_GUARD = """
    CREATE FUNCTION campaign_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.status = 'closed' THEN
            RAISE EXCEPTION 'a closed campaign stays as it is' USING ERRCODE = '42501';
        END IF;
        IF (NEW.id, NEW.kind, NEW.edition_id, NEW.created_by, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.kind, OLD.edition_id, OLD.created_by, OLD.created_at)
        THEN
            RAISE EXCEPTION 'a campaign stays with its kind, edition and author' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END $$
"""

VISIT_GUARD = """
    CREATE FUNCTION campaign_visit_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
    AS $$
    DECLARE
        wanted bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.campaign_id ELSE NEW.campaign_id END;
        found record;
    BEGIN
        SELECT status, created_by INTO found FROM campaign WHERE id = wanted;
        IF found.status = 'closed' THEN
            RAISE EXCEPTION 'a closed campaign stays as it is' USING ERRCODE = '42501';
        END IF;
        IF TG_OP = 'INSERT' AND NOT (found.created_by IS NOT DISTINCT FROM app_account() OR app_everywhere('verify'))
        THEN
            RAISE EXCEPTION 'schools are added by who made the campaign' USING ERRCODE = '42501';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.campaign_id, NEW.school_id) IS DISTINCT FROM (OLD.campaign_id, OLD.school_id) THEN
                RAISE EXCEPTION 'a visit stays with its campaign and school' USING ERRCODE = '42501';
            END IF;
            IF (NEW.account_id, NEW.due_on, NEW.reminded_at, NEW.assessment_id)
                IS DISTINCT FROM (OLD.account_id, OLD.due_on, OLD.reminded_at, OLD.assessment_id)
                AND NOT (app_everywhere('verify') OR app_in_territory(OLD.school_id, 'verify'))
            THEN
                RAISE EXCEPTION 'who visits only says why a visit failed' USING ERRCODE = '42501';
            END IF;
            IF NEW.assessment_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM assessment WHERE id = NEW.assessment_id AND school_id = NEW.school_id
                    AND status = 'published'
            ) THEN
                RAISE EXCEPTION 'a campaign counts published assessments of its schools' USING ERRCODE = '42501';
            END IF;
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
"""

FREEZE = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM changed_rows JOIN campaign_visit AS visit ON visit.assessment_id = changed_rows.{key}
        ) THEN
            RAISE EXCEPTION 'counted by a closed campaign: %', TG_TABLE_NAME USING ERRCODE = '42501', HINT = 'frozen';
        END IF;
        RETURN NULL;
    END $$
"""
"""Asked once a statement, with the rows that it touched: a bulk import pays one join."""
FROZEN = {
    "assessment": ("campaign_freeze_assessment", ("UPDATE", "DELETE")),
    "answer": ("campaign_freeze_answer", ("INSERT", "UPDATE", "DELETE")),
    "restricted_answer": ("campaign_freeze_answer", ("INSERT", "UPDATE", "DELETE")),
    "evidence": ("campaign_freeze_answer", ("INSERT", "UPDATE", "DELETE")),
}

ASSIGNEES = """
    CREATE FUNCTION campaign_assignees() RETURNS TABLE (id bigint, name text, roles text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        SELECT account.id, coalesce(account.display_name, account.name), array_agg(DISTINCT held.role)
        FROM account
        JOIN account_grant AS held ON held.account_id = account.id
        WHERE account.active AND app_scope() IN ('area', 'national') AND app_may('verify')
            AND held.role IN ('local_body', 'department', 'planner', 'assessor', 'engineer')
            AND (
                app_everywhere('verify')
                OR (held.area_id IS NULL AND held.school_id IS NULL)
                OR held.area_id = ANY (app_areas('verify'))
                OR EXISTS (
                    SELECT FROM school_area AS mine
                    JOIN school_area AS theirs ON theirs.school_id = mine.school_id
                    WHERE mine.area_id = ANY (app_areas('verify'))
                        AND (theirs.school_id = held.school_id OR theirs.area_id = held.area_id)
                )
            )
        GROUP BY account.id
    $$
"""
"""Who can be sent: people with a right to answer somewhere in the territory of who asks, by name alone."""


def _moment(name: str, default: str | None = None) -> sa.Column:
    given = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=default is None)


def _link(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{target}")
    )


def _create_tables() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("edition_id", sa.BigInteger, nullable=False),
        sa.Column("area_id", sa.BigInteger),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("status", sa.Text, server_default=sa.text("'open'"), nullable=False),
        sa.Column("sample_seed", sa.BigInteger),
        sa.Column("sample_size", sa.Integer),
        sa.Column("sample_run_id", sa.BigInteger),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.Column("created_by_name", sa.Text),
        _moment("created_at", "now()"),
        _moment("closed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        _link("campaign", "edition_id", "standard_edition"),
        _link("campaign", "area_id", "area", "SET NULL"),
        _link("campaign", "sample_run_id", "run", "SET NULL"),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_campaign_status")),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_campaign_kind")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaign_days")),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_campaign_closed")),
    )
    op.create_table(
        "campaign_visit",
        sa.Column("campaign_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("account_name", sa.Text),
        sa.Column("due_on", sa.Date, nullable=False),
        _moment("reminded_at"),
        sa.Column("reason", sa.Text),
        sa.Column("assessment_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("campaign_id", "school_id", name=op.f("pk_campaign_visit")),
        _link("campaign_visit", "campaign_id", "campaign", "CASCADE"),
        _link("campaign_visit", "school_id", "school", "CASCADE"),
        _link("campaign_visit", "assessment_id", "assessment"),
    )
    for column in ("school_id", "account_id"):
        op.create_index(op.f(f"ix_campaign_visit_{column}"), "campaign_visit", [column])
    op.create_index(
        "ix_campaign_visit_frozen", "campaign_visit", ["assessment_id"],
        postgresql_where=sa.text("assessment_id IS NOT NULL"),
    )  # fmt: skip


def _protect() -> None:
    for table in ("campaign", "campaign_visit"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {ROLES}")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT DELETE ON campaign_visit TO {ROLES}")
    for policy, table, event, rule in (
        ("campaign_read", "campaign", "FOR SELECT", f"USING ({CAMPAIGN_READ})"),
        ("campaign_add", "campaign", "FOR INSERT", f"WITH CHECK ({CAMPAIGN_ADD})"),
        ("campaign_change", "campaign", "FOR UPDATE", f"USING ({CAMPAIGN_CHANGE}) WITH CHECK ({CAMPAIGN_CHANGE})"),
        ("campaign_visit_read", "campaign_visit", "FOR SELECT", f"USING ({VISIT_READ})"),
        ("campaign_visit_add", "campaign_visit", "FOR INSERT", f"WITH CHECK ({VISIT_WRITE})"),
        ("campaign_visit_change", "campaign_visit", "FOR UPDATE", f"USING ({VISIT_CHANGE})"),
        ("campaign_visit_remove", "campaign_visit", "FOR DELETE", f"USING ({VISIT_WRITE})"),
    ):
        op.execute(f"CREATE POLICY {policy} ON {table} {event} TO {ROLES} {rule}")
    op.execute("SELECT audit_table('campaign', 'id', '{created_at}', '{title, kind, starts_on, ends_on, status}')")
    op.execute(
        "SELECT audit_table('campaign_visit', 'school_id', '{reminded_at}', "
        "'{campaign_id, account_id, due_on, reason, assessment_id}')"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def upgrade() -> None:
    """Apply."""
    _create_tables()
    for body in (CAMPAIGN_GUARD, VISIT_GUARD, ASSIGNEES):
        op.execute(body)
    op.execute("CREATE TRIGGER campaign_guard BEFORE UPDATE ON campaign FOR EACH ROW EXECUTE FUNCTION campaign_guard()")
    op.execute(
        "CREATE TRIGGER campaign_visit_guard BEFORE INSERT OR UPDATE OR DELETE ON campaign_visit "
        "FOR EACH ROW EXECUTE FUNCTION campaign_visit_guard()"
    )
    for name, key in (("campaign_freeze_assessment", "id"), ("campaign_freeze_answer", "assessment_id")):
        op.execute(FREEZE.format(name=name, key=key))
    op.execute(
        "REVOKE ALL ON FUNCTION campaign_assignees(), campaign_visit_guard(), campaign_freeze_assessment(), "
        "campaign_freeze_answer() FROM public"
    )
    op.execute(f"GRANT EXECUTE ON FUNCTION campaign_assignees() TO {ROLES}")
    for table, (function, events) in FROZEN.items():
        for event in events:
            rows = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE TRIGGER campaign_freeze_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )
    _protect()


def downgrade() -> None:
    """Take back."""
    for table, (_, events) in FROZEN.items():
        for event in events:
            op.execute(f"DROP TRIGGER campaign_freeze_{event.lower()} ON {table}")
    op.execute("DROP POLICY campaign_read ON campaign")
    op.drop_table("campaign_visit")
    op.drop_table("campaign")
    for function in (
        "campaign_assignees", "campaign_freeze_assessment", "campaign_freeze_answer", "campaign_visit_guard",
        "campaign_guard",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}()")
