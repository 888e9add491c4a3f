"""Keep how many of the pupils who board are inside in each scenario event, by day and by night."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

# Events that were computed before: a boarding school's number is not known, at other schools nobody was said to board.
NOBODY = """
UPDATE scenario_result SET pupils_boarding = 0
FROM school WHERE school.id = scenario_result.school_id AND school.kind <> 'boarding'
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("scenario_result", sa.Column("pupils_boarding", sa.Integer))
    op.execute(NOBODY)


def downgrade() -> None:
    """Take back."""
    op.drop_column("scenario_result", "pupils_boarding")
