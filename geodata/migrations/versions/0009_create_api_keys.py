"""Create keys of programs, and the names that accounts have at an OpenID Connect provider.

The web role reaches a key by the hash of its secret, by being its account, or as an administrator; it can note that a
key was used or revoked and change nothing else of it. A job that a key starts keeps the rights that the key had.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WEB, WORKER = "mektep_web", "mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
OWN = "account_id = (SELECT app_account())"
ADMIN = "(SELECT app_everywhere('administer'))"
CREDENTIAL = "current_setting('app.credential', true)"
NAMED_KEY = f"secret_sha256 = {CREDENTIAL} OR {OWN} OR {ADMIN}"
NAMED_IDENTITY = f"issuer || ' ' || subject = {CREDENTIAL} OR {OWN} OR {ADMIN}"


def _moment(name: str, *, default: str | None = None, nullable: bool = False) -> sa.Column:
    given = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=nullable)


def _of_account(table: str) -> tuple[sa.Column | sa.ForeignKeyConstraint, ...]:
    return (
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_account_id_account")
        ),
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        *_of_account("api_key"),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("secret_sha256", sa.Text, nullable=False),
        sa.Column("rights", ARRAY(sa.Text), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("per_minute", sa.Integer, nullable=False),
        _moment("created_at", default="now()"),
        _moment("expires_at"),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_api_key_secret_sha256")),
        sa.CheckConstraint("per_minute BETWEEN 1 AND 6000", name=op.f("ck_api_key_per_minute")),
        sa.CheckConstraint("expires_at <= created_at + interval '366 days'", name=op.f("ck_api_key_a_year")),
    )
    op.create_index(op.f("ix_api_key_account_id"), "api_key", ["account_id"])
    op.create_table(
        "account_identity",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        *_of_account("account_identity"),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("bound_by", sa.BigInteger),
        _moment("bound_at", default="now()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_account_identity_account_id"), "account_identity", ["account_id"])
    op.add_column("background_job", sa.Column("only_rights", ARRAY(sa.Text)))
    _protect()


def _protect() -> None:
    for table in ("api_key", "account_identity"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY {table}_worker ON {table} TO {WORKER} USING ({NATIONAL}) WITH CHECK ({NATIONAL})")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {WORKER}")
        op.execute(f"GRANT SELECT ON {table} TO {WEB}")
    op.execute(f"CREATE POLICY api_key_read ON api_key FOR SELECT TO {WEB} USING ({NAMED_KEY})")
    op.execute(f"CREATE POLICY api_key_add ON api_key FOR INSERT TO {WEB} WITH CHECK ({OWN})")
    op.execute(
        f"CREATE POLICY api_key_change ON api_key FOR UPDATE TO {WEB} USING ({NAMED_KEY}) WITH CHECK ({NAMED_KEY})"
    )
    op.execute(f"GRANT INSERT ON api_key TO {WEB}")
    op.execute(f"GRANT UPDATE (last_used_at, revoked_at) ON api_key TO {WEB}")
    # What was revoked stays revoked: the web role may change a key only while it is not.
    op.execute(
        f"CREATE POLICY api_key_final ON api_key AS RESTRICTIVE FOR UPDATE TO {WEB} "
        "USING (revoked_at IS NULL) WITH CHECK (true)"
    )
    op.execute(f"CREATE POLICY account_identity_read ON account_identity FOR SELECT TO {WEB} USING ({NAMED_IDENTITY})")
    op.execute(f"CREATE POLICY account_identity_add ON account_identity FOR INSERT TO {WEB} WITH CHECK ({ADMIN})")
    op.execute(f"CREATE POLICY account_identity_remove ON account_identity FOR DELETE TO {WEB} USING ({ADMIN})")
    op.execute(f"GRANT INSERT, DELETE ON account_identity TO {WEB}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {WORKER}")


def downgrade() -> None:
    """Take back."""
    op.drop_column("background_job", "only_rights")
    op.drop_table("account_identity")
    op.drop_table("api_key")
