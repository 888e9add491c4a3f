"""Typeset a report as PDF/UA-1: a template of ours, data as JSON only, our own fonts.

A school named ``#panic("x") *bold*`` stays text, because the template never evaluates what it is given.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.exports.exporter import ExportsError

FONTS = Path(__file__).resolve().parent / "fonts"
TEMPLATES = Path(__file__).resolve().parent / "formats"


class TypesettingError(ExportsError):
    """The template could not be set; the message is for the log, never for people."""


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of ``template`` (a file beside the formats) filled with ``data``."""
    import typst

    try:
        made: bytes = typst.compile(
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise TypesettingError(str(error)[:500]) from error
    return made


def printed(text: str) -> str:
    """Return ``text`` with characters that the fonts lack replaced by their nearest."""
    return text.replace("\u2212", "\u2013").replace("\u20c0", "c")
