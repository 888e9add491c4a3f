"""Create submissions of forms from the field, each with all its versions, and the servers that they come from.

A submission lies with its school; one that holds answers of the protection group is for those who may see such answers.
What was received is never changed or removed: a repair is one more version.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
STATUSES = "'taken', 'refused', 'late', 'set_aside'"


def inside(right: str) -> str:
    """Return the condition that the submission's school lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR (school_id IS NOT NULL AND app_in_territory(school_id, '{right}')))"


OPEN = f"(NOT is_protected OR {inside('see_restricted')})"
READ = f"(({NATIONAL}) OR ((SELECT app_scope()) = 'area' AND school_id IS NOT NULL AND {inside('see')})) AND {OPEN}"
WRITE = f"{NATIONAL} AND (SELECT app_everywhere('import')) AND {OPEN}"
CONNECTION_READ = f"{SIGNED_IN} AND ((SELECT app_everywhere('import')) OR (SELECT app_everywhere('administer')))"
CONNECTION_WRITE = f"{SIGNED_IN} AND (SELECT app_everywhere('administer'))"
MINE = "submission_id IN (SELECT id FROM submission)"


def _moment(name: str, default: str | None = None) -> sa.Column:
    given = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=default is None)


def _link(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{target}")
    )


def _flag(name: str, value: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, server_default=sa.text(value), nullable=False)


def _create_connection() -> None:
    op.create_table(
        "field_connection",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        _flag("is_active", "true"),
        sa.Column("created_by", sa.BigInteger),
        _moment("created_at", "now()"),
        _moment("read_at"),
        sa.Column("outcome", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_connection")),
        sa.UniqueConstraint("origin", "form", name=op.f("uq_field_connection_origin_form")),
        sa.CheckConstraint("kind IN ('kobo', 'odk')", name=op.f("ck_field_connection_kind")),
        sa.CheckConstraint("origin ~ '^https?://[^/?#@]+$'", name=op.f("ck_field_connection_origin")),
    )


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("instance_id", sa.Text, nullable=False),
        sa.Column("school_id", sa.BigInteger),
        sa.Column("assessment_id", sa.BigInteger),
        sa.Column("connection_id", sa.BigInteger),
        sa.Column("is_protected", sa.Boolean, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, server_default=sa.text("1"), nullable=False),
        sa.Column("problems", JSONB, server_default=sa.text("'[]'"), nullable=False),
        _moment("created_at", "now()"),
        _moment("updated_at", "now()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_submission_instance_id")),
        _link("submission", "school_id", "school", "CASCADE"),
        _link("submission", "assessment_id", "assessment", "SET NULL"),
        _link("submission", "connection_id", "field_connection", "SET NULL"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_submission_status")),
    )
    for column in ("school_id", "assessment_id", "status"):
        op.create_index(op.f(f"ix_submission_{column}"), "submission", [column])
    op.create_table(
        "submission_version",
        sa.Column("submission_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content_sha256", sa.Text, nullable=False),
        sa.Column("raw", JSONB, nullable=False),
        sa.Column("form_version", sa.Text),
        _moment("submitted_at"),
        _moment("started_at"),
        _moment("ended_at"),
        sa.Column("submitted_by", sa.Text),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("received_by", sa.BigInteger),
        _moment("received_at", "now()"),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_submission_version")),
        _link("submission_version", "submission_id", "submission", "CASCADE"),
    )


def upgrade() -> None:
    """Apply."""
    _create_connection()
    _create_submission()
    for table in ("field_connection", "submission", "submission_version"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
    op.execute(f"GRANT UPDATE ON field_connection, submission TO {ROLES}")
    op.execute(f"GRANT DELETE ON field_connection TO {ROLES}")
    op.execute(f"CREATE POLICY submission_read ON submission FOR SELECT TO {ROLES} USING ({READ})")
    op.execute(f"CREATE POLICY submission_add ON submission FOR INSERT TO {ROLES} WITH CHECK ({WRITE})")
    op.execute(
        f"CREATE POLICY submission_change ON submission FOR UPDATE TO {ROLES} USING ({WRITE}) WITH CHECK ({WRITE})"
    )
    op.execute(f"CREATE POLICY submission_version_read ON submission_version FOR SELECT TO {ROLES} USING ({MINE})")
    op.execute(
        f"CREATE POLICY submission_version_add ON submission_version FOR INSERT TO {ROLES} "
        f"WITH CHECK ({NATIONAL} AND (SELECT app_everywhere('import')) AND {MINE})"
    )
    op.execute(
        f"CREATE POLICY field_connection_read ON field_connection FOR SELECT TO {ROLES} USING ({CONNECTION_READ})"
    )
    op.execute(
        f"CREATE POLICY field_connection_add ON field_connection FOR INSERT TO {ROLES} WITH CHECK ({CONNECTION_WRITE})"
    )
    # Who reads from a server notes when it was read; the address stays an administrator's (trigger).
    op.execute(
        f"CREATE POLICY field_connection_change ON field_connection FOR UPDATE TO {ROLES} USING ({CONNECTION_READ})"
    )
    op.execute(
        f"CREATE POLICY field_connection_remove ON field_connection FOR DELETE TO {ROLES} USING ({CONNECTION_WRITE})"
    )
    op.execute(
        """
        CREATE FUNCTION field_connection_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (NEW.title, NEW.kind, NEW.origin, NEW.form, NEW.is_active, NEW.created_by)
                IS DISTINCT FROM (OLD.title, OLD.kind, OLD.origin, OLD.form, OLD.is_active, OLD.created_by)
                AND current_user IN ('mektep_web', 'mektep_worker') AND NOT app_everywhere('administer')
            THEN
                RAISE EXCEPTION 'only an administrator says which server is read' USING ERRCODE = '42501';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER field_connection_guard BEFORE UPDATE ON field_connection "
        "FOR EACH ROW EXECUTE FUNCTION field_connection_guard()"
    )
    op.execute("SELECT audit_table('submission', 'id', '{instance_id, problems, created_at, updated_at}')")
    op.execute("SELECT audit_table('field_connection', 'id', '{created_at, read_at, outcome}')")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for table in ("submission_version", "submission", "field_connection"):
        op.drop_table(table)
    op.execute("DROP FUNCTION field_connection_guard()")
