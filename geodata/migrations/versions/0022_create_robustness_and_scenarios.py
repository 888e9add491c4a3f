"""Create how firm the ranks of a run are, second opinions on its buildings, and scenario events.

Rows of a run like its other results: made once, never changed, seen by who sees the run. A scenario is seen by
everybody once it is published.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
BY_SCOPE = "((SELECT app_scope() IN ('public', 'area', 'national')) AND {rows}) OR " + NATIONAL
SEEN = {
    "run_draws": "run_id IN (SELECT id FROM run)",
    "school_robustness": "run_id IN (SELECT id FROM run)",
    "building_screening": "run_id IN (SELECT id FROM run)",
    "scenario": BY_SCOPE.format(rows="is_published"),
    "scenario_result": "scenario_id IN (SELECT id FROM scenario)",
}
"""The row security of ``run`` and of ``scenario`` holds inside the queries too."""


def _link(table: str, target: str) -> sa.ForeignKeyConstraint:
    column = f"{target}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _number(name: str, *, is_null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Float, nullable=is_null)


def _texts(*names: str, is_null: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.Text, nullable=is_null) for name in names]


def _create_robustness() -> None:
    op.create_table(
        "run_draws",
        _id("run_id"),
        sa.Column("draws", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("top_count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_draws")),
        _link("run_draws", "run"),
        sa.CheckConstraint("draws > 0", name=op.f("ck_run_draws_some")),
    )
    op.create_table(
        "school_robustness",
        _id("run_id"),
        _id("school_id"),
        _number("p_top"),
        _number("p_first"),
        _number("p_above_next", is_null=True),
        *_texts("label"),
        _number("score_low"),
        _number("score_high"),
        *_texts("decided_by"),
        _number("decided_share"),
        sa.PrimaryKeyConstraint("run_id", "school_id", name=op.f("pk_school_robustness")),
        _link("school_robustness", "run"),
        _link("school_robustness", "school"),
        sa.CheckConstraint(
            "label IN ('robust', 'likely', 'contested', 'unlikely')", name=op.f("ck_school_robustness_label")
        ),
    )
    op.create_index(op.f("ix_school_robustness_school_id"), "school_robustness", ["school_id"])
    op.create_table(
        "building_screening",
        _id("run_id"),
        _id("building_id"),
        _number("score", is_null=True),
        sa.Column("items", ARRAY(sa.Text), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("modifiers", ARRAY(sa.Text), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("needs_review", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "building_id", name=op.f("pk_building_screening")),
        _link("building_screening", "run"),
        _link("building_screening", "building"),
    )
    op.create_index(op.f("ix_building_screening_building_id"), "building_screening", ["building_id"])


def _create_scenarios() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        *_texts("code", "kind", "title_ky", "title_ru", "title_en", "measure", "source"),
        *_texts("licence", "equation", "file_name", is_null=True),
        *_texts("input_sha256", "code_version"),
        sa.Column("happened_on", sa.Date),
        *(_number(name, is_null=True) for name in ("magnitude", "depth_km", "lon", "lat")),
        sa.Column("data_date", sa.Date, nullable=False),
        sa.Column("is_synthetic", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("is_published", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("code", name=op.f("uq_scenario_code")),
        sa.CheckConstraint("kind IN ('historical', 'file')", name=op.f("ck_scenario_kind")),
        sa.CheckConstraint("measure IN ('msk', 'pga_g')", name=op.f("ck_scenario_measure")),
    )
    op.create_table(
        "scenario_result",
        _id("scenario_id"),
        _id("school_id"),
        _number("msk"),
        _number("pga_g"),
        *(sa.Column(f"pupils_{shift}", sa.Integer) for shift in (1, 2, 3)),
        sa.Column("staff", sa.Integer),
        sa.Column("seats", sa.Integer),
        *(
            _number(name)
            for name in ("unusable_low", "unusable", "unusable_high", "severe_share", "death_share", "loss_ratio")
        ),
        sa.Column("oblast_id", sa.BigInteger),
        sa.Column("rayon_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("scenario_id", "school_id", name=op.f("pk_scenario_result")),
        _link("scenario_result", "scenario"),
        _link("scenario_result", "school"),
    )
    op.create_index(op.f("ix_scenario_result_school_id"), "scenario_result", ["school_id"])


def upgrade() -> None:
    """Apply."""
    _create_robustness()
    _create_scenarios()
    for table, rows in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({rows})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({NATIONAL})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT UPDATE (is_published, published_at), DELETE ON scenario TO {ROLES}")
    for policy, event in (("change", "UPDATE"), ("remove", "DELETE")):
        op.execute(f"CREATE POLICY scenario_{policy} ON scenario FOR {event} TO {ROLES} USING ({NATIONAL})")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    op.execute("SELECT audit_table('scenario')")


def downgrade() -> None:
    """Take back."""
    for table in reversed(SEEN):
        op.drop_table(table)
