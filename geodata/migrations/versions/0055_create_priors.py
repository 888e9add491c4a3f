"""Create tables of priors: shares of building types and pass rates of requirements, counted once a version.

Everybody reads them; who may rank for the whole country makes a version and decides which one is in force. Nothing in
them is ever changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
IN_SCOPE = "(SELECT app_scope() IN ('public', 'area', 'national'))"
MAY_RANK = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
VERSION, TYPE, ANSWER, DECISION = TABLES = ("prior_version", "type_prior", "answer_prior", "prior_decision")
NOW = sa.text("clock_timestamp()")


def _id(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    column = sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False)
    return column, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _of_version(table: str, *, nullable: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("version_id", sa.BigInteger, nullable=nullable),
        sa.ForeignKeyConstraint(["version_id"], [f"{VERSION}.id"], name=op.f(f"fk_{table}_version_id_{VERSION}")),
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        VERSION,
        *_id(VERSION),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("data_date", sa.Date, nullable=False),
        sa.Column("edition_id", sa.BigInteger, nullable=False),
        sa.Column("buildings", sa.Integer, nullable=False),
        sa.Column("answers", sa.BigInteger, nullable=False),
        sa.Column("inputs", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("run_hash", sa.Text),
        sa.Column("is_synthetic", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.UniqueConstraint("number", name=op.f(f"uq_{VERSION}_number")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["standard_edition.id"], name=op.f(f"fk_{VERSION}_edition_id_standard_edition")
        ),
        sa.CheckConstraint("buildings >= 0 AND answers >= 0", name=op.f(f"ck_{VERSION}_counts")),
    )
    op.create_index(op.f(f"ix_{VERSION}_edition_id"), VERSION, ["edition_id"])
    shared = ("area", sa.Text), ("decade", sa.SmallInteger), ("building_type", sa.Text)
    for table, key, counted, share in (
        (TYPE, (), ("counted", sa.Integer), "weight"),
        (ANSWER, (("criterion", sa.Text),), ("met", sa.Float), "rate"),
    ):
        names = ("version_id", *(name for name, _ in (*shared, *key)))
        op.create_table(
            table,
            *_of_version(table, nullable=False),
            *(sa.Column(name, kind, nullable=False) for name, kind in (*shared, *key)),
            sa.Column("basis", sa.Text, nullable=False),
            sa.Column("surveyed", sa.Integer, nullable=False),
            sa.Column(*counted, nullable=False),
            sa.Column(share, sa.Float, nullable=False),
            sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}")),
            sa.CheckConstraint(f"{share} BETWEEN 0 AND 1", name=op.f(f"ck_{table}_{share}")),
        )
    op.create_table(
        DECISION,
        *_id(DECISION),
        *_of_version(DECISION, nullable=True),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
    )
    op.create_index(op.f(f"ix_{DECISION}_version_id"), DECISION, ["version_id"])
    for table in TABLES:
        _protect(table)
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def _protect(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
    op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({IN_SCOPE})")
    op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({MAY_RANK})")
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
