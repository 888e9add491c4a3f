"""Let people stop the work that they asked for: a mark that the worker looks at when it reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT app_account()) AND (SELECT app_scope()) IN ('area', 'national')"


def upgrade() -> None:
    """Apply."""
    op.add_column("background_job", sa.Column("is_cancelled", sa.Boolean, server_default=sa.false(), nullable=False))
    op.execute("GRANT UPDATE (is_cancelled) ON background_job TO mektep_web")
    op.execute(
        f"CREATE POLICY background_job_cancel ON background_job FOR UPDATE TO mektep_web USING ({OWN}) WITH CHECK ({OWN})"
    )


def downgrade() -> None:
    """Take back."""
    op.execute("DROP POLICY background_job_cancel ON background_job")
    op.execute("REVOKE UPDATE (is_cancelled) ON background_job FROM mektep_web")
    op.drop_column("background_job", "is_cancelled")
