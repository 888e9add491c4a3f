"""Create the pipeline of projects: their stages with who, when and why, and the money planned and spent by source.

Rows are added and never changed; a correction of money names the row that it replaces. A project goes beyond approval
only with a record of its money, which is held by the log of deviations (migration 0025).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
STAGES = "'identified', 'design', 'approved', 'procured', 'building', 'done', 'dropped'"
EARLY = "'identified', 'design', 'dropped'"
"""What who edits a school may say; everything beyond is for who publishes."""

MONEY = "'republican_budget', 'local_budget', 'stimulating_grant', 'donor', 'development_fund'"
"""Never boards of trustees or parents: collecting money in schools is prohibited."""

TABLES = ("pipeline_project", "pipeline_move", "pipeline_money")

GUARD = """
    CREATE FUNCTION pipeline_move_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE
        last pipeline_move%ROWTYPE;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('pipeline_move'), (NEW.project_id % 2147483647)::int);
        SELECT * INTO last FROM pipeline_move WHERE project_id = NEW.project_id ORDER BY step DESC LIMIT 1;
        IF NEW.from_stage IS DISTINCT FROM last.to_stage OR NEW.from_stage = NEW.to_stage THEN
            RAISE EXCEPTION 'the project is not at this stage any more' USING ERRCODE = '23505';
        END IF;
        IF NEW.to_stage IN ('procured', 'building', 'done') AND NOT EXISTS (
            SELECT FROM funded_project AS money
            WHERE money.project_id = NEW.project_id
                AND NOT EXISTS (SELECT FROM funded_project AS later WHERE later.replaces_id = money.id)
        ) THEN
            RAISE EXCEPTION 'no money of this project is recorded' USING ERRCODE = '23514';
        END IF;
        NEW.step := coalesce(last.step, 0) + 1;
        NEW.recorded_at := clock_timestamp();
        NEW.account_id := app_account();
        NEW.account_name := (SELECT coalesce(display_name, name) FROM account WHERE id = app_account());
        RETURN NEW;
    END $$
"""


def _inside(school: str, right: str) -> str:
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory({school}, '{right}'))"


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False)


def _link(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{target}")
    )


def _create_project() -> None:
    op.create_table(
        "pipeline_project",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("plan_id", sa.BigInteger),
        sa.Column("cost_som", sa.BigInteger),
        sa.Column("is_synthetic", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("created_by", sa.BigInteger),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_project")),
        sa.UniqueConstraint("id", "school_id", name=op.f("uq_pipeline_project_id_school_id")),
        _link("pipeline_project", "school_id", "school"),
        _link("pipeline_project", "plan_id", "plan", "SET NULL"),
        sa.CheckConstraint("cost_som > 0", name=op.f("ck_pipeline_project_cost")),
        sa.CheckConstraint("bundle <> ''", name=op.f("ck_pipeline_project_bundle")),
    )
    op.create_index(op.f("ix_pipeline_project_school_id"), "pipeline_project", ["school_id"])
    op.create_index(op.f("ix_pipeline_project_plan_id"), "pipeline_project", ["plan_id"])
    op.add_column("funded_project", sa.Column("project_id", sa.BigInteger))
    op.create_foreign_key(
        op.f("fk_funded_project_project_id_pipeline_project"),
        "funded_project",
        "pipeline_project",
        ["project_id", "school_id"],
        ["id", "school_id"],
    )
    op.create_index(op.f("ix_funded_project_project_id"), "funded_project", ["project_id"])


def _create_move() -> None:
    op.create_table(
        "pipeline_move",
        sa.Column("project_id", sa.BigInteger, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("from_stage", sa.Text),
        sa.Column("to_stage", sa.Text, nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("document", sa.Text),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("account_name", sa.Text),
        _moment("recorded_at"),
        sa.PrimaryKeyConstraint("project_id", "step", name=op.f("pk_pipeline_move")),
        _link("pipeline_move", "project_id", "pipeline_project"),
        sa.CheckConstraint(f"to_stage IN ({STAGES})", name=op.f("ck_pipeline_move_stage")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_pipeline_move_reason")),
    )


def _create_money() -> None:
    op.create_table(
        "pipeline_money",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("money", sa.Text, nullable=False),
        sa.Column("amount_som", sa.BigInteger, nullable=False),
        sa.Column("on_date", sa.Date, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("document_url", sa.Text),
        sa.Column("created_by", sa.BigInteger),
        _moment("recorded_at"),
        sa.Column("replaces_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_money")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_pipeline_money_replaces_id")),
        _link("pipeline_money", "project_id", "pipeline_project"),
        _link("pipeline_money", "replaces_id", "pipeline_money"),
        sa.CheckConstraint("kind IN ('planned', 'spent')", name=op.f("ck_pipeline_money_kind")),
        sa.CheckConstraint(f"money IN ({MONEY})", name=op.f("ck_pipeline_money_money")),
        sa.CheckConstraint(
            "amount_som > 0 OR (amount_som = 0 AND replaces_id IS NOT NULL)", name=op.f("ck_pipeline_money_amount")
        ),
        sa.CheckConstraint("document <> ''", name=op.f("ck_pipeline_money_document")),
    )
    op.create_index(op.f("ix_pipeline_money_project_id"), "pipeline_money", ["project_id"])


def _secure() -> None:
    of_project = "(SELECT one.school_id FROM pipeline_project AS one WHERE one.id = project_id)"
    edits, publishes = _inside(of_project, "edit"), _inside(of_project, "publish")
    read = {
        "pipeline_project": "school_id IN (SELECT id FROM school)",
        "pipeline_move": "project_id IN (SELECT id FROM pipeline_project)",
        "pipeline_money": "project_id IN (SELECT id FROM pipeline_project)",
    }
    add = {
        "pipeline_project": f"({_inside('school_id', 'edit')} OR {_inside('school_id', 'publish')})",
        "pipeline_move": f"({publishes} OR (to_stage IN ({EARLY}) "
        f"AND coalesce(from_stage, 'identified') IN ('identified', 'design') AND {edits}))",
        "pipeline_money": publishes,
    }
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        # Who sees the school sees what is planned, decided and spent there.
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({read[table]})")
        op.execute(
            f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({SIGNED_IN} AND {add[table]})"
        )
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def upgrade() -> None:
    """Apply."""
    _create_project()
    _create_move()
    _create_money()
    op.execute(GUARD)
    op.execute(
        "CREATE TRIGGER pipeline_move_guard BEFORE INSERT ON pipeline_move "
        "FOR EACH ROW EXECUTE FUNCTION pipeline_move_guard()"
    )
    op.execute("REVOKE ALL ON FUNCTION pipeline_move_guard() FROM PUBLIC")
    _secure()
    op.execute("SELECT audit_table('pipeline_project', 'id', '{created_at}')")
    op.execute("SELECT audit_table('pipeline_money', 'id', '{recorded_at}')")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint("fk_funded_project_project_id_pipeline_project", "funded_project")
    op.drop_column("funded_project", "project_id")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION pipeline_move_guard()")
