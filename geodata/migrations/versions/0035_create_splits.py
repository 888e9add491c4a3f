"""Create the exact split of what an official list moved: points and places by cause, made by ranking again.

Rows that are written once, by the worker that ranked; they are seen by who sees the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SEEN = "run_id IN (SELECT id FROM run)"
MAY_RANK = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
CAUSES = ("rule", "data", "reality", "undivided")


def _link(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_official_split_{column}_{target}")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "official_split",
        sa.Column("list_id", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        *(sa.Column(f"points_{cause}", sa.Float, nullable=False) for cause in CAUSES),
        *(sa.Column(f"places_{cause}", sa.Float, nullable=False) for cause in (*CAUSES, "others")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("list_id", "school_id", name=op.f("pk_official_split")),
        _link("list_id", "official_list"),
        _link("run_id", "run"),
        _link("school_id", "school"),
    )
    op.create_index(op.f("ix_official_split_school_id"), "official_split", ["school_id"])
    op.execute("ALTER TABLE official_split ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE official_split FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY official_split_owner ON official_split TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON official_split TO {ROLES}")
    op.execute(f"CREATE POLICY official_split_read ON official_split FOR SELECT TO {ROLES} USING ({SEEN})")
    op.execute(f"CREATE POLICY official_split_add ON official_split FOR INSERT TO {ROLES} WITH CHECK ({MAY_RANK})")
    op.execute(
        "CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON official_split "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("official_split")
