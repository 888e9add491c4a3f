"""What the page of winter readiness shows: counts with the unknown apart, areas, requirements, schools; its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from flask import g, url_for
from flask_babel import gettext as _

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY
from app.assessment.winter import NOT_READY, READY, STATES, UNKNOWN
from app.i18n.names import local_name
from app.web.charts.bars import share_bar
from app.web.language import current_language
from app.web.priorities.list_page import page_of
from app.web.remembered import remembered
from app.web.winter import words
from app.workflows.winter_readiness import Winter, winter_readiness
from geodata.queries import areas, past, winter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from markupsafe import Markup
    from numpy.typing import NDArray

    from app.exports.plain_table import Cell
    from geodata.database import Session
    from geodata.models import Area, Run, StandardEdition
    from geodata.queries.winter import WinterSchool
    from geodata.records.school import SchoolFacts


@dataclass(frozen=True)
class Wish:
    """What the reader asked for: an area (None: the country), a state and a topic (None: any)."""

    area: Area | None
    state: str | None
    topic: str | None


class Counts(NamedTuple):
    """Schools by state; unknown is a count of its own."""

    schools: int
    not_ready: int
    unknown: int
    ready: int


class AreaLine(NamedTuple):
    """An area in the table, with its bar: not ready solid, unknown hatched."""

    name: str
    address: str
    counts: Counts
    bar: Markup


class Reason(NamedTuple):
    """A requirement that a school does not meet: topic in words, code, met in part, day of the evidence."""

    topic: str
    code: str
    is_partly: bool
    evidence_on: date | None


class SchoolLine(NamedTuple):
    """A school in the list; ``unknown``: topics of requirements that decide and are unknown."""

    facts: WinterSchool
    state: str
    reasons: list[Reason]
    unknown: list[str]
    pupils: int | None
    avalanche: int | None


def winter_of(
    session: Session, edition: StandardEdition, run: Run | None, only: Callable[[], NDArray[np.int64]] | None = None
) -> Winter:
    """Return the whole country, made once for visitors as long as the data and the day stay.

    ``only`` gives the schools that are asked for: enough for who is signed in, whose parts nobody remembers.
    """
    day, run_id = past.today_in_country(session), run.id if run else None
    if only is not None and g.get("page_state") is None:
        return winter_readiness(session, edition, run_id, day, only())
    key = ("winter", edition.id, run_id, day)
    return remembered(key, lambda: winter_readiness(session, edition, run_id, day))


def _counts(state: NDArray[np.int8]) -> Counts:
    by_state = np.bincount(state, minlength=len(STATES))
    return Counts(len(state), int(by_state[NOT_READY]), int(by_state[UNKNOWN]), int(by_state[READY]))


def _inside(session: Session, found: Winter, area: Area | None) -> NDArray[np.bool_]:
    """Return which schools lie in an area; the country holds all, with those of unknown place."""
    if area is None or area.level == 0:
        return np.ones(len(found.school_ids), dtype=bool)
    return np.isin(found.school_ids, winter.load_members(session, [area.id])["school_id"])


def _only(session: Session, area: Area | None) -> Callable[[], NDArray[np.int64]] | None:
    if area is None or area.level == 0:
        return None
    return lambda: np.asarray(winter.load_members(session, [area.id])["school_id"])


def _area_lines(session: Session, found: Winter, area: Area | None) -> list[AreaLine]:
    """Return the units right below an area, those with most schools not ready first."""
    code = area.code if area is not None and area.level else None
    below = areas.area_rows(session, None, parent_code=code) if code else areas.area_rows(session, None, level=1)
    members = winter.load_members(session, [row.id for row in below])
    lines = []
    for row in below:
        state = found.state[np.isin(found.school_ids, members["school_id"][members["area_id"] == row.id])]
        counts = _counts(state)
        if counts.schools:
            name = local_name(row, current_language())
            title = _(
                "%(bad)s not ready, %(unknown)s unknown, of %(all)s",
                bad=counts.not_ready,
                unknown=counts.unknown,
                all=counts.schools,
            )
            bar = share_bar(100 * counts.not_ready / counts.schools, 100 * counts.unknown / counts.schools, title)
            lines.append(AreaLine(name, url_for("winter.index", area=row.code), counts, bar))
    return sorted(lines, key=lambda line: -line.counts.not_ready / line.counts.schools)


def _requirements(found: Winter, inside: NDArray[np.bool_]) -> list[dict[str, Any]]:
    rows = []
    for column, one in enumerate(found.asked):
        codes = found.cells.codes[inside, column]
        by_code = np.bincount(codes, minlength=5)
        rows.append(
            {
                "topic": words.TOPICS[one.topic],
                "criterion": found.criteria[column],
                "role": words.ROLES[one.role],
                "freshness": words.FRESHNESS[one.freshness],
                "where_avalanches": one.applies == "avalanche",
                "fails": int(by_code[FAILS]),
                "partly": int(by_code[PARTLY]),
                "unknown": int(by_code[MISSING]),
                "old": int(found.cells.is_old[inside, column].sum()),
                "meets": int(by_code[MEETS]),
                "not_applicable": int(by_code[NOT_APPLICABLE]),
            }
        )
    return rows


def chosen_rows(session: Session, found: Winter, wish: Wish) -> list[int]:
    """Return the schools of a choice: most reasons first, then the most pupils (unknown last), then by code."""
    chosen = _inside(session, found, wish.area)
    if wish.state is not None:
        chosen &= found.state == STATES.index(wish.state)
    fails = found.decides & ((found.cells.codes == FAILS) | (found.cells.codes == PARTLY))
    if wish.topic is not None:
        chosen &= fails[:, [one.topic == wish.topic for one in found.asked]].any(axis=1)
    rows = np.flatnonzero(chosen)
    order = np.lexsort((rows, -np.nan_to_num(found.pupils[rows], nan=-1.0), -fails[rows].sum(axis=1)))
    return [int(row) for row in rows[order]]


def school_lines(session: Session, found: Winter, rows: list[int]) -> list[SchoolLine]:
    """Return the lines of some schools; a school that the reader no longer sees is left out."""
    labels = winter.label_schools(session, [int(found.school_ids[row]) for row in rows])
    return [
        _school_line(found, row, labels[number]) for row in rows if (number := int(found.school_ids[row])) in labels
    ]


def _school_line(found: Winter, row: int, facts: WinterSchool) -> SchoolLine:
    codes = found.cells.codes[row]
    reasons = [
        Reason(
            words.TOPICS[found.asked[column].topic],
            found.asked[column].code,
            codes[column] == PARTLY,
            found.evidence_on(row, column),
        )
        for column in found.failing(row)
    ]
    is_open = np.flatnonzero(found.decides[row] & (codes == MISSING))
    unknown = list(dict.fromkeys(words.TOPICS[found.asked[int(column)].topic] for column in is_open))
    pupils, level = found.pupils[row], int(found.avalanche[row])
    return SchoolLine(
        facts, STATES[found.state[row]], reasons, unknown, None if np.isnan(pupils) else int(pupils), level or None
    )


def winter_page(
    session: Session, edition: StandardEdition, run: Run | None, wish: Wish, limit: int, offset: int
) -> dict[str, Any]:
    """Return the page."""
    found = winter_of(session, edition, run, _only(session, wish.area))
    inside = _inside(session, found, wish.area)
    rows = chosen_rows(session, found, wish)
    area = wish.area.code if wish.area else None
    chosen = {"area": area, "state": wish.state or "any", "topic": wish.topic}

    def address(offset: int | None = None, **changes: str | None) -> str:
        wanted = {**chosen, **changes, "offset": offset}
        return url_for("winter.index", **{key: value for key, value in wanted.items() if value})  # type: ignore[arg-type]

    return {
        "season": _season_words(found),
        "starts_on": found.season.starts_on,
        "ends_on": found.season.ends_on,
        "evidence_from": found.season.evidence_from,
        "avalanche_level": found.rules.avalanche_level,
        "area": wish.area,
        "chosen": chosen,
        "counts": _counts(found.state[inside]),
        "pupils": _known_sum(found.pupils[inside & (found.state == NOT_READY)]),
        "lines": _area_lines(session, found, wish.area),
        "requirements": _requirements(found, inside),
        "edition": edition.code,
        "rows": school_lines(session, found, rows[offset : offset + limit]),
        "pages": page_of(address, len(rows), limit, offset),
        "state_words": words.STATES,
        "topics": {one.topic: words.TOPICS[one.topic] for one in found.asked if one.role == "required"},
        "address": address,
        "areas": list(areas.names(session, (1, 2), area).values()),
    }


def school_page(
    session: Session, edition: StandardEdition, run: Run | None, school: SchoolFacts
) -> dict[str, Any] | None:
    """Return the page of one school: each requirement with its state and evidence; None where it is not open."""
    found = winter_of(session, edition, run, lambda: np.array([school.id], dtype=np.int64))
    rows = np.flatnonzero(found.school_ids == school.id)
    if not len(rows):
        return None
    row = int(rows[0])
    state = STATES[found.state[row]]
    return {
        "school": school,
        "season": _season_words(found),
        "state": words.STATES[state],
        "evidence_from": found.season.evidence_from,
        "edition": edition.code,
        "requirements": [
            {
                "topic": words.TOPICS[one.topic],
                "criterion": found.criteria[column],
                "answer": words.CODES[found.cells.codes[row, column]],
                "is_bad": column in found.failing(row),
                "is_old": bool(found.cells.is_old[row, column]),
                "evidence_on": found.evidence_on(row, column),
                "role": words.ROLES["required" if found.decides[row, column] else "advice"],
            }
            for column, one in enumerate(found.asked)
        ],
    }


def _season_words(found: Winter) -> str:
    return f"{found.season.starts_on.year}/{found.season.ends_on.year % 100:02d}"


def _known_sum(pupils: NDArray[np.float64]) -> int | None:
    known = pupils[~np.isnan(pupils)]
    return int(known.sum()) if len(known) or not len(pupils) else None


def file_rows(session: Session, edition: StandardEdition, run: Run | None, wish: Wish) -> list[list[Cell]]:
    """Return the schools of a choice as rows of ``words.COLUMNS``; unknown is an empty cell."""
    found, language = winter_of(session, edition, run, _only(session, wish.area)), current_language()
    lines = school_lines(session, found, chosen_rows(session, found, wish))
    return [
        [
            line.facts.code,
            local_name(line.facts, language),
            local_name(line.facts, language, "area_name") if line.facts.area_code else None,
            _(words.STATES[line.state]),
            "; ".join(f"{one.code} {_(one.topic)}" for one in line.reasons),
            "; ".join(_(topic) for topic in line.unknown),
            _oldest(line),
            line.pupils,
            line.avalanche,
            None if line.facts.altitude_m is None else round(line.facts.altitude_m),
        ]
        for line in lines
    ]


def _oldest(line: SchoolLine) -> str | None:
    days = [one.evidence_on for one in line.reasons if one.evidence_on is not None]
    return min(days).isoformat() if days else None
