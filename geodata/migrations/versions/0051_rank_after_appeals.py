"""Rank again once the correction of an accepted appeal is published, whoever publishes it.

Who publishes in a territory may not rank the country, and may not enqueue what the system does. One function of the
owner does it, and only that: for a correction of an accepted appeal, by the account that publishes it, in the
transaction that publishes it. Nobody gains a right: the ranking is the system's, the audit names who caused it.
"""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
DEFINER = "SECURITY DEFINER SET search_path = public AS $$"

CORRECTION = f"""
    CREATE FUNCTION appeal_correction(number bigint) RETURNS TABLE (revision_id bigint, published_at timestamptz)
    LANGUAGE sql STABLE {DEFINER}
        SELECT revision.id, revision.published_at
        FROM appeal
        JOIN revision ON revision.school_id = appeal.school_id
            AND revision.building_id IS NOT DISTINCT FROM appeal.building_id
            AND revision.changes ? appeal.fact
            AND revision.status = 'published' AND revision.published_at > appeal.decided_at
        WHERE appeal.id = number AND appeal.status = 'accepted'
        ORDER BY revision.published_at, revision.id
        LIMIT 1
    $$
"""
"""The first change of the appealed fact that was published after the appeal was accepted, whoever drafted it."""

CORRECTED = f"""
    CREATE FUNCTION corrected_appeals(correction bigint) RETURNS SETOF bigint
    LANGUAGE sql STABLE {DEFINER}
        SELECT appeal.id
        FROM revision
        JOIN appeal ON appeal.school_id = revision.school_id AND appeal.status = 'accepted'
        CROSS JOIN LATERAL appeal_correction(appeal.id) AS found
        WHERE revision.id = correction AND found.revision_id = revision.id
        ORDER BY appeal.id
    $$
"""

# A ranking that runs may have read the old value already; one that waits has read nothing. 'rank' is the lock of the
# rankings that people ask for; under the second a ranking waits behind one that runs. Rankings never overlap: each
# holds a lock of the database while it reads and writes.
RANK = f"""
    CREATE FUNCTION rank_after_appeal(correction bigint, asked text, queue_name text, task text) RETURNS text
    LANGUAGE plpgsql VOLATILE {DEFINER}
    DECLARE
        open_lock text;
        queued bigint;
    BEGIN
        IF NOT EXISTS (SELECT FROM corrected_appeals(correction)) OR NOT EXISTS (
            SELECT FROM revision JOIN revision_step AS step ON step.revision_id = revision.id
            WHERE revision.id = correction AND step.to_status = 'published'
                AND step.account_id IS NOT DISTINCT FROM app_account()
                AND revision.published_at >= transaction_timestamp()
        ) THEN
            RAISE EXCEPTION 'no correction of an accepted appeal is published here' USING ERRCODE = '42501';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('job:rank', 0));
        IF EXISTS (SELECT FROM background_job WHERE lock_key IN ('rank', 'rank:appeal') AND status = 'waiting') THEN
            RETURN 'waiting';
        END IF;
        SELECT wanted INTO open_lock FROM unnest(ARRAY['rank', 'rank:appeal']) WITH ORDINALITY AS locks(wanted, place)
        WHERE NOT EXISTS (SELECT FROM background_job WHERE lock_key = wanted AND status IN ('waiting', 'running'))
        ORDER BY place LIMIT 1;
        IF open_lock IS NULL THEN
            RETURN 'running';
        END IF;
        queued := (procrastinate_defer_jobs_v1(ARRAY[ROW(
            queue_name, task, 1, 'scope:national', NULL, jsonb_build_object('token', asked), NULL
        )::procrastinate_job_to_defer_v1]))[1];
        INSERT INTO background_job (token, kind, params, scope, account_id, request_id, lock_key, queue_id)
        VALUES (
            asked, 'rank', '{{}}', 'national', NULL, nullif(current_setting('app.request', true), ''), open_lock, queued
        );
        RETURN 'started';
    END $$
"""
"""'started', 'waiting': one waits that will read the correction; 'running': two run, of which the second has not read
anything yet."""

SINCE = f"""
    CREATE FUNCTION ranking_since(moment timestamptz) RETURNS TABLE (status text, address text)
    LANGUAGE sql STABLE {DEFINER}
        SELECT job.status, job.result_address FROM background_job AS job
        WHERE job.kind IN ('rank', 'robustness') AND coalesce(job.started_at > moment, job.status = 'waiting')
        ORDER BY job.status = 'done' DESC, job.status = 'running' DESC, job.status = 'waiting' DESC, job.id
        LIMIT 1
    $$
"""
"""How the ranking stands that began, or begins, after a moment: its state and the address of its list; no names."""

SIGNATURES = (
    "appeal_correction(bigint)",
    "corrected_appeals(bigint)",
    "rank_after_appeal(bigint, text, text, text)",
    "ranking_since(timestamptz)",
)


def upgrade() -> None:
    """Apply."""
    for body in (CORRECTION, CORRECTED, RANK, SINCE):
        op.execute(body)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for signature in reversed(SIGNATURES):
        op.execute(f"DROP FUNCTION {signature}")
