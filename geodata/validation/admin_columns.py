"""Columns of administrative boundary files (COD-AB and its kin): the deepest level is the unit itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

ADMIN = re.compile(r"adm(?:in)?_?(\d)_?(pcode|soate|en|ru|ky|kg|name|name_en|name_ru|name_ky|altnames?)", re.IGNORECASE)
TYPE = re.compile(r"adm(?:in)?_?(\d)_?typ?e?_?(en|ru|ky|kg)", re.IGNORECASE)
ADMIN_HEADING = re.compile(r"adm(?:in)?_?\d", re.IGNORECASE)
FIELD_OF = {
    "pcode": "pcode",
    "soate": "code",
    "en": "name_en",
    "ru": "name_ru",
    "ky": "name_ky",
    "kg": "name_ky",
    "name": "name",
    "name_en": "name_en",
    "name_ru": "name_ru",
    "name_ky": "name_ky",
}


def guess_admin_columns(columns: Sequence[str], samples: Mapping[str, list[str]]) -> dict[str, str]:
    """Return field to column for files whose headings carry levels (``ADM2_PCODE``, ``adm1_ru``).

    The deepest level with a P-code, SOATE code or name that is filled is the unit; the level above gives
    its parent. Empty when the headings are of another kind.
    """
    by_level: dict[int, dict[str, str]] = defaultdict(dict)
    types: dict[int, dict[str, str]] = defaultdict(dict)
    for column in columns:
        if found := ADMIN.fullmatch(column):
            name = FIELD_OF.get(found.group(2).lower())
            if name and samples[column]:
                by_level[int(found.group(1))].setdefault(name, column)
        elif found := TYPE.fullmatch(column):
            types[int(found.group(1))]["type_" + found.group(2).lower().replace("kg", "ky")] = column
    if not by_level:
        return {}
    level = max(by_level)
    if len(by_level) == 1 and not by_level[level].keys() & {"pcode", "code"}:
        return {}
    result = dict(by_level[level])
    above = by_level.get(level - 1, {})
    if parent := above.get("code") or above.get("pcode"):
        result["parent_code"] = parent
    for name, column in types.get(level, {}).items():
        result["kind" if name == "type_en" else name] = column
    return result
