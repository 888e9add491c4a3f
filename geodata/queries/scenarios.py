"""Scenario events: where schools stand, storing what a scenario does to each, and reading it by hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, text, update

from geodata.models import Scenario
from geodata.queries.bulk_arrays import read_arrays, stage_arrays
from geodata.queries.contacts import MAY_SEE
from geodata.records.scenario import CallCounts, ScenarioFacts, ShakenArea, ShakenSchool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

POINTS = """
    SELECT id, coalesce(ST_X(location), 'NaN'), coalesce(ST_Y(location), 'NaN')
    FROM school
    WHERE id = ANY(%(schools)s::int8[])
"""

COUNTS = ("pupils_1", "pupils_2", "pupils_3", "pupils_boarding", "staff", "seats")
SHARES = ("msk", "pga_g", "unusable_low", "unusable", "unusable_high", "severe_share", "death_share", "loss_ratio")

STORE = text(f"""
    INSERT INTO scenario_result (scenario_id, school_id, {", ".join(SHARES)}, {", ".join(COUNTS)}, oblast_id, rayon_id)
    SELECT
        :scenario_id, s.school_id, {", ".join(f"nullif(s.{name}, 'NaN')" for name in SHARES)},
        {", ".join(f"nullif(s.{name}, 'NaN')::int" for name in COUNTS)},
        nullif(s.oblast_id, 0), nullif(s.rayon_id, 0)
    FROM staged_scenario AS s
""")  # noqa: S608  built from our own names

_PRESENT = """
    CASE
        WHEN NOT :one AND NOT :two AND NOT :three THEN result.pupils_boarding
        WHEN coalesce(result.pupils_1, result.pupils_2, result.pupils_3) IS NULL THEN NULL
        ELSE coalesce(result.pupils_boarding, 0)
            + CASE WHEN :one THEN coalesce(result.pupils_1, 0) ELSE 0 END
            + CASE WHEN :two THEN coalesce(result.pupils_2, 0) ELSE 0 END
            + CASE WHEN :three THEN coalesce(result.pupils_3, 0) ELSE 0 END
    END
"""

SCHOOLS = text(f"""
    SELECT
        school.code, school.name_ky, school.name_ru, school.name_en,
        area.code, area.name_ky, area.name_ru, area.name_en,
        ST_X(school.location), ST_Y(school.location), found.msk, found.pga_g, found.present, found.staff, found.seats,
        found.unusable, found.unusable_low, found.unusable_high,
        found.present * found.severe_share AS severe, found.present * found.death_share AS deaths,
        found.seats * found.unusable AS seats_lost,
        {MAY_SEE.format(school="school.id")} AS sees_phones, coalesce(contact.phones, '{{}}')
    FROM (
        SELECT result.*, {_PRESENT} AS present FROM scenario_result AS result WHERE result.scenario_id = :scenario_id
    ) AS found
    JOIN school ON school.id = found.school_id
    LEFT JOIN school_contact AS contact ON contact.school_id = school.id
    LEFT JOIN area ON area.id = coalesce(found.rayon_id, found.oblast_id)
    WHERE (NOT :only_seen OR {MAY_SEE.format(school="school.id")})
        AND (NOT :only_without OR coalesce(cardinality(contact.phones), 0) = 0)
    ORDER BY severe DESC NULLS FIRST, found.msk DESC, found.present DESC NULLS FIRST, school.code COLLATE "C"
    LIMIT :limit
""")  # noqa: S608  our own text

_SUM_OF_SHARE = "CASE WHEN count(found.msk) > 0 THEN coalesce(sum({share}), 0) END"
"""NULL where the event has no degree: what no model speaks of is unknown, not none."""
_SUMS = (
    ("found.seats", "unusable"), ("found.seats", "unusable_low"), ("found.seats", "unusable_high"),
    ("found.present", "severe_share"), ("found.present", "death_share"),
)  # fmt: skip

AREAS = text(f"""
    SELECT
        area.code, min(area.name_ky), min(area.name_ru), min(area.name_en), count(*), max(found.msk),
        coalesce(sum(found.present), 0),
        count(*) FILTER (WHERE found.present IS NULL),
        coalesce(sum(found.seats), 0),
        {", ".join(_SUM_OF_SHARE.format(share=f"{people} * found.{share}") for people, share in _SUMS)}
    FROM (
        SELECT result.*, {_PRESENT} AS present FROM scenario_result AS result WHERE result.scenario_id = :scenario_id
    ) AS found
    JOIN school ON school.id = found.school_id
    LEFT JOIN area ON area.id = coalesce(found.rayon_id, found.oblast_id)
    GROUP BY area.code
    ORDER BY sum(found.seats * found.unusable) DESC NULLS LAST, sum(found.present) DESC NULLS LAST, area.code
""")  # noqa: S608  our own text

CALLS = text(f"""
    SELECT
        count(*) FILTER (WHERE {MAY_SEE.format(school="result.school_id")}),
        count(*) FILTER (WHERE {MAY_SEE.format(school="result.school_id")}
            AND coalesce(cardinality(contact.phones), 0) = 0),
        count(*), coalesce(bool_or(contact.is_synthetic), false)
    FROM scenario_result AS result
    JOIN school ON school.id = result.school_id
    LEFT JOIN school_contact AS contact ON contact.school_id = result.school_id
    WHERE result.scenario_id = :scenario_id
""")  # noqa: S608  our own text

_FACTS = [getattr(Scenario, name) for name in ScenarioFacts.__dataclass_fields__]


def school_points(session: Session, schools: Sequence[int]) -> dict[str, NDArray[Any]]:
    """Return where schools stand (EPSG:4326), NaN = unknown, in any order."""
    columns = {"school_id": "int8", "lon": "float8", "lat": "float8"}
    return read_arrays(session, POINTS, columns, {"schools": list(schools)}, in_order=False)


def add_scenario(session: Session, values: Mapping[str, Any]) -> int:
    """Store a scenario and return its id."""
    found = session.scalar(insert(Scenario).values(**values).returning(Scenario.id))
    assert found is not None
    return found


def store_results(session: Session, scenario_id: int, columns: Mapping[str, tuple[str, NDArray[Any]]]) -> None:
    """Store what a scenario does to each school; the columns are those that ``STORE`` names."""
    stage_arrays(session, "staged_scenario", columns)
    session.execute(STORE, {"scenario_id": scenario_id})


def find_scenario(session: Session, code: str) -> ScenarioFacts | None:
    """Return a scenario that the reader may see."""
    found = session.execute(select(*_FACTS).where(Scenario.code == code)).first()
    return None if found is None else ScenarioFacts(*found)


def list_scenarios(session: Session) -> list[ScenarioFacts]:
    """Return the scenarios that the reader may see, by code."""
    return [ScenarioFacts(*row) for row in session.execute(select(*_FACTS).order_by(Scenario.code))]


def remove_scenario(session: Session, code: str) -> bool:
    """Remove a scenario with its results; False when there is none."""
    return session.execute(delete(Scenario).where(Scenario.code == code).returning(Scenario.id)).first() is not None


def publish_scenario(session: Session, code: str) -> bool:
    """Let everybody see a scenario; False when there is none."""
    values = {"is_published": True, "published_at": func.clock_timestamp()}
    done = session.execute(update(Scenario).where(Scenario.code == code).values(**values).returning(Scenario.id))
    return done.first() is not None


def schools_at(
    session: Session,
    scenario_id: int,
    shifts: Sequence[bool],
    limit: int = 1_000_000,
    *,
    only_seen: bool = False,
    only_without: bool = False,
) -> list[ShakenSchool]:
    """Return the schools of a scenario while the shifts that are set are inside, the most harmed first.

    Without a degree: the most pupils first; schools of which nobody knows how many are inside stand before.

    Args:
        only_seen: Those whose telephones the reader may see.
        only_without: Those of which no number is known; together with ``only_seen``, where no row says something else.
    """
    limits = {"limit": limit, "only_seen": only_seen, "only_without": only_without}
    found = session.execute(SCHOOLS, _asked(scenario_id, shifts) | limits)
    rows: list[list[Any]] = [[*row[:-1], tuple(row[-1])] for row in found]
    return [ShakenSchool(*row) for row in rows]


def count_calls(session: Session, scenario_id: int) -> CallCounts:
    """Return of how many schools of a scenario the reader sees the telephones, and of how many none is known."""
    return CallCounts(*session.execute(CALLS, {"scenario_id": scenario_id}).one())


def areas_at(session: Session, scenario_id: int, shifts: Sequence[bool]) -> list[ShakenArea]:
    """Return the sums by rayon or city, the most seats lost first."""
    return [ShakenArea(*row) for row in session.execute(AREAS, _asked(scenario_id, shifts))]


def _asked(scenario_id: int, shifts: Sequence[bool]) -> dict[str, Any]:
    one, two, three = shifts
    return {"scenario_id": scenario_id, "one": one, "two": two, "three": three}
