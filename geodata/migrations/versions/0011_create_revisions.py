"""Create revisions: what is drafted, submitted, verified and published, by whom and why; and what was public before.

The database itself holds the order of the steps and the four eyes: a page that forgets to ask changes nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
STATUSES = "'draft', 'submitted', 'verified', 'published', 'returned', 'withdrawn'"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
OWN = "created_by = (SELECT app_account())"


def inside(right: str) -> str:
    """Return the condition that the revision's school lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory(revision.school_id, '{right}'))"


READ = f"{SIGNED_IN} AND ({OWN} OR (status <> 'draft' AND {inside('see')}))"
ADD = (
    f"{SIGNED_IN} AND {OWN} AND status = 'draft' AND {inside('edit')} AND (building_id IS NULL OR EXISTS ("
    "SELECT FROM building WHERE building.id = building_id AND building.school_id = revision.school_id))"
)
CHANGE = f"{SIGNED_IN} AND ({OWN} OR (status <> 'draft' AND ({inside('verify')} OR {inside('publish')})))"

GUARD = """
    CREATE FUNCTION revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        is_own boolean := coalesce(OLD.created_by = app_account(), false);
        step text := OLD.status || '>' || NEW.status;
        wanted text;
    BEGIN
        IF current_user = 'mektep_owner' THEN
            RETURN NEW;
        END IF;
        IF (NEW.id, NEW.kind, NEW.school_id, NEW.created_by, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.kind, OLD.school_id, OLD.created_by, OLD.created_at)
            OR (NEW.building_id IS DISTINCT FROM OLD.building_id
                AND NOT (OLD.building_id IS NULL AND step = 'verified>published'))
        THEN
            RAISE EXCEPTION 'a revision stays with its record and its author' USING ERRCODE = '42501';
        END IF;
        IF (NEW.changes, NEW.base, NEW.base_version, NEW.source, NEW.source_date, NEW.reason)
            IS DISTINCT FROM (OLD.changes, OLD.base, OLD.base_version, OLD.source, OLD.source_date, OLD.reason)
            AND NOT (is_own AND OLD.status IN ('draft', 'returned'))
        THEN
            RAISE EXCEPTION 'only its author changes a draft' USING ERRCODE = '42501';
        END IF;
        wanted := CASE
            WHEN step IN ('draft>draft', 'returned>returned', 'draft>submitted', 'returned>submitted') THEN 'own edit'
            WHEN step IN ('draft>withdrawn', 'returned>withdrawn', 'submitted>withdrawn', 'submitted>draft') THEN 'own'
            WHEN step IN ('submitted>verified', 'submitted>returned') THEN 'verify'
            WHEN step IN ('verified>published', 'verified>returned') THEN 'publish'
            ELSE 'nobody'
        END;
        IF NOT (CASE wanted
            WHEN 'own edit' THEN is_own AND (app_everywhere('edit') OR app_in_territory(OLD.school_id, 'edit'))
            WHEN 'own' THEN is_own
            WHEN 'nobody' THEN false
            ELSE NOT is_own AND (app_everywhere(wanted) OR app_in_territory(OLD.school_id, wanted))
        END) THEN
            RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'not open to this account: ' || step;
        END IF;
        RETURN NEW;
    END $$
"""
"""Who may take which step. Nobody verifies or publishes what is their own."""

NOTE = """
    CREATE FUNCTION revision_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        INSERT INTO revision_step (revision_id, account_id, account_name, from_status, to_status, reason)
        VALUES (
            NEW.id, app_account(),
            (SELECT coalesce(display_name, name) FROM account WHERE id = app_account()),
            CASE TG_OP WHEN 'UPDATE' THEN OLD.status END, NEW.status,
            CASE WHEN NEW.status = 'submitted' THEN NEW.reason ELSE NEW.step_reason END
        );
        RETURN NULL;
    END $$
"""
"""Writes the step down for whoever takes it: no role of the application can add, change or remove one itself."""

PAST = """
    CREATE FUNCTION record_past(wanted text, record bigint) RETURNS TABLE (at timestamptz, before jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        WITH shown AS (
            SELECT school.code FROM school
            WHERE wanted = 'school' AND school.id = record AND school.is_published
                AND app_scope() IN ('public', 'area', 'national')
            UNION ALL
            SELECT building.code FROM building JOIN school ON school.id = building.school_id
            WHERE wanted = 'building' AND building.id = record AND building.is_published AND school.is_published
                AND app_scope() IN ('public', 'area', 'national')
        ),
        filed AS (
            SELECT batch.committed_at, batch.undone_at, r.old, r.new
            FROM shown
            JOIN import_row AS r ON r.key = shown.code AND r.action = 'changed'
            JOIN import_batch AS batch ON batch.id = r.batch_id AND batch.kind = wanted || 's'
            WHERE batch.committed_at IS NOT NULL
        )
        SELECT committed_at, old - ARRAY['_', 'provenance', 'other_codes'] FROM filed
        UNION ALL
        SELECT undone_at, new - ARRAY['_', 'provenance', 'other_codes'] FROM filed WHERE undone_at IS NOT NULL
        UNION ALL
        SELECT revision.published_at, revision.replaced FROM revision
        WHERE revision.status = 'published' AND revision.kind = wanted AND revision.replaced IS NOT NULL
            AND coalesce(revision.building_id, revision.school_id) = record AND EXISTS (SELECT FROM shown)
    $$
"""
"""What each publication, import and undo replaced in a record that is public: only values that were public once."""

KEYS = """
    CREATE FUNCTION revision_keys() RETURNS TABLE (school_id bigint, building_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    AS $$ SELECT school_id, building_id FROM revision WHERE status <> 'withdrawn' $$
"""
"""That somebody works on a record is no secret, what they draft is: undo of an import must know what it would remove."""


def _moment(name: str, default: str | None = None) -> sa.Column:
    given = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=default is None)


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def _create_revision() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("building_id", sa.BigInteger),
        sa.Column("base_version", sa.Integer),
        sa.Column("base", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("changes", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("replaced", JSONB),
        sa.Column("source", sa.Text),
        sa.Column("source_date", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("status", sa.Text, server_default=sa.text("'draft'"), nullable=False),
        sa.Column("step_reason", sa.Text),
        sa.Column("version", sa.Integer, server_default=sa.text("1"), nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        _moment("created_at", "now()"),
        _moment("updated_at", "now()"),
        _moment("published_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        _link("revision", "school_id", "school"),
        _link("revision", "building_id", "building"),
        sa.CheckConstraint(
            "kind = 'building' OR (kind = 'school' AND building_id IS NULL)", name=op.f("ck_revision_kind")
        ),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_revision_status")),
        sa.CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name=op.f("ck_revision_published")),
    )
    op.create_index(op.f("ix_revision_school_id"), "revision", ["school_id"])
    op.create_index(op.f("ix_revision_building_id"), "revision", ["building_id"])
    op.create_index(
        "ix_revision_waiting",
        "revision",
        ["status"],
        postgresql_where=sa.text("status IN ('submitted', 'verified')"),
    )
    op.create_index(
        "uq_revision_open",
        "revision",
        ["created_by", "kind", "school_id", "building_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'returned') AND (kind = 'school' OR building_id IS NOT NULL)"),
        postgresql_nulls_not_distinct=True,
    )


def _create_step() -> None:
    op.create_table(
        "revision_step",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("revision_id", sa.BigInteger, nullable=False),
        _moment("at", "clock_timestamp()"),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("account_name", sa.Text),
        sa.Column("from_status", sa.Text),
        sa.Column("to_status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_step")),
        _link("revision_step", "revision_id", "revision"),
    )
    op.create_index(op.f("ix_revision_step_revision_id"), "revision_step", ["revision_id"])


def upgrade() -> None:
    """Apply."""
    _create_revision()
    _create_step()
    op.create_index("ix_import_row_changed_key", "import_row", ["key"], postgresql_where=sa.text("action = 'changed'"))
    for body in (GUARD, NOTE, PAST, KEYS):
        op.execute(body)
    op.execute("REVOKE ALL ON FUNCTION record_past(text, bigint), revision_keys(), revision_note() FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION record_past(text, bigint), revision_keys() TO {ROLES}")
    op.execute("CREATE TRIGGER revision_guard BEFORE UPDATE ON revision FOR EACH ROW EXECUTE FUNCTION revision_guard()")
    for name, event, when in (
        ("revision_note_first", "INSERT", ""),
        ("revision_note", "UPDATE", "WHEN (OLD.status IS DISTINCT FROM NEW.status) "),
    ):
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON revision FOR EACH ROW {when}EXECUTE FUNCTION revision_note()"
        )
    for table in ("revision", "revision_step"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT ON {table} TO {ROLES}")
    op.execute(f"CREATE POLICY revision_read ON revision FOR SELECT TO {ROLES} USING ({READ})")
    op.execute(f"CREATE POLICY revision_add ON revision FOR INSERT TO {ROLES} WITH CHECK ({ADD})")
    op.execute(f"CREATE POLICY revision_change ON revision FOR UPDATE TO {ROLES} USING ({CHANGE})")
    op.execute(
        f"CREATE POLICY revision_step_read ON revision_step FOR SELECT TO {ROLES} "
        "USING (revision_id IN (SELECT id FROM revision))"
    )
    op.execute(f"GRANT INSERT, UPDATE ON revision TO {ROLES}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION record_past(text, bigint)")
    op.execute("DROP FUNCTION revision_keys()")
    op.drop_index("ix_import_row_changed_key", "import_row")
    op.drop_table("revision_step")
    op.drop_table("revision")
    op.execute("DROP FUNCTION revision_note()")
    op.execute("DROP FUNCTION revision_guard()")
