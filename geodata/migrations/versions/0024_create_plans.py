"""Create what each bundle of measures costs and gives at each school of a run, and the plans that rest on it.

Rows of a run and of a plan are made once and never changed. A plan is seen by everybody once it is published; before,
by who sees the data of the whole country.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
SEEN = {
    "bundle_result": "run_id IN (SELECT id FROM run)",
    "plan": f"((SELECT app_scope() IN ('public', 'area', 'national')) AND is_published) OR {NATIONAL}",
    "plan_item": "plan_id IN (SELECT id FROM plan)",
}


def _link(table: str, target: str) -> sa.ForeignKeyConstraint:
    column = f"{target}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _numbers(*names: str, is_null: bool = False) -> list[sa.Column]:
    return [sa.Column(name, sa.Float, nullable=is_null) for name in names]


def _create_tables() -> None:
    op.create_table(
        "bundle_result",
        _id("run_id"),
        _id("school_id"),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("cost_som", sa.BigInteger),
        *_numbers("benefit"),
        *_numbers("fatalities_avoided", "loss_avoided_som", "index_gained", is_null=True),
        sa.PrimaryKeyConstraint("run_id", "school_id", "bundle", name=op.f("pk_bundle_result")),
        _link("bundle_result", "run"),
        _link("bundle_result", "school"),
        sa.CheckConstraint("cost_som > 0", name=op.f("ck_bundle_result_cost")),
    )
    op.create_index(op.f("ix_bundle_result_school_id"), "bundle_result", ["school_id"])
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("hash", "canonical", "status", "code_version")),
        _id("run_id"),
        *(_id(name) for name in ("budget_som", "cost_som")),
        *_numbers("benefit", "bound", "shadow_price", "proposal_share"),
        sa.Column("schools", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("is_proven", "is_unique", "is_synthetic")),
        sa.Column("is_published", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("hash", name=op.f("uq_plan_hash")),
        _link("plan", "run"),
        sa.CheckConstraint("budget_som >= 0 AND cost_som BETWEEN 0 AND budget_som", name=op.f("ck_plan_money")),
    )
    op.create_index(op.f("ix_plan_run_id"), "plan", ["run_id"])
    op.create_table(
        "plan_item",
        _id("plan_id"),
        _id("school_id"),
        sa.Column("bundle", sa.Text, nullable=False),
        _id("cost_som"),
        *_numbers("benefit"),
        sa.PrimaryKeyConstraint("plan_id", "school_id", name=op.f("pk_plan_item")),
        _link("plan_item", "plan"),
        _link("plan_item", "school"),
        sa.CheckConstraint("cost_som > 0", name=op.f("ck_plan_item_cost")),
    )
    op.create_index(op.f("ix_plan_item_school_id"), "plan_item", ["school_id"])


def upgrade() -> None:
    """Apply."""
    _create_tables()
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
    op.execute(f"GRANT UPDATE (is_published, published_at) ON plan TO {ROLES}")
    op.execute(f"CREATE POLICY plan_change ON plan FOR UPDATE TO {ROLES} USING ({NATIONAL})")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    op.execute("SELECT audit_table('plan')")


def downgrade() -> None:
    """Take back."""
    for table in reversed(SEEN):
        op.drop_table(table)
