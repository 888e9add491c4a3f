"""Create the quality of what is known: of each school in a run, and of each area.

Rows of a run like its other results: made once, never changed, seen by who sees the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SEEN = "run_id IN (SELECT id FROM run)"
"""The row security of ``run`` holds inside the query too."""


def _share(name: str) -> sa.Column:
    return sa.Column(name, sa.Float)


def _link(table: str, target: str) -> sa.ForeignKeyConstraint:
    column = f"{target}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "school_quality",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("verified_share", sa.Float, nullable=False),
        sa.Column("firm_share", sa.Float, nullable=False),
        _share("expired_share"),
        sa.Column("evidence_on", sa.Date),
        sa.Column("first_expiry_on", sa.Date),
        sa.Column("compared", sa.Integer, nullable=False),
        _share("equal_share"),
        _share("index_gap"),
        sa.Column("doubts", ARRAY(sa.Text), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "school_id", name=op.f("pk_school_quality")),
        _link("school_quality", "run"),
        _link("school_quality", "school"),
    )
    op.create_index(op.f("ix_school_quality_school_id"), "school_quality", ["school_id"])
    op.create_table(
        "area_quality",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("area_id", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("schools", "assessed", "compared", "doubtful")),
        sa.Column("completeness", sa.Float, nullable=False),
        sa.Column("verified_share", sa.Float, nullable=False),
        _share("expired_share"),
        sa.Column("evidence_on", sa.Date),
        _share("equal_share"),
        _share("index_gap"),
        sa.Column("doubts", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "area_id", name=op.f("pk_area_quality")),
        _link("area_quality", "run"),
        _link("area_quality", "area"),
    )
    for table in ("school_quality", "area_quality"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({SEEN})")
        op.execute(
            f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ((SELECT app_scope()) = 'national')"
        )
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )


def downgrade() -> None:
    """Take back."""
    op.drop_table("area_quality")
    op.drop_table("school_quality")
