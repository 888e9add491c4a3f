"""Create the ledger of what moves each score: one value at a time at both ends of its stated range.

Rows that are written once, by the worker that ranked again; they are seen by who sees the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
TABLE = "school_swing"
SEEN = "run_id IN (SELECT id FROM run)"
MAY_RANK = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("low", sa.Float),
        sa.Column("high", sa.Float),
        sa.Column("points_low", sa.Float, nullable=False),
        sa.Column("points_high", sa.Float, nullable=False),
        sa.Column("rank_low", sa.Integer),
        sa.Column("rank_high", sa.Integer),
        sa.PrimaryKeyConstraint("run_id", "school_id", "place", "name", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_run_id_run")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_school_id_school")
        ),
    )
    op.create_index(op.f(f"ix_{TABLE}_school_id"), TABLE, ["school_id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_owner ON {TABLE} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO {ROLES}")
    op.execute(f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT TO {ROLES} USING ({SEEN})")
    op.execute(f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT TO {ROLES} WITH CHECK ({MAY_RANK})")
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
