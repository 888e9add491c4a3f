"""Let only who works for the whole country change tables that everybody reads; territories rest on one of them.

These tables need no row security for reading. A statement trigger asks once a statement who writes. Publishing a school
places it anew, so that its place may be written by who publishes.
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = (
    "area", "area_boundary", "area_succession", "standard_edition", "standard_domain", "criterion", "base_map_feature",
    "school_area",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.execute(
        """
        CREATE FUNCTION open_table_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_user NOT IN ('mektep_web', 'mektep_worker') OR app_scope() = 'national'
                OR (TG_TABLE_NAME = 'school_area' AND app_scope() = 'area' AND app_may('publish'))
            THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION '% is changed for the whole country only', TG_TABLE_NAME USING ERRCODE = '42501';
        END $$
        """
    )
    for table in OPEN:
        op.execute(
            f"CREATE TRIGGER open_table_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION open_table_guard()"
        )


def downgrade() -> None:
    """Take back."""
    for table in OPEN:
        op.execute(f"DROP TRIGGER open_table_guard ON {table}")
    op.execute("DROP FUNCTION open_table_guard()")
