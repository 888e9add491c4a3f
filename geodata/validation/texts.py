"""Texts in cells: what cannot be seen, what only stands for a gap, what looks like a program."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
PLAIN = re.compile(r"[ -~А-яЁёҢңӨөҮү№«»–—]*")
"""Letters and signs that need no second look."""

HOSTILE = re.compile(
    r"^\s*[=@+](?=\s*[A-Za-z(\"'])|<\s*/?\s*[a-zA-Z!?]|\{\{|\{%|\$\{|\$\(|`|\\[a-zA-Z]+\{|;\s*--|--\s*$|%[sn]\b|%[sn]%"
    r"|\{\d*\.?__|__\w+__|'\s*(?:OR|AND|UNION)\b|\bDROP\s+TABLE\b|javascript:|\x1b\[|\.\./",
    re.IGNORECASE,
)

UNKNOWN_WORDS = frozenset(
    {
        "неизвестно", "неизвестен", "неизвестна", "не известно", "нет данных", "нет сведений", "н/д", "н.д.", "н. д.",
        "не определено", "не определён", "не определен", "белгисиз", "маалымат жок", "аныкталган эмес", "unknown",
        "not known", "no data",
    }
)  # fmt: skip
"""Words that say "unknown" and nothing else."""

PLACEHOLDERS = frozenset(
    {
        *[
            "нет",
            "жок",
            "no",
            "none",
            "null",
            "nil",
            "n/a",
            "na",
            "#n/a",
            "#н/д",
            "nan",
            "nat",
            "-",
            "--",
            "---",
            "–",
            "—",
            "−",
            ".",
            "..",
            "...",
            "…",
            "?",
            "??",
            "???",
            "*",
            "x",
            "х",
            "xxx",
            "ххх",
        ],
        *[
            "б/н",
            "б/н.",
            "бн",
            "б.н.",
            "номерсиз",
            "undefined",
            "missing",
            "empty",
            "blank",
            "пусто",
            "бош",
            "tbd",
            "/",
            "\\",
            "_",
            "''",
            "(null)",
            "<null>",
            "[null]",
        ],
        *[
            "#ref!",
            "#name?",
            "#value!",
            "#div/0!",
            "#num!",
            "#null!",
            "#знач!",
            "#ссылка!",
            "#имя?",
            "#дел/0!",
            "#число!",
            "отсутствует",
        ],
        *("без номера", "не указано", "не указан", "көрсөтүлгөн эмес", '""'),
    }
)
"""Words and signs that may mean "none", "unknown" or a mistake."""

TOTAL_WORDS = re.compile(
    r"^(?:итого|всего|в\s*с\s*е\s*г\s*о|общий итог|общее количество|жыйынтыгы|жыйынтык|жалпы|бардыгы|баары|жалпысынан"
    r"|total|grand total|subtotal|sum|сумма|промежуточный итог)(?:\b|$)",
    re.IGNORECASE,
)

Gap = Literal["empty", "unknown", "placeholder"]


def clean(text: str) -> tuple[str, str | None]:
    """Return the text in NFC without invisible letters and outer or doubled spaces, and what was taken away.

    The second value is None, ``invisible_removed`` or ``control_removed``. Line breaks become spaces.
    """
    if PLAIN.fullmatch(text) and "  " not in text:
        return text.strip(), None
    code = None
    if CONTROL.search(text):
        text, code = CONTROL.sub("", text), "control_removed"
    if INVISIBLE.search(text):
        text, code = INVISIBLE.sub("", text), code or "invisible_removed"
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(), code


def gap_of(text: str | None) -> Gap | None:
    """Tell an empty cell, a word for "unknown" and a doubtful placeholder from a value (None)."""
    if text is None:
        return "empty"
    if len(text) > 24:
        return None
    low = text.strip().casefold()
    if not low:
        return "empty"
    if low in UNKNOWN_WORDS:
        return "unknown"
    return "placeholder" if low in PLACEHOLDERS else None


def looks_like_program(text: str) -> bool:
    """Tell text that a spreadsheet, a template or a database could take for an order; it is kept as text."""
    return HOSTILE.search(text) is not None


def is_total(text: str) -> bool:
    """Tell the heading of a line of totals."""
    return TOTAL_WORDS.match(text.strip(" :.*\u00a0")) is not None


def language_of(name: str) -> Literal["ky", "ru", "en"]:
    """Return the language a name is most likely written in: letters first, then words."""
    low = name.casefold()
    if any(letter in low for letter in "ңөү"):
        return "ky"
    words = set(re.findall(r"\w+", low))
    if words & {"мектеби", "мектеп", "орто", "атындагы", "айылы", "шаары", "гимназиясы", "лицейи", "району", "облусу"}:
        return "ky"
    return "ru" if re.search("[а-яё]", low) else "en"
