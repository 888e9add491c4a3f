"""Create accounts, sign-in history and background jobs.

The web role sees the one account, session or try that it names in ``app.credential`` and can never list them;
it cannot make an account, give a role or enable anybody. The command line (worker role) does.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

QUEUE_SCHEMA = Path(__file__).resolve().parent.parent / "sql/procrastinate_3_10.sql"
QUEUE_TABLES = ("procrastinate_periodic_defers", "procrastinate_events", "procrastinate_jobs", "procrastinate_workers")
QUEUE_TYPES = ("procrastinate_job_to_defer_v1", "procrastinate_job_status", "procrastinate_job_event_type")
WEB, WORKER = "mektep_web", "mektep_worker"
CREDENTIAL = "current_setting('app.credential', true)"
OWN_ROW = {
    "account": f"{CREDENTIAL} IN (name, fs_uniquifier)",
    "account_role": "account_id IN (SELECT id FROM account)",
    "webauthn": "account_id IN (SELECT id FROM account)",
    "account_session": f"secret_sha256 = {CREDENTIAL}",
    "sign_in_try": f"key = {CREDENTIAL}",
}
"""The rows of each table that the web role may see: those it can name."""

TRACKED = "last_login_at, current_login_at, last_login_ip, current_login_ip, login_count, updated_at"


def _identity() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False)


def _moment(name: str, *, default: str | None = "now()", nullable: bool = False) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text(default) if default else None, nullable=nullable
    )


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable, server_default=sa.text(default) if default else None)


def _flag(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, server_default=sa.text(default), nullable=False)


def _account_key() -> sa.Column:
    return sa.Column("account_id", sa.BigInteger, nullable=False)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_account_id_account")
    )


def upgrade() -> None:
    """Apply."""
    _create_accounts()
    _create_sign_in()
    _create_jobs()
    _protect()


def _create_accounts() -> None:
    op.create_table(
        "account",
        _identity(),
        _text("name"),
        _text("email", nullable=True),
        _text("password", nullable=True),
        _flag("active", "true"),
        _flag("is_synthetic", "false"),
        _text("fs_uniquifier"),
        _text("fs_webauthn_user_handle", nullable=True),
        _text("mf_recovery_codes", nullable=True),
        _text("tf_primary_method", nullable=True),
        _text("tf_totp_secret", nullable=True),
        _text("tf_phone_number", nullable=True),
        _moment("last_login_at", default=None, nullable=True),
        _moment("current_login_at", default=None, nullable=True),
        _text("last_login_ip", nullable=True),
        _text("current_login_ip", nullable=True),
        sa.Column("login_count", sa.Integer, server_default=sa.text("0"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_account_{column}"))
            for column in ("name", "email", "fs_uniquifier", "fs_webauthn_user_handle")
        ),
    )
    op.create_table(
        "role",
        _identity(),
        _text("name"),
        _text("description", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "account_role",
        _account_key(),
        sa.Column("role_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
        _of_account("account_role"),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], ondelete="CASCADE", name=op.f("fk_account_role_role_id_role")
        ),
    )


def _create_sign_in() -> None:
    op.create_table(
        "webauthn",
        _identity(),
        _account_key(),
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        _text("transports", nullable=True),
        _flag("backup_state", "false"),
        _text("device_type"),
        _text("extensions", nullable=True),
        _text("name"),
        _text("usage"),
        _moment("create_datetime"),
        _moment("lastuse_datetime"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webauthn")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_webauthn_credential_id")),
        _of_account("webauthn"),
    )
    op.create_index(op.f("ix_webauthn_account_id"), "webauthn", ["account_id"])
    op.create_table(
        "account_session",
        _text("secret_sha256"),
        _account_key(),
        _moment("created_at"),
        _moment("expires_at", default=None),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_account_session")),
        _of_account("account_session"),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"])
    op.create_index(op.f("ix_account_session_expires_at"), "account_session", ["expires_at"])
    op.create_table(
        "sign_in_try",
        _identity(),
        _text("key"),
        _moment("at", default="clock_timestamp()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index("ix_sign_in_try_key_at", "sign_in_try", ["key", "at"])


def _create_jobs() -> None:
    driver = op.get_bind().connection.driver_connection
    driver.execute(QUEUE_SCHEMA.read_text(encoding="utf-8"))  # type: ignore[union-attr]
    op.create_table(
        "background_job",
        _identity(),
        _text("token"),
        _text("kind"),
        sa.Column("params", JSONB, server_default=sa.text("'{}'"), nullable=False),
        _text("scope"),
        sa.Column("account_id", sa.BigInteger),
        _text("lock_key", nullable=True),
        sa.Column("queue_id", sa.BigInteger),
        _text("status", default="'waiting'"),
        sa.Column("attempts", sa.SmallInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("progress_pct", sa.Integer, server_default=sa.text("0"), nullable=False),
        _text("step", nullable=True),
        _text("error", nullable=True),
        sa.Column("error_params", JSONB, server_default=sa.text("'{}'"), nullable=False),
        _text("result_name", nullable=True),
        _text("result_address", nullable=True),
        _moment("created_at"),
        _moment("started_at", default=None, nullable=True),
        _moment("finished_at", default=None, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_job")),
        sa.UniqueConstraint("token", name=op.f("uq_background_job_token")),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_background_job_status")),
        sa.CheckConstraint("scope IN ('public', 'national')", name=op.f("ck_background_job_scope")),
        sa.CheckConstraint("progress_pct BETWEEN 0 AND 100", name=op.f("ck_background_job_progress")),
    )
    op.create_index(op.f("ix_background_job_queue_id"), "background_job", ["queue_id"])
    op.create_index("ix_background_job_finished_at", "background_job", ["finished_at"])
    op.create_index(
        "uq_background_job_lock_key",
        "background_job",
        ["lock_key"],
        unique=True,
        postgresql_where=sa.text("status IN ('waiting', 'running')"),
    )


def _protect() -> None:
    op.execute(
        "INSERT INTO role (name, description) VALUES ('operator', 'imports, ranks and undoes for the whole country')"
    )
    op.execute(f"GRANT SELECT ON role, alembic_version TO {WEB}, {WORKER}")
    for table in (*OWN_ROW, "background_job"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(
            f"CREATE POLICY {table}_worker ON {table} TO {WORKER} "
            "USING ((SELECT app_scope()) = 'national') WITH CHECK ((SELECT app_scope()) = 'national')"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {WORKER}")
    for table, own in OWN_ROW.items():
        op.execute(f"CREATE POLICY {table}_web ON {table} TO {WEB} USING ({own}) WITH CHECK ({own})")
        op.execute(f"GRANT SELECT ON {table} TO {WEB}")
    op.execute(f"GRANT UPDATE ({TRACKED}) ON account TO {WEB}")
    op.execute(f"GRANT INSERT, DELETE ON account_session, sign_in_try TO {WEB}")
    row = "CASE (SELECT app_scope()) WHEN 'public' THEN scope = 'public' WHEN 'national' THEN true ELSE false END"
    op.execute(f"CREATE POLICY background_job_read ON background_job FOR SELECT TO {WEB} USING ({row})")
    op.execute(f"CREATE POLICY background_job_add ON background_job FOR INSERT TO {WEB} WITH CHECK ({row})")
    op.execute(f"GRANT SELECT, INSERT ON background_job TO {WEB}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(QUEUE_TABLES)} TO {WORKER}")
    op.execute(f"GRANT SELECT ON procrastinate_workers TO {WEB}")
    op.execute(f"GRANT SELECT, INSERT ON procrastinate_jobs TO {WEB}")
    op.execute(f"GRANT INSERT ON procrastinate_events TO {WEB}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {WORKER}")


def downgrade() -> None:
    """Take back."""
    op.execute(f"REVOKE SELECT ON alembic_version FROM {WEB}, {WORKER}")
    for table in ("background_job", "sign_in_try", "account_session", "webauthn", "account_role", "role", "account"):
        op.drop_table(table)
    for table in QUEUE_TABLES:
        op.execute(f"DROP TABLE {table} CASCADE")  # takes the functions along that return its rows
    op.execute("""
        DO $$
        DECLARE made regprocedure;
        BEGIN
            FOR made IN SELECT oid FROM pg_proc
                WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = 'public'::regnamespace
            LOOP EXECUTE 'DROP FUNCTION ' || made; END LOOP;
        END $$
    """)
    for name in QUEUE_TYPES:
        op.execute(f"DROP TYPE {name}")
