"""Tell everybody on which day an assessment was published here, without who did it."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

RELEASES = """
    CREATE FUNCTION assessment_releases() RETURNS TABLE (assessment_id bigint, day date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 20000 AS $$
        SELECT step.assessment_id, max(timezone('Asia/Bishkek', step.at)::date)
        FROM assessment_step AS step
        JOIN assessment ON assessment.id = step.assessment_id AND assessment.status = 'published'
        WHERE step.to_status = 'published' AND step.from_status IS NOT NULL
        GROUP BY step.assessment_id
    $$
"""
"""Published assessments that took the steps here. One that came from a file, published, has its own day only."""


def upgrade() -> None:
    """Apply."""
    op.execute(RELEASES)
    op.execute("REVOKE ALL ON FUNCTION assessment_releases() FROM public")
    op.execute("GRANT EXECUTE ON FUNCTION assessment_releases() TO mektep_web, mektep_worker")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION assessment_releases()")
