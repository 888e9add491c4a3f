"""Keep the index of a school of which nothing was assessed as unknown, not as the middle of its range."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Lists that are published already keep what they said."""
    op.execute("ALTER TABLE school_result ALTER COLUMN index_central DROP NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.execute("UPDATE school_result SET index_central = 50 WHERE index_central IS NULL")
    op.execute("ALTER TABLE school_result ALTER COLUMN index_central SET NOT NULL")
