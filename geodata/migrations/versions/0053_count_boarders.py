"""Keep how many pupils live at a school: they are inside day and night."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("school", sa.Column("boarding_pupils", sa.Integer))
    op.create_check_constraint(op.f("ck_school_boarding_pupils"), "school", "boarding_pupils >= 0")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("ck_school_boarding_pupils"), "school")
    op.drop_column("school", "boarding_pupils")
