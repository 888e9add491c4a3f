"""How old and how sure the answers of a school are, and which of them are past their shelf life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from app.assessment.shelf_life import expires_on
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.language import current_language
from geodata.queries import evidence_age

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.run_quality import SchoolQualityRow

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Expired:
    """A criterion whose answer is past its shelf life, on the day of the data."""

    code: str
    text: str
    is_critical: bool
    evidence_on: date
    expired_on: date


@dataclass(frozen=True)
class Evidence:
    """What stands on a school's page about its answers; ``quality`` None: the run is older than these figures."""

    quality: SchoolQualityRow | None
    expired: list[Expired]

    @cached_property
    def expired_codes(self) -> frozenset[str]:
        """Codes of the criteria whose answers are past their shelf life."""
        return frozenset(one.code for one in self.expired)


def evidence_of(session: Session, run: Run, school_id: int, quality: SchoolQualityRow | None) -> Evidence:
    """Return how old and how sure the answers of a school are in ``run``: one query where it saw some expired.

    A run older than these figures says nothing of age.
    """
    if quality is None or not quality.expired_share:
        return Evidence(quality, [])
    default = round(MONTHS_A_YEAR * default_parameters()["confidence.shelf_life_years"])
    expired = []
    for one in evidence_age.evidence_ages(session, school_id, run.edition_id):
        end = expires_on(one.evidence_on, default if one.months is None else one.months)
        if end is not None and end <= run.data_date:
            text = local_name(one, current_language(), "text")
            expired.append(Expired(one.code, text, one.is_critical, one.evidence_on, end))
    return Evidence(quality, expired)
