"""Let a bulk load tell the planner what it wrote, and find the results of a school by index.

The worker owns no table and may not ANALYZE; without statistics a load that reads back what it wrote in the same
transaction meets plans for empty tables and may run for hours.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    "area, area_boundary, school, school_area, building, assessment, answer, restricted_answer, exposure, "
    "base_map_feature, hazard_feature"
)


def upgrade() -> None:
    """Apply."""
    op.execute(
        "CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public "
        f"AS $$ BEGIN ANALYZE {TABLES}; END $$"
    )
    op.execute("REVOKE ALL ON FUNCTION refresh_statistics() FROM public")
    op.execute("GRANT EXECUTE ON FUNCTION refresh_statistics() TO mektep_web, mektep_worker")
    op.create_index("ix_domain_result_school_id", "domain_result", ["school_id"])
    op.create_index("ix_building_result_building_id", "building_result", ["building_id"])
    op.create_index("ix_exposure_building_id", "exposure", ["building_id"])


def downgrade() -> None:
    """Take back."""
    for table, column in (
        ("exposure", "building_id"),
        ("building_result", "building_id"),
        ("domain_result", "school_id"),
    ):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    op.execute("DROP FUNCTION refresh_statistics()")
