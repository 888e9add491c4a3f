"""The legal life of editions: steps, the act, who agreed, how many schools are assessed; and who passes a criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text, update

from geodata.models import CriterionGuidance, StandardAgreement, StandardEdition, StandardEditionStep

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class EditionStep:
    """One change of the legal status; ``account_name`` is None for readers who may not know who took it."""

    at: datetime
    from_status: str | None
    to_status: str
    on_date: date | None
    reason: str | None
    account_name: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Open schools of an area (``name_*`` None: the whole country), and how many are assessed by an edition.

    ``verified``: assessed by a survey, instruments or a second rater; ``last_on`` the day of the newest assessment.
    """

    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    code: str | None
    schools: int
    assessed: int
    verified: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class PassShare:
    """Open schools by their answer to one criterion; a school counts as its worst building."""

    schools: int
    meets: int
    partly: int
    fails: int
    not_applicable: int

    @property
    def known(self) -> int:
        """Return how many schools the criterion applies to and is answered for."""
        return self.meets + self.partly + self.fails

    @property
    def pass_pct(self) -> float | None:
        """Return the share of ``known`` that meets it, 0..100; None when nothing is known."""
        return 100 * self.meets / self.known if self.known else None


def may_move(session: Session) -> bool:
    """Return whether this session may change the legal life of editions: ``publish`` for the whole country."""
    return bool(session.scalar(text("SELECT app_scope() = 'national' AND app_everywhere('publish')")))


def steps(session: Session, edition_id: int) -> list[EditionStep]:
    """Return the changes of the status, newest first."""
    asked = text("SELECT id, account_name FROM edition_step_names(:edition)")
    names = {row.id: row.account_name for row in session.execute(asked, {"edition": edition_id})}
    step = StandardEditionStep
    query = (
        select(step.id, step.at, step.from_status, step.to_status, step.on_date, step.reason)
        .where(step.edition_id == edition_id)
        .order_by(step.at.desc(), step.id.desc())
    )
    return [
        EditionStep(row.at, row.from_status, row.to_status, row.on_date, row.reason, names.get(row.id))
        for row in session.execute(query)
    ]


def agreements(session: Session, edition_id: int) -> list[StandardAgreement]:
    """Return the bodies that agreed to an edition, the first one first."""
    query = select(StandardAgreement).where(StandardAgreement.edition_id == edition_id)
    return list(session.scalars(query.order_by(StandardAgreement.agreed_on, StandardAgreement.id)))


def lock_edition(session: Session, code: str) -> StandardEdition | None:
    """Return an edition that nobody else changes until the transaction ends, or None."""
    query = select(StandardEdition).where(StandardEdition.code == code).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def move(session: Session, edition: StandardEdition, to: str, on: date, reason: str) -> None:
    """Give an edition another legal status; one that comes into force takes the place of the one that was current."""
    if to == "in_force":
        others = (StandardEdition.id != edition.id, StandardEdition.is_current)
        values: dict[str, Any] = {"is_current": False, "status_on": on, "status_reason": reason}
        session.execute(update(StandardEdition).where(*others).values(status="superseded", **values))
    facts = {"status": to, "status_on": on, "status_reason": reason}
    if to == "in_force":
        facts["is_current"] = True  # type: ignore[assignment]
    session.execute(update(StandardEdition).where(StandardEdition.id == edition.id).values(**facts))
    session.expire_all()


def set_act(session: Session, edition_id: int, facts: dict[str, Any]) -> None:
    """Set the act that an edition rests on: ``act_title_*``, ``act_number``, ``act_on``, ``act_url``."""
    session.execute(update(StandardEdition).where(StandardEdition.id == edition_id).values(**facts))
    session.expire_all()


def add_agreement(session: Session, edition_id: int, facts: dict[str, Any]) -> None:
    """Add a body that agreed: ``body_*``, ``agreed_on``, ``document``, ``url``."""
    session.execute(insert(StandardAgreement).values(edition_id=edition_id, **facts))


def remove_agreement(session: Session, edition_id: int, number: int) -> bool:
    """Take an agreement out that was entered by mistake; return whether there was one."""
    mine = (StandardAgreement.edition_id == edition_id, StandardAgreement.id == number)
    found = session.execute(delete(StandardAgreement).where(*mine).returning(StandardAgreement.id))
    return found.first() is not None


COVERAGE = text("""
    WITH visited AS (
        SELECT
            school_id,
            bool_or(kind IN ('survey', 'instrument', 'verification')) AS is_verified,
            max(assessed_on) AS last_on
        FROM assessment
        WHERE edition_id = :edition AND status = 'published'
        GROUP BY school_id
    ),
    counted AS (
        SELECT school.id, oblast.id AS oblast_id, visited.school_id AS visited_id, visited.is_verified, visited.last_on
        FROM school
        LEFT JOIN visited ON visited.school_id = school.id
        LEFT JOIN LATERAL (
            SELECT area.id FROM school_area JOIN area ON area.id = school_area.area_id
            WHERE school_area.school_id = school.id AND area.level = 1 AND area.valid_to IS NULL
            LIMIT 1
        ) AS oblast ON true
        WHERE school.is_published AND (school.closed_on IS NULL OR school.closed_on > current_date)
    )
    SELECT
        area.name_ky, area.name_ru, area.name_en, area.code,
        count(*) AS schools,
        count(counted.visited_id) AS assessed,
        count(*) FILTER (WHERE counted.is_verified) AS verified,
        max(counted.last_on) AS last_on
    FROM counted
    LEFT JOIN area ON area.id = counted.oblast_id
    GROUP BY GROUPING SETS ((), (area.id, area.name_ky, area.name_ru, area.name_en, area.code))
    HAVING grouping(area.id) = 1 OR area.id IS NOT NULL
    ORDER BY grouping(area.id) DESC, area.code
""")


def coverage(session: Session, edition_id: int) -> list[Coverage]:
    """Return how far the country, then each oblast, is assessed by an edition; public assessments only."""
    return [Coverage(*row) for row in session.execute(COVERAGE, {"edition": edition_id})]


PASSING = text("""
    WITH given AS (
        SELECT
            visit.school_id,
            answer.building_id,
            CASE
                WHEN answer.room_share IS NULL OR answer.state = 'not_applicable' THEN answer.state
                WHEN answer.room_share >= 1 THEN 'meets'
                WHEN answer.room_share >= :partly THEN 'partly'
                ELSE 'fails'
            END AS state,
            visit.kind IN ('survey', 'instrument', 'verification')
                AND visit.rater_level IS DISTINCT FROM 'none' AS is_verified,
            coalesce(answer.evidence_on, visit.assessed_on) AS seen_on,
            visit.assessed_on,
            array_position('{baseline,self,survey,instrument,verification}', visit.kind) AS trust
        FROM assessment AS visit
        JOIN answer ON answer.assessment_id = visit.id AND answer.criterion_id = :criterion
        JOIN criterion ON criterion.id = answer.criterion_id AND criterion.field_class = 'public'
        WHERE visit.edition_id = criterion.edition_id AND visit.status = 'published' AND answer.state <> 'unknown'
            AND visit.assessed_on <= coalesce(CAST(:until AS date), current_date)
    ),
    counted AS (
        SELECT DISTINCT ON (given.school_id, given.building_id) given.school_id, given.building_id, given.state
        FROM given
        ORDER BY
            given.school_id, given.building_id, given.is_verified DESC, given.seen_on DESC, given.assessed_on DESC,
            given.trust DESC
    ),
    building_without_answer AS (  -- for these the answer of the whole school counts
        SELECT building.school_id
        FROM building
        LEFT JOIN counted ON counted.building_id = building.id
        GROUP BY building.school_id
        HAVING count(*) > count(counted.building_id)
    ),
    worst AS (
        SELECT
            counted.school_id,
            max(array_position('{not_applicable,meets,partly,fails}', counted.state)) AS place
        FROM counted
        WHERE counted.building_id IS NOT NULL
            OR counted.school_id IN (SELECT school_id FROM building_without_answer)
            OR counted.school_id NOT IN (SELECT school_id FROM building)
        GROUP BY counted.school_id
    )
    SELECT
        count(*) AS schools,
        count(*) FILTER (WHERE worst.place = 2) AS meets,
        count(*) FILTER (WHERE worst.place = 3) AS partly,
        count(*) FILTER (WHERE worst.place = 4) AS fails,
        count(*) FILTER (WHERE worst.place = 1) AS not_applicable
    FROM school
    LEFT JOIN worst ON worst.school_id = school.id
    WHERE school.is_published AND (school.closed_on IS NULL OR school.closed_on > current_date)
""")
"""The ranking's rules (``app.assessment.answers``) for one criterion; a test holds both against each other."""


def pass_share(session: Session, criterion_id: int, share_for_partly: float, until: date | None = None) -> PassShare:
    """Return how many schools pass a public criterion by public answers up to a day (None: today).

    ``share_for_partly``: from this share of rooms (0..1) a criterion of rooms is partly met.

    Which answer counts is the ranking's rule: a verified one, then the later one, and "unknown" replaces nothing; the
    answer of the whole school counts in buildings without one. Of a restricted criterion nothing is known here.
    """
    return PassShare(
        *session.execute(PASSING, {"criterion": criterion_id, "partly": share_for_partly, "until": until}).one()
    )


def guidance(session: Session, criterion_ids: list[int]) -> dict[int, CriterionGuidance]:
    """Return the guidance of criteria by their ids; what has none is not among them."""
    query = select(CriterionGuidance).where(CriterionGuidance.criterion_id.in_(criterion_ids))
    return {row.criterion_id: row for row in session.scalars(query)}
