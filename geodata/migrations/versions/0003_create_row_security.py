"""Grant the least, and let row security decide the rest: deny by default.

Scopes: none (nothing), public (published facts), national (the operator until territories exist).
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"

PUBLIC_ROW = {
    "school": "is_published",
    "building": "is_published",
    "school_code": "school_id IN (SELECT id FROM school WHERE is_published)",
    "assessment": "status = 'published'",
    "answer": "assessment_id IN (SELECT id FROM assessment WHERE status = 'published')",
    "restricted_answer": "false",
    "hazard_layer": "is_public",
    "hazard_feature": "layer_id IN (SELECT id FROM hazard_layer WHERE is_public)",
    "exposure_run": "layer_id IN (SELECT id FROM hazard_layer WHERE is_public)",
    "exposure": "run_id IN (SELECT id FROM exposure_run)",
    "run": "is_published",
    "school_result": "run_id IN (SELECT id FROM run WHERE is_published)",
    "building_result": "run_id IN (SELECT id FROM run WHERE is_published)",
    "domain_result": "run_id IN (SELECT id FROM run WHERE is_published)",
    "area_result": "run_id IN (SELECT id FROM run WHERE is_published)",
    "import_batch": "false",
    "import_row": "false",
    "import_problem": "false",
    "audit_event": "false",
}
"""What the public scope sees of each protected table."""

OPEN = (
    "area",
    "area_boundary",
    "area_succession",
    "school_area",
    "standard_edition",
    "standard_domain",
    "criterion",
    "base_map_feature",
)
APPEND_ONLY = ("exposure", "school_result", "building_result", "domain_result", "area_result", "audit_event")
"""Rows that no role of the application may change; a run is immutable."""

DELETABLE = (
    "area", "area_boundary", "area_succession", "school_area", "school", "school_code", "building", "assessment",
    "answer", "restricted_answer", "hazard_layer", "hazard_feature", "import_row", "import_problem", "base_map_feature",
)  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {ROLES}")
    for table in (*PUBLIC_ROW, *OPEN):
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLES}")
        if table == "run":
            op.execute(f"GRANT UPDATE (is_published, is_official, published_at) ON run TO {ROLES}")
        elif table not in APPEND_ONLY:
            op.execute(f"GRANT UPDATE ON {table} TO {ROLES}")
        if table in DELETABLE:
            op.execute(f"GRANT DELETE ON {table} TO {ROLES}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    for table, public_row in PUBLIC_ROW.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING "
            f"(CASE (SELECT app_scope()) WHEN 'public' THEN {public_row} WHEN 'national' THEN true ELSE false END)"
        )
        op.execute(
            f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ((SELECT app_scope()) = 'national')"
        )
        op.execute(
            f"CREATE POLICY {table}_change ON {table} FOR UPDATE TO {ROLES} USING ((SELECT app_scope()) = 'national')"
        )
        op.execute(
            f"CREATE POLICY {table}_remove ON {table} FOR DELETE TO {ROLES} USING ((SELECT app_scope()) = 'national')"
        )
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")


def downgrade() -> None:
    """Take back."""
    for table in PUBLIC_ROW:
        for policy in ("read", "add", "change", "remove", "owner"):
            op.execute(f"DROP POLICY {table}_{policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for table in (*PUBLIC_ROW, *OPEN):
        op.execute(f"REVOKE ALL ON {table} FROM {ROLES}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {ROLES}")
