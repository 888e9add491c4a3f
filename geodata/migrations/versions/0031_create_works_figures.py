"""Create engineers' costs of works at a school or a building, and decisions between retrofit, replacement and relocation.

Rows are added, never changed: a later row names the one that it replaces, so that two people who look at the same row
cannot both replace it. A row without a cost, or without a choice, gives the word back to the estimate and the rule.
What the rule rested on, the bounds of a cost and the estimate that a figure replaced are kept with each run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
INSIDE = "((SELECT app_everywhere('estimate')) OR app_in_territory(school_id, 'estimate'))"
STAGES = "'survey', 'design', 'expertise', 'contract'"
CHOICES = "'retrofit', 'replace', 'relocate'"
MEASURES = "^[A-Z]+[0-9]*(-[A-Z]+)*([+][A-Z]+[0-9]*(-[A-Z]+)*)*$"


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _common(table: str) -> list[sa.schema.SchemaItem]:
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("created_by", sa.BigInteger),
        sa.Column("created_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("replaces_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("replaces_id", name=op.f(f"uq_{table}_replaces_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
            )
            for column, target in (("school_id", "school"), ("replaces_id", table))
        ),
    ]


def _create_tables() -> None:
    op.create_table(
        "works_figure",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("building_id", sa.BigInteger),
        *_text("measures"),
        sa.Column("cost_som", sa.BigInteger),
        *_text("document"),
        sa.Column("documented_on", sa.Date, nullable=False),
        sa.Column("priced_on", sa.Date, nullable=False),
        *_text("stage"),
        *_common("works_figure"),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], ondelete="CASCADE", name=op.f("fk_works_figure_building_id_building")
        ),
        sa.CheckConstraint(
            "cost_som > 0 OR (cost_som IS NULL AND replaces_id IS NOT NULL)", name=op.f("ck_works_figure_cost")
        ),
        sa.CheckConstraint(f"measures ~ '{MEASURES}'", name=op.f("ck_works_figure_measures")),
        sa.CheckConstraint("document <> ''", name=op.f("ck_works_figure_document")),
        sa.CheckConstraint(f"stage IN ({STAGES})", name=op.f("ck_works_figure_stage")),
    )
    op.create_index(op.f("ix_works_figure_building_id"), "works_figure", ["building_id"])
    op.create_index(
        "uq_works_figure_first",
        "works_figure",
        ["school_id", "building_id", "measures"],
        unique=True,
        postgresql_where=sa.text("replaces_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "works_choice",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("choice", sa.Text),
        *_text("reason", "document"),
        *_common("works_choice"),
        sa.CheckConstraint(
            f"choice IN ({CHOICES}) OR (choice IS NULL AND replaces_id IS NOT NULL)",
            name=op.f("ck_works_choice_choice"),
        ),
        sa.CheckConstraint("reason <> '' AND document <> ''", name=op.f("ck_works_choice_reason")),
    )
    op.create_index(
        "uq_works_choice_first",
        "works_choice",
        ["school_id"],
        unique=True,
        postgresql_where=sa.text("replaces_id IS NULL"),
    )


def _keep_with_runs() -> None:
    for name in ("cost_low_som", "cost_high_som", "estimate_som"):
        op.add_column("bundle_result", sa.Column(name, sa.BigInteger))
    op.add_column("bundle_result", sa.Column("is_figure", sa.Boolean, server_default=sa.false(), nullable=False))
    op.create_table(
        "school_works",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("retrofit_som", "replacement_som")),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("is_condemned", "is_on_slide", "is_in_flow")),
        sa.Column("choice", sa.Text),
        sa.PrimaryKeyConstraint("run_id", "school_id", name=op.f("pk_school_works")),
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"],
                [f"{target}.id"],
                ondelete="CASCADE",
                name=op.f(f"fk_school_works_{target}_id_{target}"),
            )
            for target in ("run", "school")
        ),
    )
    op.create_index(op.f("ix_school_works_school_id"), "school_works", ["school_id"])
    _protect("school_works", "run_id IN (SELECT id FROM run)", "(SELECT app_scope()) = 'national'")


def _protect(table: str, read: str, add: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
    op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({read})")
    op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({add})")
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )


def upgrade() -> None:
    """Apply."""
    _create_tables()
    _keep_with_runs()
    for table in ("works_figure", "works_choice"):
        _protect(table, "school_id IN (SELECT id FROM school)", f"{SIGNED_IN} AND {INSIDE}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for table in ("school_works", "works_choice", "works_figure"):
        op.drop_table(table)
    for name in ("is_figure", "estimate_som", "cost_high_som", "cost_low_som"):
        op.drop_column("bundle_result", name)
