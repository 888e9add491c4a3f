"""What the page of data quality shows: areas beside each other and their risk, contradictions, schools; and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.exports.plain_table import Cell, table_file
from app.i18n.names import local_name
from app.web.charts.bars import share_bar
from app.web.csv_companion import about_table
from app.web.language import current_language
from app.web.priorities.list_page import page_of
from app.web.quality import words
from geodata.queries import areas, run_quality
from geodata.records.area import RAYON

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.run_quality import AreaQualityRow

FILE_LIMIT = 200_000
LAST = date.max


@dataclass(frozen=True)
class Wish:
    """What the reader asked for: an area (None: the country), an order of areas, a kind of contradiction."""

    area: str | None
    order: str
    doubt: str | None


@dataclass(frozen=True)
class AreaLine:
    """One area of the league table; shares in percent, None = unknown."""

    facts: AreaQualityRow
    name: str
    address: str
    bar: Markup
    completeness: float
    verified: float
    expired: float | None
    equal: float | None
    compared: float
    doubtful: float
    at_risk: float | None


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _line(row: AreaQualityRow) -> AreaLine:
    name = local_name(row, current_language()) or row.code
    verified, complete = 100 * row.verified_share, 100 * row.completeness
    title = _("verified and not verified answers, of all requirements")
    return AreaLine(
        row,
        name,
        url_for("quality.index", area=row.code),
        share_bar(verified, max(complete - verified, 0.0), title),
        complete,
        verified,
        _percent(row.expired_share),
        _percent(row.equal_share),
        100 * row.compared / row.schools,
        100 * row.doubtful / row.schools,
        100 * row.pupils_at_risk / row.pupils
        if row.is_rankable and row.pupils and row.pupils_at_risk is not None
        else None,
    )


def _low(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0.0


def _high(value: float | None) -> tuple[bool, float]:
    return value is None, -(value or 0.0)


ORDER_KEYS: dict[str, Callable[[AreaLine], Any]] = {
    "completeness": lambda line: _low(line.completeness),
    "verified": lambda line: _low(line.verified),
    "age": lambda line: line.facts.evidence_on or LAST,
    "expired": lambda line: _high(line.expired),
    "doubts": lambda line: _high(line.doubtful),
    "gap": lambda line: _high(None if line.facts.index_gap is None else abs(line.facts.index_gap)),
    "risk": lambda line: _high(line.at_risk),
}
"""Orders of the league table; what is unknown comes last, ties by the code."""


def area_lines(session: Session, run: Run, wish: Wish) -> list[AreaLine]:
    """Return the areas right below the chosen one, in the chosen order."""
    lines = [_line(row) for row in run_quality.areas_of(session, run.id, wish.area, run.data_date)]
    return sorted(lines, key=lambda line: (ORDER_KEYS[wish.order](line), line.facts.code))


def quality_page(session: Session, run: Run, wish: Wish, limit: int, offset: int) -> dict[str, Any]:
    """Return the page; five queries."""
    own = run_quality.own_quality(session, run.id, wish.area)
    chosen = {"area": wish.area, "order": wish.order if wish.order != "completeness" else None, "doubt": wish.doubt}

    def address(offset: int | None = None, **changes: str | None) -> str:
        return url_for("quality.index", **{k: v for k, v in {**chosen, **changes, "offset": offset}.items() if v})  # type: ignore[arg-type]

    shows_schools = wish.area is not None or wish.doubt is not None
    total = run_quality.count_schools(session, run.id, wish.area, wish.doubt) if shows_schools else 0
    return {
        "run": run,
        "wish": wish,
        "own": _line(own) if own else None,
        "lines": area_lines(session, run, wish),
        "orders": [(key, _(label)) for key, label in words.ORDERS.items()],
        "doubts": [
            (key, _(label), (own.doubts.get(key, 0) if own else 0), address(doubt=key, offset=None))
            for key, label in words.DOUBTS.items()
        ],
        "doubt_words": words.DOUBTS,
        "doubt": _(words.DOUBTS[wish.doubt]) if wish.doubt else None,
        "schools": run_quality.schools_of(session, run.id, wish.area, wish.doubt, limit, offset) if total else [],
        "pages": page_of(address, total, limit, offset),
        "shows_schools": shows_schools,
        "areas": list(areas.names(session, (1, RAYON), wish.area).values()),
        "file": lambda what, extension: url_for(
            "quality.file", what=what, extension=extension, area=wish.area, doubt=wish.doubt
        ),
    }


AREA_KEYS = (
    "code", "name", "schools", "assessed", "completeness", "verified_share", "expired_share", "evidence_on",
    "second_rated", "equal_share", "index_gap", "contradicting", "pupils_at_risk", "pupils",
)  # fmt: skip
SCHOOL_KEYS = (
    "code", "name", "grade", "completeness", "verified_share", "firm_share", "expired_share", "evidence_on",
    "first_expiry_on", "compared", "equal_share", "index_gap", "contradictions",
)  # fmt: skip
SHORT = 4
"""Decimals of shares and points in files."""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, SHORT)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _area_rows(session: Session, run: Run, wish: Wish) -> list[list[Cell]]:
    return [
        [
            row.code, line.name, row.schools, row.assessed, _rounded(row.completeness), _rounded(row.verified_share),
            _rounded(row.expired_share), _day(row.evidence_on), row.compared, _rounded(row.equal_share),
            _rounded(row.index_gap), row.doubtful, row.pupils_at_risk, row.pupils,
        ]
        for line in area_lines(session, run, wish)
        for row in (line.facts,)
    ]  # fmt: skip


def _school_rows(session: Session, run: Run, wish: Wish) -> list[list[Cell]]:
    return [
        [
            row.code, local_name(row, current_language()), row.grade, _rounded(row.completeness),
            _rounded(row.verified_share), _rounded(row.firm_share), _rounded(row.expired_share), _day(row.evidence_on),
            _day(row.first_expiry_on), row.compared, _rounded(row.equal_share), _rounded(row.index_gap),
            "; ".join(row.doubts),
        ]
        for row in run_quality.schools_of(session, run.id, wish.area, wish.doubt, FILE_LIMIT)
    ]  # fmt: skip


def quality_file(session: Session, run: Run, wish: Wish, what: str, extension: str) -> bytes:
    """Return areas or schools as a file: CSV under keys, a workbook under words; unknown is an empty cell."""
    keys = AREA_KEYS if what == "areas" else SCHOOL_KEYS
    rows = _area_rows(session, run, wish) if what == "areas" else _school_rows(session, run, wish)
    sheet = _("Data quality")
    return table_file(extension, keys, [_(words.COLUMNS[key]) for key in keys], rows, sheet, about_table())
