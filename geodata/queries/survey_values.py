"""What a survey of each school of a run is worth: storing, and the schools in the order of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from geodata.queries.bulk_arrays import stage_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

STORE = text("""
    INSERT INTO survey_value (
        run_id, school_id, bundle, cost_som, survey_som, benefit, deviation, gross_som, net_som, switches,
        unknown_part, reason
    )
    SELECT
        :run_id, s.school_id, (CAST(:codes AS text[]))[s.bundle + 1],
        nullif(s.cost_som, 'NaN')::bigint, nullif(s.survey_som, 'NaN')::bigint,
        nullif(s.benefit, 'NaN'), nullif(s.deviation, 'NaN'), nullif(s.gross_som, 'NaN'), nullif(s.net_som, 'NaN'),
        nullif(s.switches, 'NaN'), CASE WHEN s.deviation > 0 THEN (CAST(:parts AS text[]))[s.part + 1] END,
        (CAST(:reasons AS text[]))[s.reason + 1]
    FROM staged_survey_value AS s
""")

ROWS = text("""
    SELECT
        school.code, school.name_ky, school.name_ru, school.name_en,
        area.code, area.name_ky, area.name_ru, area.name_en,
        result.national_rank, result.grade, result.pupils,
        value.bundle, value.cost_som, value.survey_som, value.gross_som, value.net_som, value.switches,
        value.unknown_part, value.reason
    FROM survey_value AS value
    JOIN school_result AS result ON result.run_id = value.run_id AND result.school_id = value.school_id
    JOIN school ON school.id = value.school_id
    LEFT JOIN area ON area.id = school.area_id
    WHERE value.run_id = :run_id AND (CAST(:area AS text) IS NULL OR value.school_id IN (
        SELECT school_area.school_id FROM school_area JOIN area ON area.id = school_area.area_id WHERE area.code = :area
    ))
    ORDER BY value.net_som / value.survey_som DESC NULLS LAST, result.national_rank
""")


class SurveyWorth(NamedTuple):
    """One school; money in whole som, None = unknown. ``switches``: chance that a survey changes what is decided."""

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
    bundle: str | None
    cost_som: int | None
    survey_som: int | None
    gross_som: float | None
    net_som: float | None
    switches: float | None
    unknown_part: str | None
    reason: str


def store_values(
    session: Session,
    run_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    words: Mapping[str, Sequence[str]],
) -> None:
    """Store one row a school; ``columns`` as ``STORE`` names them, ``words``: codes, parts and reasons by index."""
    stage_arrays(session, "staged_survey_value", columns)
    session.execute(STORE, {"run_id": run_id, **{name: list(found) for name, found in words.items()}})


def list_values(session: Session, run_id: int, area: str | None = None) -> list[SurveyWorth]:
    """Return the schools of an area, or the country: most net value for a som of survey first, unknown last."""
    return [SurveyWorth(*row) for row in session.execute(ROWS, {"run_id": run_id, "area": area})]
