"""Create the telephone numbers of schools: for who works in the territory, never for visitors.

They stand in a table of their own, because row security hides rows and not columns. ``record_past`` lets them out of
what was public before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "school_contact"
ROLES = "mektep_web, mektep_worker"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
FILES = "((SELECT app_everywhere('import')) OR (SELECT app_everywhere('undo')))"


def inside(right: str) -> str:
    """Return the condition that the school lies where the transaction holds ``right``."""
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory(school_id, '{right}'))"


READ = f"{SIGNED_IN} AND ({inside('see')} OR {inside('publish')} OR {FILES})"
WRITE = f"{SIGNED_IN} AND ({inside('publish')} OR {FILES})"

PAST = """
    CREATE OR REPLACE FUNCTION record_past(wanted text, record bigint) RETURNS TABLE (at timestamptz, before jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
        WITH shown AS (
            SELECT school.code FROM school
            WHERE wanted = 'school' AND school.id = record AND school.is_published
                AND app_scope() IN ('public', 'area', 'national')
            UNION ALL
            SELECT building.code FROM building JOIN school ON school.id = building.school_id
            WHERE wanted = 'building' AND building.id = record AND building.is_published AND school.is_published
                AND app_scope() IN ('public', 'area', 'national')
        ),
        filed AS (
            SELECT batch.committed_at, batch.undone_at, r.old, r.new
            FROM shown
            JOIN import_row AS r ON r.key = shown.code AND r.action = 'changed'
            JOIN import_batch AS batch ON batch.id = r.batch_id AND batch.kind = wanted || 's'
            WHERE batch.committed_at IS NOT NULL
        )
        SELECT committed_at, old - ARRAY['_', 'provenance', 'other_codes'{hidden}] FROM filed
        UNION ALL
        SELECT undone_at, new - ARRAY['_', 'provenance', 'other_codes'{hidden}] FROM filed WHERE undone_at IS NOT NULL
        UNION ALL
        SELECT revision.published_at, revision.replaced - ARRAY['_'{hidden}] FROM revision
        WHERE revision.status = 'published' AND revision.kind = wanted AND revision.replaced IS NOT NULL
            AND coalesce(revision.building_id, revision.school_id) = record AND EXISTS (SELECT FROM shown)
    $$
"""
"""As in 0011, without the keys that are ``hidden``."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("phones", ARRAY(sa.Text), server_default="{}", nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_date", sa.Date, nullable=False),
        sa.Column("batch_id", sa.BigInteger),
        sa.Column("is_synthetic", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_contact")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], ondelete="CASCADE", name=op.f("fk_school_contact_school_id_school")
        ),
        sa.CheckConstraint(
            r"array_to_string(phones, ',', '?') ~ '^([+]996[0-9]{9}(,[+]996[0-9]{9}){0,4})?$'",
            name=op.f("ck_school_contact_phones"),
        ),
        sa.CheckConstraint(
            "is_synthetic OR array_to_string(phones, ',') !~ '[+]9960'", name=op.f("ck_school_contact_sample")
        ),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_owner ON {TABLE} TO mektep_owner USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO {ROLES}")
    op.execute(f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT TO {ROLES} USING ({READ})")
    op.execute(f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT TO {ROLES} WITH CHECK ({WRITE})")
    op.execute(f"CREATE POLICY {TABLE}_change ON {TABLE} FOR UPDATE TO {ROLES} USING ({WRITE}) WITH CHECK ({WRITE})")
    op.execute(f"CREATE POLICY {TABLE}_remove ON {TABLE} FOR DELETE TO {ROLES} USING ({WRITE})")
    # That a number changed, from which source and by whom, is audited; the number itself is not copied there.
    op.execute(
        f"SELECT audit_table('{TABLE}', 'school_id', '{{updated_at, batch_id}}', '{{source, source_date, is_synthetic}}')"
    )
    op.execute(
        f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
    )
    op.execute(PAST.format(hidden=", 'phones'"))


def downgrade() -> None:
    """Take back."""
    op.execute(PAST.format(hidden=""))
    op.drop_table(TABLE)
