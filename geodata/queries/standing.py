"""Where somebody signed in stands: how many schools are theirs, how their territory is called, what waits for them."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from geodata.models import School
from geodata.queries.revisions import WAITING
from geodata.queries.verification import WAITING as ASSESSMENTS
from geodata.records.revision import Place, Standing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN_PLACES = 3

_STANDING = text(f"""
    SELECT
        CASE WHEN NOT app_everywhere('see') THEN (
            SELECT count(*) FROM (
                SELECT school_id FROM school_area WHERE area_id = ANY ((SELECT app_areas('see'))::bigint[])
                UNION
                SELECT unnest((SELECT app_schools('see')))
            ) AS own
        ) END,
        (
            SELECT coalesce(json_agg(json_build_array(code, is_school, name_ky, name_ru, name_en)), '[]') FROM (
                SELECT code, false AS is_school, name_ky, name_ru, name_en FROM area
                WHERE id = ANY ((SELECT app_areas('see'))::bigint[])
                UNION ALL
                SELECT code, true, name_ky, name_ru, name_en FROM school
                WHERE id = ANY ((SELECT app_schools('see'))::bigint[])
                ORDER BY name_ky LIMIT :most
            ) AS place
        ),
        (SELECT count(*) FROM revision AS r WHERE {WAITING})
            + (SELECT count(*) FROM assessment AS visit WHERE {ASSESSMENTS})
""")


def find_standing(session: Session) -> Standing:
    """Return where the session's account stands; one query."""
    own, places, waiting = session.execute(_STANDING, {"most": SHOWN_PLACES + 1}).one()
    return Standing(own, tuple(Place(*place) for place in places), waiting)


def count_schools(session: Session) -> int:
    """Return how many schools the reader may see."""
    return session.scalar(select(func.count()).select_from(School)) or 0
