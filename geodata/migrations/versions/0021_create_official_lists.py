"""Create official lists: who made which run official, why and by which document; what moved, and the kit of a run.

Rows that are written once: nobody of the application changes or removes one. They are seen by who sees the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SEEN = "run_id IN (SELECT id FROM run)"
"""The row security of ``run`` holds inside the query too."""

NATIONAL = "(SELECT app_scope()) = 'national'"
MAY_RANK = f"{NATIONAL} AND (SELECT app_everywhere('rank'))"
MAY_DECIDE = f"{MAY_RANK} AND (SELECT app_everywhere('publish'))"
TABLES = {"official_list": MAY_DECIDE, "official_change": MAY_DECIDE, "run_kit": MAY_RANK}
"""Who may add a row."""


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}_{target}")
    )


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def _create_lists() -> None:
    op.create_table(
        "official_list",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        _moment("decided_at"),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("approver", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("document", sa.Text),
        sa.Column("document_on", sa.Date),
        sa.Column("document_url", sa.Text),
        sa.Column("former_run_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_list")),
        _link("official_list", "run_id", "run"),
        _link("official_list", "former_run_id", "run"),
    )
    op.create_index(op.f("ix_official_list_run_id"), "official_list", ["run_id"])
    op.create_table(
        "official_change",
        sa.Column("list_id", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("old_rank", sa.Integer),
        sa.Column("new_rank", sa.Integer),
        *(
            sa.Column(name, sa.Float)
            for name in ("old_priority", "new_priority", "rule", "data", "reality", "undivided")
        ),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("factor", sa.Text),
        sa.PrimaryKeyConstraint("list_id", "school_id", name=op.f("pk_official_change")),
        _link("official_change", "list_id", "official_list"),
        _link("official_change", "run_id", "run"),
        _link("official_change", "school_id", "school"),
    )
    op.create_index(op.f("ix_official_change_school_id"), "official_change", ["school_id"])


def upgrade() -> None:
    """Apply. A run that is official already keeps that: since when is known, by whom is not."""
    _create_lists()
    op.create_table(
        "run_kit",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_kit")),
        _link("run_kit", "run_id", "run"),
    )
    op.execute(
        "INSERT INTO official_list (run_id, decided_at) "
        "SELECT id, coalesce(published_at, created_at) FROM run WHERE is_official ORDER BY published_at, id"
    )
    for table, adding in TABLES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({SEEN})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({adding})")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for table in ("run_kit", "official_change", "official_list"):
        op.drop_table(table)
