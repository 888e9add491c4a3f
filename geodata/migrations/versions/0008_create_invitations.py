"""Create invitations, second factors and the history of sign-ins.

One-time links are kept by their SHA-256 and reached by who holds them or by administrators. A browser's row says
whether a second factor was shown and from where it signed in; tries to sign in are kept for 180 days.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WEB, WORKER = "mektep_web", "mektep_worker"
CREDENTIAL = "current_setting('app.credential', true)"
OWN = "account_id = (SELECT app_account())"
ADMIN = "(SELECT app_everywhere('administer'))"
NATIONAL = "(SELECT app_scope()) = 'national'"
TABLES = ("account_link", "sign_in_record")
SECOND_FACTOR = "tf_last_counter, mf_codes_made_at"


def upgrade() -> None:
    """Apply."""
    op.add_column("account", sa.Column("tf_last_counter", sa.BigInteger))
    op.add_column("account", sa.Column("mf_codes_made_at", sa.DateTime(timezone=True)))
    op.execute(f"GRANT UPDATE ({SECOND_FACTOR}) ON account TO {WEB}")
    op.add_column(
        "account_session", sa.Column("has_second_factor", sa.Boolean, server_default=sa.false(), nullable=False)
    )
    op.add_column("account_session", sa.Column("address", sa.Text))
    op.add_column("account_session", sa.Column("browser", sa.Text))
    op.execute(f"GRANT UPDATE (expires_at) ON account_session TO {WEB}")
    _create_links()
    _create_history()
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {WORKER}")


def _protect(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY {table}_worker ON {table} TO {WORKER} USING ({NATIONAL}) WITH CHECK ({NATIONAL})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {WORKER}")


def _account(table: str, *, nullable: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_account_id_account")
    )
    return sa.Column("account_id", sa.BigInteger, nullable=nullable), key


def _create_links() -> None:
    op.create_table(
        "account_link",
        sa.Column("token_sha256", sa.Text, nullable=False),
        *_account("account_link", nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_by", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_account_link")),
        sa.CheckConstraint("kind IN ('invitation', 'reset')", name=op.f("ck_account_link_kind")),
    )
    op.create_index(op.f("ix_account_link_account_id"), "account_link", ["account_id"])
    op.create_index(op.f("ix_account_link_expires_at"), "account_link", ["expires_at"])
    _protect("account_link")
    row = f"token_sha256 = {CREDENTIAL} OR {OWN} OR {ADMIN}"
    op.execute(f"CREATE POLICY account_link_read ON account_link FOR SELECT TO {WEB} USING ({row})")
    op.execute(f"CREATE POLICY account_link_use ON account_link FOR UPDATE TO {WEB} USING ({row})")
    op.execute(f"CREATE POLICY account_link_add ON account_link FOR INSERT TO {WEB} WITH CHECK ({ADMIN})")
    op.execute(f"CREATE POLICY account_link_remove ON account_link FOR DELETE TO {WEB} USING ({OWN} OR {ADMIN})")
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON account_link TO {WEB}")


def _create_history() -> None:
    op.create_table(
        "sign_in_record",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        *_account("sign_in_record", nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_record")),
        sa.CheckConstraint(
            "outcome IN ('signed_in', 'wrong_password', 'wrong_code')", name=op.f("ck_sign_in_record_outcome")
        ),
    )
    op.create_index("ix_sign_in_record_account_id_at", "sign_in_record", ["account_id", "at"])
    op.create_index(op.f("ix_sign_in_record_at"), "sign_in_record", ["at"])
    _protect("sign_in_record")
    op.execute(f"CREATE POLICY sign_in_record_read ON sign_in_record FOR SELECT TO {WEB} USING ({OWN} OR {ADMIN})")
    # A try for a name that does not exist is noted as well, without the name: the same work for both.
    op.execute(
        f"CREATE POLICY sign_in_record_add ON sign_in_record FOR INSERT TO {WEB} "
        "WITH CHECK (account_id IS NULL OR account_id IN (SELECT id FROM account))"
    )
    op.execute(f"GRANT SELECT, INSERT ON sign_in_record TO {WEB}")


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute(f"REVOKE UPDATE (expires_at) ON account_session FROM {WEB}")
    for column in ("browser", "address", "has_second_factor"):
        op.drop_column("account_session", column)
    op.drop_column("account", "mf_codes_made_at")
    op.drop_column("account", "tf_last_counter")
