"""An edition of the standard: one criterion a row. What an edition in use says is not changed; its guidance may be."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from geodata.records.standard import (
    BODIES,
    BUDGETS,
    CONTENT,
    FIELDS,
    GUIDANCE_FIELDS,
    LANGUAGES,
    LEVELS,
    NOBODY,
    STANDINGS,
    CriterionRecord,
)
from geodata.validation import choices
from geodata.validation.context import KnownEdition
from geodata.validation.names import fold_name
from geodata.validation.numbers import read_number
from geodata.validation.sheet import Sheet
from geodata.validation.texts import CONTROL, INVISIBLE, looks_like_program

LONGEST = 2_000
UNKNOWN = frozenset({"unknown", "неизвестно", "белгисиз"})
"""A cell with one of these takes back what is stored; an empty one leaves it."""
KEY = ("edition", "code")
CODE = re.compile(r"[A-Z]{2,6}-\d{1,3}")
EDITION_CODE = re.compile(r"\d[a-z0-9.-]{1,39}")
"""Begins with a digit, so that no address of ours is an edition."""
DOMAIN_CODE = re.compile(r"[A-Z]{2,6}")
CHOICES: dict[str, tuple[str, ...]] = {
    "scope": ("school", "site", "building", "room"),
    "value_type": ("bool", "num"),
    "operator": ("=", ">=", "<=", "between"),
    "grouping": ("physical", "protection", "management"),
    "field_class": ("public", "restricted"),
    "requirement_level": LEVELS,
    "responsible_body": BODIES,
    "co_owner": (*BODIES, NOBODY),
    "owing_budget": BUDGETS,
    "value_status": ("K", "C", "P", "R", "X"),
    **{f"{what}_status": STANDINGS for what in ("requirement", "budget", "shelf_life", "cap", "guidance")},
}
NUMBERS: dict[str, tuple[float, float]] = {
    "weight": (1, 5), "position": (1, 9_999), "domain_position": (1, 99), "shelf_life_months": (1, 600),
}  # fmt: skip
"""Whole numbers and their limits."""
OPTIONAL = {"operator", "threshold_min", "threshold_max", "unit", "requirement", "evidence_type", "cap", "source_url"}
OPTIONAL |= {"source_status", "measure_code", *(f"measure_{language}" for language in LANGUAGES), "position"}
OPTIONAL |= {*GUIDANCE_FIELDS, "guidance_status"}
"""What a new criterion may leave open; everything else it has to state."""


def check_standard(sheet: Sheet) -> list[Any]:
    """Return a record per row; rows with an error are told in the sheet."""
    cells = {name: [_clean(cell) for cell in sheet.cells(name)] for name in FIELDS}
    rows: list[dict[str, Any]] = [{} for _ in range(len(sheet))]
    for name in FIELDS:
        if name in sheet:
            for at, text in enumerate(cells[name]):
                if text is not None:
                    rows[at][name] = None if text.casefold() in UNKNOWN else _read(sheet, at, name, text)
    _check_file(sheet, rows)
    for at, row in enumerate(rows):
        _check_row(sheet, at, row)
    if sheet.file_problems and any(problem.severity == "error" for problem in sheet.file_problems):
        return []
    return [CriterionRecord(**row) if at not in sheet.bad else None for at, row in enumerate(rows)]


def _clean(cell: str | None) -> str | None:
    """Return the text of a cell without what cannot be seen; unlike names, norms keep their no-break spaces."""
    if cell is None:
        return None
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", CONTROL.sub("", cell))).replace("\r\n", "\n").strip()
    return text or None


def _read(sheet: Sheet, at: int, name: str, text: str) -> Any:
    if name in CHOICES:
        return _choice(sheet, at, name, text)
    if name in NUMBERS:
        return _whole(sheet, at, name, text)
    if name in ("cap", "threshold_min", "threshold_max"):
        return _number(sheet, at, name, text)
    if name == "is_critical":
        flag = choices.FLAGS.get(fold_name(text)) or choices.FLAGS.get(text.casefold())
        if flag is None:
            sheet.tell(at, name, text, "choice_unknown", allowed="yes, no")
        return flag == "yes"
    return _text(sheet, at, name, text)


def _choice(sheet: Sheet, at: int, name: str, text: str) -> str | None:
    found = {value.casefold(): value for value in CHOICES[name]}.get(text.casefold())
    if found is None:
        sheet.tell(at, name, text, "choice_unknown", allowed=", ".join(CHOICES[name]))
    return found


def _whole(sheet: Sheet, at: int, name: str, text: str) -> int | None:
    low, high = NUMBERS[name]
    number = read_number(text.removeprefix("D") if name == "domain_position" else text, is_whole=True)
    if number.value is None or number.value != int(number.value):
        sheet.tell(at, name, text, number.code if number.value is None and number.code else "number_not_whole")
        return None
    if not low <= number.value <= high:
        sheet.tell(at, name, text, "number_out_of_range", low=low, high=high)
    return int(number.value)


def _number(sheet: Sheet, at: int, name: str, text: str) -> Any:
    """Return a cap as a number, a threshold as a number written plainly."""
    if name == "cap" and text == NOBODY:
        return None
    number = read_number(text)
    if number.value is None:
        sheet.tell(at, name, text, number.code or "number_invalid")
        return None
    if name == "cap":
        if not 0 <= number.value <= 100:
            sheet.tell(at, name, text, "number_out_of_range", low=0, high=100)
        return number.value
    return format(number.value, ".12g")


def _text(sheet: Sheet, at: int, name: str, text: str) -> str:
    shapes = {"code": CODE, "edition": EDITION_CODE, "domain_code": DOMAIN_CODE}
    if name in shapes and not shapes[name].fullmatch(text):
        sheet.tell(at, name, text, "standard_code", example={"code": "STR-01", "edition": "2027"}.get(name, "STR"))
    elif len(text) > LONGEST:
        sheet.tell(at, name, text, "text_too_long", limit=LONGEST, length=len(text))
    elif name not in ("requirement", "source_url", "operator") and looks_like_program(text):
        sheet.tell(at, name, text, "text_like_program", "warning")
    return text


def _check_file(sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    """Refuse a file with two editions, codes that repeat, and domains that are named in two ways."""
    editions = Counter(row.get("edition") for row in rows if row.get("edition"))
    usual = editions.most_common(1)[0][0] if editions else None
    first: dict[str, int] = {}
    names: dict[tuple[str, str], Any] = {}
    for at, row in enumerate(rows):
        if row.get("edition") and row["edition"] != usual:
            sheet.tell(at, "edition", row["edition"], "edition_mixed", edition=usual)
        code = row.get("code")
        if code in first:
            sheet.tell(at, "code", code, "key_repeated")
        elif code:
            first[code] = at
        for name in ("title_ky", "title_ru", "title_en"):
            _check_same(sheet, at, name, row, names, "edition")
        for name in ("domain_ky", "domain_ru", "domain_en", "domain_position"):
            _check_same(sheet, at, name, row, names, "domain_code")


def _check_same(
    sheet: Sheet, at: int, name: str, row: dict[str, Any], seen: dict[tuple[str, str], Any], whose: str
) -> None:
    if row.get(name) is None or row.get(whose) is None:
        return
    usual = seen.setdefault((row[whose], name), row[name])
    if usual != row[name]:
        sheet.tell(at, name, str(row[name]), "standard_named_twice", code=row[whose], first=usual)


def _check_row(sheet: Sheet, at: int, row: dict[str, Any]) -> None:
    for name in KEY:
        if row.get(name) is None:
            row[name] = ""
            sheet.tell(at, name, None, "key_missing")
    edition = sheet.context.editions.get(row["edition"], KnownEdition())
    stored = edition.criteria.get(row["code"])
    if stored is None:
        row.setdefault("position", at + 1)
        _check_complete(sheet, at, row)
    if edition.is_used:
        _check_used(sheet, at, row, stored)
    whole = {**(stored or {}), **row}
    _check_sense(sheet, at, whole)


def _check_complete(sheet: Sheet, at: int, row: dict[str, Any]) -> None:
    """Ask a new criterion for every field; a column that is missing altogether is told once."""
    for name in FIELDS:
        if name in OPTIONAL or row.get(name) is not None or name in KEY:
            continue
        if name not in sheet:
            if not any(problem.params.get("field") == name for problem in sheet.file_problems):
                sheet.tell_file("mapping_missing", "error", field=name, columns=", ".join(sheet.table.columns[:40]))
        elif (sheet.cells(name)[at] or "").strip().casefold() in {"", *UNKNOWN}:
            sheet.tell(at, name, None, "standard_cell_missing", field=name)


def _check_used(sheet: Sheet, at: int, row: dict[str, Any], stored: Mapping[str, Any] | None) -> None:
    """Refuse what would change an edition that is in use, cell by cell."""
    if stored is None:
        sheet.tell(at, "code", row["code"], "edition_in_use", edition=row["edition"])
        return
    for name in CONTENT:
        value = row.get(name)
        if value is not None and value != stored.get(name):
            sheet.tell(at, name, str(value), "edition_in_use", edition=row["edition"])


def _check_sense(sheet: Sheet, at: int, row: Mapping[str, Any]) -> None:
    """Refuse what contradicts itself within a row."""
    low, high = row.get("threshold_min"), row.get("threshold_max")
    if row.get("value_type") == "num" and low is None and high is None:
        sheet.tell(at, "threshold_min", None, "standard_norm_missing")
    if low is not None and high is not None and float(low) > float(high):
        sheet.tell(at, "threshold_min", low, "standard_norm_reversed", high=high)
    if row.get("cap") is not None and row.get("is_critical") is False:
        sheet.tell(at, "cap", str(row["cap"]), "standard_cap_without_critical")
    if (row.get("grouping") == "protection") != (row.get("field_class") == "restricted"):
        sheet.tell(at, "field_class", row.get("field_class"), "standard_protection_public")
    if row.get("co_owner") is not None and row.get("co_owner") == row.get("responsible_body"):
        sheet.tell(at, "co_owner", row["co_owner"], "standard_co_owner_same")
    guidance = [row.get(name) for name in (*GUIDANCE_FIELDS, "guidance_status")]
    if any(guidance) and not all(guidance):
        names = (*GUIDANCE_FIELDS, "guidance_status")
        missing = next(name for name, text in zip(names, guidance, strict=True) if not text)
        sheet.tell(at, missing, None, "standard_guidance_incomplete", field=missing)
