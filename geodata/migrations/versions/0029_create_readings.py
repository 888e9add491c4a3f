"""Create readings: what an instrument showed, where, when, in which shift, and when the instrument was calibrated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
OPEN_VISIT = (
    "EXISTS (SELECT FROM assessment AS visit WHERE visit.id = reading.assessment_id "
    "AND visit.status IN ('draft', 'returned') "
    "AND ((SELECT app_everywhere('edit')) OR app_in_territory(visit.school_id, 'edit')) "
    "AND EXISTS (SELECT FROM criterion WHERE criterion.id = reading.criterion_id "
    "AND criterion.edition_id = visit.edition_id AND criterion.grouping <> 'protection') "
    "AND (reading.building_id IS NULL OR EXISTS (SELECT FROM building WHERE building.id = reading.building_id "
    "AND building.school_id = visit.school_id)))"
)
WRITE = f"(SELECT app_scope()) IN ('area', 'national') AND {OPEN_VISIT}"
PLACE = ("assessment_id", "criterion_id", "building_id", "room", "measured_at", "instrument")


def _link(column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_reading_{column}_{target}")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reading",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("assessment_id", sa.BigInteger, nullable=False),
        sa.Column("criterion_id", sa.BigInteger, nullable=False),
        sa.Column("building_id", sa.BigInteger),
        sa.Column("room", sa.Text),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shift", sa.SmallInteger),
        sa.Column("instrument", sa.Text, nullable=False),
        sa.Column("calibrated_on", sa.Date),
        sa.Column("note", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        _link("assessment_id", "assessment", "CASCADE"),
        _link("criterion_id", "criterion"),
        _link("building_id", "building", "CASCADE"),
        sa.CheckConstraint("shift BETWEEN 1 AND 3", name=op.f("ck_reading_shift")),
    )
    op.create_index("uq_reading_place", "reading", list(PLACE), unique=True, postgresql_nulls_not_distinct=True)
    op.create_index(op.f("ix_reading_building_id"), "reading", ["building_id"])
    op.execute("ALTER TABLE reading ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE reading FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY reading_owner ON reading TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON reading TO {ROLES}")
    op.execute(
        f"CREATE POLICY reading_read ON reading FOR SELECT TO {ROLES} "
        "USING (EXISTS (SELECT FROM assessment WHERE assessment.id = assessment_id))"
    )
    op.execute(f"CREATE POLICY reading_add ON reading FOR INSERT TO {ROLES} WITH CHECK ({WRITE})")
    op.execute(f"CREATE POLICY reading_remove ON reading FOR DELETE TO {ROLES} USING ({WRITE})")
    op.execute("SELECT audit_table('reading', 'id', '{created_at}')")
    op.execute(
        "CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON reading "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    op.drop_table("reading")
