"""Kyrgyz, Russian and English are complete and are three languages."""

import re
from pathlib import Path

import pytest

from scripts.translations import extract, load, missing

ALIKE = Path(__file__).parent / "alike_strings.txt"
"""Reviewed: strings that are rightly the same in Kyrgyz and Russian."""

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
KYRGYZ_LETTERS = re.compile("[А-Яа-яЁёӨөҮүҢң]")


def test_nothing_is_missing():
    assert missing() == {"ky": [], "ru": []}


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
