"""Note in one small table that data changed, so that kept pages outlive commits that change none.

Every transaction that writes to a watched table leaves a row with an id of its own and takes the rows of the
others away, as far as nobody else is taking them: no writer waits for another. So the set of ids that a statement
sees is never the same again once a change was committed, in whatever order long and short transactions end.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UNWATCHED = (
    "alembic_version", "spatial_ref_sys", "data_change", "procrastinate_%", "background_job", "audit_%",
    "account%", "role", "webauthn", "sign_in_try", "invitation%", "api_key%",
)  # fmt: skip
"""Tables that no visitor's page shows: the queue, accounts, the record of who did what. All others are watched."""

WATCHED = f"""
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relname LIKE ANY (ARRAY[{", ".join(f"'{name}'" for name in UNWATCHED)}])
"""

# Only under READ COMMITTED can a row that somebody else has just removed be passed over without an error.
NOTE = """
CREATE FUNCTION note_data_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    own CONSTANT bigint := pg_current_xact_id()::text::bigint;
BEGIN
    IF EXISTS (SELECT FROM public.data_change WHERE transaction_id = own) THEN
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') = 'read committed' THEN
        DELETE FROM public.data_change WHERE id IN (SELECT id FROM public.data_change FOR UPDATE SKIP LOCKED);
    END IF;
    INSERT INTO public.data_change (transaction_id) VALUES (own);
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "data_change",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_change")),
    )
    op.execute("GRANT SELECT ON data_change TO mektep_web, mektep_worker")
    op.execute(NOTE)
    op.execute("REVOKE ALL ON FUNCTION note_data_change() FROM public")
    for table in op.get_bind().scalars(sa.text(WATCHED)).all():
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION note_data_change() CASCADE")
    op.drop_table("data_change")
