"""Create named schemes of weights, and three published methods beside the priority of a run.

A national scheme is seen by everybody and saved by who may rank for the whole country; a draft is its author's alone.
Results that stood before keep their ranks; what the three methods say of them is unknown.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
IN_SCOPE = "(SELECT app_scope() IN ('public', 'area', 'national'))"
OWN = "account_id = (SELECT app_account())"
MAY_RANK = "(SELECT app_scope()) = 'national' AND (SELECT app_everywhere('rank'))"
METHODS = {
    "safety_rank": sa.Integer,
    "gap_points": sa.Float,
    "gap_rank": sa.Integer,
    "benefit_cost": sa.Float,
    "benefit_rank": sa.Integer,
}


def upgrade() -> None:
    """Apply."""
    for name, kind in METHODS.items():
        op.add_column("school_result", sa.Column(name, kind))
    op.create_table(
        "weight_scheme",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("weights", sa.ARRAY(sa.Numeric(4, 3)), nullable=False),
        sa.Column("is_national", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_scheme")),
        sa.UniqueConstraint("code", name=op.f("uq_weight_scheme_code")),
        sa.CheckConstraint("cardinality(weights) = 8", name=op.f("ck_weight_scheme_weights")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 200", name=op.f("ck_weight_scheme_title")),
    )
    op.create_index(op.f("ix_weight_scheme_account_id"), "weight_scheme", ["account_id"])
    op.execute("ALTER TABLE weight_scheme ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE weight_scheme FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY weight_scheme_owner ON weight_scheme TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON weight_scheme TO {ROLES}")
    op.execute(
        f"CREATE POLICY weight_scheme_read ON weight_scheme FOR SELECT TO {ROLES} "
        f"USING (({IN_SCOPE} AND is_national) OR {OWN})"
    )
    op.execute(
        f"CREATE POLICY weight_scheme_add ON weight_scheme FOR INSERT TO {ROLES} "
        f"WITH CHECK ({OWN} AND (NOT is_national OR ({MAY_RANK})))"
    )
    op.execute(
        f"CREATE POLICY weight_scheme_remove ON weight_scheme FOR DELETE TO {ROLES} USING ({OWN} AND NOT is_national)"
    )
    op.execute(
        "CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON weight_scheme "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    op.execute("SELECT audit_table('weight_scheme')")


def downgrade() -> None:
    """Take back."""
    op.drop_table("weight_scheme")
    for name in METHODS:
        op.drop_column("school_result", name)
