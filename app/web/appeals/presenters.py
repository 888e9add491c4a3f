"""What the pages of appeals show. The public list names nobody: no author, no reason in their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.appeals import measured, words
from app.web.language import current_language
from app.web.priorities.list_page import page_of
from app.web.revisions import presenters as revision_presenters
from app.web.revisions import words as revision_words
from app.web.shown_run import shown_run
from app.workflows.appealed_facts import group_of, measured_facts, refusal_of
from app.workflows.revise import open_edit
from app.workflows.revise_fields import not_public
from geodata.queries import appeal_rankings, appeals, schools

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.workflows.appeal_fact import SentAppeal
    from app.workflows.appealed_facts import MeasuredFact
    from geodata.database import Session
    from geodata.queries.appealed_facts import CriterionName
    from geodata.queries.appeals import AppealFacts
    from geodata.records.revision import RevisionKind, StoredRecord


def rows_of(session: Session, found: Sequence[AppealFacts]) -> list[dict[str, Any]]:
    """Return appeals in words; one query where answers are among them."""
    names = measured.names_of(session, [one.fact for one in found])
    return [_row(one, names) for one in found]


def _row(found: AppealFacts, names: Mapping[str, CriterionName]) -> dict[str, Any]:
    kind: RevisionKind = "school" if found.kind == "school" else "building"
    of_record = group_of(found.fact) is None
    return {
        "facts": found,
        "school": local_name(found, current_language()) or found.school_code,
        "subject": _("Building %(building)s", building=found.building_code) if found.building_code else "",
        "label": revision_words.label_of(kind, found.fact) if of_record else measured.label_of(found.fact, names),
        "status": _(words.STATUSES[found.status]),
        "address": url_for("appeals.appeal", number=found.id),
        **{
            name: revision_words.value_text(kind, found.fact, value or "")
            if of_record
            else measured.value_text(found.fact, value)
            for name, value in (("present", found.present), ("claimed", found.claimed))
        },
    }


def ranking_of(session: Session, found: AppealFacts) -> dict[str, Any] | None:
    """Return what became of the list after an accepted appeal, in words and with the list's hash; None for others."""
    if found.status != "accepted":
        return None
    if group_of(found.fact) is not None:
        return {"hash": None, "said": _(words.NEXT_RANKING)}
    stands = appeal_rankings.reranking(session, found.id)
    if stands.revision_id is None:
        said = _("The list is ranked again by itself once the correction is published.")
    elif stands.run_hash is None:
        said = _(words.RERANKING[stands.status])
    else:
        said = "" if stands.is_new else _("Nothing that is ranked was changed by the correction.")
    return {"hash": stands.run_hash, "said": said}


def list_page(session: Session, status: str | None, limit: int, offset: int) -> dict[str, Any]:
    """Return the public list."""
    run = shown_run()
    counts = appeals.count_appeals(session, run.created_at if run else None)
    total = getattr(counts, status) if status else sum(getattr(counts, name) for name in words.STATUSES)

    def address(offset: int | None) -> str:
        return url_for("appeals.index", status=status, offset=offset or None)

    return {
        "rows": rows_of(session, appeals.list_appeals(session, status, limit, offset)),
        "counts": counts,
        "statuses": [(name, word, getattr(counts, name)) for name, word in words.STATUSES.items()],
        "status": status,
        "days": int(default_parameters()["appeal.working_days"]),
        "pages": page_of(address, total, limit, offset),
    }


def tasks(session: Session) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what waits for this person's decision, and their own open appeals."""
    waiting, own = appeals.tasks(session)
    return rows_of(session, waiting), rows_of(session, own)


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
    beside = {one.key: one for one in measured_facts(session, record)}
    names = measured.names_of(session, beside)
    own = [(one.name, one.label, _stored(record.kind, one.name, state.stored)) for one in fields.values()]
    groups = [(form["subject"], own), *_groups(beside.values(), names)]
    texts = {key: (label, present) for _title, facts in groups for key, label, present in facts}
    told = beside.get(fact)
    is_known = fact in texts
    wrong = wrong if is_known or not fact else (refusal_of(session, record, fact),)
    building_id = record.id if record.kind == "building" else None
    return {
        "name": form["name"],
        "subject": _("The school") if record.kind == "school" else form["subject"],
        "school_code": record.school_code,
        "building_code": record.code if record.kind == "building" else None,
        "buildings": [
            (one.code, _("Building %(building)s", building=one.name or one.code))
            for one in schools.buildings(session, record.school_id, None)
        ],
        "groups": groups,
        "chosen": fact if is_known else None,
        "field": fields.get(fact),
        "claim": measured.claim_field(told, sent.claimed if sent else "") if told else None,
        "label": texts[fact][0] if is_known else "",
        "present": texts[fact][1] if is_known else "",
        "sent": sent,
        "wrong": [(name, _(words.LABELS[name.partition(".")[0]]), _(words.WRONG[name])) for name in wrong],
        "days": int(default_parameters()["appeal.working_days"]),
        "is_open": appeals.is_open(session, record.school_id, building_id, fact),
    }


def _stored(kind: RevisionKind, name: str, stored: Mapping[str, str]) -> str:
    return revision_words.value_text(kind, name, stored[name])


def _groups(
    facts: Iterable[MeasuredFact], names: Mapping[str, CriterionName]
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return facts beside the record under the titles of their groups: key, label, value today."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in facts:
        told = (one.key, measured.label_of(one.key, names), measured.value_text(one.key, one.present))
        found.setdefault(_(measured.TITLES[one.group]), []).append(told)
    return list(found.items())
