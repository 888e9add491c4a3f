"""Campaigns of assessment: open one with its schools, hand visits out, remind, close and freeze."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.assessment.sampling import Candidate, draw_sample
from geodata.queries import audit, campaigns, scoring, writes_campaigns

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.campaign import CampaignFacts

KINDS = ("self", "verification", "survey", "instrument")
LONGEST_TITLE, LONGEST_REASON = 200, 500
LARGEST_SEED = 2**31


class CampaignError(Exception):
    """Base of every error of campaigns."""


class CampaignFieldError(CampaignError):
    """A field of the form cannot be taken: ``field`` names it."""

    def __init__(self, field: str) -> None:
        """Keep the name."""
        super().__init__(field)
        self.field = field


class EmptyCampaignError(CampaignError):
    """No school that fits lies in the territory of who asks."""


class UnknownCampaignError(CampaignError):
    """There is no such campaign, or it is not for who asks."""


class NotManagingError(CampaignError):
    """Only who made a campaign, and who verifies in the whole country, hands it out and closes it."""


class ClosedCampaignError(CampaignError):
    """The campaign is closed: it stays as it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign shall be. ``sample_size`` None: all schools of the area; ``seed`` None: one is drawn and kept."""

    title: str
    kind: str
    area_code: str | None
    starts_on: date | None
    ends_on: date | None
    sample_size: int | None = None
    seed: int | None = None


def open_campaign(session: Session, plan: Plan, run_id: int | None) -> int:
    """Open a campaign with its schools and return its number; the caller commits.

    A sample is drawn by strata of rayon and grade in the run that is shown. One for a second rater is drawn among
    schools that assessed themselves.

    Raises:
        CampaignFieldError: Title, kind, days or size of the sample cannot be taken, or no edition is in use (kind).
        EmptyCampaignError: No school fits.
    """
    edition = scoring.current_edition(session)
    wrong = "kind" if edition is None else _wrong_field(plan)
    if wrong:
        raise CampaignFieldError(wrong)
    assert edition is not None
    assert plan.ends_on is not None
    codes, seed = _chosen_schools(session, plan, edition.id, run_id)
    if not codes:
        raise EmptyCampaignError
    title = plan.title.strip()
    values = {
        "title": title,
        "kind": plan.kind,
        "edition_id": edition.id,
        "area_code": plan.area_code,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "sample_seed": seed,
        "sample_size": plan.sample_size,
        "sample_run_id": None if seed is None else run_id,
    }
    number = writes_campaigns.add_campaign(session, values)
    writes_campaigns.add_visits(session, number, codes, plan.ends_on)
    details = {"title": title, "kind": plan.kind, "schools": len(codes), "seed": seed}
    audit.record(session, "campaign:opened", subject=str(number), details=details)
    return number


def _wrong_field(plan: Plan) -> str | None:
    """Return the first field that cannot be taken."""
    title = plan.title.strip()
    are_days = plan.starts_on is not None and plan.ends_on is not None and plan.ends_on >= plan.starts_on
    checks = {
        "title": bool(title) and len(title) <= LONGEST_TITLE,
        "kind": plan.kind in KINDS,
        "starts_on": plan.starts_on is not None,
        "ends_on": are_days,
        "sample_size": plan.sample_size is None or plan.sample_size > 0,
        "seed": plan.seed is None or 0 <= plan.seed < LARGEST_SEED,
    }
    return next((field for field, is_right in checks.items() if not is_right), None)


def _chosen_schools(session: Session, plan: Plan, edition_id: int, run_id: int | None) -> tuple[list[str], int | None]:
    """Return the codes of the schools, and the seed that drew them (None: all of them)."""
    is_second = plan.sample_size is not None and plan.kind == "verification"
    found = campaigns.candidates(session, plan.area_code, edition_id, run_id, self_assessed=is_second)
    if plan.sample_size is None:
        return [code for code, _, _ in found], None
    seed = secrets.randbelow(LARGEST_SEED) if plan.seed is None else plan.seed
    strata = (Candidate(code, (rayon, grade)) for code, rayon, grade in found)
    return draw_sample(strata, plan.sample_size, seed), seed


def _managed(session: Session, campaign_id: int) -> CampaignFacts:
    found = campaigns.find_campaign(session, campaign_id, lock=False)
    if found is None:
        raise UnknownCampaignError(campaign_id)
    if not found.may_manage:
        raise NotManagingError(campaign_id)
    if found.status == "closed":
        raise ClosedCampaignError(campaign_id)
    return found


def hand_out(
    session: Session, campaign_id: int, area_code: str | None, account_id: int | None, due_on: date | None
) -> int:
    """Hand the visits that are not done, of an area or all, to somebody (None: the schools); return how many.

    Raises:
        CampaignFieldError: The account is not one that can be sent, or the day lies outside the campaign.
        UnknownCampaignError, NotManagingError, ClosedCampaignError.
    """
    found = _managed(session, campaign_id)
    if due_on is None or not found.starts_on <= due_on <= found.ends_on:
        raise CampaignFieldError("due_on")
    account = None
    if account_id is not None:
        account = next(((one.id, one.name) for one in campaigns.assignees(session) if one.id == account_id), None)
        if account is None:
            raise CampaignFieldError("account")
    return writes_campaigns.assign(session, campaign_id, area_code, account, due_on)


def remind(session: Session, campaign_id: int) -> int:
    """Remind those who have sent nothing yet, in their tasks; return how many visits that are."""
    _managed(session, campaign_id)
    return writes_campaigns.remind(session, campaign_id)


def give_reason(session: Session, campaign_id: int, school_code: str, reason: str) -> None:
    """Write down why a school did not answer: by who was sent there, or who manages the campaign."""
    found = campaigns.find_campaign(session, campaign_id)
    if found is None:
        raise UnknownCampaignError(campaign_id)
    if found.status == "closed":
        raise ClosedCampaignError(campaign_id)
    why = reason.strip()[:LONGEST_REASON] or None
    if not writes_campaigns.give_reason(session, campaign_id, school_code, why):
        raise NotManagingError(campaign_id)


def close(session: Session, campaign_id: int) -> int:
    """Close a campaign: what was published in it is counted and frozen; return how many assessments that are."""
    found = _managed(session, campaign_id)
    counted = writes_campaigns.close(session, campaign_id)
    details = {"title": found.title, "counted": counted, "schools": found.visits}
    audit.record(session, "campaign:closed", subject=str(campaign_id), details=details)
    return counted
