"""Ask once a statement which runs are published: results are then found by index under row security too.

The rows that the policies show stay the same. Written as ``IN (SELECT ...)`` the planner charged the look at the
table of runs to every single index scan, and read all results of a run for a tile of six schools.

The index answers whether a school is published without the school's row, for whoever only counts.
"""

from __future__ import annotations

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

RESULTS = ("school_result", "building_result", "domain_result", "area_result", "tile_pyramid")
SCOPED = (
    "((SELECT app_scope() IN ('public', 'area', 'national')) AND ({published})) "
    "OR ((SELECT app_scope() = 'national') AND true)"
)
EACH_TIME = "run_id IN (SELECT id FROM run WHERE is_published)"
ONCE = "run_id = ANY (ARRAY(SELECT id FROM run WHERE is_published ORDER BY id DESC))"
"""The newest run, which nearly every row is compared with, stands first."""


def upgrade() -> None:
    """Apply."""
    _read_by(ONCE)
    op.create_index("ix_school_id_is_published", "school", ["id"], postgresql_include=["is_published"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_school_id_is_published", "school")
    _read_by(EACH_TIME)


def _read_by(published: str) -> None:
    for table in RESULTS:
        op.execute(f"ALTER POLICY {table}_read ON {table} USING ({SCOPED.format(published=published)})")
