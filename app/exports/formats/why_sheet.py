"""Why a school has its rank: one A4 page for a meeting of parents, PDF/UA-1, legible in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.exports.formats.area_brief import qr_svg
from app.exports.typeset import typeset


@dataclass(frozen=True)
class SheetPart:
    """One part: its bar in points, four figures as text (own, middle, above, below), value and source."""

    label: str
    points: float
    most: float
    middle: float
    known: bool
    cells: Sequence[str]
    raw: str
    source: str


@dataclass(frozen=True)
class WhySheet:
    """What the sheet tells, all text in the language of the sheet."""

    lang: str
    title: str
    above: str
    mark: str
    sentences: Sequence[str]
    parts_title: str
    parts_note: str
    parts_headings: Sequence[str]
    parts: Sequence[SheetPart]
    changes_title: str
    changes_note: str
    changes_headings: Sequence[str]
    changes: Sequence[Sequence[str]]
    shares_title: str
    shares: Sequence[Sequence[str]]
    firm: Sequence[str]
    limits: str
    origin: str
    address: str
    qr_text: str


def write_sheet(sheet: WhySheet) -> bytes:
    """Return the PDF: exactly one page, whatever the length of names."""
    data: dict[str, Any] = asdict(sheet)
    data["largest"] = max((part.most for part in sheet.parts), default=1.0)
    data["qr"] = qr_svg(sheet.address)
    return typeset("why_sheet.typ", data)
