"""Rank again by itself once the correction of an accepted appeal is published; the official list stays as it is."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from geodata.queries import appeal_rankings, audit

if TYPE_CHECKING:
    from geodata.database import Session


def rank_corrected(session: Session, revision_id: int) -> bool:
    """Enqueue a ranking where the revision, published in this transaction, corrects an appealed fact; return whether.

    The ranking is the system's: whoever published needs no right to rank and gains none. One that waits already
    does; one that runs may have read the old value, so that another waits behind it. The audit names who caused it.
    """
    numbers = appeal_rankings.corrected_appeals(session, revision_id)
    if not numbers:
        return False
    ranking = appeal_rankings.ask_ranking(session, revision_id, secrets.token_urlsafe(18))
    details = {"appeals": numbers, "revision": revision_id, "ranking": ranking}
    audit.record(session, "run:asked", subject=str(revision_id), details=details)
    return True
