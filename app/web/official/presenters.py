"""What the pages of the official list show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT
from app.i18n.names import local_name
from app.web.guard import allowed
from app.web.language import current_language
from app.web.official import words
from app.web.priorities.list_page import page_of
from app.web.priorities.run_inputs import read_canonical
from app.web.schools.as_of import read_day
from app.workflows.split_job import can_split
from geodata.queries import official_lists, official_splits, past, run_kits, swings
from geodata.queries.runs import published_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.exports.plain_table import Cell
    from app.workflows.make_official import Approval
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.official_lists import Decided, Moved


def official_page(session: Session, day_text: str, limit: int, offset: int) -> dict[str, Any]:
    """Return the page of all official lists, and the one that stood at the end of a day that was asked for.

    Raises:
        InvalidFilterError: The day is none, or has not come yet.
    """
    day = read_day(session, day_text) if day_text else None
    then = official_lists.in_force(session, past.end_of_day(session, day)) if day else None

    def address(offset: int | None) -> str:
        return url_for("official.index", offset=offset or None)

    return {
        "lists": official_lists.list_decisions(session, limit, offset),
        "pages": page_of(address, official_lists.count_decisions(session), limit, offset),
        "day": day,
        "then": then,
        "today": past.today_in_country(session),
    }


@dataclass(frozen=True)
class Verdict:
    """What a hash turns out to be: official, superseded, published, or unknown."""

    kind: str
    run: Run | None = None
    decided: Decided | None = None
    successor: Decided | None = None


def verdict_of(session: Session, wanted: str) -> Verdict:
    """Return what the hash (or its beginning) names; what the reader may not see is unknown like what never was."""
    run = published_run(session, wanted)
    if run is None or not run.is_published:
        return Verdict("unknown")
    decisions = official_lists.decisions_of(session, run.id)
    if not decisions:
        return Verdict("published", run)
    if decisions[0].until is None:
        return Verdict("official", run, decisions[0])
    return Verdict("superseded", run, decisions[0], official_lists.in_force(session))


def standing_of(session: Session, run: Run, approval: Approval | None, wrong: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of a run's page that tells who made it official, and the form for who may."""
    decisions = official_lists.decisions_of(session, run.id)
    is_in_force = bool(decisions) and decisions[0].until is None
    return {
        "decisions": decisions,
        "is_in_force": is_in_force,
        "may_decide": not is_in_force and allowed("rank") and official_lists.may_decide(session),
        "approval": approval,
        "wrong": [(name, _(words.FIELDS[name]), _(words.WRONG[name])) for name in wrong],
        "fields": words.FIELDS,
        "kit": (kit := run_kits.kit_facts(session, run.id)),
        "has_swings": kit is not None and swings.has_swings(session, run.id),
        "has_changes": bool(decisions) and decisions[0].decision.former_run_id is not None,
    }


def changes_page(
    session: Session, run: Run, decided: Decided, reason: str | None, limit: int, offset: int
) -> dict[str, Any]:
    """Return the page of what moved between the former official list and this one."""
    counts = official_lists.count_changes(session, decided.decision.id)
    total = counts.get(reason, 0) if reason else sum(counts.values())

    def address(offset: int | None) -> str:
        return url_for("official.changes", run_hash=run.hash[:16], reason=reason, offset=offset or None)

    rows = official_lists.list_changes(session, decided.decision.id, reason, limit, offset)
    former = official_lists.run_by_id(session, decided.decision.former_run_id)
    return {
        "run": run,
        "former": former,
        "decided": decided,
        "reason": reason,
        "rule_parts": _rule_parts(former, run),
        "counts": [(name, words.REASONS[name], words.MEANINGS[name], counts.get(name, 0)) for name in words.REASONS],
        "rows": [(moved, local_name(moved.school, current_language()) or moved.school.code) for moved in rows],
        "is_exact": official_splits.has_split(session, decided.decision.id),
        "can_split": can_split(session, decided),
        "reasons": words.REASONS,
        "factors": FACTOR_SHORT,
        "parts": words.PARTS,
        "pages": page_of(address, total, limit, offset),
    }


def _rule_parts(former: Run | None, run: Run) -> list[str]:
    """Return what of the rule is another one in the new list, in words."""
    if former is None:
        return []
    old, new = read_canonical(former.canonical), read_canonical(run.canonical)
    tables = [(text.get("priors") or {}).get("version") for text in (old, new)]
    told = [_(words.NO_PRIORS) if number is None else str(number) for number in tables]
    values = dict(zip(("old", "new"), told, strict=True))
    return [_(word) % values for part, word in words.RULE_PARTS.items() if old.get(part) != new.get(part)]


def change_rows(rows: list[Moved], language: str, say: Mapping[str, str]) -> Iterator[list[Cell]]:
    """Yield the rows of the file of changes."""
    for moved in rows:
        change, school = moved.change, moved.school
        points = (change.old_priority, change.new_priority, *(moved.points(part) for part in words.PARTS))
        places = (moved.places(part) for part in (*words.PARTS, "others"))
        yield [
            school.code,
            local_name(school, language),
            change.old_rank,
            change.new_rank,
            *(None if value is None else round(value, 6) for value in points),
            *places,
            say[moved.reason],
            change.factor,
        ]
