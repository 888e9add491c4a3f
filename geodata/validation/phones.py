"""Telephone numbers as people write them, to E.164: numbers of the country only, and nothing but numbers.

A name beside a number is refused, not cut off: what is stored of a school is the telephone of its office, never who
answers. Numbering: +996, then nine digits; inside the country 0 and the same nine digits (ITU-T E.164, national plan
of Kyrgyzstan). No network begins with 0 or 1.
"""

from __future__ import annotations

import re

from geodata.records.contact import SAMPLE_PREFIX
from geodata.validation.sheet import Fault, Reading, Sheet

COUNTRY, DIGITS = "996", 9
MOST_PHONES = 5
BETWEEN = re.compile(r"[,;\n\r|]+|\s+/+\s*|/+\s*(?=[+(0]|996)|\s(?:и|или|жана|же|and|or)\s", re.IGNORECASE)
CALLED = re.compile(r"^\s*(?:тел(?:ефон|\.)?|tel|phone|т\.|ф\.|моб\.?|раб\.?|факс)[\s.:№]*", re.IGNORECASE)
SIGNS = re.compile(r"[\s()\u00a0\u2009.\-\u2010-\u2015\u2212]+")
EXTENSION = re.compile(r"(?:доб|вн|ext|x|ички)\b", re.IGNORECASE)


def read_phones(text: str, *, is_sample: bool = False) -> Reading:
    """Return the numbers of one cell as a tuple of E.164, each once, or the fault of the first that is none.

    ``is_sample``: also numbers of the range that cannot be called; they are for sample data only.
    """
    found: dict[str, None] = {}
    for part in BETWEEN.split(text):
        if not part.strip():
            continue
        number, fault = _read_one(part, is_sample)
        if fault is not None:
            return None, fault
        found[number] = None
    if len(found) > MOST_PHONES:
        return None, Fault("phones_too_many", params={"limit": MOST_PHONES, "count": len(found)})
    return tuple(found), None


def _read_one(part: str, is_sample: bool) -> tuple[str, Fault | None]:
    plain = CALLED.sub("", part).strip()
    if any(letter.isalpha() for letter in plain):
        return "", Fault("phone_extension" if EXTENSION.search(plain) else "phone_words")
    digits = SIGNS.sub("", plain)
    is_whole = digits.startswith(("+", f"00{COUNTRY}"))
    digits = digits.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        return "", Fault("phone_signs")
    own = _own_digits(digits, is_whole)
    if own is None:
        if is_whole:
            return "", Fault("phone_abroad")
        code = "phone_without_area" if 5 <= len(digits) <= 7 else "phone_length"
        return "", Fault(code, params={"digits": len(digits)})
    number = f"+{COUNTRY}{own}"
    if own[0] in "01" and not (is_sample and number.startswith(SAMPLE_PREFIX)):
        return "", Fault("phone_unassigned")
    return number, None


def _own_digits(digits: str, is_whole: bool) -> str | None:
    """Return the nine digits after +996, or None: they are of another length or of another country."""
    if is_whole:
        digits = digits.removeprefix("00")
        return digits[3:] if digits.startswith(COUNTRY) and len(digits) == 3 + DIGITS else None
    if len(digits) == DIGITS and digits[0] != "0":  # with a 0 before, a digit is missing
        return digits
    if len(digits) == 1 + DIGITS and digits[0] == "0":
        return digits[1:]
    if len(digits) == 3 + DIGITS and digits.startswith(COUNTRY):
        return digits[3:]
    return None


def read_phone_column(sheet: Sheet, name: str) -> list[tuple[str, ...]]:
    """Return the numbers of each row; an empty tuple is unknown."""
    is_sample = sheet.context.is_synthetic
    return [found or () for found in sheet.read(name, lambda text: read_phones(text, is_sample=is_sample))]
