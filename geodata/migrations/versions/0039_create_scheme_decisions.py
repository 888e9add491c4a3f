"""Create decisions on the official scheme of weights: which one counts when nobody names another, by whom and why.

Rows are added, never changed: the newest is in force, one without a scheme gives the place back to the shipped one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
TABLE = "scheme_decision"
DECIDES = (
    "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank')) AND (SELECT app_everywhere('publish')) "
    "AND (scheme_id IS NULL OR scheme_id IN (SELECT id FROM weight_scheme WHERE is_national))"
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("scheme_id", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("approver", sa.Text),
        sa.Column("account_id", sa.BigInteger),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["scheme_id"], ["weight_scheme.id"], name=op.f(f"fk_{TABLE}_scheme_id_weight_scheme")),
        sa.CheckConstraint("reason <> '' AND document <> ''", name=op.f(f"ck_{TABLE}_reason")),
    )
    op.create_index(op.f(f"ix_{TABLE}_scheme_id"), TABLE, ["scheme_id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_owner ON {TABLE} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {ROLES}")
    op.execute(f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT TO {ROLES} USING (true)")
    op.execute(f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT TO {ROLES} WITH CHECK ({DECIDES})")
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
