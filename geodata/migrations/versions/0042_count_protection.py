"""Count the answers of the protection group by area: exact for who may see them, small numbers hidden for others.

Both are made with a run by one function of the owner, so that no role has to read an answer that it may not see.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
TABLES = ("protection_count", "protection_shown")
SEEN = "run_id IN (SELECT id FROM run)"
SIGNED_IN = "(SELECT app_scope()) IN ('area', 'national')"
OF_TERRITORY = """
    (SELECT app_everywhere('see_restricted')) OR EXISTS (
        SELECT FROM area AS own
        LEFT JOIN area AS upper_area ON upper_area.id = own.parent_id
        LEFT JOIN area AS top ON top.id = upper_area.parent_id
        WHERE own.id = protection_count.area_id
            AND ARRAY[own.id, upper_area.id, top.id]::bigint[] && (SELECT app_areas('see_restricted'))::bigint[]
    )
"""
LEAST = 10
"""No caller gets a smaller threshold."""

STORE = f"""
    CREATE FUNCTION store_protection(wanted bigint, codes text[], threshold integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE
        least integer := greatest(coalesce(threshold, 0), {LEAST});
    BEGIN
        IF app_scope() IS DISTINCT FROM 'national' THEN
            RAISE EXCEPTION 'counts of protection are made with a ranking' USING ERRCODE = '42501';
        END IF;
        IF EXISTS (SELECT FROM protection_count WHERE run_id = wanted) THEN
            RETURN;
        END IF;
        INSERT INTO protection_count (run_id, area_id, criterion_id, known, meets)
        WITH counted AS (  -- the ranking's rule: a verified answer, then the later evidence
            SELECT DISTINCT ON (answer.criterion_id, visit.school_id)
                answer.criterion_id, visit.school_id, answer.state, run.data_date
            FROM run
            JOIN assessment AS visit ON visit.edition_id = run.edition_id AND visit.status = 'published'
            JOIN restricted_answer AS answer ON answer.assessment_id = visit.id
            WHERE run.id = wanted AND answer.state <> 'unknown' AND visit.assessed_on <= run.data_date
            ORDER BY
                answer.criterion_id, visit.school_id, visit.kind IN ('survey', 'instrument', 'verification') DESC,
                coalesce(answer.evidence_on, visit.assessed_on) DESC, visit.id DESC
        )
        SELECT
            wanted, area.id, counted.criterion_id, count(*), count(*) FILTER (WHERE counted.state = 'meets')
        FROM counted
        JOIN school_result AS result ON result.run_id = wanted AND result.school_id = counted.school_id
        JOIN school_area ON school_area.school_id = counted.school_id
        JOIN area ON area.id = school_area.area_id
            AND area.valid_from <= counted.data_date
            AND (area.valid_to IS NULL OR area.valid_to > counted.data_date)
        WHERE counted.state <> 'not_applicable'
        GROUP BY area.id, counted.criterion_id;
        FOR level_now IN 0..2 LOOP
            INSERT INTO protection_shown (run_id, area_id, criterion_id, known, meets)
            WITH child AS (
                SELECT
                    own.area_id, own.criterion_id, own.known, own.meets, area.parent_id,
                    own.meets >= least AND own.known - own.meets >= least AS is_safe
                FROM protection_count AS own
                JOIN area ON area.id = own.area_id AND area.level = level_now
                JOIN criterion ON criterion.id = own.criterion_id AND criterion.code = ANY (codes)
                WHERE own.run_id = wanted
            ),
            family AS (  -- what the unit above, less the safe units, would tell of all the others together
                SELECT
                    child.parent_id, child.criterion_id,
                    upper_count.known - coalesce(sum(child.known) FILTER (WHERE child.is_safe), 0) AS known,
                    upper_count.meets - coalesce(sum(child.meets) FILTER (WHERE child.is_safe), 0) AS meets
                FROM child
                JOIN protection_count AS upper_count
                    ON upper_count.run_id = wanted AND upper_count.area_id = child.parent_id
                    AND upper_count.criterion_id = child.criterion_id
                JOIN protection_shown AS told
                    ON told.run_id = wanted AND told.area_id = child.parent_id
                    AND told.criterion_id = child.criterion_id AND told.known IS NOT NULL
                GROUP BY child.parent_id, child.criterion_id, upper_count.known, upper_count.meets
            ),
            placed AS (
                SELECT
                    child.*, family.parent_id IS NOT NULL AS is_open,
                    family.known > 0 AND (family.meets < least OR family.known - family.meets < least) AS needs_one,
                    row_number() OVER (
                        PARTITION BY child.parent_id, child.criterion_id, child.is_safe
                        ORDER BY child.known, child.area_id
                    ) AS number
                FROM child
                LEFT JOIN family
                    ON family.parent_id = child.parent_id AND family.criterion_id = child.criterion_id
            )
            SELECT
                wanted, area_id, criterion_id,
                CASE WHEN shown THEN known END, CASE WHEN shown THEN meets END
            FROM placed
            CROSS JOIN LATERAL (
                SELECT is_safe AND (level_now = 0 OR (is_open AND NOT (needs_one AND number = 1))) AS shown
            ) AS decided;
        END LOOP;
        UPDATE protection_shown AS now_shown  -- a number moves by the threshold or not at all
        SET known = former.known, meets = former.meets
        FROM protection_shown AS former
        WHERE now_shown.run_id = wanted AND former.area_id = now_shown.area_id
            AND former.criterion_id = now_shown.criterion_id
            AND former.run_id = (SELECT max(run_id) FROM protection_shown WHERE run_id < wanted)
            AND abs(former.known - now_shown.known) < least AND abs(former.meets - now_shown.meets) < least
            AND abs((former.known - former.meets) - (now_shown.known - now_shown.meets)) < least;
    END $$
"""


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        is_exact = table == "protection_count"
        op.create_table(
            table,
            *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("run_id", "area_id", "criterion_id")),
            *(sa.Column(name, sa.Integer, nullable=not is_exact) for name in ("known", "meets")),
            sa.PrimaryKeyConstraint("run_id", "area_id", "criterion_id", name=op.f(f"pk_{table}")),
            *(
                sa.ForeignKeyConstraint(
                    [f"{other}_id"], [f"{other}.id"], ondelete="CASCADE", name=op.f(f"fk_{table}_{other}_id_{other}")
                )
                for other in ("run", "area", "criterion")
            ),
        )
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT ON {table} TO {ROLES}")
        op.execute(
            f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} "
            f"USING ({SIGNED_IN} AND {SEEN} AND ({OF_TERRITORY if is_exact else 'true'}))"
        )
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )
    op.execute(STORE)
    op.execute("REVOKE ALL ON FUNCTION store_protection(bigint, text[], integer) FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION store_protection(bigint, text[], integer) TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION store_protection(bigint, text[], integer)")
    for table in reversed(TABLES):
        op.drop_table(table)
