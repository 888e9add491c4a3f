"""Create the audit: differences of each change, who and why, chained by hashes in the order of commits.

Statement triggers write the differences; at its commit each transaction gets one link, whose hash covers its changes,
its events and the link before. Nothing of it can be changed: the roles of the application may only read, and a trigger
refuses everybody else. A later migration that makes a table of facts calls ``audit_table``.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INT8RANGE, JSON, JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FUNCTIONS = Path(__file__).resolve().parent.parent / "sql/audit_chain.sql"
ROLES = "mektep_web, mektep_worker"
TABLES = ("audit_transaction", "audit_change", "audit_link")
SIGNATURES = (
    "audit_seal()", "audit_table(regclass, text, text[], text[], boolean)", "audit_rows()", "audit_refuse()",
    "audit_event_joins()", "audit_transaction_id()", "audit_changes_of(text, bigint)",
)  # fmt: skip

AUDITOR = "(SELECT app_scope()) IN ('area', 'national') AND (SELECT app_everywhere('audit'))"
READ = {
    "audit_transaction": AUDITOR,
    "audit_link": AUDITOR,
    "audit_change": f"{AUDITOR} AND (NOT is_restricted OR (SELECT app_everywhere('see_restricted')))",
}

MOMENTS = "'{created_at, updated_at}'"
AUDITED = {
    "area": f"'area', 'id', {MOMENTS}",
    "area_boundary": "'area_boundary', 'area_id', '{geom_mid, geom_low}'",
    "area_succession": "'area_succession'",
    "school": "'school', 'id', '{created_at, updated_at, location_flags}'",
    "school_code": "'school_code', 'school_id'",
    "building": f"'building', 'id', {MOMENTS}",
    "assessment": f"'assessment', 'id', {MOMENTS}",
    "answer": "'answer'",
    "restricted_answer": "'restricted_answer', is_restricted => true",
    "standard_edition": "'standard_edition', 'id', '{created_at}'",
    "standard_domain": "'standard_domain'",
    "criterion": "'criterion'",
    "hazard_layer": "'hazard_layer', 'id', '{created_at}'",
    "run": "'run', 'id', '{created_at, canonical}'",
    "account": (
        "'account', 'id', '{created_at, updated_at, last_login_at, current_login_at, last_login_ip, current_login_ip, "
        "login_count, tf_last_counter}', '{name, display_name, email, active, is_synthetic, tf_primary_method, "
        "mf_codes_made_at}'"
    ),
    "account_grant": "'account_grant'",
    "account_identity": "'account_identity'",
    "webauthn": "'webauthn', 'id', '{lastuse_datetime, sign_count}', '{account_id, name, usage, create_datetime}'",
    "api_key": (
        "'api_key', 'id', '{last_used_at, created_at}', '{account_id, title, prefix, rights, per_minute, expires_at, "
        "revoked_at}'"
    ),
}
"""Tables of facts and of rights: what ``audit_table`` gets. Derived columns and times of the row itself are left out."""


def upgrade() -> None:
    """Apply."""
    _create_tables()
    driver = op.get_bind().connection.driver_connection
    driver.execute(FUNCTIONS.read_text(encoding="utf-8"))  # type: ignore[union-attr]
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION audit_changes_of(text, bigint) TO {ROLES}")
    _protect()
    _chain_events()
    for arguments in AUDITED.values():
        op.execute(f"SELECT audit_table({arguments})")


def _create_tables() -> None:
    op.create_table(
        "audit_transaction",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("xid", sa.BigInteger, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("account_name", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_transaction")),
    )
    for column in ("xid", "account_id", "request_id"):
        op.create_index(op.f(f"ix_audit_transaction_{column}"), "audit_transaction", [column])
    op.create_table(
        "audit_change",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("transaction_id", sa.BigInteger, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("records", INT8RANGE, nullable=False),
        sa.Column("record_count", sa.Integer, nullable=False),
        sa.Column("is_restricted", sa.Boolean, nullable=False),
        sa.Column("differences", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_change")),
        sa.CheckConstraint("action IN ('added', 'changed', 'removed')", name=op.f("ck_audit_change_action")),
        _of_transaction("audit_change"),
    )
    op.create_index(op.f("ix_audit_change_transaction_id"), "audit_change", ["transaction_id"])
    op.create_index("ix_audit_change_table_name_id", "audit_change", ["table_name", "id"])
    op.create_index("ix_audit_change_records", "audit_change", ["records"], postgresql_using="gist")
    op.create_table(
        "audit_link",
        sa.Column("position", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", JSONB, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_audit_link_transaction_id")),
        _of_transaction("audit_link"),
    )
    op.create_index(op.f("ix_audit_link_sealed_at"), "audit_link", ["sealed_at"])
    op.add_column("audit_event", sa.Column("transaction_id", sa.BigInteger))
    op.create_foreign_key(
        op.f("fk_audit_event_transaction_id_audit_transaction"),
        "audit_event",
        "audit_transaction",
        ["transaction_id"],
        ["id"],
    )
    op.create_index(op.f("ix_audit_event_transaction_id"), "audit_event", ["transaction_id"])
    op.add_column("background_job", sa.Column("request_id", sa.Text))


def _of_transaction(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_transaction_id_audit_transaction")
    return sa.ForeignKeyConstraint(["transaction_id"], ["audit_transaction.id"], name=name)


def _protect() -> None:
    for table, rule in READ.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({rule})")
        op.execute(f"GRANT SELECT ON {table} TO {ROLES}")
    op.execute(
        "CREATE CONSTRAINT TRIGGER audit_seal AFTER INSERT ON audit_transaction DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_seal()"
    )


def _chain_events() -> None:
    """Put the events that are there into the first link, then let nobody change what is written."""
    op.execute(
        "INSERT INTO audit_transaction (xid, begun_at, reason) "
        "SELECT pg_current_xact_id()::text::bigint, transaction_timestamp(), 'events before the chain' "
        "WHERE EXISTS (SELECT FROM audit_event)"
    )
    op.execute("UPDATE audit_event SET transaction_id = (SELECT id FROM audit_transaction)")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.alter_column("audit_event", "transaction_id", nullable=False)
    op.execute(
        "CREATE TRIGGER audit_event_joins BEFORE INSERT ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_joins()"
    )
    for table in (*TABLES, "audit_event"):
        op.execute(
            f"CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def downgrade() -> None:
    """Take back; the chain goes, the events stay."""
    for table in reversed(AUDITED):
        for trigger in ("removed", "changed", "added"):
            op.execute(f"DROP TRIGGER audit_{trigger} ON {table}")
    for trigger in ("audit_refuse", "audit_event_joins"):
        op.execute(f"DROP TRIGGER {trigger} ON audit_event")
    op.drop_column("background_job", "request_id")
    op.drop_column("audit_event", "transaction_id")
    for table in reversed(TABLES):
        op.drop_table(table)
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
