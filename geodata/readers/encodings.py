"""The encoding of a text file: by mark, by validity, then by letter statistics of Kyrgyz and Russian."""

from __future__ import annotations

import codecs

from geodata.readers.limits import file_problem, refuse
from geodata.records.table import RowProblem

COMMON = "оеаинтсрвлкмдпуыөүң"
"""Most frequent letters of both languages: a wrong code page turns them into rare letters and signs."""
LETTERS = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёңөү")
CANDIDATES = ("cp1251", "kz1048", "cp866", "koi8-r")
SAMPLE = 400_000


def decode(data: bytes, wanted: str | None = None) -> tuple[str, str, list[RowProblem]]:
    """Return the text, the encoding's name and what was assumed; refuse bytes that are no text.

    Raises:
        FileRefusedError: ``encoding_invalid`` names the first line that is not valid UTF-8.
    """
    if wanted:
        return _decode_as_told(data, wanted)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_utf16(data, "utf-16")
    if (order := utf16_order(data)) is not None:
        return _decode_utf16(data, order)
    try:
        return data.decode("utf-8-sig"), "utf-8", []
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            refuse("encoding_invalid", line=data.count(b"\n", 0, error.start) + 1, encoding="UTF-8")
    encoding = guess_code_page(data)
    return _decode_code_page(data, encoding), encoding, [file_problem("encoding_guessed", encoding=encoding)]


def guess_code_page(data: bytes) -> str:
    """Return the 8-bit encoding under which the text has the most letters that our languages use."""
    sample = data[:SAMPLE]
    return max(CANDIDATES, key=lambda encoding: _score(sample.decode(encoding, "replace")))


def _score(text: str) -> float:
    """Points per character that is not ASCII: common letters 2, letters 1, an oddity or a mid-word capital less."""
    points = 0.0
    before = " "
    for letter in text:
        if letter > "\x7f":
            low = letter.lower()
            if low in LETTERS:
                points += 2 if low in COMMON else 1
                if letter != low and before.islower():
                    points -= 2
            elif letter not in "№«»–—“”„\u00a0…":
                points -= 3
        before = letter
    return points


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell a UTF-8 file with a few broken lines from a file in an 8-bit code page."""
    valid = broken = 0
    for line in data[:4_000_000].split(b"\n"):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            valid += 1
        except UnicodeDecodeError:
            broken += 1
    return valid > broken


def utf16_order(data: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: the high bytes of our letters and signs are 0 or 4."""
    sample = data[:4_000]
    pairs = len(sample) // 2
    if pairs <= 4:
        return None
    for order, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        zeros = high.count(0)
        if zeros and zeros + high.count(4) > 0.9 * pairs:
            return order
    return None


def _decode_utf16(data: bytes, encoding: str) -> tuple[str, str, list[RowProblem]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        refuse("encoding_invalid", line=line, encoding="UTF-16")
    return text.removeprefix("\ufeff"), "utf-16", [file_problem("encoding_guessed", encoding="UTF-16")]


def _decode_as_told(data: bytes, wanted: str) -> tuple[str, str, list[RowProblem]]:
    try:
        name = codecs.lookup(wanted).name
        if not isinstance("".encode(name), bytes):
            refuse("encoding_unknown", encoding=wanted[:40])
    except (LookupError, UnicodeError, TypeError, ValueError):
        refuse("encoding_unknown", encoding=wanted[:40])
    if name == "utf-8":
        name = "utf-8-sig"
    try:
        return data.decode(name).removeprefix("\ufeff"), name.removesuffix("-sig"), []
    except UnicodeDecodeError as error:
        refuse("encoding_invalid", line=data.count(b"\n", 0, error.start) + 1, encoding=wanted[:40])


def _decode_code_page(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        refuse("encoding_invalid", line=data.count(b"\n", 0, error.start) + 1, encoding=encoding)
