"""Keep every parameter table that was put in use instead of the shipped one: its bytes, who answers for it, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
TABLE = "parameter_decision"
IN_SCOPE = "(SELECT app_scope() IN ('public', 'area', 'national'))"
MAY_DECIDE = (
    "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank')) AND (SELECT app_everywhere('publish'))"
)
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("licence", sa.Text),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("approver", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("file_name", "number", name=op.f(f"uq_{TABLE}_file_name_number")),
        sa.CheckConstraint(
            "content IS NULL OR encode(sha256(content), 'hex') = sha256", name=op.f(f"ck_{TABLE}_content")
        ),
        sa.CheckConstraint("owner <> '' AND reason <> ''", name=op.f(f"ck_{TABLE}_words")),
    )
    op.create_index(op.f(f"ix_{TABLE}_sha256"), TABLE, ["sha256"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_owner ON {TABLE} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {ROLES}")
    op.execute(f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT TO {ROLES} USING ({IN_SCOPE})")
    op.execute(f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT TO {ROLES} WITH CHECK ({MAY_DECIDE})")
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
