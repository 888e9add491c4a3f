"""One area over time: its figures in every published ranking, and the campaigns that ended in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

_POINTS = text("""
    WITH chosen AS (  -- of one day and edition the official ranking, else the newest: their conformity is the same
        SELECT DISTINCT ON (run.data_date, run.edition_id) run.id, run.hash, run.data_date, run.edition_id
        FROM run
        WHERE run.is_published
        ORDER BY run.data_date, run.edition_id, run.is_official DESC, run.published_at DESC NULLS LAST, run.id DESC
    ),
    newest AS (SELECT * FROM chosen ORDER BY data_date DESC, id DESC LIMIT :most)
    SELECT
        newest.id, newest.hash, newest.data_date, edition.code, stored.area_id IS NOT NULL,
        coalesce(stored.schools, own.schools), coalesce(stored.assessed, own.assessed),
        coalesce(stored.covered, own.covered), coalesce(stored.graded, own.graded), coalesce(stored.bad, own.bad),
        coalesce(stored.pupils, own.pupils), coalesce(stored.pupils_at_risk, own.pupils_at_risk),
        coalesce(stored.mean_index_lower, own.lower), coalesce(stored.mean_index, own.central),
        coalesce(stored.mean_index_upper, own.upper),
        quality.verified_share, quality.expired_share, quality.evidence_on
    FROM newest
    JOIN standard_edition AS edition ON edition.id = newest.edition_id
    LEFT JOIN LATERAL (
        SELECT
            result.*,
            result.schools - CAST(result.grade_counts ->> 'unknown' AS integer) AS graded,
            CAST(result.grade_counts ->> 'D' AS integer) + CAST(result.grade_counts ->> 'E' AS integer) AS bad
        FROM area_result AS result
        WHERE result.run_id = newest.id AND result.area_id = :area
    ) AS stored ON true
    LEFT JOIN LATERAL (  -- the unit did not exist yet: the schools that lie on its territory today
        SELECT
            count(*) AS schools,
            count(*) FILTER (WHERE result.completeness > 0) AS assessed,
            count(*) FILTER (WHERE result.completeness >= :covered) AS covered,
            count(result.grade) AS graded,
            count(*) FILTER (WHERE result.grade IN ('D', 'E')) AS bad,
            sum(result.pupils) AS pupils,
            CASE
                WHEN count(result.pupils) > 0
                THEN coalesce(sum(result.pupils) FILTER (WHERE result.grade IN ('D', 'E')), 0)
            END AS pupils_at_risk,
            avg(result.index_lower) FILTER (WHERE result.completeness > 0) AS lower,
            avg(result.index_central) FILTER (WHERE result.completeness > 0) AS central,
            avg(result.index_upper) FILTER (WHERE result.completeness > 0) AS upper
        FROM school_result AS result
        JOIN school_area ON school_area.school_id = result.school_id AND school_area.area_id = :area
        WHERE result.run_id = newest.id
        HAVING count(*) > 0
    ) AS own ON stored.area_id IS NULL
    LEFT JOIN area_quality AS quality ON quality.run_id = newest.id AND quality.area_id = :area
    WHERE coalesce(stored.schools, own.schools) > 0
    ORDER BY newest.data_date, newest.id
""")

_CAMPAIGNS = text("""
    SELECT
        campaign.id, campaign.title, campaign.kind, campaign.starts_on, campaign.ends_on, edition.code,
        count(*), count(visit.assessment_id)
    FROM campaign
    JOIN standard_edition AS edition ON edition.id = campaign.edition_id
    JOIN campaign_visit AS visit ON visit.campaign_id = campaign.id
    WHERE campaign.status = 'closed'
        AND (:is_country OR visit.school_id IN (SELECT school_id FROM school_area WHERE area_id = :area))
    GROUP BY campaign.id, edition.id
    ORDER BY campaign.ends_on DESC, campaign.id DESC
    LIMIT 50
""")


@dataclass(frozen=True, slots=True)
class AreaPoint:
    """An area in one published ranking; means 0..100 of the assessed schools, shares 0..1, None = unknown.

    ``is_stored``: the unit existed then. Else the figures are of the schools on its territory today, and how verified
    and how old their answers were is not known.
    """

    run_id: int
    run_hash: str
    day: date
    edition: str
    is_stored: bool
    schools: int
    assessed: int
    covered: int
    graded: int
    graded_d_or_e: int
    pupils: int | None
    pupils_at_risk: int | None
    index_lower: float | None
    index: float | None
    index_upper: float | None
    verified_share: float | None
    expired_share: float | None
    evidence_on: date | None


@dataclass(frozen=True, slots=True)
class EndedCampaign:
    """A closed campaign in an area: visits that were planned and those that its closing froze."""

    id: int
    title: str
    kind: str
    starts_on: date
    ends_on: date
    edition: str
    visits: int
    done: int


def area_points(session: Session, area_id: int, covered_from: float, most: int) -> list[AreaPoint]:
    """Return an area in the ``most`` newest published rankings, the oldest first; one a day and edition.

    ``covered_from``: completeness (0..1) from which a school counts as well assessed. Where nothing was ranked: empty.
    """
    values = {"area": area_id, "covered": covered_from, "most": most}
    return [AreaPoint(*row) for row in session.execute(_POINTS, values)]


def ended_campaigns(session: Session, area_id: int, *, is_country: bool) -> list[EndedCampaign]:
    """Return the closed campaigns that the reader sees, with their visits in an area, the newest first."""
    values = {"area": area_id, "is_country": is_country}
    return [EndedCampaign(*row) for row in session.execute(_CAMPAIGNS, values)]
