"""Ask once a statement which visits of a campaign lie in a territory; for each of them it took half a millisecond.

And refuse what would change a counted assessment as a conflict of data, so that whoever takes a file in is told so.
"""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
ME = "(SELECT app_account())"
READ = (
    f"{SIGNED_IN} AND (account_id = {ME} OR (SELECT app_everywhere('see')) "
    "OR school_id = ANY ((SELECT app_schools('see'))::bigint[]) "
    "OR school_id IN (SELECT place.school_id FROM school_area AS place "
    "WHERE place.area_id = ANY ((SELECT app_areas('see'))::bigint[])))"
)
FORMER = (
    f"{SIGNED_IN} AND (account_id = {ME} OR ((SELECT app_everywhere('see')) OR app_in_territory(school_id, 'see')))"
)
FREEZE = """
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM changed_rows JOIN campaign_visit AS visit ON visit.assessment_id = changed_rows.{key}
        ) THEN
            RAISE EXCEPTION 'counted by a closed campaign: %', TG_TABLE_NAME USING ERRCODE = '{code}', HINT = 'frozen';
        END IF;
        RETURN NULL;
    END $$
"""
KEYS = {"campaign_freeze_assessment": "id", "campaign_freeze_answer": "assessment_id"}
RESTRICTED, REFUSED = "23001", "42501"


def upgrade() -> None:
    """Apply."""
    for name, key in KEYS.items():
        op.execute(FREEZE.format(name=name, key=key, code=RESTRICTED))
    op.execute(f"ALTER POLICY campaign_visit_read ON campaign_visit USING ({READ})")


def downgrade() -> None:
    """Take back."""
    for name, key in KEYS.items():
        op.execute(FREEZE.format(name=name, key=key, code=REFUSED))
    op.execute(f"ALTER POLICY campaign_visit_read ON campaign_visit USING ({FORMER})")
