"""Give plans envelopes: years, who pays what of each school, must-act schools, and a state that two editors share.

A plan of before has one year without a name and no payments. Making, publishing and withdrawing a plan now takes the
right to rank for the country in the database too. Sources are a closed list without boards of trustees and parents.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
MAY_PLAN = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
SOURCES = "'republican_budget', 'local_budget', 'stimulating_grant', 'donor', 'development_fund'"
OUTCOMES = "'funded', 'no_money', 'no_measure'"
PARTS = ("plan_payment", "plan_must_act")


def _part(table: str, *columns: sa.SchemaItem, key: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("plan_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_school_id_school")
        ),
    )
    op.create_index(op.f(f"ix_{table}_school_id"), table, ["school_id"])


def upgrade() -> None:
    """Apply."""
    for column in (
        sa.Column("first_year", sa.SmallInteger),
        sa.Column("years", sa.SmallInteger, server_default="1", nullable=False),
        sa.Column("must_act_left", sa.Integer, server_default="0", nullable=False),
        sa.Column("result_sha256", sa.Text),
        sa.Column("state_version", sa.Integer, server_default="0", nullable=False),
    ):
        op.add_column("plan", column)
    op.create_check_constraint(op.f("ck_plan_years"), "plan", "years BETWEEN 1 AND 10")
    op.add_column("plan_item", sa.Column("year", sa.SmallInteger))
    _part(
        "plan_payment",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("amount_som", sa.BigInteger, nullable=False),
        sa.CheckConstraint(f"source IN ({SOURCES})", name=op.f("ck_plan_payment_source")),
        sa.CheckConstraint("amount_som > 0", name=op.f("ck_plan_payment_amount")),
        key=("plan_id", "school_id", "source"),
    )
    _part(
        "plan_must_act",
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_plan_must_act_reason")),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_plan_must_act_outcome")),
        key=("plan_id", "school_id"),
    )
    for table in PARTS:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(
            f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING (plan_id IN (SELECT id FROM plan))"
        )
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({MAY_PLAN})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    for table in ("plan", "plan_item"):
        op.execute(f"ALTER POLICY {table}_add ON {table} WITH CHECK ({MAY_PLAN})")
    op.execute(f"ALTER POLICY plan_change ON plan USING ({MAY_PLAN}) WITH CHECK ({MAY_PLAN})")
    op.execute(f"GRANT UPDATE (state_version) ON plan TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    national = "(SELECT app_scope()) = 'national'"
    op.execute(f"ALTER POLICY plan_change ON plan USING ({national}) WITH CHECK ({national})")
    for table in ("plan", "plan_item"):
        op.execute(f"ALTER POLICY {table}_add ON {table} WITH CHECK ({national})")
    for table in reversed(PARTS):
        op.drop_table(table)
    op.drop_column("plan_item", "year")
    for column in ("state_version", "result_sha256", "must_act_left", "years", "first_year"):
        op.drop_column("plan", column)
