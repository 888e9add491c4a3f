"""Glossary terms are used as the glossary says, in Kyrgyz and in Russian."""

import csv
import re
from pathlib import Path

import pytest

from scripts.translations import extract, load

GLOSSARY = Path(__file__).resolve().parents[2] / "geodata/reference/glossary/glossary.csv"
TERMS = (
    "school",
    "pupil",
    "shift",
    "earthquake",
    "landslide",
    "mudflow",
    "avalanche",
    "rockfall",
    "hazard",
    "risk",
    "oblast",
    "aiyl aimak",
    "overcrowding",
    "school building",
    "state school",
    "private school",
    "glacial lake outburst",
    "sign in",
    "sign out",
    "search",
    "map",
    "no data",
)
"""Terms that a page may show; where one stands in a message, its translation must stand in the translation."""


def rows():
    with GLOSSARY.open(encoding="utf-8", newline="") as stream:
        return {row["en"].lower(): row for row in csv.DictReader(stream)}


def stems(text):
    """Return the beginnings of the words of a term: endings change with the case."""
    return [
        word[: max(3, round(0.63 * len(word)))] if len(word) > 3 else word
        for word in re.findall(r"[\w-]+", text.lower())
    ]


def used(text, term):
    plain = re.sub(r"%\(\w+\)\w|“[^”]*”", " ", text.lower())
    return re.search(rf"\b{re.escape(term)}s?\b", plain) is not None


ALSO = {
    ("pupil", "ru"): ["учащ"],  # the glossary's own word in "норматив на одного учащегося"
    ("school", "ky"): ["окуу жай"],
}
"""Reviewed: other right words."""

ANOTHER_SENSE = {"shift of class", "shifted"}
"""Phrases in which the word does not mean the term."""


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_a_message_that_is_a_term_is_translated_as_the_term(language):
    glossary = rows()
    wrong = {}
    for message in load(language):
        if not isinstance(message.id, str) or message.id.lower() not in glossary or message.id not in extract_once():
            continue
        allowed = glossary[message.id.lower()][language].lower()
        options = {part.strip() for part in re.split(r"[,;/]|\(.*?\)", allowed) if part.strip()} | {allowed}
        if message.string.lower() not in options:
            wrong[message.id] = (message.string, allowed)

    assert wrong == {}


@pytest.mark.parametrize("language", ["ky", "ru"])
@pytest.mark.parametrize("term", TERMS)
def test_the_word_of_the_glossary_stands_where_the_term_stands(language, term):
    allowed = [stems(part) for part in re.split(r"[,;/]|\(.*?\)", rows()[term][language]) if part.strip()]
    wrong = {
        message.id: message.string
        for message in load(language)
        if isinstance(message.id, str)
        and message.id in extract_once()
        and used(message.id, term)
        and not any(phrase in message.id for phrase in ANOTHER_SENSE)
        and not any(word in message.string.lower() for word in ALSO.get((term, language), ()))
        and not any(all(stem in message.string.lower() for stem in option) for option in allowed)
    }

    assert wrong == {}


OWN_TERMS = {
    "critical requirement": {"ky": "кескин талап", "ru": "критическ"},
    "priority": {"ky": "артыкчылы", "ru": "приоритет"},
}
"""Our own terms, which the glossary lacks: one word for one thing on every page and in every file."""

WITHDRAWN = {"ky": ("шашылыш", "олуттуу", "курчтук", "бузууга болбой", "упай"), "ru": ("срочн", "приоритизац")}
"""Words that once stood for the same things beside the terms above."""

PHRASES_OF_THEIR_OWN = {"Priority schools: %(area)s", "Priority schools of the country"}
"""Reviewed: here the official phrase is another."""


@pytest.mark.parametrize("language", ["ky", "ru"])
@pytest.mark.parametrize("term", OWN_TERMS)
def test_one_thing_has_one_name_everywhere(language, term):
    stem = OWN_TERMS[term][language]
    named = [message for message in load(language) if isinstance(message.id, str) and message.id in extract_once()]

    other_word = {
        message.id: message.string
        for message in named
        if used(message.id, term) and stem not in message.string.lower() and message.id not in PHRASES_OF_THEIR_OWN
    }
    withdrawn = {
        message.id: message.string
        for message in named
        if any(word in message.string.lower() for word in WITHDRAWN[language])
    }

    assert other_word == {}
    assert withdrawn == {}


_EXTRACTED: set[str] = set()


def extract_once():
    if not _EXTRACTED:
        _EXTRACTED.update(extract())
    return _EXTRACTED
