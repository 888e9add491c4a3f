"""Create the schools around the cut of a drawn ranking: how often each stands above each other, and what favours it.

Made with the run and never changed; seen by who sees the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
MAY_RANK = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
SEEN = "run_id IN (SELECT id FROM run)"
SCHOOL, PAIR = "cut_school", "cut_pair"


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    """Apply."""
    op.add_column("run_draws", sa.Column("mean_weights", ARRAY(sa.Float)))
    op.create_table(
        SCHOOL,
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("place", sa.SmallInteger, nullable=False),
        sa.Column("top_draws", sa.Integer, nullable=False),
        sa.Column("top_weights", ARRAY(sa.Float)),
        sa.Column("confidence", sa.Float),
        sa.Column("first_draws", sa.Integer, nullable=False),
        sa.Column("first_weights", ARRAY(sa.Float)),
        sa.PrimaryKeyConstraint("run_id", "school_id", name=op.f(f"pk_{SCHOOL}")),
        _link(SCHOOL, "run_id", "run"),
        _link(SCHOOL, "school_id", "school"),
    )
    op.create_table(
        PAIR,
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("rival_id", sa.BigInteger, nullable=False),
        sa.Column("p_above", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "school_id", "rival_id", name=op.f(f"pk_{PAIR}")),
        _link(PAIR, "run_id", "run"),
        _link(PAIR, "school_id", "school"),
        _link(PAIR, "rival_id", "school"),
    )
    op.create_index(op.f(f"ix_{SCHOOL}_school_id"), SCHOOL, ["school_id"])
    op.create_index(op.f(f"ix_{PAIR}_school_id"), PAIR, ["school_id"])
    op.create_index(op.f(f"ix_{PAIR}_rival_id"), PAIR, ["rival_id"])
    for table in (SCHOOL, PAIR):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({SEEN})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({MAY_RANK})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )


def downgrade() -> None:
    """Take back."""
    for table in (PAIR, SCHOOL):
        op.drop_table(table)
    op.drop_column("run_draws", "mean_weights")
