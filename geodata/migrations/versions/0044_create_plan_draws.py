"""Create the draws of plans: how often each school gets money while costs and benefits are uncertain.

Made once a plan and never changed; seen by who sees the plan.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
MAY_PLAN = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
SEEN = "plan_id IN (SELECT id FROM plan)"
DRAWS, SCHOOL = "plan_draws", "plan_draw_school"


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        DRAWS,
        sa.Column("plan_id", sa.BigInteger, nullable=False),
        sa.Column("draws", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("code_version", sa.Text, nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f(f"pk_{DRAWS}")),
        _link(DRAWS, "plan_id", "plan"),
    )
    op.create_table(
        SCHOOL,
        sa.Column("plan_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("p_funded", sa.Float, nullable=False),
        sa.Column("p_kept", sa.Float),
        sa.PrimaryKeyConstraint("plan_id", "school_id", name=op.f(f"pk_{SCHOOL}")),
        _link(SCHOOL, "plan_id", "plan"),
        _link(SCHOOL, "school_id", "school"),
        sa.CheckConstraint("p_funded BETWEEN 0 AND 1", name=op.f(f"ck_{SCHOOL}_share")),
    )
    op.create_index(op.f(f"ix_{SCHOOL}_school_id"), SCHOOL, ["school_id"])
    for table in (DRAWS, SCHOOL):
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
    for table in (SCHOOL, DRAWS):
        op.drop_table(table)
