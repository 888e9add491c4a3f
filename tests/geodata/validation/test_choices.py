"""Words for enumerations: each stands for its own value, however it is written."""

from __future__ import annotations

import pytest

from geodata.validation import choices

TABLES = {name: getattr(choices, name.upper()) for name in choices.WORDS if hasattr(choices, name.upper())}


@pytest.mark.parametrize("name", TABLES)
def test_each_word_stands_for_its_own_value(name):
    wrong = {
        word: TABLES[name].get(choices.fold_choice(word) or word)
        for value, words in choices.WORDS[name].items()
        for word in (value, *words)
        if TABLES[name].get(choices.fold_choice(word) or word) != value
    }

    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "soil"),
    [
        ("I", "I"),
        ("II", "II"),
        ("III", "III"),
        ("ii", "II"),
        ("ІІ", "II"),
        ("2", "II"),
        ("II категория", "II"),
        ("I класс", "I"),
    ],
)
def test_classes_of_soil_are_told_apart(text, soil):
    assert choices.SOIL_CLASSES[choices.fold_choice(text)] == soil
