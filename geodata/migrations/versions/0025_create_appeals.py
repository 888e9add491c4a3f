"""Create funded projects with their deviations, appeals of facts with their clock, and claims of numbers.

Money that passes a better-ranked school by needs a reason and a document: the database holds that. An appeal is decided
by somebody else than who wrote it, in a time that the database counts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
OWN = "created_by = (SELECT app_account())"
MONEY = "'republican_budget', 'local_budget', 'stimulating_grant', 'donor', 'development_fund'"
"""Never boards of trustees or parents: safety is not collected from families."""

REASONS = "'emergency', 'ready', 'co_financing', 'donor_condition', 'court', 'merger', 'other'"
STATUSES = "'open', 'accepted', 'rejected', 'withdrawn'"


def inside(right: str) -> str:
    """Return the condition that the school lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory(school_id, '{right}'))"


DUE = """
    CREATE FUNCTION working_day(start date, days integer) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS $$
        SELECT day::date FROM generate_series(start + 1, start + 3 * days + 7, interval '1 day') AS day
        WHERE extract(isodow FROM day) < 6
        ORDER BY day OFFSET greatest(days, 1) - 1 LIMIT 1
    $$
"""
"""Saturdays and Sundays do not count; holidays are not known here."""

APPEAL_CLOCK = """
    CREATE FUNCTION appeal_clock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.created_at := clock_timestamp();
        NEW.due_on := working_day((NEW.created_at AT TIME ZONE 'Asia/Bishkek')::date, NEW.working_days);
        RETURN NEW;
    END $$
"""

APPEAL_GUARD = """
    CREATE FUNCTION appeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        is_own boolean := coalesce(OLD.created_by = app_account(), false);
    BEGIN
        IF current_user = 'mektep_owner' THEN
            RETURN NEW;
        END IF;
        IF (NEW.id, NEW.school_id, NEW.building_id, NEW.fact, NEW.present_value, NEW.claimed, NEW.evidence, NEW.evidence_url,
                NEW.reason, NEW.created_by, NEW.created_at, NEW.working_days, NEW.due_on)
            IS DISTINCT FROM (OLD.id, OLD.school_id, OLD.building_id, OLD.fact, OLD.present_value, OLD.claimed, OLD.evidence,
                OLD.evidence_url, OLD.reason, OLD.created_by, OLD.created_at, OLD.working_days, OLD.due_on)
        THEN
            RAISE EXCEPTION 'an appeal stays as it was written' USING ERRCODE = '42501';
        END IF;
        IF OLD.status <> 'open' OR NOT (CASE NEW.status
            WHEN 'withdrawn' THEN is_own
            WHEN 'accepted' THEN NOT is_own AND app_in_territory(OLD.school_id, 'verify')
            WHEN 'rejected' THEN NOT is_own AND app_in_territory(OLD.school_id, 'verify')
            ELSE false
        END) THEN
            RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'not open to this account: ' || NEW.status;
        END IF;
        NEW.decided_at := clock_timestamp();
        RETURN NEW;
    END $$
"""


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    default = None if nullable else sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _link(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{target}")
    )


def _create_projects() -> None:
    op.create_table(
        "funded_project",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("amount_som", sa.BigInteger, nullable=False),
        sa.Column("money", sa.Text, nullable=False),
        sa.Column("funded_on", sa.Date, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("document_url", sa.Text),
        sa.Column("document_sha256", sa.Text),
        sa.Column("passed_school_id", sa.BigInteger),
        sa.Column("passed_count", sa.Integer, nullable=False),
        sa.Column("reason_code", sa.Text),
        sa.Column("reason_ky", sa.Text),
        sa.Column("reason_ru", sa.Text),
        sa.Column("created_by", sa.BigInteger),
        _moment("recorded_at"),
        sa.Column("replaces_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_project")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_funded_project_replaces_id")),
        _link("funded_project", "run_id", "run"),
        _link("funded_project", "school_id", "school"),
        _link("funded_project", "passed_school_id", "school"),
        _link("funded_project", "replaces_id", "funded_project"),
        sa.CheckConstraint("amount_som > 0", name=op.f("ck_funded_project_amount")),
        sa.CheckConstraint(f"money IN ({MONEY})", name=op.f("ck_funded_project_money")),
        sa.CheckConstraint(
            f"(passed_count = 0 AND passed_school_id IS NULL AND reason_code IS NULL) OR (passed_count > 0 "
            f"AND passed_school_id IS NOT NULL AND coalesce(reason_code IN ({REASONS}), false) "
            "AND reason_ky <> '' AND reason_ru <> '' AND reason_ky IS NOT NULL AND reason_ru IS NOT NULL "
            "AND coalesce(document_url, document_sha256) IS NOT NULL)",
            name=op.f("ck_funded_project_deviation"),
        ),
        sa.CheckConstraint(
            "document_sha256 IS NULL OR document_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_funded_project_sha256")
        ),
    )
    op.create_index(op.f("ix_funded_project_school_id"), "funded_project", ["school_id"])


def _create_appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("building_id", sa.BigInteger),
        sa.Column("fact", sa.Text, nullable=False),
        sa.Column("present_value", sa.Text),
        sa.Column("claimed", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("evidence_url", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status", sa.Text, server_default=sa.text("'open'"), nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        _moment("created_at"),
        sa.Column("working_days", sa.SmallInteger, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        _moment("decided_at", nullable=True),
        sa.Column("decision", sa.Text),
        sa.Column("revision_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        _link("appeal", "school_id", "school"),
        _link("appeal", "building_id", "building"),
        _link("appeal", "revision_id", "revision", "SET NULL"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_appeal_status")),
        sa.CheckConstraint("working_days BETWEEN 1 AND 90", name=op.f("ck_appeal_working_days")),
        sa.CheckConstraint(
            "status NOT IN ('accepted', 'rejected') OR (decision IS NOT NULL AND decision <> '')",
            name=op.f("ck_appeal_decision"),
        ),
    )
    op.create_index(op.f("ix_appeal_school_id"), "appeal", ["school_id"])
    op.create_index("ix_appeal_open", "appeal", ["due_on"], postgresql_where=sa.text("status = 'open'"))
    op.create_index(
        "uq_appeal_open",
        "appeal",
        ["school_id", "building_id", "fact"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
        postgresql_nulls_not_distinct=True,
    )


def _create_claims() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        *(sa.Column(f"definition_{language}", sa.Text, nullable=False) for language in ("ky", "ru", "en")),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("said_on", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("subject", "said_on", "source", name=op.f("uq_claim_subject_said_on_source")),
        sa.CheckConstraint("said_on ~ '^[0-9]{4}(-[0-9]{2}){0,2}$'", name=op.f("ck_claim_said_on")),
    )
    op.execute(
        "CREATE TRIGGER open_table_guard BEFORE INSERT OR UPDATE OR DELETE ON claim "
        "FOR EACH STATEMENT EXECUTE FUNCTION open_table_guard()"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON claim TO {ROLES}")
    op.execute("SELECT audit_table('claim', 'id', '{}')")


def upgrade() -> None:
    """Apply."""
    _create_projects()
    _create_appeals()
    _create_claims()
    for body in (DUE, APPEAL_CLOCK, APPEAL_GUARD):
        op.execute(body)
    op.execute("CREATE TRIGGER appeal_clock BEFORE INSERT ON appeal FOR EACH ROW EXECUTE FUNCTION appeal_clock()")
    op.execute("CREATE TRIGGER appeal_guard BEFORE UPDATE ON appeal FOR EACH ROW EXECUTE FUNCTION appeal_guard()")
    for table in ("funded_project", "appeal"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
    # Who sees the school (and the run) sees what was decided about it: the policies of those hold inside.
    op.execute(
        f"CREATE POLICY funded_project_read ON funded_project FOR SELECT TO {ROLES} "
        "USING (run_id IN (SELECT id FROM run) AND school_id IN (SELECT id FROM school))"
    )
    op.execute(
        f"CREATE POLICY funded_project_add ON funded_project FOR INSERT TO {ROLES} "
        f"WITH CHECK ({SIGNED_IN} AND {inside('publish')})"
    )
    op.execute(
        f"CREATE POLICY appeal_read ON appeal FOR SELECT TO {ROLES} USING (school_id IN (SELECT id FROM school))"
    )
    op.execute(
        f"CREATE POLICY appeal_add ON appeal FOR INSERT TO {ROLES} "
        f"WITH CHECK ({SIGNED_IN} AND {OWN} AND status = 'open' AND {inside('edit')})"
    )
    op.execute(
        f"CREATE POLICY appeal_change ON appeal FOR UPDATE TO {ROLES} "
        f"USING ({SIGNED_IN} AND ({OWN} OR {inside('verify')}))"
    )
    op.execute(f"GRANT UPDATE (status, decision, revision_id, decided_at) ON appeal TO {ROLES}")
    op.execute("SELECT audit_table('appeal', 'id', '{created_by, created_at}')")
    for table in ("funded_project", "appeal", "claim"):
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for table in ("claim", "appeal", "funded_project"):
        op.drop_table(table)
    for function in ("appeal_guard()", "appeal_clock()", "working_day(date, integer)"):
        op.execute(f"DROP FUNCTION {function}")
