"""What a file of each kind is compared with: columns, and stored records as the same facts.

The statements are put together from the constants of this module only.
"""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from dataclasses import dataclass

from geodata.records.standard import CRITERION_COLUMNS, DETAIL_FIELDS, EDITION_FIELDS, GUIDANCE_FIELDS


@dataclass(frozen=True, slots=True)
class Column:
    """One plain column: its type in a statement, and what stands for unknown where NULL may not."""

    name: str
    type: str = "text"
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """``stored`` gives row_number, part, id, batch_id, version, provenance and facts of staged keys."""

    kind: str
    stored: str
    columns: tuple[Column, ...] = ()
    merged: tuple[str, ...] = ("provenance", "other_codes")
    """Facts that add to what is stored, key by key."""


SCHOOL_COLUMNS = (
    Column("name_ky"),
    Column("name_ru"),
    Column("name_en"),
    Column("location_quality", "text", "'unknown'"),
    Column("kind", "text", "'unknown'"),
    Column("ownership", "text", "'unknown'"),
    Column("languages", "text[]", "'{}'"),
    Column("pupils", "integer"),
    Column("seats", "integer"),
    Column("shifts", "smallint"),
    Column("shift_pupils", "integer[]", "'{}'"),
    Column("shift_hours", "double precision[]", "'{}'"),
    Column("staff", "integer"),
    Column("boarding_pupils", "integer"),
    Column("opened_on", "date"),
    Column("closed_on", "date"),
    Column("is_synthetic", "boolean", "false"),
)

BUILDING_COLUMNS = (
    Column("name"),
    Column("use", "text", "'unknown'"),
    Column("building_type", "text", "'KG-UNK'"),
    Column("year_built", "smallint"),
    Column("storeys", "smallint"),
    Column("area_m2", "double precision"),
    Column("condition", "text", "'unknown'"),
    Column("design_series"),
    Column("heating", "text", "'unknown'"),
    Column("pupil_share", "double precision"),
    Column("soil_class"),
    Column("replacement_som", "bigint"),
    Column("vertical_irregularity", "boolean"),
    Column("plan_irregularity", "boolean"),
    Column("flexible_diaphragm", "boolean"),
    Column("pounding", "boolean"),
    Column("is_synthetic", "boolean", "false"),
)

AREA_COLUMNS = (
    Column("level", "smallint"),
    Column("kind"),
    Column("name_ky"),
    Column("name_ru"),
    Column("name_en"),
    Column("former_names", "text[]", "'{}'"),
    Column("pcode"),
    Column("valid_from", "date", "'1991-08-31'"),
    Column("valid_to", "date"),
    Column("population", "integer"),
    Column("poverty_index", "double precision"),
    Column("is_synthetic", "boolean", "false"),
)


def _pairs(columns: tuple[Column, ...]) -> str:
    return ", ".join(f"'{column.name}', t.\"{column.name}\"" for column in columns)


SCHOOLS = Target(
    "schools",
    f"""
    SELECT
        s.row_number, s.part, t.id, t.batch_id, t.version, t.provenance,
        jsonb_build_object({_pairs(SCHOOL_COLUMNS)},
            'area_code', area.code,
            'location', CASE WHEN t.location IS NOT NULL THEN jsonb_build_array(
                round(ST_X(t.location)::numeric, 7), round(ST_Y(t.location)::numeric, 7)) END,
            'other_codes', (
                SELECT coalesce(jsonb_object_agg(c.register, c.code), '{{}}')
                FROM school_code AS c WHERE c.school_id = t.id
            ),
            'phones', (SELECT to_jsonb(c.phones) FROM school_contact AS c WHERE c.school_id = t.id),
            'provenance', t.provenance) AS facts
    FROM import_stage AS s
    JOIN school AS t ON t.code = s.key
    LEFT JOIN area ON area.id = t.area_id
    """,
    SCHOOL_COLUMNS,
)

BUILDINGS = Target(
    "buildings",
    f"""
    SELECT
        s.row_number, s.part, t.id, t.batch_id, t.version, t.provenance,
        jsonb_build_object({_pairs(BUILDING_COLUMNS)},
            'school_code', school.code,
            'footprint', encode(ST_AsBinary(t.footprint, 'NDR'), 'hex'),
            'provenance', t.provenance) AS facts
    FROM import_stage AS s
    JOIN building AS t ON t.code = s.key
    JOIN school ON school.id = t.school_id
    """,
    BUILDING_COLUMNS,
)

AREAS = Target(
    "areas",
    f"""
    SELECT
        s.row_number, s.part, t.id, t.batch_id, NULL::integer AS version,
        t.provenance || jsonb_build_object('_boundary', jsonb_build_object('source', b.source, 'licence', b.licence))
            AS provenance,
        jsonb_build_object({_pairs(AREA_COLUMNS)},
            'parent_code', parent.code,
            'boundary', encode(ST_AsBinary(b.geom, 'NDR'), 'hex'),
            'boundary_quality', b.quality,
            'provenance', t.provenance) AS facts
    FROM import_stage AS s
    JOIN area AS t ON t.code = s.key
    LEFT JOIN area AS parent ON parent.id = t.parent_id
    LEFT JOIN area_boundary AS b ON b.area_id = t.id
    """,
    AREA_COLUMNS,
)

ANSWERS = Target(
    "answers",
    """
    SELECT
        s.row_number, s.part, t.id, t.batch_id, NULL::integer AS version, '{}'::jsonb AS provenance,
        jsonb_build_object(
            'state', t.state, 'value', t.value, 'room_share', t.room_share, 'note', t.note,
            'assessor', visit.assessor, 'is_synthetic', visit.is_synthetic) AS facts
    FROM import_stage AS s
    JOIN school ON school.code = split_part(s.key, '|', 1)
    JOIN standard_edition AS edition ON edition.is_current
    JOIN criterion ON criterion.edition_id = edition.id AND criterion.code = split_part(s.key, '|', 2)
    LEFT JOIN building ON building.code = nullif(split_part(s.key, '|', 3), '')
    JOIN assessment AS visit
        ON visit.school_id = school.id
        AND visit.edition_id = edition.id
        AND visit.kind = split_part(s.key, '|', 4)
        AND visit.assessed_on = split_part(s.key, '|', 5)::date
    JOIN LATERAL (
        SELECT id, batch_id, state, value, room_share, note FROM answer
        WHERE assessment_id = visit.id AND criterion_id = criterion.id AND building_id IS NOT DISTINCT FROM building.id
        UNION ALL
        SELECT id, batch_id, state, value, room_share, note FROM restricted_answer
        WHERE assessment_id = visit.id AND criterion_id = criterion.id AND building_id IS NOT DISTINCT FROM building.id
    ) AS t ON true
    """,
    merged=(),
)


def _named(names: tuple[str, ...], value: str) -> str:
    pairs = ", ".join(f"'{name}', {value.format(name=name)}" for name in names)
    return f"jsonb_build_object({pairs})"


STANDARD = Target(
    "standard",
    f"""
    SELECT
        s.row_number, s.part, t.id, t.batch_id, NULL::integer AS version, '{{}}'::jsonb AS provenance,
        {_named(EDITION_FIELDS, "edition.{name}")}
        || jsonb_build_object(
            'domain_position', domain.position, 'domain_ky', domain.name_ky, 'domain_ru', domain.name_ru,
            'domain_en', domain.name_en, 'guidance_status', guidance.status)
        || {_named(DETAIL_FIELDS, "t.details ->> '{name}'")}
        || {_named(CRITERION_COLUMNS, "t.{name}")}
        || {_named(GUIDANCE_FIELDS, "guidance.{name}")} AS facts
    FROM import_stage AS s
    JOIN standard_edition AS edition ON edition.code = split_part(s.key, '|', 1)
    JOIN criterion AS t ON t.edition_id = edition.id AND t.code = split_part(s.key, '|', 2)
    LEFT JOIN standard_domain AS domain ON domain.edition_id = edition.id AND domain.code = t.domain_code
    LEFT JOIN criterion_guidance AS guidance ON guidance.criterion_id = t.id
    """,
    merged=(),
)

TARGETS = {target.kind: target for target in (SCHOOLS, BUILDINGS, AREAS, ANSWERS, STANDARD)}


def record_of(columns: tuple[Column, ...]) -> str:
    """Return the column list of ``jsonb_to_record`` for ``columns``."""
    return ", ".join(f'"{column.name}" {column.type}' for column in columns)


def inserted(columns: tuple[Column, ...]) -> tuple[str, str]:
    """Return names and values (from alias f) of an INSERT."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    return names, ", ".join(_value(column) for column in columns)


def updated(columns: tuple[Column, ...], side: str) -> str:
    """Return the SET list that takes from alias f the facts that ``side`` ("new" or "old") of row r names."""
    return ",\n            ".join(
        f"\"{column.name}\" = CASE WHEN jsonb_exists(r.{side}, '{column.name}') THEN {_value(column)} "
        f'ELSE t."{column.name}" END'
        for column in columns
    )


def _value(column: Column) -> str:
    taken = f'f."{column.name}"'
    return f"coalesce({taken}, {column.default})" if column.default else taken
