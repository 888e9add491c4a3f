"""What the pages of appeals show. The public list names nobody: no author, no reason in their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.appeals import words
from app.web.language import current_language
from app.web.priorities.list_page import page_of
from app.web.revisions import presenters as revision_presenters
from app.web.revisions import words as revision_words
from app.web.shown_run import shown_run
from app.workflows.revise import open_edit
from app.workflows.revise_fields import not_public
from geodata.queries import appeal_rankings, appeals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.workflows.appeal_fact import SentAppeal
    from geodata.database import Session
    from geodata.queries.appeals import AppealFacts
    from geodata.records.revision import RevisionKind, StoredRecord


def row_of(found: AppealFacts) -> dict[str, Any]:
    """Return one appeal in words."""
    kind: RevisionKind = "school" if found.kind == "school" else "building"
    return {
        "facts": found,
        "school": local_name(found, current_language()) or found.school_code,
        "subject": _("Building %(building)s", building=found.building_code) if found.building_code else "",
        "label": revision_words.label_of(kind, found.fact),
        "present": revision_words.value_text(kind, found.fact, found.present or ""),
        "claimed": revision_words.value_text(kind, found.fact, found.claimed),
        "status": _(words.STATUSES[found.status]),
        "address": url_for("appeals.appeal", number=found.id),
    }


def ranking_of(session: Session, found: AppealFacts) -> dict[str, Any] | None:
    """Return what became of the list after an accepted appeal, in words and with the list's hash; None for others."""
    if found.status != "accepted":
        return None
    stands = appeal_rankings.reranking(session, found.id)
    if stands.revision_id is None:
        said = _("The list is ranked again by itself once the correction is published.")
    elif stands.run_hash is None:
        said = _(words.RERANKING[stands.status])
    else:
        said = "" if stands.is_new else _("Nothing that is ranked was changed by the correction.")
    return {"hash": stands.run_hash, "said": said}


def rows_of(found: Sequence[AppealFacts]) -> list[dict[str, Any]]:
    """Return appeals in words."""
    return [row_of(one) for one in found]


def list_page(session: Session, status: str | None, limit: int, offset: int) -> dict[str, Any]:
    """Return the public list."""
    run = shown_run()
    counts = appeals.count_appeals(session, run.created_at if run else None)
    total = getattr(counts, status) if status else sum(getattr(counts, name) for name in words.STATUSES)

    def address(offset: int | None) -> str:
        return url_for("appeals.index", status=status, offset=offset or None)

    return {
        "rows": rows_of(appeals.list_appeals(session, status, limit, offset)),
        "counts": counts,
        "statuses": [(name, word, getattr(counts, name)) for name, word in words.STATUSES.items()],
        "status": status,
        "days": int(default_parameters()["appeal.working_days"]),
        "pages": page_of(address, total, limit, offset),
    }


def tasks(session: Session) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what waits for this person's decision, and their own open appeals."""
    waiting, own = appeals.tasks(session)
    return rows_of(waiting), rows_of(own)


def form_page(
    session: Session, record: StoredRecord, fact: str, sent: SentAppeal | None = None, wrong: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the form: first which fact, then its present and true value.

    Raises:
        OutsideTerritoryError: The account does not edit this school.
    """
    state = open_edit(session, record)
    form = revision_presenters.edit_page(state, "")
    hidden = not_public(record.kind)
    fields = {one.name: one for one in form["fields"] if one.name not in hidden}
    chosen = fields.get(fact)
    present = revision_words.value_text(record.kind, fact, state.stored[fact]) if chosen else ""
    return {
        "name": form["name"],
        "subject": form["subject"],
        "school_code": record.school_code,
        "building_code": record.code if record.kind == "building" else None,
        "facts": [(one.name, one.label) for one in fields.values()],
        "field": chosen,
        "present": present,
        "sent": sent,
        "wrong": [(name, _(words.LABELS[name]), _(words.WRONG[name])) for name in wrong],
        "days": int(default_parameters()["appeal.working_days"]),
        "is_open": appeals.is_open(session, record.school_id, record.id if record.kind == "building" else None, fact),
    }
