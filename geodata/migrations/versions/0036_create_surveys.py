"""Create surveys of buildings and levels of assessors: who looked at a block, by which method, and how able they are.

A survey changes no fact by itself: handed over, it is a revision of its building, and follows the steps of that. Who hands
an assessment over is written down with their level of that day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
STATUSES = "'draft', 'submitted', 'verified', 'published', 'returned', 'withdrawn'"
OWN = "created_by = (SELECT app_account())"
OPEN = "status IN ('draft', 'returned')"


def inside(right: str) -> str:
    """Return the condition that the survey's school lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory(building_survey.school_id, '{right}'))"


PLACE = (
    "EXISTS (SELECT FROM building WHERE building.id = building_survey.building_id "
    "AND building.school_id = building_survey.school_id)"
)
CHANGE = (
    "EXISTS (SELECT FROM revision AS step WHERE step.id = building_survey.revision_id "
    "AND step.building_id = building_survey.building_id AND step.created_by = building_survey.created_by)"
)
READ = (
    f"(status = 'published' AND {PLACE}) OR ({SIGNED_IN} AND ({OWN} OR (status NOT IN ('draft') AND {inside('see')})))"
)
ADD = f"{SIGNED_IN} AND {OWN} AND status = 'draft' AND revision_id IS NULL AND {inside('survey')} AND {PLACE}"
EDIT = f"{SIGNED_IN} AND {OWN} AND {OPEN} AND {inside('survey')}"
BECOMES = f"{EDIT} AND {PLACE} AND (revision_id IS NULL OR {CHANGE})"

FOLLOW = """
    CREATE FUNCTION revision_survey() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE
        given CONSTANT text := assessor_level_now();
    BEGIN
        IF NEW.status = 'submitted' AND given IS DISTINCT FROM 'certified'
            AND EXISTS (SELECT FROM building_survey WHERE revision_id = NEW.id)
        THEN
            RAISE EXCEPTION 'a survey is handed over by a certified engineer' USING ERRCODE = '42501';
        END IF;
        UPDATE building_survey SET status = NEW.status, updated_at = now(), version = version + 1,
            level = CASE WHEN NEW.status = 'submitted' THEN given ELSE level END
        WHERE revision_id = NEW.id AND status <> NEW.status;
        RETURN NULL;
    END $$
"""
"""A survey stands where the change of its building stands; only who is certified that day hands it over."""

LEVEL = """
    CREATE FUNCTION assessor_level_now() RETURNS text LANGUAGE sql STABLE SET search_path = public AS $$
        SELECT CASE WHEN current_date <= given.valid_until THEN given.level ELSE 'none' END
        FROM assessor_level AS given WHERE given.account_id = app_account() ORDER BY given.id DESC LIMIT 1
    $$
"""
"""The level of whoever asks today: what was given last, while it is valid; NULL where none was ever given."""

NOTE_LEVEL = """
    CREATE FUNCTION assessment_level() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_user NOT IN ('mektep_web', 'mektep_worker') THEN
            RETURN NEW;
        END IF;
        NEW.rater_level := OLD.rater_level;
        IF NEW.status = 'submitted' AND OLD.status <> 'submitted' AND app_account() IS NOT NULL
            AND EXISTS (SELECT FROM answer_change WHERE assessment_id = NEW.id)  -- forms of the field have no rater here
        THEN
            NEW.rater_level := coalesce(assessor_level_now(), 'none');
        END IF;
        RETURN NEW;
    END $$
"""


def _link(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}_{target}")
    )


def _moment(name: str, default: str | None = None) -> sa.Column:
    given = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=given, nullable=default is None)


def _create_survey() -> None:
    op.create_table(
        "building_survey",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("building_id", sa.BigInteger, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("surveyed_on", sa.Date),
        sa.Column("surveyor", sa.Text),
        sa.Column("level", sa.Text),
        sa.Column("facts", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("note", sa.Text),
        sa.Column("document_sha256", sa.Text),
        sa.Column("document_bytes", sa.BigInteger),
        sa.Column("document_name", sa.Text),
        sa.Column("status", sa.Text, server_default=sa.text("'draft'"), nullable=False),
        sa.Column("revision_id", sa.BigInteger),
        sa.Column("version", sa.Integer, server_default=sa.text("1"), nullable=False),
        sa.Column("last_key", sa.Uuid),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        _moment("created_at", "now()"),
        _moment("updated_at", "now()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building_survey")),
        _link("building_survey", "school_id", "school", "CASCADE"),
        _link("building_survey", "building_id", "building", "CASCADE"),
        _link("building_survey", "revision_id", "revision", "SET NULL"),
        sa.CheckConstraint("method IN ('rapid_visual', 'full')", name=op.f("ck_building_survey_method")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_building_survey_status")),
    )
    for column in ("school_id", "building_id", "revision_id"):
        op.create_index(op.f(f"ix_building_survey_{column}"), "building_survey", [column])
    op.create_index(
        "uq_building_survey_open",
        "building_survey",
        ["created_by", "building_id", "method"],
        unique=True,
        postgresql_where=sa.text(OPEN),
    )
    op.execute(FOLLOW)
    op.execute("REVOKE ALL ON FUNCTION revision_survey() FROM public")
    op.execute(
        "CREATE TRIGGER revision_survey AFTER UPDATE ON revision FOR EACH ROW "
        "WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION revision_survey()"
    )


def _create_level() -> None:
    op.create_table(
        "assessor_level",
        sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("account_name", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("given_by", sa.Text),
        _moment("given_at", "clock_timestamp()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_level")),
        sa.CheckConstraint(
            "level IN ('none', 'trained', 'calibrated', 'certified')", name=op.f("ck_assessor_level_level")
        ),
        sa.CheckConstraint("basis <> ''", name=op.f("ck_assessor_level_basis")),
    )
    op.create_index(op.f("ix_assessor_level_account_id"), "assessor_level", ["account_id"])
    op.add_column("assessment", sa.Column("rater_level", sa.Text))
    op.execute(LEVEL)
    op.execute("REVOKE ALL ON FUNCTION assessor_level_now() FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION assessor_level_now() TO {ROLES}")
    op.execute(NOTE_LEVEL)
    op.execute(
        "CREATE TRIGGER assessment_level BEFORE UPDATE ON assessment FOR EACH ROW EXECUTE FUNCTION assessment_level()"
    )


def upgrade() -> None:
    """Apply."""
    _create_level()
    _create_survey()
    for table in ("building_survey", "assessor_level"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(f"GRANT UPDATE, DELETE ON building_survey TO {ROLES}")
    for name, event, rule in (
        ("read", "SELECT", f"USING ({READ})"),
        ("add", "INSERT", f"WITH CHECK ({ADD})"),
        ("change", "UPDATE", f"USING ({EDIT}) WITH CHECK ({BECOMES})"),
        ("remove", "DELETE", f"USING ({EDIT} AND revision_id IS NULL)"),
    ):
        op.execute(f"CREATE POLICY building_survey_{name} ON building_survey FOR {event} TO {ROLES} {rule}")
    op.execute(f"CREATE POLICY assessor_level_read ON assessor_level FOR SELECT TO {ROLES} USING ({SIGNED_IN})")
    op.execute(
        f"CREATE POLICY assessor_level_add ON assessor_level FOR INSERT TO {ROLES} "
        f"WITH CHECK ({SIGNED_IN} AND (SELECT app_everywhere('administer')) "
        "AND account_id IS DISTINCT FROM (SELECT app_account()))"
    )
    op.execute("SELECT audit_table('building_survey', 'id', '{created_at, updated_at, last_key}')")
    op.execute("SELECT audit_table('assessor_level', 'id', '{given_at}')")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP TRIGGER assessment_level ON assessment")
    op.execute("DROP FUNCTION assessment_level()")
    op.drop_column("assessment", "rater_level")
    op.execute("DROP TRIGGER revision_survey ON revision")
    op.execute("DROP FUNCTION revision_survey()")
    op.drop_table("building_survey")
    op.execute("DROP FUNCTION assessor_level_now()")
    op.drop_table("assessor_level")
