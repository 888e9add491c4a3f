"""Let a scenario be an area alone: a storm or a warning, whose file says where and not how strongly.

Such an event has no model of damage: its schools have people and seats, and neither shaking nor shares.
"""

from __future__ import annotations

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

SHARES = ("msk", "pga_g", "unusable_low", "unusable", "unusable_high", "severe_share", "death_share", "loss_ratio")
MEASURE = "ALTER TABLE scenario DROP CONSTRAINT ck_scenario_measure, ADD CONSTRAINT ck_scenario_measure CHECK ({rule})"


def upgrade() -> None:
    """Apply."""
    op.execute(MEASURE.format(rule="measure IN ('msk', 'pga_g', 'inside')"))
    for name in SHARES:
        op.execute(f"ALTER TABLE scenario_result ALTER COLUMN {name} DROP NOT NULL")
    op.execute(
        "ALTER TABLE scenario_result ADD CONSTRAINT ck_scenario_result_all_or_none "
        f"CHECK (num_nulls({', '.join(SHARES)}) IN (0, {len(SHARES)}))"
    )


def downgrade() -> None:
    """Take back; events without a degree go."""
    op.execute("DELETE FROM scenario WHERE measure = 'inside'")
    op.execute("ALTER TABLE scenario_result DROP CONSTRAINT ck_scenario_result_all_or_none")
    for name in SHARES:
        op.execute(f"ALTER TABLE scenario_result ALTER COLUMN {name} SET NOT NULL")
    op.execute(MEASURE.format(rule="measure IN ('msk', 'pga_g')"))
