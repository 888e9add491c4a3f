"""Cells as text: headings, and what is wrong with a cell's letters whatever the format."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from geodata.readers import limits
from geodata.readers.limits import file_problem, refuse
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

CYRILLIC = "а-яёңөүА-ЯЁҢӨҮ"
LOST_LETTER = re.compile(rf"(?<=[{CYRILLIC}])\?(?=[{CYRILLIC}])|(?:^|(?<=[\s\"«(]))\?(?=[{CYRILLIC}]{{2}})")
MOJIBAKE = re.compile("(?:[РС][\u0080-\u00bfЀ-Џѐ-џ–-…†‡€‰№ҐґЁё‘-„‹›™]){3}|(?:[ÐÑ][\u0080-\u00bf€-™Œ-ž‘-„]){3}")
SIGNS = ("\x00", "?", "\ufffd", "Ð", "Ñ")
DOUBTFUL_PAIR = re.compile("[РС][\u0080-\u00bfЀ-Џѐ-џ–-…†‡€‰№ҐґЁё‘-„‹›™]")
HOSTILE_NAMES = frozenset({"__proto__", "constructor", "prototype"})


def tidy_heading(text: str) -> str:
    """Return a heading without outer and doubled spaces; the letters stay as they are."""
    return " ".join(text.replace("\u00a0", " ").replace("\ufeff", "").split())


def heading_key(text: str) -> str:
    """Return what two headings share when a person would call them the same."""
    return unicodedata.normalize("NFKC", tidy_heading(text)).casefold()


def check_headings(headings: Sequence[str]) -> None:
    """Refuse too many columns and two columns of the same name."""
    if len(headings) > limits.MAX_COLUMNS:
        refuse("too_many_columns", limit=limits.MAX_COLUMNS, found=len(headings))
    first_at: dict[str, int] = {}
    for number, heading in enumerate(headings, start=1):
        key = heading_key(heading)
        if key in first_at:
            refuse("header_duplicate", column=heading, first=first_at[key], second=number)
        first_at[key] = number


def name_columns(cells: Sequence[str | None], used: set[int]) -> tuple[list[int], list[str], list[RowProblem]]:
    """Return the columns to keep (index, heading); an unnamed one with data is named by its letter.

    Args:
        cells: The header row.
        used: Indexes of the columns that hold data below the header.
    """
    keep, names, problems = [], [], []
    for index, cell in enumerate(cells):
        heading = tidy_heading(cell or "")
        if not heading and index not in used:
            continue
        if not heading:
            heading = column_letters(index)
            problems.append(file_problem("header_empty", column=heading))
        if heading in HOSTILE_NAMES:
            problems.append(file_problem("column_name_refused", column=heading))
            continue
        keep.append(index)
        names.append(heading)
    check_headings(names)
    if not names:
        refuse("header_missing")
    return keep, names, problems


def column_letters(index: int) -> str:
    """Return a spreadsheet's name of the column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_suspect(text: str) -> bool:
    """Tell quickly whether ``check_text`` could have anything to say about the letters of ``text``."""
    return any(sign in text for sign in SIGNS) or DOUBTFUL_PAIR.search(text) is not None


def check_text(text: str, row: int, column: str) -> tuple[str, RowProblem | None]:
    """Return the cell's text (mojibake repaired where that is certain) and what is wrong with it."""
    if len(text) > limits.MAX_CELL_CHARACTERS:
        return "", RowProblem(
            row, column, text[:80], "cell_too_long", "error", {"row": row, "limit": limits.MAX_CELL_CHARACTERS}
        )
    if not is_suspect(text):
        return text, None
    if "\x00" in text:
        clean = text.replace("\x00", "")
        return clean, RowProblem(row, column, clean, "nul_in_text")
    if "\ufffd" in text:
        return text, RowProblem(row, column, text, "replacement_character")
    if LOST_LETTER.search(text):
        return text, RowProblem(row, column, text, "letters_lost")
    if MOJIBAKE.search(text):
        repaired = repair_mojibake(text)
        if repaired is None:
            return text, RowProblem(row, column, text, "mojibake")
        return repaired, RowProblem(row, column, text, "mojibake_repaired", "warning", {"repaired": repaired})
    return text, None


def repair_mojibake(text: str) -> str | None:
    """Return UTF-8 that was read once as cp1251 or Latin-1, or None when it cannot be had back whole."""
    for encoding in ("cp1251", "cp1252"):
        try:
            raw = b"".join(_byte_of(letter, encoding) for letter in text)
            repaired = raw.decode("utf-8")
        except (UnicodeError, ValueError):
            continue
        if not MOJIBAKE.search(repaired):
            return repaired
    return None


def _byte_of(letter: str, encoding: str) -> bytes:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return bytes([ord(letter)])  # bytes the code page leaves undefined pass through as C1 controls
