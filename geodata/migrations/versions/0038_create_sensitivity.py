"""Create reports of sensitivity: what a plan would be under other assumptions, and which of its schools hang on one.

A report is made once and never changed; a later one stands beside it. It is seen by who sees its plan.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
MAY_PLAN = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
SEEN = {
    "plan_sensitivity": "plan_id IN (SELECT id FROM plan)",
    "sensitivity_variant": "sensitivity_id IN (SELECT id FROM plan_sensitivity)",
    "sensitivity_school": "sensitivity_id IN (SELECT id FROM plan_sensitivity)",
}
OUTCOMES = "'computed', 'same', 'not_computed'"


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def _of(name: str, kind: type[sa.types.TypeEngine], *, is_null: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=is_null)


def _create_tables() -> None:
    op.create_table(
        "plan_sensitivity",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        _of("plan_id", sa.BigInteger),
        *(_of(name, sa.Text) for name in ("hash", "canonical", "code_version")),
        *(_of(name, sa.Integer) for name in ("variants", "no_regret")),
        _of("gap_asked", sa.Float),
        _of("account_id", sa.BigInteger, is_null=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sensitivity")),
        sa.UniqueConstraint("hash", name=op.f("uq_plan_sensitivity_hash")),
        _link("plan_sensitivity", "plan_id", "plan"),
    )
    op.create_index(op.f("ix_plan_sensitivity_plan_id"), "plan_sensitivity", ["plan_id"])
    numbers = ("benefit", "gap", "plan_misses", "shared_share", "shared_money")
    op.create_table(
        "sensitivity_variant",
        _of("sensitivity_id", sa.BigInteger),
        _of("number", sa.SmallInteger),
        *(_of(name, sa.Text) for name in ("code", "assumption", "outcome")),
        *(_of(name, sa.Text, is_null=True) for name in ("reason", "status")),
        *(_of(name, sa.BigInteger, is_null=True) for name in ("budget_som", "cost_som")),
        *(_of(name, sa.Integer, is_null=True) for name in ("schools", "shared")),
        *(_of(name, sa.Float, is_null=True) for name in numbers),
        sa.PrimaryKeyConstraint("sensitivity_id", "number", name=op.f("pk_sensitivity_variant")),
        _link("sensitivity_variant", "sensitivity_id", "plan_sensitivity"),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_sensitivity_variant_outcome")),
        sa.CheckConstraint("outcome = 'computed' OR reason <> ''", name=op.f("ck_sensitivity_variant_reason")),
    )
    op.create_table(
        "sensitivity_school",
        _of("sensitivity_id", sa.BigInteger),
        _of("school_id", sa.BigInteger),
        _of("is_planned", sa.Boolean),
        _of("funded_in", sa.Integer),
        sa.Column("changed_by", ARRAY(sa.Text), server_default="{}", nullable=False),
        _of("hangs_on", sa.Text, is_null=True),
        sa.PrimaryKeyConstraint("sensitivity_id", "school_id", name=op.f("pk_sensitivity_school")),
        _link("sensitivity_school", "sensitivity_id", "plan_sensitivity"),
        _link("sensitivity_school", "school_id", "school"),
    )
    op.create_index(op.f("ix_sensitivity_school_school_id"), "sensitivity_school", ["school_id"])


def upgrade() -> None:
    """Apply."""
    _create_tables()
    for table, rows in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({rows})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({MAY_PLAN})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for table in reversed(SEEN):
        op.drop_table(table)
