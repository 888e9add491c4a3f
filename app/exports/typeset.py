"""Typeset a report as PDF/UA-1: a template of ours, data as JSON only, our own fonts.

A school named ``#panic("x") *bold*`` stays text, because the template never evaluates what it is given.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from app.exports.exporter import ExportsError

FONTS = Path(__file__).resolve().parent / "fonts"
LETTERS = frozenset(
    chr(code)
    for first, last in (
        (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x400, 0x52F), (0x2010, 0x2015), (0x2018, 0x201F),
        (0x2022, 0x2022), (0x2026, 0x2026), (0x202F, 0x2030), (0x2039, 0x203A), (0x2116, 0x2116),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Latin, Cyrillic and the signs that our two fonts hold; a test compares them with the files."""
NEAREST = {"\u2212": "\u2013", "\u20c0": "c"}
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
            sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise TypesettingError(str(error)[:500]) from error
    return made


def printed(text: str) -> str:
    """Return ``text`` in letters that our fonts have: compatible forms where there are some, else a question mark."""
    if all(letter in LETTERS for letter in text):
        return text
    return "".join(letter if letter in LETTERS else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    if letter in NEAREST:
        return NEAREST[letter]
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
        return " " if letter.isspace() else ""
    plain = unicodedata.normalize("NFKC", letter)
    return plain if all(part in LETTERS for part in plain) else "?"


def _printable(value: Any) -> Any:
    """Return JSON values with every text in letters that our fonts have; PDF/UA refuses any other."""
    if isinstance(value, str):
        return printed(value)
    if isinstance(value, dict):
        return {key: _printable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(part) for part in value]
    return value
