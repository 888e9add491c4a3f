"""What moved between the former official list and a new one, and whether reality, the rule or our knowledge did it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.difference import ABSENT, REASONS, ListParts, Split, split_difference, under_weights
from app.prioritisation.factors import FACTORS
from app.risk.other_hazards import LANDSLIDE, TRIGGERED
from geodata.queries import official_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run

CODES = tuple(FACTORS)
OF_RISK = ("C1", "C2", "C3")
OF_ANSWERS = ("C4", "C5")
OF_RECORD = ("C6", "C7")
"""What stands behind a factor: buildings and hazards, answers, the school's record; C8 rests on its area."""

BoolArray = NDArray[np.bool_]


@dataclass(slots=True)
class _Lists:
    """Two runs on the same rows: all schools that either holds, by id."""

    ids: list[int]
    old: ListParts
    new: ListParts
    old_priority: NDArray[np.float64]
    new_priority: NDArray[np.float64]
    answered: BoolArray
    """Answers of the school were added between the two."""
    answered_later: BoolArray
    """The last visit that counts in the new list was after the day of the old list's data."""


def store_difference(session: Session, list_id: int, old: Run, new: Run) -> None:
    """Work out what moved between two runs and store it with the decision ``list_id``."""
    lists = _load(session, old, new)
    before, after = _canonical(old), _canonical(new)
    old_weights, new_weights = _weights(before), _weights(after)
    moved, is_later = _facts_touched(session, old, lists, before, after)
    ruled = under_weights(lists.old.contribution, old_weights, new_weights)
    found = split_difference(lists.old, lists.new, ruled, _is_whole(before, after), moved, is_later)
    official_lists.store_changes(session, _rows(list_id, new.id, lists, found))


def _canonical(run: Run) -> dict[str, Any]:
    content = json.loads(run.canonical)
    return content if isinstance(content, dict) else {}


def _weights(canonical: dict[str, Any]) -> NDArray[np.float64]:
    weights = (canonical.get("scheme") or {}).get("weights") or {}
    return np.array([float(weights.get(code, 0.0)) for code in CODES])


def _is_whole(before: dict[str, Any], after: dict[str, Any]) -> BoolArray:
    """Return for each factor whether its weight is all that changed in its rule.

    Parameters and program stand behind every factor, the edition of the standard behind those of answers; the hazards
    that a scheme counts stand behind the risk, and a table of priors behind both.
    """
    is_same = all(before.get(part) == after.get(part) for part in ("parameters", "code", "schema"))
    same_edition = before.get("edition") == after.get("edition")
    same_hazards = (before.get("scheme") or {}).get("hazards") == (after.get("scheme") or {}).get("hazards")
    same_priors = before.get("priors") == after.get("priors")
    found = []
    for code in CODES:
        own = same_edition if code in OF_ANSWERS else same_hazards if code in OF_RISK else True
        own = own and (same_priors or code not in (*OF_RISK, *OF_ANSWERS))
        found.append(is_same and own)
    return np.array(found)


def _load(session: Session, old: Run, new: Run) -> _Lists:
    rows = {row.school_id: row for row in official_lists.read_parts(session, old.id)}
    later = {row.school_id: row for row in official_lists.read_parts(session, new.id)}
    ids = sorted(rows.keys() | later.keys())
    before, after = [rows.get(number) for number in ids], [later.get(number) for number in ids]
    answered = [
        bool(a and b and (a.completeness, a.assessed_on) != (b.completeness, b.assessed_on))
        for a, b in zip(before, after, strict=True)
    ]
    fresh = [bool(row and row.assessed_on and row.assessed_on > old.data_date) for row in after]
    return _Lists(
        ids,
        _parts(before),
        _parts(after),
        _column(before, "priority_central"),
        _column(after, "priority_central"),
        np.array(answered, dtype=bool),
        np.array(fresh, dtype=bool),
    )


def _column(rows: Sequence[Any], name: str) -> NDArray[np.float64]:
    return np.array([np.nan if row is None else getattr(row, name) for row in rows], dtype=float)


def _parts(rows: Sequence[Any]) -> ListParts:
    empty, nothing = [np.nan] * len(CODES), [False] * len(CODES)
    shape = (len(rows), len(CODES))
    return ListParts(
        rank=np.array([ABSENT if row is None else row.national_rank for row in rows], dtype=np.int64),
        contribution=np.array([empty if row is None else row.contribution for row in rows], float).reshape(shape),
        known=np.array([nothing if row is None else row.known for row in rows], bool).reshape(shape),
    )


def _facts_touched(
    session: Session, old: Run, lists: _Lists, before: dict[str, Any], after: dict[str, Any]
) -> tuple[BoolArray, BoolArray]:
    """Return per school and factor whether facts behind it were touched, and by evidence later than the old day."""
    records = {row.id: row for row in official_lists.touched_since(session, old.created_at)}
    found = [records.get(number) for number in lists.ids]
    hazards_moved, hazards_later = _layers_touched(session, old.data_date, before, after)
    school = np.array([bool(row and row.school_touched) for row in found], dtype=bool)
    blocks = np.array([bool(row and row.buildings_touched) for row in found], dtype=bool)
    school_later = np.array([_is_after(row and row.source_date, old.data_date) for row in found], dtype=bool)
    blocks_later = np.array([_is_after(row and row.building_date, old.data_date) for row in found], dtype=bool)
    moved = np.zeros((len(found), len(CODES)), dtype=bool)
    later = np.zeros_like(moved)
    for place, code in enumerate(CODES):
        if code in OF_RISK:
            moved[:, place] = school | blocks | hazards_moved
            later[:, place] = (blocks & blocks_later) | (school & ~blocks & school_later) | hazards_later
        elif code in OF_ANSWERS:
            moved[:, place], later[:, place] = lists.answered, lists.answered & lists.answered_later
        elif code in OF_RECORD:
            moved[:, place], later[:, place] = school, school & school_later
        else:
            moved[:, place] = _inputs(before).get("areas") != _inputs(after).get("areas")
    return moved, later


def _inputs(canonical: dict[str, Any]) -> dict[str, Any]:
    return canonical.get("inputs") or {}


def _is_after(day: date | None, limit: date) -> bool:
    return day is not None and day > limit


def _layers_touched(session: Session, day: date, before: dict[str, Any], after: dict[str, Any]) -> tuple[bool, bool]:
    """Return whether a layer that counts is another one than before, and whether all those say a later day.

    A layer counts if a scheme of one of both lists names its hazard; a layer that is gone and that the reader may
    not see is held to count.
    """
    old, new = before.get("layers") or {}, after.get("layers") or {}
    kinds = _counted(before) | _counted(after)
    other = {code: int(facts["version"]) for code, facts in new.items() if facts.get("data") != _data(old, code)}
    days = official_lists.layer_days(session, other)
    counted = [published for hazard, published in days.values() if hazard in kinds]
    lost = {code: int(facts["version"]) for code, facts in old.items() if code not in new}
    known = official_lists.layer_days(session, lost)
    gone = any(code not in known or known[code][0] in kinds for code in lost)
    is_later = bool(counted) and not gone and all(published and published > day.isoformat() for published in counted)
    return bool(counted or gone), is_later


def _counted(canonical: dict[str, Any]) -> set[str]:
    """Return the hazards whose layers enter the risk of a run, by the text that the run states."""
    named = (canonical.get("scheme") or {}).get("hazards") or ()
    return {LANDSLIDE if code == TRIGGERED else code for code in named}


def _data(layers: dict[str, Any], code: str) -> str | None:
    return (layers.get(code) or {}).get("data")


def _rows(list_id: int, run_id: int, lists: _Lists, found: Split) -> list[dict[str, Any]]:
    def number(value: float) -> float | None:
        return None if np.isnan(value) else float(value)

    return [
        {
            "list_id": list_id,
            "run_id": run_id,
            "school_id": school_id,
            "old_rank": int(lists.old.rank[row]) or None,
            "new_rank": int(lists.new.rank[row]) or None,
            "old_priority": number(lists.old_priority[row]),
            "new_priority": number(lists.new_priority[row]),
            "rule": number(found.rule[row]),
            "data": number(found.data[row]),
            "reality": number(found.reality[row]),
            "undivided": number(found.undivided[row]),
            "reason": REASONS[int(found.reason[row])],
            "factor": CODES[int(found.factor[row])] if found.factor[row] >= 0 else None,
        }
        for row, school_id in enumerate(lists.ids)
    ]
