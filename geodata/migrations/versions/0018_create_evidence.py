"""Let schools answer for themselves: dates and versions of answers, who answered, evidence, and the steps to publication.

The database holds the order of the steps and the four eyes: nobody verifies or publishes what they answered. Who answered
stands in tables of their own, which the public never reads, while published answers are for everybody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
IN_AREA = "(SELECT app_scope()) = 'area'"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
STATUSES = "'draft', 'submitted', 'returned', 'verified', 'published'"
ANSWERS = ("answer", "restricted_answer")


def inside(school: str, right: str) -> str:
    """Return the condition that ``school`` (an expression of its id) lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory({school}, '{right}'))"


def open_visit(row: str) -> str:
    """Return the condition that the assessment of ``row`` may be answered here, in a criterion and block of its own."""
    return (
        f"EXISTS (SELECT FROM assessment AS visit WHERE visit.id = {row}.assessment_id "
        f"AND visit.status IN ('draft', 'returned') AND {inside('visit.school_id', 'edit')} "
        f"AND ({row}.criterion_id IS NULL OR EXISTS (SELECT FROM criterion WHERE criterion.id = {row}.criterion_id "
        "AND criterion.edition_id = visit.edition_id)) "
        f"AND ({row}.building_id IS NULL OR EXISTS (SELECT FROM building WHERE building.id = {row}.building_id "
        "AND building.school_id = visit.school_id)))"
    )


def of_visit(row: str, right: str) -> str:
    """Return the condition that the assessment of ``row`` is seen, at a school where ``right`` is held."""
    return (
        f"EXISTS (SELECT FROM assessment AS visit WHERE visit.id = {row}.assessment_id "
        f"AND {inside('visit.school_id', right)})"
    )


def protection(row: str) -> str:
    """Return the condition that the criterion of ``row`` belongs to the group protection."""
    return (
        f"EXISTS (SELECT FROM criterion WHERE criterion.id = {row}.criterion_id AND criterion.grouping = 'protection')"
    )


PROTECTED_VISIT = of_visit("restricted_answer", "see_restricted")
FORMER_WRITE = {"answer": NATIONAL, "restricted_answer": f"{NATIONAL} AND {PROTECTED_VISIT}"}
ANSWER_WRITE = {
    "answer": f"{NATIONAL} OR ({IN_AREA} AND {open_visit('answer')} AND NOT {protection('answer')})",
    "restricted_answer": f"({NATIONAL} OR ({IN_AREA} AND {open_visit('restricted_answer')})) AND {PROTECTED_VISIT}",
}

EDIT, VERIFY, PUBLISH = (inside("assessment.school_id", right) for right in ("edit", "verify", "publish"))
ASSESSMENT_ADD = f"{NATIONAL} OR ({IN_AREA} AND status = 'draft' AND batch_id IS NULL AND {EDIT})"
ASSESSMENT_CHANGE = (
    f"{NATIONAL} OR ({IN_AREA} AND ((status IN ('draft', 'returned', 'submitted') AND {EDIT}) "
    f"OR (status IN ('submitted', 'verified') AND ({VERIFY} OR {PUBLISH}))))"
)
ASSESSMENT_BECOMES = f"{NATIONAL} OR ({IN_AREA} AND ({EDIT} OR {VERIFY} OR {PUBLISH}))"
ASSESSMENT_REMOVE = f"{NATIONAL} OR ({IN_AREA} AND status = 'draft' AND batch_id IS NULL AND {EDIT})"

GUARD = """
    CREATE FUNCTION assessment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        step text := OLD.status || '>' || NEW.status;
        wanted text;
    BEGIN
        IF current_user NOT IN ('mektep_web', 'mektep_worker') THEN
            RETURN NEW;
        END IF;
        IF (NEW.id, NEW.school_id, NEW.edition_id) IS DISTINCT FROM (OLD.id, OLD.school_id, OLD.edition_id) THEN
            RAISE EXCEPTION 'an assessment stays with its school and edition' USING ERRCODE = '42501';
        END IF;
        wanted := CASE
            WHEN step IN ('draft>submitted', 'returned>submitted', 'submitted>draft') THEN 'edit'
            WHEN step IN ('submitted>verified', 'submitted>returned') THEN 'verify'
            WHEN step IN ('verified>published', 'verified>returned') THEN 'publish'
            ELSE 'nobody'
        END;
        IF NOT (CASE wanted
            WHEN 'nobody' THEN false
            WHEN 'edit' THEN app_everywhere('edit') OR app_in_territory(OLD.school_id, 'edit')
            ELSE (app_everywhere(wanted) OR app_in_territory(OLD.school_id, wanted))
                AND NOT assessment_is_own(OLD.id)
        END) THEN
            RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'not open to this account: ' || step;
        END IF;
        RETURN NEW;
    END $$
"""
"""Who may take which step. Nobody verifies, returns or publishes what they began, answered or submitted themselves."""

IS_OWN = """
    CREATE FUNCTION assessment_is_own(wanted bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        SELECT EXISTS (
            SELECT FROM assessment_step WHERE assessment_id = wanted AND account_id = app_account()
                AND to_status IN ('draft', 'submitted')
        ) OR EXISTS (SELECT FROM answer_change WHERE assessment_id = wanted AND account_id = app_account())
    $$
"""

NOTE = """
    CREATE FUNCTION assessment_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        INSERT INTO assessment_step (assessment_id, account_id, account_name, from_status, to_status, reason)
        VALUES (
            NEW.id, app_account(),
            (SELECT coalesce(display_name, name) FROM account WHERE id = app_account()),
            CASE TG_OP WHEN 'UPDATE' THEN OLD.status END, NEW.status,
            nullif(current_setting('app.reason', true), '')
        );
        RETURN NULL;
    END $$
"""
"""Writes the step down for whoever takes it, with the reason that the transaction gives to the audit. Files that were
taken in have their batch and its event instead."""

WATCH = """
    CREATE FUNCTION note_answer_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM changed_rows JOIN assessment AS visit ON visit.id = changed_rows.assessment_id
            WHERE visit.status = 'published'
        ) THEN
            UPDATE assessment SET status = status WHERE false;  -- its own trigger leaves the note
        END IF;
        RETURN NULL;
    END $$
"""
"""Answers that are not public yet are on no kept page: saving one leaves the memory of pages as it is."""

EVIDENCE_OPEN = f"(NOT is_restricted OR ({SIGNED_IN} AND {of_visit('evidence', 'see_restricted')}))"
EVIDENCE_READ = f"EXISTS (SELECT FROM assessment WHERE assessment.id = assessment_id) AND {EVIDENCE_OPEN}"
EVIDENCE_WRITE = (
    f"{SIGNED_IN} AND {EVIDENCE_OPEN} AND is_restricted = {protection('evidence')} "
    f"AND (({NATIONAL} AND (SELECT app_everywhere('import'))) OR {open_visit('evidence')})"
)
CHANGE_READ = (
    f"{SIGNED_IN} AND {of_visit('answer_change', 'see')} "
    f"AND (NOT is_restricted OR {of_visit('answer_change', 'see_restricted')})"
)
CHANGE_ADD = (
    f"{SIGNED_IN} AND account_id IS NOT DISTINCT FROM (SELECT app_account()) "
    f"AND is_restricted = {protection('answer_change')} "
    f"AND (NOT is_restricted OR {of_visit('answer_change', 'see_restricted')}) "
    f"AND (({NATIONAL} AND (SELECT app_everywhere('import'))) OR {open_visit('answer_change')})"
)
STEP_READ = f"{SIGNED_IN} AND {of_visit('assessment_step', 'see')}"


def _moment(name: str, default: str | None = None) -> sa.Column:
    given = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=default is None)


def _link(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{target}")
    )


def _create_step() -> None:
    op.create_table(
        "assessment_step",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("assessment_id", sa.BigInteger, nullable=False),
        _moment("at", "clock_timestamp()"),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("account_name", sa.Text),
        sa.Column("from_status", sa.Text),
        sa.Column("to_status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_step")),
        _link("assessment_step", "assessment_id", "assessment", "CASCADE"),
    )
    op.create_index(op.f("ix_assessment_step_assessment_id"), "assessment_step", ["assessment_id"])


def _create_change() -> None:
    op.create_table(
        "answer_change",
        sa.Column("key", sa.Uuid, nullable=False),
        sa.Column("assessment_id", sa.BigInteger, nullable=False),
        sa.Column("criterion_id", sa.BigInteger),
        sa.Column("building_id", sa.BigInteger),
        sa.Column("is_restricted", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("version", sa.Integer),
        sa.Column("content", JSONB, nullable=False),
        _moment("answered_at"),
        _moment("received_at", "now()"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answer_change")),
        _link("answer_change", "assessment_id", "assessment", "CASCADE"),
        _link("answer_change", "criterion_id", "criterion"),
        _link("answer_change", "building_id", "building", "CASCADE"),
        sa.CheckConstraint("kind IN ('answer', 'evidence', 'removal')", name=op.f("ck_answer_change_kind")),
    )
    for column in ("assessment_id", "building_id"):
        op.create_index(op.f(f"ix_answer_change_{column}"), "answer_change", [column])


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Uuid, nullable=False),
        sa.Column("assessment_id", sa.BigInteger, nullable=False),
        sa.Column("criterion_id", sa.BigInteger),
        sa.Column("building_id", sa.BigInteger),
        sa.Column("is_restricted", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("taken_on", sa.Date),
        sa.Column("title", sa.Text),
        sa.Column("before_id", sa.BigInteger),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("byte_count", sa.BigInteger, nullable=False),
        sa.Column("public_sha256", sa.Text),
        sa.Column("thumbnail_sha256", sa.Text),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        _moment("created_at", "now()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("key", name=op.f("uq_evidence_key")),
        _link("evidence", "assessment_id", "assessment", "CASCADE"),
        _link("evidence", "criterion_id", "criterion"),
        _link("evidence", "building_id", "building", "CASCADE"),
        _link("evidence", "before_id", "evidence", "SET NULL"),
        sa.CheckConstraint("kind IN ('photo', 'document')", name=op.f("ck_evidence_kind")),
    )
    for column in ("assessment_id", "building_id", "before_id"):
        op.create_index(op.f(f"ix_evidence_{column}"), "evidence", [column])


def _extend_answers() -> None:
    for table in ANSWERS:
        op.add_column(table, sa.Column("evidence_on", sa.Date))
        op.add_column(table, _moment("answered_at"))
        op.add_column(table, sa.Column("version", sa.Integer, server_default=sa.text("1"), nullable=False))
        for policy, clause in (("add", "WITH CHECK"), ("change", "USING"), ("remove", "USING")):
            op.execute(f"ALTER POLICY {table}_{policy} ON {table} {clause} ({ANSWER_WRITE[table]})")


def _watch_published_answers() -> None:
    op.execute(WATCH)
    op.execute("REVOKE ALL ON FUNCTION note_answer_change() FROM public")
    op.execute("DROP TRIGGER note_data_change ON answer")
    for name, event, rows in (
        ("note_data_change", "INSERT", "NEW"),
        ("note_data_change_in", "UPDATE", "NEW"),
        ("note_data_change_out", "DELETE", "OLD"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON answer REFERENCING {rows} TABLE AS changed_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_answer_change()"
        )


def upgrade() -> None:
    """Apply."""
    _create_step()
    _create_change()
    _create_evidence()
    for body in (IS_OWN, GUARD, NOTE):
        op.execute(body)
    op.execute("REVOKE ALL ON FUNCTION assessment_is_own(bigint), assessment_note() FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION assessment_is_own(bigint) TO {ROLES}")
    op.create_check_constraint(op.f("ck_assessment_status"), "assessment", f"status IN ({STATUSES})")
    op.execute(
        "CREATE TRIGGER assessment_guard BEFORE UPDATE ON assessment FOR EACH ROW WHEN ("
        "(OLD.status, OLD.id, OLD.school_id, OLD.edition_id) IS DISTINCT FROM "
        "(NEW.status, NEW.id, NEW.school_id, NEW.edition_id)) EXECUTE FUNCTION assessment_guard()"
    )
    for name, event, when in (
        ("assessment_note_first", "INSERT", "NEW.batch_id IS NULL"),
        ("assessment_note", "UPDATE", "OLD.status IS DISTINCT FROM NEW.status"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON assessment FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION assessment_note()"
        )
    _extend_answers()
    op.execute(f"ALTER POLICY assessment_add ON assessment WITH CHECK ({ASSESSMENT_ADD})")
    op.execute(
        f"ALTER POLICY assessment_change ON assessment USING ({ASSESSMENT_CHANGE}) WITH CHECK ({ASSESSMENT_BECOMES})"
    )
    op.execute(f"ALTER POLICY assessment_remove ON assessment USING ({ASSESSMENT_REMOVE})")
    _protect()
    _watch_published_answers()


def _protect() -> None:
    for table in ("assessment_step", "answer_change", "evidence"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT ON {table} TO {ROLES}")
    op.execute(f"GRANT INSERT ON answer_change, evidence TO {ROLES}")
    op.execute(f"GRANT UPDATE (taken_on, title, before_id), DELETE ON evidence TO {ROLES}")
    for policy, table, event, clause, rule in (
        ("assessment_step_read", "assessment_step", "SELECT", "USING", STEP_READ),
        ("answer_change_read", "answer_change", "SELECT", "USING", CHANGE_READ),
        ("answer_change_add", "answer_change", "INSERT", "WITH CHECK", CHANGE_ADD),
        ("evidence_read", "evidence", "SELECT", "USING", EVIDENCE_READ),
        ("evidence_add", "evidence", "INSERT", "WITH CHECK", EVIDENCE_WRITE),
        ("evidence_change", "evidence", "UPDATE", "USING", EVIDENCE_WRITE),
        ("evidence_remove", "evidence", "DELETE", "USING", EVIDENCE_WRITE),
    ):
        op.execute(f"CREATE POLICY {policy} ON {table} FOR {event} TO {ROLES} {clause} ({rule})")
    op.execute(
        "SELECT audit_table('evidence', 'id', '{created_at}', '{assessment_id, criterion_id, building_id, kind, "
        "media_type, taken_on, sha256, byte_count}')"
    )
    op.execute(
        "CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON evidence "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for trigger in ("note_data_change", "note_data_change_in", "note_data_change_out"):
        op.execute(f"DROP TRIGGER {trigger} ON answer")
    op.execute("DROP FUNCTION note_answer_change()")
    op.execute(
        "CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON answer "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    for trigger in ("assessment_note", "assessment_note_first", "assessment_guard"):
        op.execute(f"DROP TRIGGER {trigger} ON assessment")
    op.execute(f"ALTER POLICY assessment_add ON assessment WITH CHECK ({NATIONAL})")
    op.execute(f"ALTER POLICY assessment_change ON assessment USING ({NATIONAL}) WITH CHECK ({NATIONAL})")
    op.execute(f"ALTER POLICY assessment_remove ON assessment USING ({NATIONAL})")
    op.drop_constraint(op.f("ck_assessment_status"), "assessment")
    for table in ANSWERS:
        for policy, clause in (("add", "WITH CHECK"), ("change", "USING"), ("remove", "USING")):
            op.execute(f"ALTER POLICY {table}_{policy} ON {table} {clause} ({FORMER_WRITE[table]})")
        for column in ("version", "answered_at", "evidence_on"):
            op.drop_column(table, column)
    for function in ("assessment_note()", "assessment_guard()", "assessment_is_own(bigint)"):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("evidence", "answer_change", "assessment_step"):
        op.drop_table(table)
