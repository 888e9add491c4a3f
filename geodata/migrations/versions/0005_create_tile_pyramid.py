"""Create the pyramid of aggregated school cells that low-zoom tiles read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"

# Under row security an operator that is not leakproof, as all of PostGIS and pg_trgm, cannot use an index:
# every tile and every search would read the whole table. These functions answer with ids alone, by index, as the
# owner; whoever joins them with the table still sees only the rows that row security allows.
BY_INDEX = (
    ("school_in_box(box geometry)", "SELECT id FROM school WHERE location && box", 100),
    (
        "hazard_feature_in_box(wanted_layer bigint, box geometry)",
        "SELECT id FROM hazard_feature WHERE geom && box AND layer_id = wanted_layer",
        500,
    ),
    # Spelt like the question in any alphabet, holding it, or the code itself; word by word as names are folded.
    (
        "school_spelt(question text)",
        "SELECT id FROM school WHERE (fold_name(question) <> '' AND (fold_name(question) <% folded_name "
        "OR folded_name LIKE '%' || fold_name(question) || '%')) OR code = question",
        100,
    ),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "tile_pyramid",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("z", sa.SmallInteger(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("schools", sa.Integer(), nullable=False),
        sa.Column("cell", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("cell_schools", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("cell_priority", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("cell_grade", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("cell_rank", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("cell_pupils", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "z", "x", "y", name=op.f("pk_tile_pyramid")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_tile_pyramid_run_id_run"), ondelete="CASCADE"),
    )
    op.execute(f"GRANT SELECT, INSERT, DELETE ON tile_pyramid TO {ROLES}")
    op.execute("ALTER TABLE tile_pyramid ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tile_pyramid FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tile_pyramid_read ON tile_pyramid FOR SELECT TO {ROLES} USING "
        "(CASE (SELECT app_scope()) WHEN 'public' THEN run_id IN (SELECT id FROM run WHERE is_published) "
        "WHEN 'national' THEN true ELSE false END)"
    )
    op.execute(
        f"CREATE POLICY tile_pyramid_add ON tile_pyramid FOR INSERT TO {ROLES} "
        "WITH CHECK ((SELECT app_scope()) = 'national')"
    )
    op.execute(
        f"CREATE POLICY tile_pyramid_remove ON tile_pyramid FOR DELETE TO {ROLES} "
        "USING ((SELECT app_scope()) = 'national')"
    )
    op.execute("CREATE POLICY tile_pyramid_owner ON tile_pyramid TO mektep_owner USING (true) WITH CHECK (true)")
    for signature, body, rows in BY_INDEX:
        op.execute(
            f"CREATE FUNCTION {signature} RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public ROWS {rows} AS $$ {body} $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM public")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for signature, _, _ in BY_INDEX:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_table("tile_pyramid")
