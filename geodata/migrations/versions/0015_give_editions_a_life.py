"""Give editions of the standard a legal life, and criteria their responsibility and guidance.

What an edition says never changes once it was used or is a draft no longer; what was not stated may be filled in
once. Guidance and the legal life stand in tables of their own: both may go on without a new edition.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
STATUSES = "'draft', 'agreed', 'adopted', 'in_force', 'superseded'"
STANDINGS = "('act', 'proposal')"
LANGUAGES = ("ky", "ru", "en")
GUIDANCE = tuple(f"{part}_{lang}" for part in ("check", "evidence", "good", "bad", "mistake") for lang in LANGUAGES)
RESPONSIBILITY = (
    "requirement_level", "requirement_status", "responsible_body", "co_owner", "owing_budget", "budget_status",
    "shelf_life_months", "shelf_life_status", "cap_status", "reason_ky", "reason_ru", "reason_en",
)  # fmt: skip
CRITERION_CHECKS = {
    "requirement_level": "requirement_level IN ('mandatory', 'recommended')",
    "requirement_status": f"requirement_status IN {STANDINGS}",
    "budget_status": f"budget_status IN {STANDINGS}",
    "shelf_life_status": f"shelf_life_status IN {STANDINGS}",
    "cap_status": f"cap_status IN {STANDINGS}",
    "owing_budget": "owing_budget IN ('republican', 'local', 'school_own', 'energy_company', 'water_company')",
    "shelf_life_months": "shelf_life_months > 0",
    "co_owner": "co_owner <> responsible_body",
}
NEW_TABLES = ("criterion_guidance", "standard_agreement", "standard_edition_step")

IS_USED = """
    CREATE FUNCTION edition_is_used(edition bigint, counts_runs boolean) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        SELECT EXISTS (SELECT FROM standard_edition WHERE id = edition AND status <> 'draft')
            OR EXISTS (SELECT FROM assessment WHERE edition_id = edition)
            OR (counts_runs AND EXISTS (SELECT FROM run WHERE edition_id = edition))
    $$
"""

FREEZE = f"""
    CREATE FUNCTION edition_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        later CONSTANT text[] := ARRAY['batch_id', {", ".join(f"'{name}'" for name in RESPONSIBILITY)}];
        touched bigint;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            SELECT edition_id INTO touched FROM (SELECT DISTINCT edition_id FROM new_rows) AS one
            WHERE edition_is_used(edition_id, false) LIMIT 1;
        ELSIF TG_OP = 'DELETE' THEN
            SELECT edition_id INTO touched FROM (SELECT DISTINCT edition_id FROM old_rows) AS one
            WHERE edition_is_used(edition_id, true) LIMIT 1;
        ELSE
            SELECT o.edition_id INTO touched
            FROM old_rows AS o JOIN new_rows AS n ON n.id = o.id
            WHERE (to_jsonb(n) - later IS DISTINCT FROM to_jsonb(o) - later
                    OR NOT to_jsonb(n) - 'batch_id' @> jsonb_strip_nulls(to_jsonb(o) - 'batch_id'))
                AND edition_is_used(o.edition_id, true)
            LIMIT 1;
        END IF;
        IF touched IS NOT NULL THEN
            RAISE EXCEPTION 'edition % is in use: its content does not change', touched USING ERRCODE = '42501';
        END IF;
        RETURN NULL;
    END $$
"""
"""Statement trigger on domains and criteria. Columns that were not stated may be filled in once."""

GUARD = """
    CREATE FUNCTION edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'draft' THEN
                RAISE EXCEPTION 'an edition begins as a draft' USING ERRCODE = '42501';
            END IF;
            RETURN NEW;
        END IF;
        IF (NEW.status, NEW.is_current, NEW.act_title_ky, NEW.act_title_ru, NEW.act_title_en, NEW.act_number,
                NEW.act_on, NEW.act_url)
            IS DISTINCT FROM (OLD.status, OLD.is_current, OLD.act_title_ky, OLD.act_title_ru, OLD.act_title_en,
                OLD.act_number, OLD.act_on, OLD.act_url)
            AND current_user IN ('mektep_web', 'mektep_worker') AND NOT app_everywhere('publish')
        THEN
            RAISE EXCEPTION 'only who publishes for the whole country moves an edition' USING ERRCODE = '42501';
        END IF;
        IF NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN (
            'draft>agreed', 'agreed>draft', 'agreed>adopted', 'adopted>in_force', 'in_force>superseded',
            'draft>superseded', 'agreed>superseded', 'adopted>superseded')
        THEN
            RAISE EXCEPTION 'no such step of an edition: % to %', OLD.status, NEW.status USING ERRCODE = '42501';
        END IF;
        IF NEW.status IN ('adopted', 'in_force') AND (NEW.act_title_ky IS NULL OR NEW.act_number IS NULL
            OR NEW.act_on IS NULL)
        THEN
            RAISE EXCEPTION 'an adopted edition names its act' USING ERRCODE = '42501';
        END IF;
        IF (NEW.code, NEW.title_ky, NEW.title_ru, NEW.title_en)
            IS DISTINCT FROM (OLD.code, OLD.title_ky, OLD.title_ru, OLD.title_en)
            AND edition_is_used(OLD.id, false)
        THEN
            RAISE EXCEPTION 'edition % is in use: its content does not change', OLD.id USING ERRCODE = '42501';
        END IF;
        IF NEW.sha256 <> OLD.sha256 AND edition_is_used(OLD.id, true)
            AND NOT EXISTS (SELECT FROM criterion WHERE edition_id = OLD.id AND responsible_body IS NULL)
        THEN
            RAISE EXCEPTION 'edition % is in use: its content does not change', OLD.id USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END $$
"""
"""The order of the steps, who takes them, and that titles and hash of a used edition stay."""

NOTE = """
    CREATE FUNCTION edition_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        INSERT INTO standard_edition_step (edition_id, account_id, account_name, from_status, to_status, on_date, reason)
        VALUES (
            NEW.id, app_account(),
            (SELECT coalesce(display_name, name) FROM account WHERE id = app_account()),
            CASE TG_OP WHEN 'UPDATE' THEN OLD.status END, NEW.status, NEW.status_on, NEW.status_reason
        );
        RETURN NULL;
    END $$
"""
"""Writes the step down for whoever takes it: no role of the application can add, change or remove one itself."""

NAMES = """
    CREATE FUNCTION edition_step_names(edition bigint) RETURNS TABLE (id bigint, account_name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        SELECT step.id, step.account_name FROM standard_edition_step AS step
        WHERE step.edition_id = edition
            AND app_scope() IN ('area', 'national') AND (app_everywhere('publish') OR app_everywhere('audit'))
    $$
"""
"""Who took a step: for those who publish or audit, not for everybody."""


def _texts(*names: str, is_null: bool = True) -> list[sa.Column]:
    return [sa.Column(name, sa.Text, nullable=is_null) for name in names]


def _edition() -> sa.Column:
    return sa.Column("edition_id", sa.BigInteger, nullable=False)


def _of_edition(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_edition_id_standard_edition")
    return sa.ForeignKeyConstraint(["edition_id"], ["standard_edition.id"], ondelete="CASCADE", name=name)


def _widen() -> None:
    """Add columns to editions and criteria."""
    for column in (
        *_texts("act_title_ky", "act_title_ru", "act_title_en", "act_number"),
        sa.Column("act_on", sa.Date),
        *_texts("act_url"),
        sa.Column("status_on", sa.Date),
        *_texts("status_reason"),
        sa.Column("batch_id", sa.BigInteger),
    ):
        op.add_column("standard_edition", column)
    op.create_check_constraint(op.f("ck_standard_edition_status"), "standard_edition", f"status IN ({STATUSES})")
    op.create_check_constraint(
        op.f("ck_standard_edition_in_force"), "standard_edition", "status <> 'in_force' OR is_current"
    )
    op.create_index("uq_standard_edition_current", "standard_edition", ["is_current"], unique=True,
                    postgresql_where=sa.text("is_current"))  # fmt: skip
    for name in RESPONSIBILITY:
        op.add_column("criterion", sa.Column(name, sa.SmallInteger if name == "shelf_life_months" else sa.Text))
    op.add_column("criterion", sa.Column("batch_id", sa.BigInteger))
    for name, rule in CRITERION_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_criterion_{name}"), "criterion", rule)


def _create_tables() -> None:
    now = sa.text("now()")
    op.create_table(
        "criterion_guidance",
        sa.Column("criterion_id", sa.BigInteger, nullable=False),
        *_texts(*GUIDANCE, is_null=False),
        *_texts("status", is_null=False),
        sa.Column("batch_id", sa.BigInteger),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("criterion_id", name=op.f("pk_criterion_guidance")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], ondelete="CASCADE",
            name=op.f("fk_criterion_guidance_criterion_id_criterion"),
        ),
        sa.CheckConstraint(f"status IN {STANDINGS}", name=op.f("ck_criterion_guidance_status")),
    )  # fmt: skip
    op.create_table(
        "standard_agreement",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        _edition(),
        *_texts("body_ky", "body_ru", is_null=False),
        *_texts("body_en"),
        sa.Column("agreed_on", sa.Date, nullable=False),
        *_texts("document", is_null=False),
        *_texts("url"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_agreement")),
        _of_edition("standard_agreement"),
        sa.UniqueConstraint("edition_id", "body_ky", name=op.f("uq_standard_agreement_edition_id_body_ky")),
    )
    op.create_table(
        "standard_edition_step",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        _edition(),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("account_id", sa.BigInteger),
        *_texts("account_name", "from_status"),
        *_texts("to_status", is_null=False),
        sa.Column("on_date", sa.Date),
        *_texts("reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_edition_step")),
        _of_edition("standard_edition_step"),
    )
    op.create_index(op.f("ix_standard_edition_step_edition_id"), "standard_edition_step", ["edition_id"])


def _create_guards() -> None:
    for body in (IS_USED, FREEZE, GUARD, NOTE, NAMES):
        op.execute(body)
    op.execute("REVOKE ALL ON FUNCTION edition_step_names(bigint), edition_note() FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION edition_step_names(bigint) TO {ROLES}")
    for table in ("criterion", "standard_domain"):
        for event, rows in (
            ("INSERT", "NEW TABLE AS new_rows"),
            ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
            ("DELETE", "OLD TABLE AS old_rows"),
        ):
            op.execute(
                f"CREATE TRIGGER edition_freeze_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} "
                "FOR EACH STATEMENT EXECUTE FUNCTION edition_freeze()"
            )
    op.execute(
        "CREATE TRIGGER edition_guard BEFORE INSERT OR UPDATE ON standard_edition "
        "FOR EACH ROW EXECUTE FUNCTION edition_guard()"
    )
    for name, event, when in (
        ("edition_note_first", "INSERT", ""),
        ("edition_note", "UPDATE", "WHEN (OLD.status IS DISTINCT FROM NEW.status) "),
    ):
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON standard_edition FOR EACH ROW {when}EXECUTE FUNCTION edition_note()"
        )


def _grant() -> None:
    shown = "id, edition_id, at, account_id, from_status, to_status, on_date, reason"
    op.execute(f"GRANT SELECT ({shown}) ON standard_edition_step TO {ROLES}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON criterion_guidance TO {ROLES}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON standard_agreement TO {ROLES}")
    op.execute(f"GRANT DELETE ON criterion, standard_domain, standard_edition TO {ROLES}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    for table in NEW_TABLES:
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    for table in ("criterion_guidance", "standard_agreement"):
        op.execute(
            f"CREATE TRIGGER open_table_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION open_table_guard()"
        )
    op.execute("SELECT audit_table('criterion_guidance', 'criterion_id', '{updated_at}')")
    op.execute("SELECT audit_table('standard_agreement')")


def upgrade() -> None:
    """Apply."""
    _widen()
    _create_tables()
    op.execute(
        "INSERT INTO standard_edition_step (edition_id, at, to_status) SELECT id, created_at, status FROM standard_edition"
    )
    _create_guards()
    _grant()


def downgrade() -> None:
    """Take back."""
    for name in ("edition_guard", "edition_note_first", "edition_note"):
        op.execute(f"DROP TRIGGER {name} ON standard_edition")
    for table in ("criterion", "standard_domain"):
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER edition_freeze_{event} ON {table}")
    for name in ("edition_step_names(bigint)", "edition_note()", "edition_guard()", "edition_freeze()",
                 "edition_is_used(bigint, boolean)"):  # fmt: skip
        op.execute(f"DROP FUNCTION {name}")
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute(f"REVOKE DELETE ON criterion, standard_domain, standard_edition FROM {ROLES}")
    for name in CRITERION_CHECKS:
        op.drop_constraint(op.f(f"ck_criterion_{name}"), "criterion")
    for name in (*RESPONSIBILITY, "batch_id"):
        op.drop_column("criterion", name)
    op.drop_index("uq_standard_edition_current", "standard_edition")
    for name in ("in_force", "status"):
        op.drop_constraint(op.f(f"ck_standard_edition_{name}"), "standard_edition")
    for name in (
        "act_title_ky", "act_title_ru", "act_title_en", "act_number", "act_on", "act_url", "status_on",
        "status_reason", "batch_id",
    ):  # fmt: skip
        op.drop_column("standard_edition", name)
