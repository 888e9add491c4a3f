"""Note when a signed-in browser last asked for something, so that one that was left alone is signed out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "account_session",
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.execute("GRANT UPDATE (seen_at) ON account_session TO mektep_web")


def downgrade() -> None:
    """Take back."""
    op.execute("REVOKE UPDATE (seen_at) ON account_session FROM mektep_web")
    op.drop_column("account_session", "seen_at")
