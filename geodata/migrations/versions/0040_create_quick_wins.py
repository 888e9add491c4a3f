"""Create what small repairs each school of a run needs, with their cost: the low-cost queue reads it.

Rows are made with their run and never changed; they are seen by who sees the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
TABLE = "quick_win_result"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("cost_som", sa.BigInteger),
        sa.PrimaryKeyConstraint("run_id", "school_id", "measure", name=op.f(f"pk_{TABLE}")),
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_{target}_id_{target}")
            )
            for target in ("run", "school")
        ),
        sa.CheckConstraint("cost_som > 0", name=op.f(f"ck_{TABLE}_cost")),
        sa.CheckConstraint("places > 0", name=op.f(f"ck_{TABLE}_places")),
    )
    op.create_index(op.f(f"ix_{TABLE}_school_id"), TABLE, ["school_id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_owner ON {TABLE} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {ROLES}")
    op.execute(f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT TO {ROLES} USING (run_id IN (SELECT id FROM run))")
    op.execute(
        f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT TO {ROLES} WITH CHECK ((SELECT app_scope()) = 'national')"
    )
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
