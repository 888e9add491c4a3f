"""Create roads, service places and the ways that are worked out from them.

A file of roads or of fire stations and hospitals is a version of its layer; the ways of schools are derived from the
current versions and are written again whenever one of them changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"
NATIONAL = "(SELECT app_scope()) = 'national'"
MAY_IMPORT = f"{NATIONAL} AND (SELECT app_everywhere('import'))"
OF_SCHOOL = "school_id IN (SELECT id FROM school)"
READ = {
    "travel_layer": "true",
    "road": NATIONAL,
    "service_place": "true",
    "school_way": OF_SCHOOL,
    "school_distance": OF_SCHOOL,
}

FORGET = """
    CREATE FUNCTION forget_ways() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
    BEGIN
        DELETE FROM school_way WHERE school_id = NEW.id OR other_id = NEW.id;
        DELETE FROM school_distance WHERE school_id = NEW.id;
        UPDATE school_distance SET km[array_position(other_ids, NEW.id)] = NULL WHERE NEW.id = ANY(other_ids);
        RETURN NULL;
    END $$
"""
"""A school that moved, closed or opened again has no way until ways are worked out anew: unknown, never the old one."""


def upgrade() -> None:
    """Apply."""
    _layers()
    _ways()
    for table, seen in READ.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_owner ON {table} TO mektep_owner USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO {ROLES}")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT TO {ROLES} USING ({seen})")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT TO {ROLES} WITH CHECK ({MAY_IMPORT})")
        op.execute(f"CREATE POLICY {table}_remove ON {table} FOR DELETE TO {ROLES} USING ({MAY_IMPORT})")
    op.execute(f"GRANT UPDATE ON travel_layer TO {ROLES}")
    op.execute(
        f"CREATE POLICY travel_layer_change ON travel_layer FOR UPDATE TO {ROLES} "
        f"USING ({MAY_IMPORT}) WITH CHECK ({MAY_IMPORT})"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES}")
    op.execute(FORGET)
    op.execute(
        "CREATE TRIGGER forget_ways AFTER UPDATE OF location, closed_on ON school FOR EACH ROW "
        "WHEN (OLD.location IS DISTINCT FROM NEW.location OR OLD.closed_on IS DISTINCT FROM NEW.closed_on) "
        "EXECUTE FUNCTION forget_ways()"
    )
    op.execute("SELECT audit_table('travel_layer', 'id', '{created_at}')")
    for table in READ:
        op.execute(
            f"CREATE TRIGGER note_data_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_data_change()"
        )


def _layers() -> None:
    op.create_table(
        "travel_layer",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("licence", sa.Text),
        sa.Column("data_sha256", sa.Text, nullable=False),
        sa.Column("feature_count", sa.Integer, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("is_synthetic", sa.Boolean, nullable=False),
        sa.Column("batch_id", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_layer")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_travel_layer_kind_version")),
        sa.CheckConstraint("kind IN ('roads', 'services')", name=op.f("ck_travel_layer_kind")),
    )
    op.create_geospatial_table(
        "road",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("layer_id", sa.BigInteger, nullable=False),
        sa.Column("road_class", sa.Text, nullable=False),
        sa.Column("limit_kmh", sa.Float),
        sa.Column("direction", sa.SmallInteger, nullable=False),
        sa.Column("is_paved", sa.Boolean),
        sa.Column("name", sa.Text),
        sa.Column("geom", Geometry("LINESTRING", 4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road")),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["travel_layer.id"], ondelete="CASCADE", name=op.f("fk_road_layer_id_travel_layer")
        ),
        sa.CheckConstraint("limit_kmh > 0 AND limit_kmh <= 200", name=op.f("ck_road_limit_kmh")),
        sa.CheckConstraint("direction IN (-1, 0, 1)", name=op.f("ck_road_direction")),
    )
    op.create_index(op.f("ix_road_layer_id"), "road", ["layer_id"])
    op.create_geospatial_table(
        "service_place",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("layer_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("geom", Geometry("POINT", 4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_place")),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["travel_layer.id"], ondelete="CASCADE", name=op.f("fk_service_place_layer_id_travel_layer")
        ),
        sa.CheckConstraint("kind IN ('fire_station', 'hospital')", name=op.f("ck_service_place_kind")),
    )
    op.create_index(op.f("ix_service_place_layer_id"), "service_place", ["layer_id"])
    op.create_geospatial_index("idx_service_place_geom", "service_place", ["geom"], postgresql_using="gist")


def _ways() -> None:
    op.create_geospatial_table(
        "school_way",
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("other_id", sa.BigInteger),
        sa.Column("name_ky", sa.Text),
        sa.Column("name_ru", sa.Text),
        sa.Column("name_en", sa.Text),
        sa.Column("minutes", sa.Float, nullable=False),
        sa.Column("km", sa.Float, nullable=False),
        sa.Column("layer_id", sa.BigInteger, nullable=False),
        sa.Column("geom", Geometry("LINESTRING", 4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "target", name=op.f("pk_school_way")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], ondelete="CASCADE", name=op.f("fk_school_way_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["school.id"], ondelete="CASCADE", name=op.f("fk_school_way_other_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["travel_layer.id"], ondelete="CASCADE", name=op.f("fk_school_way_layer_id_travel_layer")
        ),
        sa.CheckConstraint(
            "target IN ('settlement', 'school', 'safe_school', 'fire_station', 'hospital')",
            name=op.f("ck_school_way_target"),
        ),
        sa.CheckConstraint("minutes >= 0 AND km >= 0", name=op.f("ck_school_way_length")),
    )
    op.create_index(op.f("ix_school_way_other_id"), "school_way", ["other_id"])
    op.create_index(op.f("ix_school_way_layer_id"), "school_way", ["layer_id"])
    op.create_table(
        "school_distance",
        sa.Column("school_id", sa.BigInteger, nullable=False),
        sa.Column("layer_id", sa.BigInteger, nullable=False),
        sa.Column("other_ids", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("km", sa.ARRAY(sa.REAL), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_distance")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], ondelete="CASCADE", name=op.f("fk_school_distance_school_id_school")
        ),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["travel_layer.id"], ondelete="CASCADE", name=op.f("fk_school_distance_layer_id_travel_layer")
        ),
        sa.CheckConstraint("cardinality(other_ids) = cardinality(km)", name=op.f("ck_school_distance_pairs")),
    )
    op.create_index(op.f("ix_school_distance_layer_id"), "school_distance", ["layer_id"])


def downgrade() -> None:
    """Take back."""
    op.execute("DROP TRIGGER forget_ways ON school")
    op.execute("DROP FUNCTION forget_ways()")
    op.drop_table("school_distance")
    op.drop_geospatial_table("school_way")
    op.drop_geospatial_index(
        "idx_service_place_geom", table_name="service_place", postgresql_using="gist", column_name="geom"
    )
    op.drop_geospatial_table("service_place")
    op.drop_geospatial_table("road")
    op.drop_table("travel_layer")
