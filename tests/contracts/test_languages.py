"""Kyrgyz, Russian and English are complete and are three languages."""

import ast
import re
from pathlib import Path

import pytest

from scripts.translations import ROOT, extract, load, missing, unused

ALIKE = Path(__file__).parent / "alike_strings.txt"
"""Reviewed: strings that are rightly the same in Kyrgyz and Russian."""

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
KYRGYZ_LETTERS = re.compile("[А-Яа-яЁёӨөҮүҢң]")


def test_nothing_is_missing():
    assert missing() == {"ky": [], "ru": []}


def test_nothing_is_left_that_no_code_marks():
    assert unused() == {"ky": [], "ru": []}, "python -m scripts.translations remove-unused"


def test_every_marked_string_is_found_by_the_extraction():
    """Babel does not look inside f-strings: what is marked there would stay untranslated without a word."""
    used = extract()
    files = [path for room in ("app", "geodata", "layers", "scripts") for path in (ROOT / room).rglob("*.py")]

    lost = [
        (path.relative_to(ROOT).as_posix(), call.lineno, marked)
        for path in files
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and (marked := _marked(call)) is not None and marked not in used
    ]

    assert len(files) > 500
    assert lost == []


def _marked(call: ast.Call) -> str | None:
    """Return the string that a call marks, or None."""
    is_mark = isinstance(call.func, ast.Name) and call.func.id in ("_", "gettext", "N_")
    first = call.args[0] if call.args else None
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return first.value if is_mark and is_text else None


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_placeholders_are_those_of_the_msgid(language):
    wrong = [
        message.id
        for message in load(language)
        if message.id
        and isinstance(message.id, str)
        and set(PLACEHOLDER.findall(message.id)) != set(PLACEHOLDER.findall(message.string))
    ]

    assert wrong == []


def test_no_kyrgyz_string_is_the_russian_one_unless_reviewed():
    reviewed = set(ALIKE.read_text(encoding="utf-8").splitlines())
    russian = {message.id: message.string for message in load("ru") if message.id}
    used = extract()

    alike = {
        message.id
        for message in load("ky")
        if message.id in used and message.string == russian.get(message.id) and KYRGYZ_LETTERS.search(message.string)
    }

    assert alike - reviewed == set()
    assert reviewed - alike == set(), "no longer alike: take them off the list"


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_no_translation_is_left_in_english(language):
    english = {
        message.id
        for message in load(language)
        if isinstance(message.id, str) and message.id == message.string and len(message.id.split()) > 2
    }

    assert english == set()


DATE = r"%\(\w*(?:date|day)\w*\)s"


def test_no_russian_sentence_ends_with_a_date():
    """A Russian date ends with "г.": a full stop after it would stand twice."""
    doubled = {
        message.id: message.string
        for message in load("ru")
        if isinstance(message.id, str) and re.search(rf"{DATE}\.", message.string)
    }

    assert doubled == {}


def test_a_kyrgyz_sentence_that_ends_with_a_date_has_its_full_stop():
    """A Kyrgyz date ends with the name of its month."""
    bare = {
        message.id: message.string
        for message in load("ky")
        if isinstance(message.id, str) and message.id.endswith(".") and re.search(rf"{DATE}$", message.string)
    }

    assert bare == {}
