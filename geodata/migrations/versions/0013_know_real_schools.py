"""Tell whether the database holds real schools, whoever asks: what is made up for the demonstration ends there."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE INDEX ix_school_real ON school (id) WHERE NOT is_synthetic")
    op.execute(
        "CREATE FUNCTION has_real_schools() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
        "SET search_path = public AS $$ SELECT EXISTS (SELECT FROM school WHERE NOT is_synthetic) $$"
    )


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION has_real_schools()")
    op.execute("DROP INDEX ix_school_real")
