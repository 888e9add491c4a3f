"""Why a school has its rank: parts beside the middle of the list and the neighbours, what would change it, how sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flask import url_for
from flask_babel import gettext as _

from app.exports.words import FACTOR_SHORT
from app.i18n.formats import format_number, format_percent
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.prioritisation.explanation import explain_changes, share_score
from app.prioritisation.weights import score_under
from app.web.areas.names import units_of
from app.web.charts.comparison import part_against, share_parts
from app.web.charts.rank_strip import rank_strip
from app.web.language import current_language
from app.web.method.scheme import factors
from app.web.schools.firmness import LABELS
from app.web.schools.school_page import raw_text
from app.web.schools.swings import ledger_of
from app.web.schools.why_sentences import STEP, sentences_of, value_of
from app.web.schools.why_sources import sources_of
from app.web.workbench.bench_page import start_units
from app.web.workbench.table import Bench, load_bench
from geodata.queries import certainty, priorities
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from app.prioritisation.explanation import FactorChange
    from app.web.method.scheme import Factor
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.priority import PriorityRow
    from geodata.records.school import SchoolFacts

LEVELS = ("oblast", "rayon", "aimak")


@dataclass(frozen=True)
class WhyPart:
    """One part of the score beside the middle of the list and the neighbours; texts are translated."""

    code: str
    label: str
    points: float
    most: float
    median: float
    above: float | None
    below: float | None
    is_known: bool
    bar: Markup
    raw: str
    source: str
    best: int
    worst: int
    up: str
    down: str


@dataclass(frozen=True)
class ShareRow:
    """Points by what they rest on."""

    label: str
    points: float
    share_pct: float


def why_page(session: Session, run: Run, school: SchoolFacts, level: str | None = None) -> dict[str, Any] | None:
    """Return the page, or None when the run does not hold the school; ``level`` asks for the rank in an area."""
    row = priorities.row_of(session, run.id, school.id)
    if row is None:
        return None
    level = level if level in LEVELS and getattr(row, f"{level}_rank") else None
    rank = getattr(row, f"{level}_rank") if level else row.national_rank
    above, below = _neighbours(session, run, row, level, rank)
    used, bench = factors(run), load_bench(session, run)
    scores = score_under(bench.found.values, start_units(used), bench.unknown_value)
    here = bench.found.codes.index(row.code)
    values = bench.found.values[here]
    weights = np.array([factor.weight for factor in used])
    others = np.delete(scores, here)
    codes = tuple(factor.code for factor in used)
    changes = explain_changes(codes, values, weights, bench.unknown_value, float(scores[here]), others, STEP)
    medians = _medians(bench, used)
    sources = sources_of(session, run, school, row)
    parts = [
        _part(place, factor, row, (medians[place], above, below), changes[place], sources[factor.code], used)
        for place, factor in enumerate(used)
    ]
    return {
        "run": run,
        "school": school,
        "row": row,
        "name": local_name(school, current_language()),
        "rank": rank,
        "level": level,
        "area": _area(session, row, level),
        "levels": _levels(session, row),
        "above": above,
        "below": below,
        "parts": sorted(parts, key=lambda part: -part.points),
        "sentences": sentences_of(row, run, medians, changes, values, used),
        "shares": _shares(row, codes),
        "share_bar": _share_bar(row, codes),
        "strip": _strip(row, run),
        "firm": _firm(session, run, row),
        "ledger": ledger_of(session, run.id, row),
        "step": STEP,
    }


def _neighbours(
    session: Session, run: Run, row: PriorityRow, level: str | None, rank: int
) -> tuple[PriorityRow | None, PriorityRow | None]:
    """Return the schools just above and below, in the country or in the area."""
    if level is None:
        near = priorities.neighbours(session, run.id, row.school_id, 1)
    else:
        wanted = ListFilter(area=getattr(row, f"{level}_code"))
        near = priorities.select_rows(session, run.id, wanted, 3, max(rank - 2, 0))
    above = [one for one in near if one.national_rank < row.national_rank]
    below = [one for one in near if one.national_rank > row.national_rank]
    return (above[-1] if above else None), (below[0] if below else None)


def _medians(bench: Bench, used: Sequence[Factor]) -> list[float]:
    values = np.where(np.isnan(bench.found.values), bench.unknown_value, bench.found.values)
    middle = np.median(values, axis=0)
    return [float(factor.most_points * middle[place]) for place, factor in enumerate(used)]


def _part(
    place: int,
    factor: Factor,
    row: PriorityRow,
    beside: tuple[float, PriorityRow | None, PriorityRow | None],
    change: FactorChange,
    source: str,
    used: Sequence[Factor],
) -> WhyPart:
    language = current_language()
    median, above, below = beside
    points, is_known = row.contributions[place], row.known[place]
    label = _(FACTOR_SHORT[factor.code])
    title = _(
        "%(label)s: %(points)s points, the middle of the list has %(median)s",
        label=label,
        points=format_number(points, language, 1),
        median=format_number(median, language, 1),
    )
    largest = max(one.most_points for one in used)
    return WhyPart(
        factor.code,
        label,
        points,
        factor.most_points,
        median,
        above.contributions[place] if above else None,
        below.contributions[place] if below else None,
        is_known,
        part_against(points, factor.most_points, median, largest, is_known=is_known, title=title),
        raw_text(factor.code, row.factor_raw[place] if is_known else None, language),
        source,
        change.rank_if_best,
        change.rank_if_worst,
        _value_text(factor, change.value_up, is_known=is_known),
        _value_text(factor, change.value_down, is_known=is_known),
    )


def _value_text(factor: Factor, value: float | None, *, is_known: bool) -> str:
    if value is None:
        return _("not by this alone")
    text = raw_text(factor.code, value_of(factor, value), current_language())
    return text if is_known else _("if it were known: %(value)s", value=text)


SHARES = (
    N_("measured, declared or assessed"),
    N_("computed with proposals of the method"),
    N_("missing: unknown parts and requirements that nobody assessed"),
)


def _shares(row: PriorityRow, codes: tuple[str, ...]) -> list[ShareRow]:
    points = share_score(codes, np.array(row.contributions), np.array(row.known), row.completeness)
    total = sum(points) or 1.0
    return [ShareRow(_(label), value, 100 * value / total) for label, value in zip(SHARES, points, strict=True)]


def _share_bar(row: PriorityRow, codes: tuple[str, ...]) -> Markup:
    found = _shares(row, codes)
    title = _(
        "%(share)s of the points rest on proposals or on what is missing",
        share=format_percent(found[1].share_pct + found[2].share_pct, current_language()),
    )
    return share_parts(found[0].share_pct, found[1].share_pct, found[2].share_pct, title)


def _strip(row: PriorityRow, run: Run) -> Markup:
    language = current_language()
    title = _(
        "Rank %(rank)s of %(total)s, between %(low)s and %(high)s",
        rank=format_number(row.national_rank, language),
        total=format_number(run.ranked_count, language),
        low=format_number(row.rank_low, language),
        high=format_number(row.rank_high, language),
    )
    return rank_strip(row.national_rank, row.rank_low, row.rank_high, run.ranked_count, row.grade, title)


def _firm(session: Session, run: Run, row: PriorityRow) -> str:
    language = current_language()
    found = certainty.certainty_of(session, run.id, row.school_id).firm
    if found is None:
        return _("The range is what the unknown values allow.")
    top, share = format_number(found.top_count, language), format_percent(100 * found.p_top, language)
    return _(LABELS[found.label]) % {"top": top, "share": share}


def _area(session: Session, row: PriorityRow, level: str | None) -> str:
    code = getattr(row, f"{level}_code") if level else None
    found = units_of(session, {code}) if code else {}
    return local_name(found[code], current_language()) if code in found else ""


def _levels(session: Session, row: PriorityRow) -> list[tuple[str | None, str, int, str]]:
    """Return the ranks that can be asked for: level, name of the area, rank, address."""
    codes = {level: getattr(row, f"{level}_code") for level in LEVELS if getattr(row, f"{level}_rank")}
    names = units_of(session, {code for code in codes.values() if code})
    found: list[tuple[str | None, str, int, str]] = [(None, _("Whole country"), row.national_rank, _address(row, None))]
    for level, code in codes.items():
        if code in names:
            rank = getattr(row, f"{level}_rank")
            found.append((level, local_name(names[code], current_language()), rank, _address(row, level)))
    return found


def _address(row: PriorityRow, level: str | None) -> str:
    return url_for("schools.why", code=row.code, level=level)
