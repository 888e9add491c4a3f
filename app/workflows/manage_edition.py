"""The legal life of an edition of the standard: its act, who agreed, and its steps up to the one in force.

Only who publishes for the whole country may do this; each function commits its own transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geodata.queries import audit, edition_life, imports

if TYPE_CHECKING:
    from datetime import date

    from geodata.database import Session
    from geodata.models import StandardEdition

STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("agreed", "superseded"),
    "agreed": ("adopted", "draft", "superseded"),
    "adopted": ("in_force", "superseded"),
    "in_force": ("superseded",),
    "superseded": (),
}
"""Where an edition can go from each legal status; the database holds the same order."""
LONGEST = 2_000
ACT_FIELDS = ("act_title_ky", "act_title_ru", "act_title_en", "act_number", "act_on", "act_url")


class EditionLifeError(Exception):
    """Base of what this job refuses."""


class EditionRightError(EditionLifeError):
    """Who asks does not publish for the whole country."""


class UnknownEditionError(EditionLifeError):
    """There is no such edition."""


class WrongEditionStepError(EditionLifeError):
    """The edition stands elsewhere by now, or there is no such step."""


class EditionIncompleteError(EditionLifeError):
    """Something has to be there first; ``missing`` names it: reason, on, future, body, act, criteria, twice."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


def move_edition(session: Session, code: str, seen: str, to: str, on: date | None, reason: str) -> None:
    """Take one step with an edition.

    Args:
        seen: The legal status that the person looked at.
        to: The next one. The edition that comes into force supersedes the one that was used until then.
        on: The day from which it holds, today at the latest.
        reason: Why, for the history.

    Raises:
        EditionRightError, UnknownEditionError, WrongEditionStepError, EditionIncompleteError: Nothing was changed.
    """
    edition = _find(session, code)
    if edition.status != seen or to not in STEPS[edition.status]:
        raise WrongEditionStepError(code)
    why = reason.replace("\0", "").strip()[:LONGEST]
    missing = _missing(session, edition, to, on, why)
    if missing:
        raise EditionIncompleteError(missing)
    assert on is not None
    audit.give_reason(session, why)
    edition_life.move(session, edition, to, on, why)
    audit.record(session, "standard:moved", subject=code, details={"from": seen, "to": to, "on": on.isoformat()})
    session.commit()


def _missing(session: Session, edition: StandardEdition, to: str, on: date | None, why: str) -> str | None:
    if not why:
        return "reason"
    if on is None:
        return "on"
    if on > imports.today(session):
        return "future"
    if to == "agreed" and not edition_life.agreements(session, edition.id):
        return "body"
    if to in ("adopted", "in_force") and not (edition.act_title_ky and edition.act_number and edition.act_on):
        return "act"
    return None


def set_act(session: Session, code: str, facts: dict[str, Any]) -> None:
    """Set the act of an edition; the title in Kyrgyz and Russian, number and day are needed.

    Raises:
        EditionRightError, UnknownEditionError, WrongEditionStepError, EditionIncompleteError: Nothing was changed.
    """
    edition = _find(session, code)
    if edition.status == "superseded":
        raise WrongEditionStepError(code)
    if not all(facts.get(name) for name in ("act_title_ky", "act_title_ru", "act_number", "act_on")):
        raise EditionIncompleteError("act")
    edition_life.set_act(session, edition.id, {name: facts.get(name) for name in ACT_FIELDS})
    session.commit()


def add_agreement(session: Session, code: str, facts: dict[str, Any]) -> None:
    """Add a body that agreed to a draft; name in Kyrgyz and Russian, day and document are needed.

    Raises:
        EditionRightError, UnknownEditionError, WrongEditionStepError, EditionIncompleteError: Nothing was changed.
    """
    edition = _find_draft(session, code)
    if not all(facts.get(name) for name in ("body_ky", "body_ru", "agreed_on", "document")):
        raise EditionIncompleteError("agreement")
    if any(one.body_ky == facts["body_ky"] for one in edition_life.agreements(session, edition.id)):
        raise EditionIncompleteError("twice")
    edition_life.add_agreement(session, edition.id, facts)
    session.commit()


def remove_agreement(session: Session, code: str, number: int) -> None:
    """Take an agreement out of a draft that was entered by mistake; one that is gone stays gone.

    Raises:
        EditionRightError, UnknownEditionError, WrongEditionStepError: Nothing was changed.
    """
    edition = _find_draft(session, code)
    edition_life.remove_agreement(session, edition.id, number)
    session.commit()


def _find(session: Session, code: str) -> StandardEdition:
    if not edition_life.may_move(session):
        raise EditionRightError(code)
    edition = edition_life.lock_edition(session, code)
    if edition is None:
        raise UnknownEditionError(code)
    return edition


def _find_draft(session: Session, code: str) -> StandardEdition:
    edition = _find(session, code)
    if edition.status != "draft":
        raise WrongEditionStepError(code)
    return edition
