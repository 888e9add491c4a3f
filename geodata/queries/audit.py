"""The audit log: who did what, when and from which request; rows are added, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from geodata.database import ACCOUNT_KEY, REQUEST_KEY
from geodata.models.audit import AuditEvent
from geodata.queries.audit_log import history

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["TAGS", "give_reason", "history", "record"]

TAGS = frozenset(
    {
        "account:added",
        "account:bound",
        "account:codes_made",
        "account:disabled",
        "account:enabled",
        "account:granted",
        "account:invited",
        "account:level_given",
        "account:link_made",
        "account:password_changed",
        "account:password_chosen",
        "account:reset",
        "account:revoked",
        "account:second_factor_removed",
        "account:second_factor_set",
        "account:signed_in",
        "account:unbound",
        "account:signed_out",
        "assessment:published",
        "assessment:returned",
        "assessment:verified",
        "appeal:accepted",
        "appeal:rejected",
        "appeal:submitted",
        "appeal:withdrawn",
        "backup:restored",
        "plan:made",
        "plan:published",
        "plan:withdrawn",
        "plan:varied",
        "plan:drawn",
        "campaign:closed",
        "campaign:opened",
        "demonstration:loaded",
        "exposure:refreshed",
        "ways:measured",
        "field:connected",
        "field:disconnected",
        "field:repaired",
        "field:set_aside",
        "field:taken",
        "hazard:settled",
        "measure:priced",
        "import:committed",
        "import:undone",
        "key:made",
        "key:revoked",
        "pipeline:begun",
        "pipeline:moved",
        "pipeline:planned",
        "pipeline:spent",
        "parameters:used",
        "priors:decided",
        "priors:made",
        "project:recorded",
        "revision:published",
        "revision:returned",
        "revision:submitted",
        "revision:taken_back",
        "revision:verified",
        "revision:withdrawn",
        "run:asked",
        "run:official",
        "run:published",
        "scenario:published",
        "scenario:sent",
        "scheme:saved",
        "scheme:official",
        "standard:moved",
        "works:decided",
        "works:priced",
    }
)
"""The closed vocabulary: "subject:action"."""


def record(session: Session, tag: str, *, subject: str | None = None, details: dict[str, Any] | None = None) -> None:
    """Add an event in the caller's transaction (national scope); raises ``ValueError`` for an unknown tag.

    Account and request come from the session.
    """
    if tag not in TAGS:
        raise ValueError(f"unknown audit tag {tag!r}")
    session.execute(
        # without RETURNING: who may add an event may not read the log
        insert(AuditEvent)
        .inline()
        .values(
            tag=tag,
            account_id=session.info.get(ACCOUNT_KEY),
            request_id=session.info.get(REQUEST_KEY),
            subject=subject,
            details=details or {},
        )
    )


def give_reason(session: Session, reason: str) -> None:
    """Say why the open transaction changes what it changes; call it before the first change."""
    session.execute(text("SELECT set_config('app.reason', :reason, true)"), {"reason": reason.strip()[:2_000]})
