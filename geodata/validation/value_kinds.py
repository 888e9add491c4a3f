"""What values tell about a column: the share of a sample that a field could hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from geodata.validation.codes import CODE, SOATE
from geodata.validation.dates import read_date
from geodata.validation.numbers import read_number
from geodata.validation.texts import language_of

PAIR = re.compile(r"\s*(?:POINT\s*(?:Z\s*)?\(\s*)?-?\d{1,3}[.,]\d+\s*[,; ]\s*-?\d{1,3}[.,]\d+.*", re.IGNORECASE)
DEGREES = re.compile(r"""\s*[NSEWСЮВЗ]?\s*(\d{1,3})\s*[°º˚d]\s*(?:\d{1,2}\s*['’′m]?)?.*""", re.IGNORECASE)
STATES = frozenset(
    [
        "meets",
        "partly",
        "fails",
        "not_applicable",
        "unknown",
        "yes",
        "no",
        "да",
        "нет",
        "ооба",
        "жок",
        "частично",
        "жарым-жартылай",
        "выполнено",
        "соответствует",
        "шайкеш",
    ]
)
FLAGS = frozenset({"1", "0", "true", "false", "yes", "no", "да", "нет", "ооба", "жок", "+", "-"})
LONG_PCODE = re.compile(r"KG\d{5,11}", re.ASCII)
"""Shorter ones look like the codes of other registers (FIPS "KG07" is not P-code KG07)."""
CRITERION = re.compile(r"[A-Z]{2,6}-?\d{1,3}")
PHONE = re.compile(r"(?:^|[,;/])(?:\+|00)?(?:996\d{9}|0?\d{9}|\d{5,6})(?:$|[,;/])")
SLIP = re.compile(r"(?:normal|reverse|sinistral|dextral|strike|thrust|anticline|syncline|oblique)", re.IGNORECASE)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return read_number(text).value


def _between(text: str, low: float, high: float) -> bool:
    number = _number(text)
    if number is None and (found := DEGREES.fullmatch(text)):
        number = float(found.group(1))
    return number is not None and low <= number <= high


def _whole(text: str, low: float, high: float) -> bool:
    number = _number(text)
    return number is not None and low <= number <= high and number == int(number)


TESTS: dict[str, Callable[[str], bool]] = {
    "any": lambda text: True,
    "text": lambda text: any(letter.isalpha() for letter in text),
    "text_ky": lambda text: any(letter.isalpha() for letter in text) and language_of(text) == "ky",
    "text_ru": lambda text: any(letter.isalpha() for letter in text) and language_of(text) == "ru",
    "text_en": lambda text: any(letter.isalpha() for letter in text) and language_of(text) == "en",
    "lat": lambda text: _between(text, 39.0, 43.5),
    "lon": lambda text: _between(text, 69.0, 80.5),
    "pair": lambda text: PAIR.fullmatch(text) is not None,
    "soate": lambda text: text.startswith("DEMO") or any(one.fullmatch(text) for one in (SOATE, LONG_PCODE)),
    "pcode": lambda text: LONG_PCODE.fullmatch(text) is not None,
    "code": lambda text: len(text) <= 64 and CODE.fullmatch(text) is not None,
    "osm": lambda text: re.fullmatch(r"(?:[nwr]|node/|way/|relation/)?-?\d{3,14}", text) is not None,
    "date": lambda text: read_date(text)[1] in (None, "date_ambiguous"),
    "year": lambda text: _whole(text, 1800, 2100) or read_date(text)[0] is not None,
    "number": lambda text: _number(text) is not None,
    "count": lambda text: _whole(text, 0, 100_000),
    "small": lambda text: _whole(text, 1, 40),
    "shifts": lambda text: _whole(text, 1, 3),
    "shift_list": lambda text: re.fullmatch(r"\d[\d.,\s]*(?:[+;|/][\d.,\s]+){0,2}", text.strip()) is not None,
    "share": lambda text: _between(text.rstrip("% "), 0, 100),
    "level": lambda text: _whole(text, 0, 4),
    "flag": lambda text: text.casefold() in FLAGS,
    "building_type": lambda text: text.upper().startswith("KG-"),
    "criterion": lambda text: CRITERION.fullmatch(text.strip().upper()) is not None,
    "state": lambda text: text.strip().casefold() in STATES,
    "phone": lambda text: PHONE.search(re.sub(r"[^0-9+,;/]", "", text)) is not None,
    "slip": lambda text: SLIP.search(text) is not None,
}  # fmt: skip


def share_passing(test: str, sample: Sequence[str]) -> float:
    """Return the share of values that pass; 0.5 when there is nothing to look at."""
    if not sample:
        return 0.5
    check = TESTS[test]
    return sum(map(check, sample)) / len(sample)
