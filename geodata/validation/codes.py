"""Codes are text: what spreadsheets do to them is found, look-alikes are told apart, nothing is mended."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LETTERS = "A-Za-zА-яЁёҢңӨөҮү"
CODE = re.compile(rf"[{LETTERS}0-9](?:[{LETTERS}0-9._\-]*[{LETTERS}0-9])?")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eEеЕ]\+?\d{1,3}", re.ASCII)
FLOATED = re.compile(r"\d+[.,]0+", re.ASCII)
MONTH = "янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATED = re.compile(
    r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?|\d{1,2}\.\d{1,2}\.\d{4}"
    rf"|\d{{1,2}}[.\-/](?:{MONTH})[а-яa-z]*\.?(?:[.\-/]\d{{2,4}})?",
    re.IGNORECASE,
)
MAX_CODE = 64
SOATE = re.compile(r"417\d{11}", re.ASCII)
PCODE = re.compile(r"KG(\d{2}|\d{5}|\d{8}|\d{11})?", re.ASCII)

TWINS = str.maketrans("АВЕЗКМНОРСТУХІЈЅҮЁ", "ABE3KMHOPCTYXIJSYE")
"""Cyrillic letters and the Latin letters or digits that look like them."""


def wrong_with_code(text: str) -> str | None:
    """Return the problem code of a code that cannot be one, or None."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_CODE:
        return None
    if SCIENTIFIC.fullmatch(text):
        return "code_scientific"
    if FLOATED.fullmatch(text):
        return "code_became_number"
    if DATED.fullmatch(text):
        return "code_became_date"
    if len(text) > MAX_CODE:
        return "code_too_long"
    if not CODE.fullmatch(text) or ".." in text or RESERVED.fullmatch(text):
        return "code_characters"
    if any(_is_mixed(run) for run in re.findall(rf"[{LETTERS}]+", text)):
        return "code_mixed_letters"
    return None


def _is_mixed(run: str) -> bool:
    return not run.isascii() and any(letter.isascii() for letter in run)


def skeleton(code: str) -> str:
    """Return what two codes share when a person cannot tell them apart."""
    return unicodedata.normalize("NFKC", code).upper().translate(TWINS)


def usual_width(codes: Iterable[str]) -> int | None:
    """Return the width of all-digit codes when most have it and some begin with zero: shorter ones lost theirs."""
    digits = [code for code in codes if code.isascii() and code.isdigit()]
    if not any(code.startswith("0") for code in digits):
        return None
    width, times = Counter(map(len, digits)).most_common(1)[0]
    return width if times >= 0.6 * len(digits) and times >= 2 else None


def soate_level(code: str) -> int | None:
    """Return the level that the shape of a SOATE code says: 0 country, 1, 2, 3; None for a settlement.

    ``417 OO RRR AAA SSS``: oblast, rayon or city, aiyl aimak, settlement. Cities carry settlement digits
    too (41705236610010), so a known area's own level comes before this.
    """
    if not SOATE.fullmatch(code):
        return None
    oblast, rayon, aimak, settlement = code[3:5], code[5:8], code[8:11], code[11:]
    if settlement != "000":
        return None
    if aimak != "000":
        return 3
    if rayon != "000":
        return 2
    return 1 if oblast != "00" else 0


def soate_parents(code: str) -> list[str]:
    """Return the codes above a SOATE code, nearest first: aimak, rayon, oblast, country."""
    cuts = [code[:width].ljust(14, "0") for width in (11, 8, 5, 3)]
    return [cut for cut in dict.fromkeys(cuts) if cut != code]


def soate_of_pcode(pcode: str) -> str | None:
    """Return the SOATE code of a COD-AB P-code: "KG" and 11 digits stand for "417" and the same digits."""
    if not PCODE.fullmatch(pcode):
        return None
    return "417" + pcode[2:].ljust(11, "0")
