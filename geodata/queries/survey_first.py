"""Which schools to survey before any other: three reasons of the method, for the schools of one run (method 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REASONS = ("unknown_type", "red_flag_open", "insufficient_data")

_FOUND = """
    WITH listed AS (
        SELECT result.school_id, result.national_rank, result.pupils, result.conformity_class, result.grade
        FROM school_result AS result
        WHERE result.run_id = :run_id AND (CAST(:area AS text) IS NULL OR result.school_id IN (
            SELECT school_area.school_id FROM school_area JOIN area ON area.id = school_area.area_id
            WHERE area.code = :area
        ))
    ),
    shaken AS (  -- by the current layers of shaking: an MSK zone, or the 475-year motion that stands for it
        SELECT exposure.school_id, exposure.building_id
        FROM exposure
        JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
        JOIN hazard_layer AS layer
            ON layer.id = exposure_run.layer_id AND layer.is_current AND layer.hazard = 'earthquake'
        WHERE CASE layer.manifest ->> 'quantity'
            WHEN 'msk' THEN coalesce(layer.manifest ->> 'return_period_years', '475') = '475' AND exposure.value >= :msk
            WHEN 'pga_g' THEN layer.manifest ->> 'return_period_years' = '475' AND exposure.value >= :pga_g
            ELSE false
        END
    ),
    unknown_type AS (
        SELECT listed.school_id
        FROM listed
        -- coalesce makes a hashed list of it: never a loop over both, however few rows the planner expects
        WHERE coalesce(listed.school_id IN (SELECT school_id FROM shaken), false) AND (
            NOT EXISTS (SELECT FROM building WHERE building.school_id = listed.school_id)
            OR EXISTS (
                SELECT FROM building
                WHERE building.school_id = listed.school_id AND building.use IN ('education', 'unknown')
                    AND NOT coalesce(building.building_type = ANY(:types), false)
            )
        )
    ),
    red_flag AS (  -- one bit each
        SELECT id, 1::bigint << (row_number() OVER (ORDER BY id) - 1)::int AS bit
        FROM criterion WHERE edition_id = :edition AND is_critical AND grouping = 'physical'
    ),
    every AS (SELECT coalesce(bit_or(bit), 0) AS bits FROM red_flag),
    answered AS (
        SELECT visit.school_id, answer.building_id, bit_or(red_flag.bit) AS bits
        FROM answer
        JOIN assessment AS visit
            ON visit.id = answer.assessment_id AND visit.edition_id = :edition AND visit.status = 'published'
        JOIN red_flag ON red_flag.id = answer.criterion_id
        WHERE answer.state <> 'unknown'
        GROUP BY visit.school_id, answer.building_id
    ),
    open_flag AS (  -- each building, or the school where it has none, with the answers for the whole school too
        SELECT
            listed.school_id,
            max(bit_count((every.bits & ~(coalesce(own.bits, 0) | coalesce(common.bits, 0)))::bit(64))) AS flags
        FROM listed
        CROSS JOIN every
        LEFT JOIN building ON building.school_id = listed.school_id AND building.use IN ('education', 'unknown')
        LEFT JOIN answered AS own ON own.school_id = listed.school_id AND own.building_id = building.id
        LEFT JOIN answered AS common ON common.school_id = listed.school_id AND common.building_id IS NULL
        GROUP BY listed.school_id
    ),
    reasoned AS (
        SELECT
            listed.*, coalesce(open_flag.flags, 0) AS open_flags,
            unknown_type.school_id IS NOT NULL AS unknown_type,
            coalesce(open_flag.flags, 0) > 0 AS red_flag_open,
            listed.conformity_class = 'insufficient_data' AND coalesce(listed.pupils > :pupils, false)
                AS insufficient_data
        FROM listed
        LEFT JOIN unknown_type USING (school_id)
        LEFT JOIN open_flag USING (school_id)
    )
"""

_ROWS = text(
    _FOUND
    + """
    SELECT
        school.code, school.name_ky, school.name_ru, school.name_en,
        area.code, area.name_ky, area.name_ru, area.name_en,
        national_rank, grade, reasoned.pupils, open_flags, unknown_type, red_flag_open, insufficient_data
    FROM reasoned
    JOIN school ON school.id = reasoned.school_id
    LEFT JOIN area ON area.id = school.area_id
    WHERE unknown_type OR red_flag_open OR insufficient_data
    ORDER BY unknown_type::int + red_flag_open::int + insufficient_data::int DESC, national_rank
"""
)


class SurveyRule(NamedTuple):
    """What counts: intensity and the motion that stands for it, pupils, known types of buildings."""

    msk: float
    pga_g: float
    pupils: float
    types: tuple[str, ...]


class SurveyRow(NamedTuple):
    """One school to survey first; ``open_flags``: red flags that nobody looked at, in its worst building."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    national_rank: int
    grade: str | None
    pupils: int | None
    open_flags: int
    unknown_type: bool
    red_flag_open: bool
    insufficient_data: bool

    @property
    def reasons(self) -> list[str]:
        """Return the reasons that hold, in the order of ``REASONS``."""
        return [name for name in REASONS if getattr(self, name)]


def list_schools(
    session: Session, run_id: int, edition_id: int, rule: SurveyRule, area: str | None = None
) -> list[SurveyRow]:
    """Return the schools of an area, or the country, those with most reasons first, then by rank."""
    values = rule._asdict() | {"types": list(rule.types), "run_id": run_id, "edition": edition_id, "area": area}
    return [SurveyRow(*row) for row in session.execute(_ROWS, values)]
