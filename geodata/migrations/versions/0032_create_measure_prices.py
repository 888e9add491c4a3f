"""Create unit costs that people state, and what a survey of each school of a run is worth.

A price is added, never changed: the newest of a measure, an area and an altitude is in force, one that is withdrawn
gives the place back to what is wider. Everybody reads them; who ranks the whole country adds them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
ADD = {
    "measure_price": f"{NATIONAL} AND (SELECT app_everywhere('rank'))",
    "survey_value": NATIONAL,
}
READ = {
    "measure_price": "true",  # what something costs is nobody's secret
    "survey_value": "run_id IN (SELECT id FROM run)",
}
COSTS = "(low_som IS NULL AND default_som IS NULL AND high_som IS NULL) OR 0 < low_som"


def _text(name: str, *, is_null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=is_null)


def _create_prices() -> None:
    op.create_table(
        "measure_price",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        _text("measure"),
        sa.Column("area_id", sa.BigInteger),
        sa.Column("altitude_from_m", sa.Integer),
        *(sa.Column(name, sa.BigInteger) for name in ("low_som", "default_som", "high_som")),
        sa.Column("price_date", sa.Date),
        sa.Column("index_factor", sa.Numeric(8, 4), server_default="1", nullable=False),
        _text("index_source", is_null=True),
        *(_text(name) for name in ("source", "status", "reason")),
        sa.Column("is_withdrawn", sa.Boolean, server_default=sa.false(), nullable=False),
        _text("approver", is_null=True),
        sa.Column("account_id", sa.BigInteger),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_price")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_measure_price_area_id_area")),
        sa.CheckConstraint(f"{COSTS}", name=op.f("ck_measure_price_positive")),
        sa.CheckConstraint(
            "num_nulls(low_som, default_som, high_som) IN (0, 3) AND low_som <= default_som "
            "AND default_som <= high_som",
            name=op.f("ck_measure_price_order"),
        ),
        sa.CheckConstraint("index_factor > 0", name=op.f("ck_measure_price_index")),
        sa.CheckConstraint("altitude_from_m BETWEEN 1 AND 8000", name=op.f("ck_measure_price_altitude")),
        sa.CheckConstraint("source <> '' AND reason <> ''", name=op.f("ck_measure_price_words")),
    )
    op.create_index(op.f("ix_measure_price_area_id"), "measure_price", ["area_id"])
    op.create_index("ix_measure_price_place", "measure_price", ["measure", "area_id", "altitude_from_m", "id"])


def _create_values() -> None:
    op.create_table(
        "survey_value",
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("run_id", "school_id")),
        _text("bundle", is_null=True),
        *(sa.Column(name, sa.BigInteger) for name in ("cost_som", "survey_som")),
        *(sa.Column(name, sa.Float) for name in ("benefit", "deviation", "gross_som", "net_som", "switches")),
        _text("unknown_part", is_null=True),
        _text("reason"),
        sa.PrimaryKeyConstraint("run_id", "school_id", name=op.f("pk_survey_value")),
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"], [f"{target}.id"], ondelete="CASCADE",
                name=op.f(f"fk_survey_value_{target}_id_{target}"),
            )
            for target in ("run", "school")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_survey_value_school_id"), "survey_value", ["school_id"])


def upgrade() -> None:
    """Apply."""
    _create_prices()
    _create_values()
    for table, condition in ADD.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({READ[table]})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({condition})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    op.execute("SELECT audit_table('measure_price')")


def downgrade() -> None:
    """Take back."""
    for table in reversed(ADD):
        op.drop_table(table)
