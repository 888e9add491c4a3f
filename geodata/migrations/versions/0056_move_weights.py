"""Keep with each result whether the school stays among the first N while weights move; NULL in earlier runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

COLUMNS = {"top_by_weights": sa.Text, "top_moves": ARRAY(sa.Text)}


def upgrade() -> None:
    """Apply."""
    for name, kind in COLUMNS.items():
        op.add_column("school_result", sa.Column(name, kind))


def downgrade() -> None:
    """Take back."""
    for name in COLUMNS:
        op.drop_column("school_result", name)
