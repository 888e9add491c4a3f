"""Create travel times by road from schools to the nearest other school, fire station and hospital, from a file.

Straight lines are computed when they are shown and never stored; only what a file states is a fact that ranks.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
TABLE = "travel_time"
MAY_IMPORT = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('import'))"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("target_name", sa.Text),
        sa.Column("minutes", sa.Float, nullable=False),
        sa.Column("km", sa.Float),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_date", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("school_id", "target", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], ondelete="CASCADE", name=op.f(f"fk_{TABLE}_school_id_school")
        ),
        sa.CheckConstraint("target IN ('school', 'fire_station', 'hospital')", name=op.f(f"ck_{TABLE}_target")),
        sa.CheckConstraint("minutes >= 0 AND minutes <= 1440", name=op.f(f"ck_{TABLE}_minutes")),
        sa.CheckConstraint("km >= 0 AND km <= 2000", name=op.f(f"ck_{TABLE}_km")),
        sa.CheckConstraint("source <> ''", name=op.f(f"ck_{TABLE}_source")),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_owner ON {TABLE} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO {ROLES}")
    op.execute(
        f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT TO {ROLES} USING (school_id IN (SELECT id FROM school))"
    )
    op.execute(f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT TO {ROLES} WITH CHECK ({MAY_IMPORT})")
    op.execute(
        f"CREATE POLICY {TABLE}_change ON {TABLE} FOR UPDATE TO {ROLES} USING ({MAY_IMPORT}) WITH CHECK ({MAY_IMPORT})"
    )
    op.execute(f"SELECT audit_table('{TABLE}', 'school_id')")
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
