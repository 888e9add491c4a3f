"""Take in what came from the field: each form once, edits as new versions, what is wrong kept to be repaired.

The assessments that come of it are submitted, never verified or published by themselves. One delivery is one
transaction; the same delivery again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from app.exports.field.workbook import choice_names
from app.workflows.submission_visits import Judged, Load, apply_visits
from geodata.queries import audit, imports, submissions, writes_submissions
from geodata.records.field import BLOCK_CODE, HEAD, question_of
from geodata.records.submission import Outcome
from geodata.records.table import RowProblem
from geodata.validation.submissions import FormContext, check_submission, code_in_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geodata.database import Session
    from geodata.records.submission import Delivery, RawSubmission

ONE_AT_A_TIME = "submissions"
MOST_PROBLEMS = 1_000
COUNTS = ("received", "added", "edited", "unchanged", "refused", "late")
CHOICES = {"yes": "yes", "no": "no"}


def take_submissions(session: Session, delivery: Delivery, origin: str, *, connection_id: int | None = None) -> Outcome:
    """Take a delivery in, in the caller's transaction, and return what came of each form.

    ``origin`` says where it comes from: a file's name or a connection's title. Needs the national scope and the right
    to import.
    """
    imports.hold_key(session, ONE_AT_A_TIME)
    load = prepare_load(session, delivery.submissions, origin, connection_id)
    load.outcome.received = len(delivery.submissions)
    load.outcome.problems += delivery.problems
    for wave in _waves(session, delivery.submissions):
        _take(session, load, wave)
    counts = {name: getattr(load.outcome, name) for name in COUNTS}
    audit.record(session, "field:taken", subject=origin[:200], details=counts)
    return load.outcome


def prepare_load(
    session: Session, raws: Sequence[RawSubmission], origin: str, connection_id: int | None = None
) -> Load:
    """Return what forms are held against: editions, places, and where answers of protection may be entered."""
    places = submissions.known_places(session)
    editions, numbers = submissions.known_editions(session)
    named = {text for raw in raws if (text := raw.values.get("school"))}
    codes = {places.aliases.get(one) or places.aliases.get(code_in_label(one) or "") for one in named}
    allowed = submissions.protected_schools(session, sorted(places.schools[code] for code in codes if code))
    everywhere = submissions.may_see_all_protected(session)
    context = FormContext(
        submissions.moment(session),
        editions,
        places.aliases,
        places.building_schools,
        frozenset(places.building_schools.values()),
        choice_names() | CHOICES,
        frozenset(code for one in editions.values() for code, it in one.criteria.items() if it.is_protected),
        lambda code: everywhere or (code is not None and places.schools[code] in allowed),
    )
    return Load(origin, connection_id, places, context, numbers, Outcome())


def content_of(raw: RawSubmission, choices: Mapping[str, str]) -> str:
    """Return the hash of what a form says: the same whether it came as JSON or as a table, with labels or without."""

    def said(values: Mapping[str, str]) -> dict[str, str]:
        return {
            name: choices.get(value, code_in_label(value) or value) for name, value in values.items() if _asked(name)
        }

    told = [said(raw.values), [said(block) for block in raw.blocks]]
    if not any(told):
        told = [dict(raw.values), [dict(block) for block in raw.blocks]]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _asked(name: str) -> bool:
    found = question_of(name)
    return name in HEAD or name == BLOCK_CODE or (found is not None and not found[1].startswith("last"))


def _waves(session: Session, raws: Sequence[RawSubmission]) -> Iterable[list[tuple[str | None, RawSubmission]]]:
    """Yield the forms so that no submission is in a wave twice: an edit finds the version before it stored."""
    replaced = sorted({raw.deprecated_id for raw in raws if raw.deprecated_id})
    former = submissions.instances_of_versions(session, replaced)
    own = {raw.version_id: raw.instance_id for raw in raws if raw.version_id and raw.instance_id}
    turns: dict[str | None, int] = {}
    waves: list[list[tuple[str | None, RawSubmission]]] = []
    for raw in raws:
        replaces = raw.deprecated_id or ""
        instance = former.get(replaces) or own.get(replaces) or raw.instance_id
        turn = turns.get(instance, 0) if instance else 0
        turns[instance] = turn + 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append((instance, raw))
    return waves


def _take(session: Session, load: Load, wave: list[tuple[str | None, RawSubmission]]) -> None:
    """Tell new forms, edits, repetitions and contradictions apart, judge what is not a repetition, and write it."""
    contents = [content_of(raw, load.context.choices) for _, raw in wave]
    ids = [instance or f"none:{content}" for (instance, _), content in zip(wave, contents, strict=True)]
    known = submissions.known_submissions(session, ids)
    found: dict[str, Judged] = {}
    for (_, raw), instance, content in zip(wave, ids, contents, strict=True):
        stored = known.get(instance)
        if instance in found or (stored is not None and content in stored.hashes):
            load.outcome.unchanged += 1
            continue
        judged = Judged(instance, content, check_submission(raw, load.context), stored)
        is_edit = raw.is_edit or (raw.version_id is not None and raw.version_id != instance)
        if stored is not None and not is_edit and stored.status != "refused":
            judged.is_contradiction = True
            told = RowProblem(raw.row, "instanceID", instance, "submission_differs", "error", {"first": stored.version})
            judged.checked.problems.insert(0, told)
        found[instance] = judged
    apply_visits(session, load, list(found.values()))
    write_judged(session, load, list(found.values()))


def write_judged(session: Session, load: Load, judged: Sequence[Judged]) -> None:
    """Write submissions with their new versions and the assessments that hold their answers."""
    new, again = [one for one in judged if one.stored is None], [one for one in judged if one.stored is not None]
    rows = [
        {
            "instance_id": one.instance_id,
            "school_id": load.places.schools.get(one.checked.school_code or ""),
            "is_protected": one.checked.is_protected,
            "status": one.status,
            "problems": [submissions.problem_json(told) for told in one.checked.problems],
        }
        for one in new
    ]
    made = writes_submissions.add_submissions(session, rows, load.connection_id) if rows else {}
    for one in new:
        one.id = made.get(one.instance_id)
    if again:
        writes_submissions.change_submissions(session, [_change(load, one) for one in again])
    writes_submissions.add_versions(
        session, [_version(one) for one in judged if one.id is not None and not one.is_again], load.origin
    )
    writes_submissions.link_visits(session, {one.id: one.visit_id for one in judged if one.id and one.visit_id})
    for one in judged:
        _count(load.outcome, one)


def _change(load: Load, one: Judged) -> dict[str, Any]:
    assert one.stored is not None
    one.id = one.stored.id
    stays = one.is_contradiction
    return {
        "id": one.stored.id,
        "version": one.stored.version if stays else one.number,
        "status": one.stored.status if stays else one.status,
        "problems": [submissions.problem_json(told) for told in one.checked.problems],
        "school_id": None if stays else load.places.schools.get(one.checked.school_code or ""),
        "is_protected": one.checked.is_protected,
    }


def _version(one: Judged) -> dict[str, Any]:
    """Return a version as it is stored. Without the right to enter protected answers they are not kept either."""
    raw = one.checked.raw
    return {
        "submission_id": one.id,
        "number": one.number,
        "content_sha256": one.content,
        "raw": raw.raw if one.checked.may_be_kept else {"_uuid": raw.version_id, "withheld": True},
        "form_version": raw.form_version,
        "submitted_at": raw.submitted_at,
        "started_at": raw.started_at,
        "ended_at": raw.ended_at,
        "submitted_by": raw.submitted_by,
    }


def _count(outcome: Outcome, one: Judged) -> None:
    """Count a form once, and note its problems."""
    if one.id is None:
        outcome.unchanged += 1
        return
    if one.is_contradiction or one.status == "refused":
        outcome.refused += 1
    elif one.status == "late":
        outcome.late += 1
    elif one.stored is None:
        outcome.added += 1
    else:
        outcome.edited += 1
    outcome.ids.append(one.id)
    outcome.problems += one.checked.problems[: max(0, MOST_PROBLEMS - len(outcome.problems))]
