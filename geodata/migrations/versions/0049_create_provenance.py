"""Create the provenance of plans: the share of their benefit and cost that depends on each input, and by status.

Made once a plan and never changed; seen by who sees the plan.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
MAY_PLAN = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
SEEN = "plan_id IN (SELECT id FROM plan)"
PLAN, ITEM = "plan_provenance", "plan_item_provenance"


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        PLAN,
        sa.Column("plan_id", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "value", "place", "name", name=op.f(f"pk_{PLAN}")),
        _link(PLAN, "plan_id", "plan"),
        sa.CheckConstraint("value IN ('benefit', 'cost')", name=op.f(f"ck_{PLAN}_value")),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f(f"ck_{PLAN}_share")),
    )
    op.create_table(
        ITEM,
        sa.Column("plan_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "school_id", "status", name=op.f(f"pk_{ITEM}")),
        _link(ITEM, "plan_id", "plan"),
        _link(ITEM, "school_id", "school"),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f(f"ck_{ITEM}_share")),
    )
    op.create_index(op.f(f"ix_{ITEM}_school_id"), ITEM, ["school_id"])
    for table in (PLAN, ITEM):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({SEEN})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({MAY_PLAN})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )


def downgrade() -> None:
    """Take back."""
    for table in (ITEM, PLAN):
        op.drop_table(table)
